import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backward, softmax } from "../../lib/index.js";
import { runs, size } from "./arbitrary.js";
import { Counter } from "./oracle.js";
import { softmaxRow } from "./oracleAttention.js";

const values = (n: number, seed = 1): number[] => Array.from({ length: n }, (_, i) => Math.sin(seed * 7 + i * 1.7));

describe("softmax", () => {
  it("softmax(shape) counts what the row loop does: 5 an element, one exponential each", () => {
    fc.assert(
      fc.property(size(5), size(8), (rows, width) => {
        const c = new Counter();
        for (let i = 0; i < rows; i++)
          expect(softmaxRow(c, values(width, i)).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
        const op = softmax({ shape: [rows, width] });
        expect([op.extras["softmax"], op.transcendentals]).toEqual([c.flops, c.transcendentals]);
      }),
      runs,
    );
  });

  it("softmax(shape).backward() counts y (dy - Σ dy y), which is its derivative", () => {
    const x = values(5);
    const dy = values(5, 2);
    const c = new Counter();
    const y = softmaxRow(new Counter(), x);
    const dot = y.reduce((s, v, i) => c.add(s, c.mul(v, dy[i]!)), 0);
    const dx = y.map((v, i) => c.mul(v, c.sub(dy[i]!, dot)));
    const h = 1e-6;
    const loss = (v: readonly number[]) => softmaxRow(new Counter(), v).reduce((s, p, i) => s + p * dy[i]!, 0);
    dx.forEach((d, i) =>
      expect(d).toBeCloseTo(
        (loss(x.map((v, j) => (j === i ? v + h : v))) - loss(x.map((v, j) => (j === i ? v - h : v)))) / (2 * h),
        6,
      ),
    );
    expect(backward(softmax({ shape: [5] }))[0]!.extras["softmax"]).toBe(c.flops);
  });

  it("softmax takes any dimension of its shape and no other", () => {
    expect(softmax({ shape: [2, 3], dim: 0 }).attributes).toEqual({ shape: [2, 3], dim: 0 });
    expect(softmax({ shape: [2, 3] }).attributes).toEqual({ shape: [2, 3], dim: 1 });
    expect(() => softmax({ shape: [2, 3], dim: 2 })).toThrow(
      "softmax: dim must be one of the 2 dimensions of shape [2,3], got 2",
    );
  });
});
