import { describe, expect, it } from "vitest";
import { measureFusion, measureRegimes, type FusionRow, type Machine, type RegimeRow } from "../../lib/index.js";
import { fusionContradicts } from "../../lib/measure/fusion.js";
import { bestSeconds } from "../../lib/measure/parts.js";
import { lessForMore } from "../../lib/measure/regimes.js";
import { clock } from "../support/clock.js";

describe("measureRegimes(options)", () => {
  it("turns up the arithmetic, then the size, and says where the knees are", async () => {
    const machine = { oneThread: { levels: [{ update: 4e9 }], roofs: { wasm: 20e9 } } } as unknown as Machine;
    const found = await measureRegimes({ bytes: 1000, multiplyAdds: [1, 64], sizes: [192, 4000], machine });
    expect(found.arithmetic.map(({ bytes, multiplyAdds }) => [bytes, multiplyAdds])).toEqual([
      [960, 1],
      [960, 64],
    ]);
    expect(found.sizes.map(({ bytes }) => bytes)).toEqual([192, 3840]);
    for (const { bytes, multiplyAdds, seconds, flopsPerSecond, bytesPerSecond } of [
      ...found.arithmetic,
      ...found.sizes,
    ]) {
      expect(flopsPerSecond * seconds).toBeCloseTo((bytes / 2) * multiplyAdds, 6);
      expect(bytesPerSecond * seconds).toBeCloseTo(2 * bytes, 6);
    }
    const [least, most] = found.arithmetic;
    expect(found.arithmeticKnee).toBeCloseTo((64 * least!.seconds) / most!.seconds, 9);
    expect(found.predictedKnee).toBe(20); // 5 FLOP/byte, 8 bytes an element, 2 FLOP a multiply-add
    expect(found.callSeconds).toBe(found.sizes[0]!.seconds);
    expect(found.callKnee / found.callSeconds).toBeCloseTo(
      Math.max(...found.sizes.map(({ bytesPerSecond }) => bytesPerSecond)),
      0,
    );
  });
  it("refuses less time for more work, a budget that ended, and sizes that are none", async () => {
    const row = (multiplyAdds: number, seconds: number): RegimeRow => ({
      bytes: 192,
      multiplyAdds,
      seconds,
      flopsPerSecond: 1,
      bytesPerSecond: 1,
    });
    expect(lessForMore([row(1, 1e-3), row(2, 0.9e-3), row(4, 2e-3)])).toBeUndefined();
    expect(lessForMore([row(1, 1e-3), row(2, 0.7e-3)])).toBe(
      "2 multiply-adds on 192 bytes came out to take 700 µs, 1 multiply-adds on 192 bytes 1.00 ms",
    );
    expect((await measureRegimes({ bytes: 192, now: clock(), budgetSeconds: 0.1 })).refusal).toMatch(
      /^the budget of 0.1 s ended after \d+ of 21 points$/,
    );
    await expect(measureRegimes({ sizes: [64] })).rejects.toThrow("measureRegimes: sizes must be at least 192, got 64");
    await expect(measureRegimes({ multiplyAdds: [0] })).rejects.toThrow("multiplyAdds 0 must be a positive integer");
    await expect(measureRegimes({ multiplyAdds: [] })).rejects.toThrow("must hold one at least");
  });
});

describe("measureFusion(options)", () => {
  it("gives one pass and three, 8 and 24 bytes an element", async () => {
    const { rows } = await measureFusion({ sizes: [128, 10_000] });
    expect(rows.map(({ bytes, passes, bytesPerElement }) => [bytes, passes, bytesPerElement])).toEqual([
      [128, 1, 8],
      [128, 3, 24],
      [9984, 1, 8],
      [9984, 3, 24],
    ]);
    for (const [i, { seconds, ratio, bytes, bytesPerElement, bytesPerSecond }] of rows.entries()) {
      expect(ratio).toBeCloseTo(seconds / rows[i - (i % 2)]!.seconds, 9);
      expect(bytesPerSecond * seconds).toBeCloseTo((bytes / 4) * bytesPerElement, 6);
    }
  });
  it("refuses ratios that cannot be, and sizes that are too small", async () => {
    const row = (passes: 1 | 3, ratio: number): FusionRow => ({
      bytes: 128,
      passes,
      bytesPerElement: 8 * passes,
      seconds: ratio,
      bytesPerSecond: 1,
      ratio,
    });
    expect(fusionContradicts([row(1, 1), row(3, 3.5)])).toBeUndefined();
    expect(fusionContradicts([row(1, 1), row(3, 4)])).toBe(
      "3 passes over 128 bytes came out 4.00 times as long as one",
    );
    expect(fusionContradicts([row(1, 1), row(3, 0.5)])).toMatch(/came out 0.50 times/);
    expect((await measureFusion({ now: clock(), budgetSeconds: 0.001 })).refusal).toMatch(/ended after 1 of 2 sizes$/);
    await expect(measureFusion({ sizes: [64] })).rejects.toThrow("measureFusion: size must be at least 128, got 64");
  });
});

describe("bestSeconds(part, of)", () => {
  it("goes through a large array part by part, on multiples of the grain, and counts for all of it", () => {
    const seen: [number, number][] = [];
    let time = 0;
    const part = (from: number, count: number): void => {
      seen.push([from, count]);
      time += count * 1e-9;
    };
    const elements = 48 * 20_000;
    expect(bestSeconds(part, { elements, grain: 48, now: () => time })).toBeCloseTo(elements * 1e-9, 9);
    for (const [from, count] of seen) {
      expect(from % 48).toBe(0);
      expect(count % 48).toBe(0);
      expect(from + count).toBeLessThanOrEqual(elements);
    }
    expect(new Set(seen.map(([from]) => from)).size).toBeGreaterThan(3);
  });
});
