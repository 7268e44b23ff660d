import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attention, compressedAttention, cost, indexScore, moe } from "../../lib/index.js";
import { waitingElements } from "../../lib/ops/compress.js";
import { movedElements } from "../../lib/op.js";
import { runs, size } from "./arbitrary.js";
import { hyperConnectionLoop, indexScoreLoop, readPairs } from "./oracleSparse.js";
import { thrown } from "./thrown.js";

const spans = fc
  .record({ tokens: size(9), past: fc.integer({ min: 0, max: 30 }), topk: size(6), rate: size(5), window: size(8) })
  .map(({ past, ...span }) => ({ ...span, context: span.tokens + past }));

describe("attention over chosen positions", () => {
  it("counts densely, and exactly the pairs that the choice leaves", () => {
    fc.assert(
      fc.property(spans, ({ tokens, context, topk }) => {
        const shape = { tokens, context, heads: 3, headDim: 4, vHeadDim: 2, causal: true };
        const op = attention({ ...shape, topk });
        let pairs = 0;
        for (let t = 0; t < tokens; t++) pairs += Math.min(topk, context - tokens + t + 1);
        expect(op.macs).toBe(attention(shape).macs);
        expect(op.exactMacs).toBe(3 * pairs * (4 + 2));
      }),
      runs,
    );
  });

  it("reads in decode only the keys that are chosen, and their places", () => {
    const shape = { tokens: 1, context: 8192, heads: 128, kvHeads: 1, headDim: 576, vHeadDim: 512, sharedKv: true };
    const op = attention({ ...shape, causal: true, topk: 2048, dtype: "bf16" });
    expect(op.inputs.map((t) => [t.name, movedElements(t)])).toEqual([
      ["q", 128 * 576],
      ["k", 2048 * 576],
      ["indices", 2048],
    ]);
    // A context that is not longer than the choice is read whole.
    const short = attention({ ...shape, context: 100, causal: true, topk: 2048, dtype: "bf16" });
    expect(movedElements(short.inputs[1]!)).toBe(100 * 576);
  });

  it("refuses a choice beside a window", () => {
    const shape = { tokens: 4, heads: 2, headDim: 4, causal: true, window: 2, topk: 2 };
    expect(thrown(() => attention(shape)).message).toBe("attention: topk must be left out beside a window, got 2");
  });
});

describe("indexScore", () => {
  it("does what the loops do, dense and of the keys complete before each query", () => {
    fc.assert(
      fc.property(spans, fc.boolean(), ({ tokens, context, rate, topk }, elementwiseSum) => {
        const shape = { tokens, context, heads: 2, headDim: 3, stride: rate, elementwiseSum };
        const op = indexScore({ ...shape, topk });
        const loop = indexScoreLoop(shape);
        expect([op.macs, op.exactMacs]).toEqual([loop.macs, loop.exactMacs]);
      }),
      runs,
    );
  });
});

describe("compressedAttention", () => {
  it("counts exactly the window and the entries that each query reads", () => {
    fc.assert(
      fc.property(spans, fc.boolean(), ({ topk, ...span }, choosing) => {
        const shape = { ...span, ...(choosing ? { topk } : {}) };
        const op = compressedAttention({ ...shape, batch: 2, heads: 3, headDim: 4 });
        const keys = span.context + Math.floor(span.context / span.rate);
        expect(op.macs).toBe(2 * 3 * span.tokens * keys * 2 * 4);
        expect(op.exactMacs).toBe(2 * 3 * readPairs(shape) * 2 * 4);
      }),
      runs,
    );
  });

  it("reads in decode its window and the entries that are chosen", () => {
    const shape = { tokens: 1, context: 8192, heads: 64, headDim: 512, window: 128 };
    const read = (rate: number, topk?: number): number[] =>
      compressedAttention({ ...shape, rate, topk })
        .inputs.slice(1)
        .map(movedElements);
    expect(read(4, 512)).toEqual([128 * 512, 512 * 512, 512]);
    expect(read(128)).toEqual([128 * 512, 64 * 512]);
  });
});

describe("compress", () => {
  it("keeps open windows between calls, and of overlapping ones the last", () => {
    const shape = { windows: 1, rate: 4, features: 10 };
    expect([3, 4, 6].map((context) => waitingElements(shape, context))).toEqual([2 * 3 * 10, 0, 2 * 2 * 10]);
    const both = { ...shape, overlap: true };
    expect([3, 4, 6].map((context) => waitingElements(both, context))).toEqual([120, 80, 80 + 80]);
  });
});

describe("hyperConnection", () => {
  it("mixes by rows and columns that sum to one", () => {
    expect(hyperConnectionLoop({ tokens: 1, streams: 4, hiddenSize: 3, rounds: 20 }).unevenness).toBeLessThan(1e-3);
  });
});

describe("moe", () => {
  it("has biases of the shared experts alone where it is told so", () => {
    const shape = { tokens: 3, hiddenSize: 5, intermediateSize: 7, experts: 4, topK: 2, sharedExperts: 2 };
    const params = (more: object): number => cost(moe({ ...shape, ...more })).params;
    const shared = 2 * (2 * 7 + 5);
    expect(params({ sharedBias: true }) - params({})).toBe(shared);
    expect(params({ bias: true }) - params({ bias: true, sharedBias: false })).toBe(shared);
    expect(moe({ ...shape, sharedBias: true }).extras.bias).toBe(3 * shared);
  });
});
