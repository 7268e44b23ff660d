import { describe, expect, it } from "vitest";
import { countRanks, secondsFromCounts, spearman, timmResults, type TimmRow } from "../../lib/comparing/index.js";
import { device } from "../../lib/devices.js";

const row = (name: string, macs: number, activations: number, rate?: number): TimmRow => ({
  name,
  imageSize: 224,
  params: 1e6 * name.length,
  macs,
  activations,
  imagesPerSecond: rate === undefined ? {} : { "RTX 4090": rate },
});

describe("secondsFromCounts(row, device)", () => {
  it("is the FLOPs at the peak, or the activations written and read, whichever takes longer", () => {
    const gpu = { ...device("rtx4090"), peakFlops: { fp16: 100e12 }, bandwidth: 1e12 };
    expect(secondsFromCounts(row("work", 5e9, 1e6), gpu)).toBeCloseTo(100e-6, 12);
    expect(secondsFromCounts(row("bytes", 1e9, 50e6), gpu)).toBeCloseTo(200e-6, 12);
  });
});

describe("countRanks(rows, run)", () => {
  const rows = [row("a", 1e9, 3e6, 900), row("bb", 2e9, 1e6, 1000), row("ccc", 3e9, 9e6, 10), row("dddd", 9e9, 1e6)];
  it("ranks each count over the rows that the run has, with the roofline where a device is given", () => {
    const ranked = countRanks(rows, "RTX 4090", { draws: 50, device: device("rtx4090") });
    expect(ranked.map(({ count }) => count)).toEqual(["parameters", "multiply-adds", "activations", "roofline"]);
    expect(ranked[2]!.value).toBe(1);
    expect(ranked[1]!.value).toBeCloseTo(0.5, 12);
    expect(countRanks(rows, "RTX 4090", { draws: 50 }).length).toBe(3);
  });
  it("of timm's rows says that activations order times on a GPU, multiply-adds on a processor", () => {
    const all = timmResults();
    const [, gpuMacs, gpuActivations] = countRanks(all, "RTX 4090", { draws: 100 });
    const [, cpuMacs, cpuActivations] = countRanks(all, "Core i9, batch 1", { draws: 100 });
    expect(gpuActivations!.value).toBeCloseTo(0.952, 3);
    expect(gpuActivations!.low).toBeGreaterThan(gpuMacs!.high);
    expect(cpuMacs!.low).toBeGreaterThan(cpuActivations!.high);
    const times = all.map(({ imagesPerSecond }) => 1 / imagesPerSecond["RTX 4090"]!);
    expect(gpuMacs!.value).toBe(
      spearman(
        all.map(({ macs }) => macs),
        times,
      ),
    );
  });
});
