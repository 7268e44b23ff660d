import { describe, expect, it } from "vitest";
import { plateaus, type KneePoint } from "../../lib/measure/levels.js";
import { cycle } from "../../lib/measure/curve.js";
import { levelNames } from "../../lib/measure/levelNames.js";
import { inside } from "../../lib/measure/levels.js";

const KiB = 1024;
/**
 * A curve in half octaves from 16 KiB to `to` bytes over levels of [end in bytes, byte/s, seconds], each figure off by
 * up to `noise`.
 */
function curve(levels: readonly (readonly [number, number, number])[], { to = 2 ** 27, noise = 0 } = {}): KneePoint[] {
  let state = 7;
  const wobble = (): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return 1 + noise * (state / 2 ** 31 - 1);
  };
  const points: KneePoint[] = [];
  for (let bytes = 16 * KiB; bytes <= to * 1.01; bytes *= Math.SQRT2) {
    const [, read, latency] = levels.find(([end]) => bytes <= end)!;
    points.push({ bytes, read: read * wobble(), latency: latency * wobble() });
  }
  return points;
}
const zen: readonly (readonly [number, number, number])[] = [
  [32 * KiB, 100e9, 1.2e-9],
  [512 * KiB, 85e9, 3.8e-9],
  [2 ** 24, 55e9, 15e-9],
  [Infinity, 16e9, 160e-9],
];

/**
 * Two runs on one machine (32 KiB, 512 KiB, a shared third cache), as [KiB, GB/s, ns]: latency rises steeply inside the
 * third cache.
 */
const recorded = [
  [
    [16.0, 90, 1.2],
    [32.0, 92, 1.3],
    [64.0, 75, 3.7],
    [128.0, 75, 3.8],
    [256.0, 83, 3.8],
    [512.0, 72, 7.6],
    [1024.0, 66, 13.5],
    [2048.0, 65, 15.2],
    [4096.0, 68, 16.2],
    [8192.0, 57, 23.7],
    [16384.0, 25, 46.0],
    [32768.0, 19, 114.8],
    [65536.0, 18, 143.7],
  ],
  [
    [16.0, 91, 1.2],
    [22.6, 89, 1.2],
    [32.0, 93, 1.3],
    [45.2, 82, 3.7],
    [64.0, 80, 3.7],
    [90.5, 75, 3.7],
    [128.0, 80, 3.7],
    [181.0, 84, 3.8],
    [256.0, 83, 3.8],
    [362.1, 78, 5.1],
    [512.0, 67, 7.3],
    [724.1, 67, 11.2],
    [1024.0, 66, 13.5],
    [1448.1, 68, 14.4],
    [2048.0, 68, 15.2],
    [2896.3, 67, 15.8],
    [4096.0, 68, 16.2],
    [5792.6, 67, 17.1],
    [8192.0, 59, 22.4],
    [11585.2, 56, 39.9],
    [16384.0, 46, 66.2],
    [23170.5, 26, 80.1],
    [32768.0, 22, 108.3],
    [46340.9, 19, 133.3],
    [65536.0, 19, 122.0],
    [92681.9, 18, 145.6],
    [131072.0, 17, 150.2],
  ],
].map((run) =>
  run.map(([kib, rate, ns]): KneePoint => ({ bytes: kib! * KiB, read: rate! * 1e9, latency: ns! * 1e-9 })),
);

describe("plateaus(curve)", () => {
  it("keeps the first cache apart from the second where latency rises inside the third", () => {
    for (const run of recorded) {
      const [first, second, third, memory] = plateaus(run).map(({ bytes }) => bytes);
      expect(first).toBeGreaterThan(32 * KiB);
      expect(first).toBeLessThan(64 * KiB);
      expect(second).toBeGreaterThan(256 * KiB);
      expect(second).toBeLessThan(1024 * KiB);
      expect(third).toBeGreaterThan(8 * 1024 * KiB);
      expect(memory).toBe(Infinity);
    }
  });
  it("finds the knees of a clean curve within half an octave", () => {
    const found = plateaus(curve(zen));
    expect(found).toHaveLength(4);
    for (const [i, end] of [32 * KiB, 512 * KiB, 2 ** 24].entries())
      expect(Math.abs(Math.log2(found[i]!.bytes / end))).toBeLessThanOrEqual(0.5);
    expect(found[3]!.bytes).toBe(Infinity);
    expect(levelNames(4)).toEqual(["L1", "L2", "L3", "DRAM"]);
  });
  it("finds them through 10 % of noise", () => {
    expect(plateaus(curve(zen, { noise: 0.1 })).map(({ bytes }) => Math.round(Math.log2(bytes)))).toEqual(
      plateaus(curve(zen)).map(({ bytes }) => Math.round(Math.log2(bytes))),
    );
  });
  it("does not invent a level where there is one", () => {
    expect(plateaus(curve([[Infinity, 20e9, 100e-9]], { noise: 0.1 }))).toHaveLength(1);
  });
  it("finds three levels where there are three", () => {
    const found = plateaus(
      curve([
        [128 * KiB, 200e9, 1e-9],
        [2 ** 23, 100e9, 6e-9],
        [Infinity, 60e9, 100e-9],
      ]),
    );
    expect(found.map(({ bytes }) => (bytes === Infinity ? 0 : Math.round(Math.log2(bytes))))).toEqual([17, 23, 0]);
  });
  it("takes a step of latency alone for the reach of address translation, not for a level", () => {
    const found = plateaus(
      curve([
        [32 * KiB, 100e9, 1.2e-9],
        [512 * KiB, 85e9, 3.8e-9],
        [2 ** 23, 55e9, 15e-9],
        [2 ** 24, 55e9, 150e-9],
        [Infinity, 16e9, 160e-9],
      ]),
    );
    expect(found).toHaveLength(4);
    expect(Math.abs(Math.log2(found[2]!.bytes / 2 ** 24))).toBeLessThanOrEqual(0.5);
  });
  it("refuses a single point", () => {
    expect(() => plateaus([{ bytes: 1, read: 1, latency: 1 }])).toThrow(
      "plateaus: curve must have two points or more, got 1",
    );
  });
  it("leaves each level a working set inside it", () => {
    const found = plateaus(curve(zen));
    for (let i = 0; i < 3; i++) {
      const set = inside(found, i, 2 ** 27);
      expect(set).toBeLessThan(found[i]!.bytes);
      if (i) expect(set).toBeGreaterThan(found[i - 1]!.bytes);
    }
    expect(inside(found, 3, 2 ** 27)).toBe(2 ** 27);
  });
});

describe("cycle(n, link)", () => {
  it("links every place into one cycle that comes back only after n steps", () => {
    for (const n of [1, 2, 3, 64, 1001]) {
      const next: number[] = [];
      cycle(n, (from, to) => {
        next[from] = to;
      });
      let at = 0;
      let steps = 0;
      do {
        at = next[at]!;
        steps++;
      } while (at !== 0 && steps <= n);
      expect(steps).toBe(n);
    }
  });
});
