import { describe, expect, it } from "vitest";
import { timmResults, timmRuns, timmSource } from "../../lib/comparing/index.js";

const rows = timmResults();
const found = (name: string, imageSize = 224) =>
  rows.find((row) => row.name === name && row.imageSize === imageSize)!.imagesPerSecond;

describe("timmResults()", () => {
  it("has every row of the first run, once, and says where they are from", () => {
    expect(rows.length).toBe(1441);
    expect(new Set(rows.map(({ name, imageSize }) => `${name} ${imageSize}`)).size).toBe(1441);
    expect(new Set(rows.map(({ name }) => name)).size).toBe(1124);
    expect(timmSource.text).toContain("Apache-2.0");
    expect(timmSource.date).toBe("2026-08-08");
  });
  it("has what the files say of a few models", () => {
    expect(rows.find(({ name, imageSize }) => name === "resnet50" && imageSize === 224)).toMatchObject({
      params: 25_560_000,
      macs: 4_110_000_000,
      activations: 11_110_000,
    });
    const filed = {
      resnet50: [5088.39, 4217.6, 8237.46, 3729.86, 3219.06, 6356.02, 67.2],
      efficientnet_b0: [9831.68, 8926.12, 11670.69, 8241.4, 6924.93, 13282.18, 100.41],
      swin_tiny_patch4_window7_224: [2744.11, 2659.27, 5039.45, 2008.94, 1994.25, 4239.14, 46.12],
    };
    for (const [name, rates] of Object.entries(filed))
      timmRuns.forEach((run, i) => expect(found(name)[run]! / rates[i]!).toBeCloseTo(1, 2));
    expect(found("resnet50")["RTX 4090"]).toBe(5088);
    for (const [run, rate] of Object.entries(found("resnet50")))
      expect(Math.abs(rate / filed.resnet50[timmRuns.indexOf(run as never)]! - 1)).toBeLessThan(0.0021);
  });
  it("has positive figures, and no run without most of the models", () => {
    for (const { params, macs, activations } of rows) expect(Math.min(params, macs, activations)).toBeGreaterThan(0);
    for (const run of timmRuns)
      expect(rows.filter(({ imagesPerSecond }) => imagesPerSecond[run]! > 0).length).toBeGreaterThan(1400);
  });
});
