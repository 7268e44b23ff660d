import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backward, batchNorm, cost, groupNorm, layerNorm, rmsNorm, type Op } from "../../lib/index.js";
import { movedElements } from "../../lib/op.js";
import { runs, size } from "./arbitrary.js";
import { Counter } from "./oracle.js";

const values = (n: number, seed = 1): number[] => Array.from({ length: n }, (_, i) => Math.sin(seed * 7 + i * 1.7));
const extra = (op: Op): number => Object.values(op.extras).reduce((a, b) => a + b, 0);

/** A row normalised, counted per element; what is done once a row (closing a mean, the root) goes to `row`. */
function normalise(
  c: Counter,
  row: Counter,
  x: readonly number[],
  { centred, affine, bias }: { centred: boolean; affine: boolean; bias: boolean },
): { y: number[]; xHat: number[]; rstd: number } {
  const mean = centred
    ? row.div(
        x.reduce((s, v) => c.add(s, v), 0),
        x.length,
      )
    : 0;
  const square = x.reduce((s, v) => {
    const d = centred ? c.sub(v, mean) : v;
    return c.add(s, c.mul(d, d));
  }, 0);
  const rstd = row.div(1, row.sqrt(row.add(row.div(square, x.length), 1e-9)));
  const xHat = x.map((v) => c.mul(centred ? c.sub(v, mean) : v, rstd));
  return {
    y: xHat.map((v) => {
      const s = affine ? c.mul(v, 1.1) : v;
      return bias ? c.add(s, 0.2) : s;
    }),
    xHat,
    rstd,
  };
}

/** The gradients of a normalised row, counted per element. Returns dx. */
function normaliseBackward(
  c: Counter,
  x: readonly number[],
  dy: readonly number[],
  { mean, rstd }: { mean: number; rstd: number },
  { centred, affine, bias }: { centred: boolean; affine: boolean; bias: boolean },
): number[] {
  const n = x.length;
  const xHat = x.map((v) => c.mul(centred ? c.sub(v, mean) : v, rstd));
  const g = dy.map((d) => (affine ? c.mul(d, 1.1) : d));
  const m1 = centred ? g.reduce((s, v) => c.add(s, v), 0) / n : 0;
  const m2 = g.reduce((s, v, i) => c.add(s, c.mul(v, xHat[i]!)), 0) / n;
  if (affine) dy.forEach((d, i) => c.add(0, c.mul(d, xHat[i]!)));
  if (bias) dy.forEach((d) => c.add(0, d));
  return g.map((v, i) => c.mul(c.sub(centred ? c.sub(v, m1) : v, c.mul(xHat[i]!, m2)), rstd));
}

const flags = fc.record({ affine: fc.boolean(), bias: fc.boolean() });

