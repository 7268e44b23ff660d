import { describe, expect, it } from "vitest";
import { measureLayoutSum, Tensor } from "../../lib/index.js";
import { sumInOrder } from "../../lib/measure/layoutSum.js";
import { clock } from "../support/clock.js";

const quick = {
  sampleSeconds: 1e-9,
  warmUpSeconds: 1e-3,
  probe: () => 0,
  tolerance: Infinity,
  rounds: 5,
  budgetSeconds: 1e6,
};

/** Sum by index lists, in double: what every walk must come to. */
function naive(t: Tensor): number {
  return [...t.addresses()].reduce((s, a) => s + t.buffer[a]!, 0);
}

describe("sumInOrder(data, view)", () => {
  it.each([
    [1, 1, 1],
    [1, 3, 2],
    [2, 5, 7],
    [3, 4, 8],
    [5, 1, 9],
    [2, 13, 11],
  ])("sums the %i × %i × %i tensor and all its permutations, whatever the remainder by four", (...shape) => {
    const x = Tensor.arange(shape.reduce((a, b) => a * b)).reshape(shape);
    const expected = naive(x);
    for (const order of [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ]) {
      const view = x.permute(order);
      expect(sumInOrder(view.buffer as Float32Array, view.view)).toBe(expected);
    }
  });
  it("sums a slice: offset, step and a reversed dimension", () => {
    const part = Tensor.arange(4 * 6 * 10)
      .reshape([4, 6, 10])
      .slice(0, 1, 3)
      .slice(1, undefined, undefined, -1)
      .slice(2, 1, 10, 3);
    expect(part.shape).toEqual([2, 6, 3]);
    expect(sumInOrder(part.buffer as Float32Array, part.view)).toBe(naive(part));
  });
});

describe("measureLayoutSum(options)", () => {
  it.each([
    [3, 5, 7],
    [2, 2, 9],
    [1, 6, 4],
  ])("walks a %i × %i × %i tensor three ways that agree, with their strides and times", async (...shape) => {
    const { shape: own, rows, refusal } = await measureLayoutSum({ shape, ...quick, now: clock() });
    const [a, b, c] = shape;
    expect(own).toEqual(shape);
    expect(refusal).toBeUndefined();
    expect(rows.map((r) => r.walk)).toEqual([
      "contiguous copy",
      "transposed view, its own order",
      "transposed view, memory order",
    ]);
    expect(rows[0]!.strides).toEqual([b * c, b, 1]); // its own memory, c × b
    expect(rows[1]!.strides).toEqual([b * c, 1, c]); // the original's memory, crosswise
    expect([...rows[2]!.strides]).toEqual([...rows[2]!.strides].sort((p, q) => q - p));
    expect([...rows[2]!.strides].sort()).toEqual([...rows[1]!.strides].sort());
    for (const r of rows) {
      expect(r.seconds).toBeGreaterThan(0);
      expect(r.nsPerElement * 1e-9 * a * b * c).toBeCloseTo(r.seconds, 12);
      expect(r.ratio).toBeCloseTo(1, 9); // the clock gives each walk the same time
    }
  });
  it("compares the three sums, and stops when one differs", async () => {
    const pairs: [unknown, unknown][] = [];
    await measureLayoutSum({ shape: [3, 5, 7], ...quick, now: clock(), same: (a, b) => pairs.push([a, b]) > 0 });
    const sum = Array.from({ length: 105 }, (_, i) => ((i * 7919) % 1024) / 1024).reduce((s, v) => s + v);
    expect(pairs).toEqual([
      [sum, sum],
      [sum, sum],
      [sum, sum],
    ]);
    await expect(measureLayoutSum({ shape: [2, 3, 5], ...quick, now: clock(), same: () => false })).rejects.toThrow(
      /^compare: .* must give what contiguous copy gives, got another result$/,
    );
  });
  it("says why there is no ratio when the times spread, and gives NaN in its place", async () => {
    let n = 0;
    const { rows, refusal } = await measureLayoutSum({
      shape: [3, 5, 7],
      ...quick,
      rounds: 12,
      now: clock(() => 1e-3 * (1 + ((n++ * n) % 7))),
    });
    expect(refusal).toMatch(/^compare: this machine is too noisy now: /);
    expect(rows).toHaveLength(3);
    expect(rows.every((r) => Number.isNaN(r.ratio) && r.seconds > 0)).toBe(true);
  });
});
