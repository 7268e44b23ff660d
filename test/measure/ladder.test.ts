import { expect, it } from "vitest";
import { matmulLadder, measureLadder, nativeMissing, type Machine } from "../../lib/index.js";

it("measureLadder gives one row a rung, from the first on, with its rate and the share of the peak", async () => {
  const { rows, peak, missing } = await measureLadder({
    n: 37,
    rounds: 3,
    budgetSeconds: 1,
    sampleSeconds: 1e-4,
    warmUpSeconds: 0.01,
    maxSpread: Infinity,
    tolerance: Infinity,
  });
  expect(missing).toBe(await nativeMissing());
  expect(rows.map(({ name }) => name)).toEqual(
    matmulLadder.filter(({ engine }) => !(missing && engine === "native")).map(({ name }) => name),
  );
  expect(rows[0]!.speedup).toBe(1);
  expect(Math.max(...rows.map(({ shareOfPeak }) => shareOfPeak))).toBe(1);
  for (const { flopsPerSecond, seconds, shareOfPeak, speedup } of rows) {
    expect(flopsPerSecond * seconds).toBeCloseTo(2 * 37 ** 3, 3);
    expect(shareOfPeak).toBeCloseTo(flopsPerSecond / peak, 9);
    expect(speedup).toBeGreaterThan(0);
  }
});

it("measureLadder measures a peak again that a rung beats, and refuses where it still does", async () => {
  const options = { n: 37, rounds: 3, budgetSeconds: 1, warmUpSeconds: 0.01, maxSpread: Infinity, tolerance: Infinity };
  const machine = { threads: 1, peakFlops: { fp32: 1 } } as Machine;
  const { peak, refusal, rows } = await measureLadder({ ...options, machine });
  const fastest = Math.max(...rows.map(({ flopsPerSecond }) => flopsPerSecond));
  // With ONNX Runtime the peak that was read wrong is mended; without it, nothing here can be measured again.
  if (await nativeMissing()) expect(refusal).toMatch(/^a rung came out [\d.]+ times as fast as the peak$/);
  else expect([refusal, peak > fastest]).toEqual([undefined, true]);
});
