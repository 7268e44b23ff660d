// Writes docs/roofline.svg, the chart of the README, from the built library: `node scripts/readme-chart.mjs`. Imported,
// only draws it.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { JSDOM } from "jsdom";

/**
 * The roofline of an H100 in bf16 with seven operations, as in lecture 3, drawn by the library that is handed in, built
 * or as source.
 */
export function readmeChart({ attention, cost, device, estimate, layerNorm, linear, rooflineChart, softmax, svgText }) {
  const h100 = device("h100-sxm");
  const dtype = "bf16";
  const heads = { heads: 32, headDim: 128, dtype };
  const operations = {
    "matmul, batch 1": linear({ tokens: 1, inFeatures: 4096, outFeatures: 4096, dtype }),
    "matmul, batch 4096": linear({ tokens: 4096, inFeatures: 4096, outFeatures: 4096, dtype }),
    "attention, 512, unfused": attention({ tokens: 512, ...heads, fused: false }),
    "attention, 8192, unfused": attention({ tokens: 8192, ...heads, fused: false }),
    "attention, 8192, fused": attention({ tokens: 8192, ...heads, fused: true }),
    "layer norm": layerNorm({ tokens: 4096, normalizedShape: 4096, dtype }),
    softmax: softmax({ shape: [4096, 4096], dtype }),
  };
  const points = Object.entries(operations).map(([name, op]) => {
    const { arithmeticIntensity, bound } = estimate(cost(op), h100, dtype);
    return { name, arithmeticIntensity, bound };
  });
  const chart = rooflineChart(h100, points, { dtypes: [dtype], title: "Seven operations on an H100, bf16" });
  return svgText(chart, new JSDOM("").window.document);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const file = join(root, "docs", "roofline.svg");
  mkdirSync(join(root, "docs"), { recursive: true });
  writeFileSync(file, `${readmeChart(await import("../lib/dist/index.js"))}\n`);
  console.log(`Wrote ${file}.`);
}
