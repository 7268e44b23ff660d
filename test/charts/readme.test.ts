import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import * as lib from "../../lib/index.js";
import { parsed, texts } from "./page.js";

const root = new URL("../../", import.meta.url);
const file = (path: string): string => readFileSync(new URL(path, root), "utf8");
const { readmeChart } = (await import(new URL("scripts/readme-chart.mjs", root).href)) as {
  readmeChart(library: typeof lib): string;
};

describe("the README's chart", () => {
  it("is the file that scripts/readme-chart.mjs writes, to the byte", () => {
    expect(file("docs/roofline.svg")).toBe(`${readmeChart(lib)}\n`);
  });
  it("shows seven operations under one roof, as the README says", () => {
    const svg = parsed(file("docs/roofline.svg"));
    const shown = texts(svg).map((t) => t.text);
    for (const name of [
      "matmul, batch 1",
      "matmul, batch 4096",
      "attention, 512, unfused",
      "attention, 8192, unfused",
      "attention, 8192, fused",
      "layer norm",
      "softmax",
    ])
      expect(shown).toContain(name);
    expect(shown).toContain(`bf16: ${lib.si(lib.device("h100-sxm").peakFlops.bf16!, "FLOP/s")}`);
  });
  it("stands where the README refers to it, as does every other picture and local link", () => {
    const targets = [...file("README.md").matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((m) => m[1]!);
    expect(targets).toContain("docs/roofline.svg");
    expect(targets.filter((t) => !existsSync(fileURLToPath(new URL(t, root))))).toEqual([]);
  });
});
