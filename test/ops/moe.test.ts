import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backward, cost, linear, moe, mul, silu, totalCost } from "../../lib/index.js";
import { expectedDistinctExperts } from "../../lib/ops/moe.js";
import { movedElements } from "../../lib/op.js";
import { runs, size } from "./arbitrary.js";
import { meanDistinctExperts, moeLoop } from "./oracleSequence.js";

describe("moe", () => {
  it("moe(shape) does what tokens routed one by one do, and reads the experts that they touched", () => {
    const shapes = fc.record({
      tokens: size(4),
      hiddenSize: size(4),
      intermediateSize: size(4),
      experts: size(5),
      k: fc.nat(),
      sharedExperts: fc.integer({ min: 0, max: 2 }),
      gated: fc.boolean(),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(shapes, ({ k, seed, ...s }) => {
        const topK = 1 + (k % s.experts);
        const routing = Array.from({ length: s.tokens }, (_, t) =>
          Array.from({ length: topK }, (_, i) => (seed + t * 3 + i) % s.experts),
        );
        const loop = moeLoop({ ...s, topK }, routing);
        const op = moe({ ...s, topK, distinctExperts: loop.touched });
        expect(op.macs).toBe(loop.macs + loop.routerMacs);
        expect(cost(op).flops - 2 * op.macs).toBe(loop.flops);
        expect(op.transcendentals).toBe(loop.transcendentals);
        const routed = op.weights.filter((w) => w.name!.startsWith("experts"));
        expect(routed.reduce((n, w) => n + movedElements(w), 0)).toBe(
          loop.touched * (s.gated ? 3 : 2) * s.hiddenSize * s.intermediateSize,
        );
      }),
      runs,
    );
  });

  it("expectedDistinctExperts(E, k, tokens) is the mean over all routings", () => {
    for (const [experts, topK, tokens] of [
      [4, 2, 2],
      [4, 1, 3],
      [5, 2, 2],
      [3, 3, 2],
      [4, 2, 1],
      [3, 1, 4],
    ] as const)
      expect(expectedDistinctExperts(experts, topK, tokens)).toBeCloseTo(
        meanDistinctExperts(experts, topK, tokens),
        12,
      );
  });

  it("moe(shape) with one expert is a gated feed-forward network", () => {
    const c = cost(moe({ tokens: 3, hiddenSize: 8, intermediateSize: 5, experts: 1, topK: 1, router: false }));
    const parts = totalCost(
      [
        linear({ tokens: 3, inFeatures: 8, outFeatures: 10 }),
        silu({ shape: [3, 5] }),
        mul({ shape: [3, 5] }),
        linear({ tokens: 3, inFeatures: 5, outFeatures: 8 }),
      ].map(cost),
    );
    expect([c.macs, c.params, c.activeParams, c.weightBytes]).toEqual([
      parts.macs,
      parts.params,
      parts.params,
      parts.weightBytes,
    ]);
    expect(c.extras).toEqual({ activation: parts.extras["activation"], mul: parts.extras["mul"], combine: 2 * 3 * 8 });
  });

  it("moe of Mixtral-8x7B has the published total and active parameters of its layer", () => {
    // 32 layers of 8 experts, top 2: 46,702,792,704 total, 12,879,925,248 active; the difference is 32 layers of 6 idle
    // experts.
    const c = cost(moe({ hiddenSize: 4096, intermediateSize: 14336, experts: 8, topK: 2 }));
    expect(32 * (c.params - c.activeParams)).toBe(46_702_792_704 - 12_879_925_248);
  });

  it("moe of DeepSeek-V3 has a shared expert, and a router's correction that is bytes and no parameter", () => {
    const c = cost(
      moe({
        hiddenSize: 7168,
        intermediateSize: 2048,
        experts: 256,
        topK: 8,
        sharedExperts: 1,
        routerBias: true,
        tokens: 1,
        dtype: "bf16",
      }),
    );
    const expert = 3 * 7168 * 2048;
    const router = 7168 * 256;
    expect([c.params, c.activeParams]).toEqual([257 * expert + router, 9 * expert + router]);
    expect(c.weightBytes).toBe(2 * (9 * expert + router + 256)); // one token touches exactly topK
    expect(c.macs).toBe(9 * expert + 7168 * 256);
  });

  it("a batch touches more experts than one token and at most all of them", () => {
    const bytes = (tokens: number) =>
      cost(moe({ tokens, hiddenSize: 16, intermediateSize: 8, experts: 8, topK: 2, router: false })).weightBytes /
      (3 * 16 * 8 * 4);
    expect(bytes(1)).toBe(2);
    expect(bytes(2)).toBeCloseTo(8 * (1 - 0.75 ** 2), 2);
    expect(bytes(1000)).toBe(8);
  });

  it("moe backward is twice the forward macs, less the first matrices' dx", () => {
    const op = moe({ tokens: 3, hiddenSize: 8, intermediateSize: 5, experts: 4, topK: 2, sharedExperts: 1 });
    expect(backward(op)[0]!.macs).toBe(2 * op.macs);
    expect(backward(op, { inputGradient: false })[0]!.macs).toBe(2 * op.macs - 3 * 8 * (4 + 3 * 2 * 5));
  });

  it("distinctExperts must be possible", () => {
    const s = { tokens: 2, hiddenSize: 4, intermediateSize: 4, experts: 8, topK: 2 };
    expect(() => moe({ ...s, distinctExperts: 1 })).toThrow("moe: distinctExperts must be from topK 2 to 4, got 1");
    expect(() => moe({ ...s, distinctExperts: 5 })).toThrow(RangeError);
    expect(() => moe({ ...s, distinctExperts: NaN })).toThrow(RangeError);
    expect(() => moe({ ...s, topK: 9 })).toThrow("moe: topK must be at most experts 8, got 9");
  });
});
