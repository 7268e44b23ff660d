// ONNX Runtime's own operators: attributes that change the product, packed attention, quantized nodes.
import { describe, expect, it } from "vitest";
import { node, tensor } from "../support/proto.js";
import { costOf, one } from "../support/oneNode.js";

const ms = { domain: "com.microsoft" };
const fp32 = (name: string, ...values: number[]) =>
  tensor(name, [values.length], { raw: new Uint8Array(Float32Array.from(values).buffer) });

describe("fromOnnx, com.microsoft", () => {
  it.each([
    [{}, [2, 4, 8], [2, 8, 5], [2, 4, 5]],
    [{ transA: 1 }, [2, 8, 4], [2, 8, 5], [2, 4, 5]],
    [{ transB: 1 }, [2, 4, 8], [2, 5, 8], [2, 4, 5]],
    [{ transBatchA: 1 }, [4, 2, 8], [2, 8, 5], [2, 4, 5]],
    [{ transBatchB: 1, transB: 1 }, [2, 4, 8], [5, 2, 8], [2, 4, 5]],
  ])("FusedMatMul %j of %j and %j", (attributes, x, z, y) => {
    const c = costOf(one(node("FusedMatMul", ["x", "z"], ["y"], { ...ms, ...attributes }), { x, z }));
    expect([c.macs, c.shape, c.flops]).toEqual([2 * 4 * 8 * 5, y, 2 * 320]);
    const scaled = node("FusedMatMul", ["x", "z"], ["y"], { ...ms, ...attributes, alpha: { float: 0.5 } });
    expect(costOf(one(scaled, { x, z })).flops).toBe(2 * 320 + 40);
  });

  it("GroupQueryAttention with query, key and value in one tensor, as with three", () => {
    const heads = { ...ms, num_heads: 4, kv_num_heads: 2 };
    const past = { pk: [1, 2, 24, 16], pv: [1, 2, 24, 16] };
    const packed = costOf(
      one(node("GroupQueryAttention", ["x", "", "", "pk", "pv"], ["y"], heads), { x: [1, 8, 128], ...past }),
    );
    const apart = costOf(
      one(node("GroupQueryAttention", ["x", "k", "v", "pk", "pv"], ["y"], heads), {
        x: [1, 8, 64],
        k: [1, 8, 32],
        v: [1, 8, 32],
        ...past,
      }),
    );
    expect([packed.macs, packed.shape]).toEqual([4 * 8 * 32 * (16 + 16), [1, 8, 64]]);
    expect(apart.macs).toBe(packed.macs);
  });

  it("MultiHeadAttention: its bias is learned, its mask and past are not; queries packed or apart", () => {
    const x = { x: [2, 5, 12], k: [2, 7, 12], v: [2, 7, 12], m: [2, 7] };
    const n = node("MultiHeadAttention", ["x", "k", "v", "b", "m"], ["y"], { ...ms, num_heads: 3 });
    const c = costOf(one(n, x, { b: [36] }));
    expect([c.macs, c.params, c.shape]).toEqual([2 * 3 * 5 * 7 * 8, 36, [2, 5, 12]]);
    expect(c.extras["bias"]).toBe(2 * (5 + 7 + 7) * 12);
    const packed = node("MultiHeadAttention", ["x"], ["y"], { ...ms, num_heads: 3 });
    expect(costOf(one(packed, { x: [2, 5, 3, 3, 4] })).macs).toBe(2 * 3 * 5 * 5 * 8);
  });

  it("MoE: k experts a token, and only theirs read", () => {
    const n = node("MoE", ["x", "r", "a", "", "b"], ["y"], { ...ms, k: 2 });
    const c = costOf(one(n, { x: [3, 8], r: [3, 16] }, { a: [16, 8, 32], b: [16, 32, 8] }));
    expect([c.macs, c.params, c.activeParams]).toEqual([3 * 2 * 512, 16 * 512, 2 * 512]);
    expect(c.bytesRead).toBe(4 * (24 + 48 + 6 * 512));
  });

  it("GroupNorm with channels last, Rfft and Irfft", () => {
    const norm = node("SkipGroupNorm", ["x", "g", "b", "s"], ["y"], { ...ms, groups: 2, activation: 1 });
    const c = costOf(one(norm, { x: [1, 4, 4, 8], s: [1, 4, 4, 8] }, { g: [8], b: [8] }));
    expect([c.params, c.shape, c.extras["add"], c.extras["activation"]]).toEqual([16, [1, 4, 4, 8], 128, 512]);
    const real = { ...ms, signal_ndim: 2, onesided: 1 };
    expect(costOf(one(node("Rfft", ["x"], ["y"], real), { x: [3, 8, 8] })).shape).toEqual([3, 8, 5, 2]);
    expect(costOf(one(node("Irfft", ["x"], ["y"], real), { x: [3, 8, 5, 2] })).shape).toEqual([3, 8, 8]);
  });

  it("EmbedLayerNormalization: three tables and a norm", () => {
    const c = costOf(
      one(
        node("EmbedLayerNormalization", ["x", "s", "words", "places", "kinds", "g", "b"], ["y", "m"], ms),
        { x: [1, 4], s: [1, 4] },
        {
          words: [50, 8],
          places: [16, 8],
          kinds: [2, 8],
          g: [8],
          b: [8],
        },
      ),
    );
    expect([c.macs, c.params, c.shape, c.extras["add"]]).toEqual([0, 560, [1, 4, 8], 64]);
  });

  it("QGemm and QLinearGlobalAveragePool: scales and zero points are no parameters", () => {
    const scale = { initialisers: [fp32("s", 0.1), tensor("z", [1], { type: 2 })] };
    const q = node("QGemm", ["x", "s", "z", "w", "s", "z", "", "s", "z"], ["y"], { ...ms, transB: 1 });
    const c = costOf(
      one(q, { x: [3, 4] }, {}, { initialisers: [...scale.initialisers, tensor("w", [10, 4], { type: 2 })] }),
    );
    expect([c.macs, c.params, c.shape]).toEqual([120, 40, [3, 10]]);
    const pool = node("QLinearGlobalAveragePool", ["x", "s", "z", "s", "z"], ["y"], ms);
    expect(costOf(one(pool, { x: [1, 4, 6, 6] }, {}, scale)).shape).toEqual([1, 4, 1, 1]);
  });
});
