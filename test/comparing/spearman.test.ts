import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ranks, spearman, spearmanInterval } from "../../lib/comparing/index.js";
import { generator } from "../../lib/comparing/random.js";

const pairs = fc
  .array(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -20, max: 20 })), {
    minLength: 4,
    maxLength: 40,
  })
  .filter((list) => [0, 1].every((side) => new Set(list.map((pair) => pair[side])).size > 1));

describe("ranks", () => {
  it("start at 1, and equal values share the mean of theirs", () => {
    expect(ranks([30, 10, 20])).toEqual([3, 1, 2]);
    expect(ranks([5, 1, 5, 5])).toEqual([3, 1, 3, 3]);
    expect(() => ranks([1, NaN])).toThrow("ranks: every value must be a number, got NaN at 1");
  });
});

describe("spearman(xs, ys)", () => {
  it("is Pearson's correlation of ranks, ties included", () => {
    // d² = 1 + 1 + 0 + 0: 1 - 6 · 2 / (4 · 15)
    expect(spearman([1, 2, 3, 4], [20, 10, 30, 40])).toBeCloseTo(0.8, 12);
    // ranks 1, 2.5, 2.5, 4 and 1, 2, 3, 4: 4.5 / √(4.5 · 5)
    expect(spearman([1, 2, 2, 3], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
  });
  it("sees only order: no rising function of either figure changes it, and a falling one its sign", () =>
    fc.assert(
      fc.property(pairs, (list) => {
        const [xs, ys] = [0, 1].map((side) => list.map((pair) => pair[side]!)) as [number[], number[]];
        const rho = spearman(xs, ys);
        expect(Math.abs(rho)).toBeLessThanOrEqual(1 + 1e-12);
        expect(spearman(xs.map(Math.exp), ys)).toBeCloseTo(rho, 9);
        expect(
          spearman(
            xs.map((x) => -x),
            ys,
          ),
        ).toBeCloseTo(-rho, 9);
        expect(spearman(ys, xs)).toBeCloseTo(rho, 9);
      }),
    ));
  it("refuses what has no order", () => {
    expect(() => spearman([1, 2], [1])).toThrow("spearman: two or more pairs must be given, got 2 and 1 values");
    expect(() => spearman([1, 1], [1, 2])).toThrow("spearman: figures must differ from thing to thing");
  });
});

describe("spearmanInterval(xs, ys)", () => {
  const random = generator(7);
  const xs = Array.from({ length: 300 }, random);
  const ys = xs.map((x) => x + 0.5 * random());
  it("holds the correlation, is the same every time, and narrower at a lower level", () => {
    const rho = spearman(xs, ys);
    const [low, high] = spearmanInterval(xs, ys);
    expect(spearmanInterval(xs, ys)).toEqual([low, high]);
    expect(low).toBeLessThan(rho);
    expect(high).toBeGreaterThan(rho);
    const [inner, outer] = spearmanInterval(xs, ys, { level: 0.5 });
    expect(outer - inner).toBeLessThan(high - low);
    expect(spearmanInterval(xs, ys, { seed: 2 })).not.toEqual([low, high]);
  });
  it("is about as wide as Fisher's approximation has it", () => {
    const [low, high] = spearmanInterval(xs, ys);
    const ratio = (Math.atanh(high) - Math.atanh(low)) / (2 * 1.96 * Math.sqrt(1.06 / 297));
    expect(Math.abs(Math.log(ratio))).toBeLessThan(0.5);
  });
  it("refuses what is no number of draws and no level", () => {
    expect(() => spearmanInterval(xs, ys, { draws: 0 })).toThrow("draws must be a positive integer, got 0");
    expect(() => spearmanInterval(xs, ys, { level: 95 })).toThrow("level must be in (0, 1), got 95");
  });
});