describe("layerNorm, rmsNorm, groupNorm", () => {
  it("they count what the row loop does, an element at a time, and one root a row", () => {
    fc.assert(
      fc.property(size(4), size(9), flags, fc.boolean(), (tokens, features, { affine, bias }, centred) => {
        const withBias = centred && affine && bias;
        const c = new Counter();
        const row = new Counter();
        for (let t = 0; t < tokens; t++) normalise(c, row, values(features, t), { centred, affine, bias: withBias });
        const op = centred
          ? layerNorm({ tokens, normalizedShape: features, affine, bias })
          : rmsNorm({ tokens, normalizedShape: features, affine });
        expect(extra(op)).toBe(c.flops);
        expect(op.transcendentals).toBe(row.transcendentals);
        expect(op.weights.map((w) => w.shape)).toEqual([
          ...(affine ? [[features]] : []),
          ...(withBias ? [[features]] : []),
        ]);
      }),
      runs,
    );
  });

  it("their backward passes count what the row loop does, which is the derivative", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), flags, fc.boolean(), (features, { affine, bias }, centred) => {
        const own = { centred, affine, bias: centred && affine && bias };
        const c = new Counter();
        const x = values(features);
        const dy = values(features, 3);
        const loss = (v: readonly number[]) =>
          normalise(new Counter(), new Counter(), v, own).y.reduce((s, y, i) => s + y * dy[i]!, 0);
        const { rstd } = normalise(new Counter(), new Counter(), x, own);
        const mean = centred ? x.reduce((a, b) => a + b, 0) / features : 0;
        const dx = normaliseBackward(c, x, dy, { mean, rstd }, own);
        const h = 1e-6;
        dx.forEach((d, i) =>
          expect(d).toBeCloseTo(
            (loss(x.map((v, j) => (j === i ? v + h : v))) - loss(x.map((v, j) => (j === i ? v - h : v)))) / (2 * h),
            5,
          ),
        );
        const op = centred
          ? layerNorm({ normalizedShape: features, affine, bias })
          : rmsNorm({ normalizedShape: features, affine });
        expect(extra(backward(op)[0]!)).toBe(c.flops);
      }),
      runs,
    );
  });

  it("layerNorm is 8 FLOPs an element, rmsNorm 4, itemised", () => {
    expect(layerNorm({ tokens: 512, normalizedShape: 768 }).extras).toEqual({
      "norm.mean": 393_216,
      "norm.variance": 3 * 393_216,
      "norm.normalize": 2 * 393_216,
      "norm.affine": 2 * 393_216,
    });
    expect(rmsNorm({ tokens: 512, normalizedShape: 768 }).extras).toEqual({
      "norm.square": 2 * 393_216,
      "norm.normalize": 393_216,
      "norm.affine": 393_216,
    });
    expect(cost(layerNorm({ tokens: 2, normalizedShape: [3, 4] }))).toMatchObject({
      params: 24,
      bytesRead: 4 * (24 + 24),
      bytesWritten: 4 * 24,
    });
  });

  it(
    "groupNorm with one group per sample is " +
      "a layerNorm with per-channel " +
      "parameters; groups change the rows only",
    () => {
      const g = groupNorm({ batch: 2, numGroups: 4, numChannels: 8, height: 3, width: 5 });
      expect(extra(g)).toBe(8 * 2 * 8 * 15);
      expect([g.transcendentals, cost(g).params]).toEqual([8, 16]);
      expect(() => groupNorm({ numGroups: 3, numChannels: 8 })).toThrow(
        "groupNorm: numGroups must divide numChannels 8, got 3",
      );
    },
  );

  it("norms without input gradients keep only the parameters' gradients", () => {
    const op = layerNorm({ tokens: 2, normalizedShape: 4 });
    expect(backward(op, { inputGradient: false })[0]!.outputs.map((t) => t.shape)).toEqual([[4], [4]]);
    expect(backward(layerNorm({ normalizedShape: 4, affine: false }), { inputGradient: false })).toEqual([]);
  });
});

describe("batchNorm", () => {
  const plane = { batch: 2, numFeatures: 64, height: 5, width: 3 };
  const n = 2 * 64 * 15;

  it(
    "batchNorm at inference scales and " +
      "shifts: 2 FLOPs an element, running " +
      "statistics are bytes but no parameters",
    () => {
      const c = cost(batchNorm(plane));
      expect([c.flops, c.params, c.transcendentals, c.weightBytes]).toEqual([2 * n, 128, 64, 4 * 256]);
    },
  );

  it("batchNorm folded costs nothing and moves nothing, but its parameters remain", () => {
    expect(cost(batchNorm({ ...plane, folded: true }))).toMatchObject({
      flops: 0,
      bytesRead: 0,
      bytesWritten: 0,
      params: 128,
    });
    expect(() => batchNorm({ ...plane, folded: true, training: true })).toThrow(
      "batchNorm: training must be false when folded, got true",
    );
  });

  it("batchNorm in training normalises each channel as layerNorm does a row, and moves the running statistics", () => {
    const c = new Counter();
    for (let channel = 0; channel < 3; channel++)
      normalise(c, new Counter(), values(10, channel), { centred: true, affine: true, bias: true });
    const op = batchNorm({ batch: 2, numFeatures: 3, height: 5, width: 1, training: true });
    expect(extra(op)).toBe(c.flops + 2 * 3 * 3);
    expect(op.outputs.map(movedElements)).toEqual([30, 3, 3]);
  });

  it("batchNorm backward in training does what the loop per channel does", () => {
    const c = new Counter();
    const x = values(10);
    const dy = values(10, 2);
    const dx = normaliseBackward(
      c,
      x,
      dy,
      { mean: x.reduce((a, b) => a + b, 0) / 10, rstd: 1 },
      { centred: true, affine: false, bias: false },
    );
    const sums = new Counter(); // both parameter gradients are the sums that dx needed anyway; the scale joins rstd
    expect(dx.length + sums.flops).toBe(10);
    expect(extra(backward(batchNorm({ batch: 10, numFeatures: 1, training: true }))[0]!)).toBe(c.flops);
    expect(extra(backward(batchNorm({ batch: 10, numFeatures: 1 }))[0]!)).toBe((2 + 3 + 1) * 10);
    expect(extra(backward(batchNorm({ batch: 10, numFeatures: 1, affine: false }))[0]!)).toBe(10);
  });
});
