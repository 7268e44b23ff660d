import { describe, expect, it } from "vitest";
import {
  cost,
  linearNative,
  measurePoints,
  nativeMissing,
  reluNative,
  type CurveRow,
  type Machine,
  type Measurement,
} from "../../lib/index.js";
import { place } from "../../lib/measure/place.js";
import { measurement } from "../../lib/measure/measure.js";

const row = (bytes: number, rate: number, threads = 1): CurveRow => ({
  bytes,
  threads,
  read: rate,
  lines: 1.1 * rate,
  copy: 0.9 * rate,
  triad: 0.8 * rate,
  update: 2 * rate,
  copyLines: 0.9 * rate,
  triadLines: 0.8 * rate,
  updateLines: 2 * rate,
});
const levels = [
  { level: "L1", bytes: 2 ** 15, read: 100e9 },
  { level: "L3", bytes: 2 ** 24, read: 50e9 },
  { level: "DRAM", bytes: 2 ** 34, read: 20e9 },
];
const oneThread = {
  id: "one",
  name: "one",
  kind: "cpu" as const,
  peakFlops: { fp32: 100e9 },
  roofs: { javascript: 8e9, wasm: 50e9, native: 100e9 },
  bandwidth: 20e9,
  levels,
  sources: {},
};
const machine: Machine = {
  ...oneThread,
  oneThread,
  threads: 2,
  roofs: { javascript: 8e9, wasm: 100e9, native: 200e9 },
  peakFlops: { fp32: 200e9 },
  curve: [row(2 ** 14, 100e9), row(2 ** 22, 50e9), row(2 ** 26, 20e9), row(2 ** 26, 30e9, 2)],
  noise: 0,
  notes: [],
  seconds: 0,
};

describe("place(measurement, machine)", () => {
  it("bounds a kernel by the bandwidth of its own stream at its own working set", () => {
    const shape = { tokens: 1, inFeatures: 4096, outFeatures: 8192 };
    const c = cost(linearNative.op(shape));
    const bytes = c.bytesRead + c.bytesWritten;
    const placed = place(measurement(linearNative, shape, [0.01]), machine);
    expect(placed).toMatchObject({ bound: "memory", level: "DRAM", bandwidth: 22e9 });
    expect(placed.predictedSeconds).toBeCloseTo(bytes / 22e9, 12);
    expect(placed.upperSeconds).toBeCloseTo(bytes / 22e9 + c.flops / 100e9, 12);
    expect(placed.ratio).toBeCloseTo(bytes / 22e9 / 0.01, 12);
    expect(
      place({ ...measurement(linearNative, shape, [0.01]), stream: "read", engine: "wasm" }, machine).bandwidth,
      "16-byte loads",
    ).toBe(20e9);
    expect(
      place({ ...measurement(linearNative, shape, [0.01]), stream: "read" }, machine).bandwidth,
      "whole lines",
    ).toBe(22e9);
  });
  it("takes the cache's bandwidth for what fits the cache, and the copy's for what copies", () => {
    const placed = place(measurement(reluNative, { rows: 512, columns: 512 }, [1e-4]), machine);
    expect(placed).toMatchObject({ level: "L3", bandwidth: 45e9 });
    // 25 MB lie between the points at 4 and 64 MiB: the point beyond 0.7 times the size decides.
    expect(place(measurement(reluNative, { rows: 4096, columns: 768 }, [1e-3]), machine).bandwidth).toBe(18e9);
  });
  it("bounds by the roof of the kernel's engine and threads", () => {
    const long: Measurement = measurement(linearNative, { tokens: 512, inFeatures: 768, outFeatures: 3072 }, [0.03]);
    expect(place(long, machine).predictedSeconds).toBeCloseTo(long.cost.flops / 100e9, 12);
    expect(place({ ...long, engine: "wasm" }, machine).predictedSeconds).toBeCloseTo(long.cost.flops / 50e9, 12);
    expect(place({ ...long, threads: 2 }, machine).predictedSeconds).toBeCloseTo(long.cost.flops / 200e9, 12);
  });
  it("knows the ratio, the spread and the name of every row", async () => {
    const points = [{ name: "a small ReLU", kernel: reluNative, shape: { rows: 8, columns: 8 } }];
    const { rows, missing } = await measurePoints(machine, { points });
    if (await nativeMissing()) expect(missing).toMatch(/onnxruntime-node is not installed/);
    else expect(rows).toMatchObject([{ name: "a small ReLU", bound: "memory", level: "L1" }]);
  });
  it("measures a kernel again that was faster than its machine allows, and lets the slower figure count", async () => {
    if (await nativeMissing()) return;
    let prepared = 0;
    const work = (time: number): number => {
      const until = performance.now() + (time > 1 ? 2 : 0.01);
      while (performance.now() < until);
      return 0;
    };
    const kernel = { ...reluNative, slope: undefined, prepare: () => ++prepared, run: work, release: () => {} };
    const { rows } = await measurePoints(machine, {
      points: [{ name: "too fast at first", kernel, shape: { rows: 1024, columns: 1024 } }],
    });
    expect(prepared).toBe(2);
    expect(rows[0]!.ratio).toBeLessThan(1);
    expect(rows[0]!.seconds).toBeGreaterThanOrEqual(0.002);
  });
});
