import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBrowser, watched } from "../support/browser.js";
import { environment, finished, lacksBrowser, lacksPython, root, temporaryFolder, titled } from "../support/hosts.js";

const names = readdirSync(join(root, "notebooks"))
  .filter((name) => name.endsWith(".ipynb"))
  .map((name) => name.replace(/ipynb$/, "html"))
  .sort();
const lack = lacksPython() ?? lacksBrowser();

describe.skipIf(lack)(titled("npm run slides", lack), () => {
  const folder = join(temporaryFolder(), "slides");
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  beforeAll(async () => {
    const done = await finished("npm", ["run", "slides", "--silent", "--", "--output", folder], { env: environment() });
    expect([done.status, done.stderr]).toEqual([0, ""]);
    browser = await openBrowser({ viewport: { width: 1280, height: 720 } });
  }, 300_000);
  afterAll(() => browser?.close());

  test("writes one deck for each lecture", () => expect(readdirSync(folder).sort()).toEqual(names));

  test.each(names)("%s: no slide is empty, outputs follow their code, and nothing is loaded", async (name) => {
    const page = await browser.context.newPage();
    try {
      const { requests, complaints } = watched(page);
      await page.goto(pathToFileURL(join(folder, name)).href, { waitUntil: "load" });
      const slides = await page.evaluate(() =>
        [...document.querySelectorAll(".slides > section > section")].map((slide) => ({
          letters: (slide.textContent ?? "").trim().length,
          parts: slide.children.length,
          deeper: slide.querySelectorAll("section").length,
        })),
      );
      expect(slides.length).toBeGreaterThan(15);
      for (const { letters, parts, deeper } of slides) {
        expect(letters).toBeGreaterThan(10);
        expect(parts).toBeGreaterThan(0);
        expect(deeper).toBe(0);
      }
      const output = page.locator(".fragment .chart").first();
      expect(await output.evaluate((e) => getComputedStyle(e.closest(".fragment")!).visibility)).toBe("hidden");
      await output.evaluate((e) => {
        const reveal = (
          globalThis as unknown as {
            Reveal: {
              getIndices(slide: Element): { h: number; v: number };
              slide(h: number, v: number): void;
              next(): void;
            };
          }
        ).Reveal;
        const { h, v } = reveal.getIndices(e.closest("section")!);
        reveal.slide(h, v);
        reveal.next();
      });
      await expect
        .poll(() => output.evaluate((e) => getComputedStyle(e.closest(".fragment")!).visibility))
        .toBe("visible");
      expect([requests, complaints]).toEqual([[pathToFileURL(join(folder, name)).href], []]);
    } finally {
      await page.close();
    }
  });
});
