// The library in a page, bundled as a reader would: it counts, predicts and draws there what it does here, and asks the
// network for nothing.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium as browserType } from "playwright-core";
import { build } from "vite";
import { expect, it } from "vitest";
import * as lib from "../lib/index.js";
import { chromium } from "./support/chromium.js";

const path = chromium();
if (!path && process.env.CI === "true")
  throw new Error("test/browser: Chromium must be installed under CI=true, got none");

/** Runs in the page and here alike: `use` must not close over anything. */
function use({ model, modelCost, device, estimate, predict, countAs, fits, fromHuggingFace, barChart }: typeof lib) {
  const resnet = model("resnet50");
  const h100 = device("h100-sxm");
  const llama = fromHuggingFace({
    model_type: "llama",
    hidden_size: 64,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    vocab_size: 100,
    intermediate_size: 128,
  });
  const chart = barChart(
    [
      { name: "a", value: 1 },
      { name: "b", value: 2 },
    ],
    { title: "two bars" },
  );
  return {
    cost: modelCost(resnet),
    estimate: estimate(modelCost(resnet), h100, "bf16"),
    predict: predict(resnet, h100, "bf16"),
    fvcore: countAs("fvcore", resnet),
    llama: modelCost(llama),
    fits: fits(llama, h100, { batch: 2, context: 8 }),
    chart: chart.description,
  };
}

it.skipIf(!path)(
  "lib/browser.ts works in a page as lib/index.ts does here" +
    `${path ? "" : " (skipped: no Chromium found; install it, or name it in CHROMIUM)"}`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "ridgepoint-page-"));
    const browser = await browserType.launch({
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
    try {
      writeFileSync(
        join(folder, "entry.js"),
        `export * from ${JSON.stringify(join(import.meta.dirname, "../lib/browser.ts"))};`,
      );
      const built = await build({
        root: folder,
        configFile: false,
        logLevel: "silent",
        build: {
          write: false,
          minify: false,
          lib: { entry: join(folder, "entry.js"), formats: ["iife"], name: "ridgepoint" },
        },
      });
      const script = (Array.isArray(built) ? built : [built])
        .flatMap((b) => ("output" in b ? b.output : []))
        .flatMap((o) => (o.type === "chunk" ? [o.code] : []))
        .join("\n");
      expect(/\brequire\(|__vite-browser-external|["'`]node:/.exec(script)?.[0]).toBeUndefined();
      const page = await browser.newPage();
      const faults: string[] = [];
      page.on("pageerror", (e) => faults.push(e.message));
      page.on("console", (m) => faults.push(m.text()));
      page.on("request", (r) => faults.push(r.url()));
      await page.setContent("<body></body>");
      await page.addScriptTag({ content: script });
      expect(await page.evaluate(`(${use.toString()})(ridgepoint)`)).toEqual(JSON.parse(JSON.stringify(use(lib))));
      const svg = (await page.evaluate(
        `ridgepoint.svgText(ridgepoint.barChart(` +
          `[{ name: "a", value: 1 }, { name: "b", value: 2 }], { title: "two bars" }), document)`,
      )) as string;
      expect(svg).toMatch(/^<svg [^]*<rect [^]*two bars[^]*<\/svg>$/);
      expect(faults).toEqual([]);
    } finally {
      await browser.close();
      rmSync(folder, { recursive: true });
    }
  },
  120_000,
);
