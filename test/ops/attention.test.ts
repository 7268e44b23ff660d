import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backward, attention, cost, matmul, softmax, totalCost, type AttentionShape } from "../../lib/index.js";
import { kvElements } from "../../lib/ops/attention.js";
import { movedElements } from "../../lib/op.js";
import { runs, size } from "./arbitrary.js";
import { Counter } from "./oracle.js";
import { attentionLoop, sees, softmaxRow } from "./oracleAttention.js";

const maskCase = fc
  .record({
    tokens: size(6),
    past: fc.integer({ min: 0, max: 6 }),
    causal: fc.boolean(),
    window: fc.option(size(9), { nil: undefined }),
  })
  .map(({ tokens, past, causal, window }) => ({ tokens, context: tokens + past, causal, window }));
const headCase = fc
  .record({ batch: size(2), kvHeads: size(2), perGroup: size(3), headDim: size(3), vHeadDim: size(3) })
  .map(({ perGroup, ...h }) => ({ ...h, heads: h.kvHeads * perGroup }));

describe("attention", () => {
  it("attention(shape) counts by hand: 12 heads of 64 over 512 positions", () => {
    const c = cost(attention({ tokens: 512, heads: 12, headDim: 64 }));
    expect(c).toMatchObject({
      macs: 2 * 12 * 512 * 512 * 64,
      exactMacs: 402_653_184,
      extras: { softmax: 5 * 12 * 512 * 512 },
      transcendentals: 12 * 512 * 512,
      params: 0,
      bytesRead: 3 * 512 * 768 * 4,
      bytesWritten: 512 * 768 * 4,
    });
  });

  it("attention(shape) does what the loops do, dense and masked, for MHA, GQA, MQA, prefill, chunks and decode", () => {
    fc.assert(
      fc.property(maskCase, headCase, fc.boolean(), (mask, heads, fused) => {
        const op = attention({ ...mask, ...heads, fused });
        const loop = attentionLoop(mask, heads);
        expect(op.macs).toBe(loop.macs);
        expect(cost(op).exactMacs).toBe(loop.exactMacs);
        expect(op.extras).toEqual({ softmax: loop.flops });
        expect(op.transcendentals).toBe(loop.transcendentals);
        expect(op.outputs[0]!.shape).toEqual([heads.batch, heads.heads, mask.tokens, heads.vHeadDim]);
        // Keys and values that no query sees are not read.
        expect(op.inputs.slice(0, 3).map(movedElements)).toEqual([
          loop.q.read.size,
          loop.k.read.size,
          loop.v.read.size,
        ]);
      }),
      { ...runs, numRuns: 150 },
    );
  });

  it("attention with one head is two matmuls, and unfused moves what they and a softmax move", () => {
    fc.assert(
      fc.property(size(7), size(7), size(5), size(5), (tokens, context, headDim, vHeadDim) => {
        const parts = totalCost(
          [
            matmul({ m: tokens, k: headDim, n: context }),
            softmax({ shape: [tokens, context] }),
            matmul({ m: tokens, k: context, n: vHeadDim }),
          ].map(cost),
        );
        const c = cost(attention({ tokens, context, heads: 1, headDim, vHeadDim, fused: false }));
        expect([c.macs, c.flops, c.transcendentals, c.bytesRead, c.bytesWritten]).toEqual([
          parts.macs,
          parts.flops,
          parts.transcendentals,
          parts.bytesRead,
          parts.bytesWritten,
        ]);
        const saved = 4 * tokens * context; // scores and probabilities, each written and read
        const fused = cost(attention({ tokens, context, heads: 1, headDim, vHeadDim }));
        expect(c.bytesRead + c.bytesWritten - fused.bytesRead - fused.bytesWritten).toBe(4 * saved);
      }),
      runs,
    );
  });

  it("decode steps summed are the causal prefill's exact count, with and without a window", () => {
    fc.assert(
      fc.property(size(12), headCase, fc.option(size(14), { nil: undefined }), (n, heads, window) => {
        const steps = Array.from({ length: n }, (_, i) =>
          cost(attention({ ...heads, tokens: 1, context: i + 1, causal: true, window })),
        );
        const prefill = cost(attention({ ...heads, tokens: n, causal: true, window }));
        expect(totalCost(steps).exactMacs).toBe(prefill.exactMacs);
        // A decode step has no masked half.
        if (window === undefined) expect(totalCost(steps).macs).toBe(prefill.exactMacs);
      }),
      runs,
    );
  });

  it("chunked prefill sums to the whole one", () => {
    const whole = cost(attention({ tokens: 10, heads: 2, headDim: 3, causal: true, window: 4 }));
    const chunks = [
      [3, 3],
      [5, 8],
      [2, 10],
    ].map(([tokens, context]) =>
      cost(attention({ tokens: tokens!, context: context!, heads: 2, headDim: 3, causal: true, window: 4 })),
    );
    expect(totalCost(chunks).exactMacs).toBe(whole.exactMacs);
  });

  it("a causal square has n (n + 1) / 2 pairs, also where a loop would never end", () => {
    const n = 1_000_000;
    expect(attention({ tokens: n, heads: 1, headDim: 1, causal: true }).exactMacs).toBe(n * (n + 1));
    expect(attention({ tokens: 4, context: 6, heads: 1, headDim: 1, causal: true }).exactMacs).toBe(
      2 * (3 + 4 + 5 + 6),
    ); // aligned at the bottom right
  });

  it("decode reads the cache at kvDtype, by kv heads, and at most the window", () => {
    const shape: AttentionShape = {
      batch: 3,
      tokens: 1,
      context: 1000,
      heads: 32,
      kvHeads: 8,
      headDim: 128,
      causal: true,
      dtype: "bf16",
    };
    const kv = (s: AttentionShape) => cost(attention(s)).bytesRead - 3 * 32 * 128 * 2;
    expect(kv(shape)).toBe(3 * 1000 * 2 * 8 * 128 * 2);
    expect(kv({ ...shape, kvDtype: "fp8" })).toBe(3 * 1000 * 2 * 8 * 128);
    expect(kv({ ...shape, window: 100 })).toBe(3 * 100 * 2 * 8 * 128 * 2);
    // The new keys and values are their projections' outputs.
    expect(cost(attention(shape)).bytesWritten).toBe(3 * 32 * 128 * 2);
    expect(kvElements({ ...shape, window: 100 })).toBe(3 * 100 * 2 * 8 * 128);
    expect(() => kvElements({ nodes: [] } as never)).toThrow(
      /^kvElements: context must be a positive integer, got undefined$/,
    );
  });

  it("sharedKv reads the latent once, for values as well as keys", () => {
    const op = attention({
      tokens: 1,
      context: 10,
      heads: 128,
      kvHeads: 1,
      headDim: 576,
      vHeadDim: 512,
      sharedKv: true,
    });
    expect(op.inputs.map((t) => t.name)).toEqual(["q", "k"]);
    expect(op.macs).toBe(10 * 128 * (576 + 512));
  });

  it("softcap adds three FLOPs and a tanh a score", () => {
    const a = attention({ tokens: 4, heads: 2, headDim: 3 });
    const b = attention({ tokens: 4, heads: 2, headDim: 3, softcap: true });
    expect(b.extras["softcap"]).toBe(3 * 32);
    expect(b.transcendentals! - a.transcendentals!).toBe(32);
  });

  it("backward is 2.0 times the forward macs unfused and 2.5 fused, and nothing without input gradients", () => {
    const shape = { tokens: 6, context: 9, heads: 4, kvHeads: 2, headDim: 5, causal: true };
    const macs = (fused: boolean) =>
      backward(attention({ ...shape, fused })).reduce((n, op) => n + op.macs, 0) / attention(shape).macs;
    expect([macs(false), macs(true)]).toEqual([2, 2.5]);
    expect(backward(attention(shape), { inputGradient: false })).toEqual([]);
    const [g] = backward(attention({ ...shape, fused: false }));
    expect(g!.exactMacs).toBe(2 * attention(shape).exactMacs!);
  });

  it("unfused backward is the backward of two matmuls and a softmax", () => {
    const [t, c, d, e] = [5, 7, 3, 4] as const;
    const parts = [matmul({ m: t, k: d, n: c }), softmax({ shape: [t, c] }), matmul({ m: t, k: c, n: e })]
      .flatMap((op) => backward(op))
      .map(cost);
    const own = totalCost(
      backward(attention({ tokens: t, context: c, heads: 1, headDim: d, vHeadDim: e, fused: false })).map(cost),
    );
    const all = totalCost(parts);
    expect([own.macs, own.flops]).toEqual([all.macs, all.flops]);
    // The two value products both read dY; one kernel launch reads it once here, and each score-sized tensor moves as
    // there.
    expect(all.bytesRead - own.bytesRead).toBe(4 * t * e);
    expect(own.bytesWritten).toBe(all.bytesWritten);
  });

  it("backward counts what the gradient does, executed for one head and held against differences", () => {
    fc.assert(
      fc.property(size(3), size(4), size(3), size(3), (tokens, context, headDim, vHeadDim) => {
        const table = (rows: number, columns: number, seed: number) =>
          Array.from({ length: rows }, (_, i) =>
            Array.from({ length: columns }, (_, j) => Math.sin(seed + 3 * i + 1.7 * j)),
          );
        const times = (c: Counter, a: number[][], b: number[][]) =>
          a.map((row) => b[0]!.map((_, j) => row.reduce((s, v, k) => c.mac(s, v, b[k]![j]!), 0)));
        const turned = (a: number[][]) => a[0]!.map((_, j) => a.map((row) => row[j]!));
        const q = table(tokens, headDim, 1);
        const k = table(context, headDim, 2);
        const v = table(context, vHeadDim, 3);
        const dy = table(tokens, vHeadDim, 4);
        const forward = (query: number[][]) => {
          const p = times(new Counter(), query, turned(k)).map((row) => softmaxRow(new Counter(), row));
          return { p, y: times(new Counter(), p, v) };
        };
        const { p, y } = forward(q);
        const logs = times(new Counter(), q, turned(k)).map((row) =>
          Math.log(row.reduce((s, x) => s + Math.exp(x), 0)),
        );
        for (const fused of [false, true]) {
          const c = new Counter();
          const own = fused ? times(c, q, turned(k)).map((row, i) => row.map((s) => c.exp(c.sub(s, logs[i]!)))) : p;
          times(c, turned(own), dy); // dV
          const dp = times(c, dy, turned(v));
          const row = fused
            ? dy.map((d, i) => d.reduce((s, x, j) => c.add(s, c.mul(x, y[i]![j]!)), 0))
            : dp.map((d, i) => d.reduce((s, x, j) => c.add(s, c.mul(x, own[i]![j]!)), 0));
          const ds = dp.map((d, i) => d.map((x, j) => c.mul(own[i]![j]!, c.sub(x, row[i]!))));
          const dq = times(c, ds, k);
          times(c, turned(ds), q); // dK
          const loss = (h: number) =>
            forward(q.map((r, i) => r.map((x, j) => (i === 0 && j === 0 ? x + h : x)))).y.reduce(
              (s, r, i) => s + r.reduce((t, x, j) => t + x * dy[i]![j]!, 0),
              0,
            );
          expect(dq[0]![0]!).toBeCloseTo((loss(1e-5) - loss(-1e-5)) / 2e-5, 6);
          const [op] = backward(attention({ tokens, context, heads: 1, headDim, vHeadDim, fused }));
          expect([op!.macs, op!.extras["softmax"], op!.transcendentals]).toEqual([c.macs, c.flops, c.transcendentals]);
        }
      }),
      { ...runs, numRuns: 30 },
    );
  });

  it("the oracle's mask is the definition: causal sees itself and what was before", () => {
    const mask = { tokens: 2, context: 4, causal: true, window: 2 };
    expect([0, 1, 2, 3].filter((j) => sees(mask, 0, j))).toEqual([1, 2]);
  });
});
