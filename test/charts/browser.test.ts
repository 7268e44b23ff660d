// The charts as a browser sets them: real fonts, real boxes, on a light and on a dark page. What the estimates of
// charts.test.ts promise is measured here.
import { chromium as browserType, type Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromium } from "../support/chromium.js";
import { drawn } from "./page.js";
import { samples } from "./samples.js";

const path = chromium();
if (!path && process.env.CI === "true")
  throw new Error("test/charts/browser: Chromium must be installed under CI=true, got none");

describe.skipIf(!path)(
  `charts in a browser${path ? "" : " (skipped: no Chromium found; install it, or name it in CHROMIUM)"}`,
  () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await browserType.launch({
        executablePath: path!,
        args: [
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
        ],
      });
    }, 60_000);
    afterAll(() => browser?.close());

    it.each(["#ffffff", "#111111"])(
      "keep every text apart and inside its card on a page of %s, and ask the network for nothing",
      async (background) => {
        const page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
        const asked: string[] = [];
        page.on("request", (r) => asked.push(r.url()));
        await page.setContent(
          `<body style="background:${background}">${Object.entries(samples)
            .map(([name, chart]) => `<div id="${name}">${drawn(chart)}</div>`)
            .join("")}</body>`,
        );
        const faults = await page.evaluate(
          (names) =>
            names.flatMap((name) => {
              const svg = document.querySelector(`#${name} svg`)!;
              const card = svg.getBoundingClientRect();
              const faults: string[] = [];
              const all = [...svg.querySelectorAll("text")].flatMap((t) => {
                const lines = t.querySelector("tspan") ? [...t.querySelectorAll("tspan")] : [t];
                return lines
                  .filter((l) => l.textContent!.trim())
                  .map((l) => {
                    const range = document.createRange();
                    range.selectNodeContents(l);
                    // The line box is taller than its ink: half a pixel in five may touch.
                    const b = range.getBoundingClientRect();
                    const trim = b.height * 0.12;
                    return {
                      text: l.textContent!,
                      turned: /rotate/.test(t.getAttribute("transform") ?? ""),
                      left: b.left,
                      right: b.right,
                      top: b.top + trim,
                      bottom: b.bottom - trim,
                    };
                  });
              });
              for (const a of all)
                if (a.left < card.left || a.right > card.right || a.top < card.top || a.bottom > card.bottom)
                  faults.push(`${name}: "${a.text}" leaves the card`);
              all.forEach((a, i) =>
                all.slice(i + 1).forEach((b) => {
                  if (
                    !a.turned &&
                    !b.turned &&
                    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.5 &&
                    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.5
                  )
                    faults.push(`${name}: "${a.text}" lies over "${b.text}"`);
                }),
              );
              if (all.length < 5) faults.push(`${name}: only ${all.length} texts`);
              return faults;
            }),
          Object.keys(samples),
        );
        expect(faults).toEqual([]);
        expect(asked).toEqual([]);
        await page.close();
      },
      60_000,
    );

    it("paint marks: more than twenty colours on every card", async () => {
      const page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
      for (const [name, chart] of Object.entries(samples)) {
        await page.setContent(`<canvas width="${chart.width}" height="${chart.height}"></canvas>`);
        const colours = await page.evaluate(async (markup) => {
          const image = new Image();
          image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(markup)}`;
          await image.decode();
          const canvas = document.querySelector("canvas")!;
          const context = canvas.getContext("2d")!;
          context.drawImage(image, 0, 0);
          return new Set(new Uint32Array(context.getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size;
        }, drawn(chart));
        expect(colours, name).toBeGreaterThan(20);
      }
      await page.close();
    }, 60_000);
  },
);
