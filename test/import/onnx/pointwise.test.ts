// Norms, pools, reductions and what works on each element. Graphs are written here, field by field. What each op costs
// is worked out by hand or by the function of ops/ for the same layer.
import { describe, expect, it } from "vitest";
import { node, onnxFile, tensor, valueInfo } from "../support/proto.js";
import { one, costOf } from "../support/oneNode.js";

describe("fromOnnx, op by op", () => {
  it("BatchNormalization: statistics are bytes, no parameters", () => {
    const c = costOf(
      one(
        node("BatchNormalization", ["x", "s", "b", "m", "v"], ["y"]),
        { x: [1, 8, 3, 3] },
        { s: [8], b: [8], m: [8], v: [8] },
      ),
    );
    expect([c.params, c.flops, c.weightBytes, c.m.idleParams]).toEqual([16, 2 * 72, 4 * 32, undefined]);
  });

  it("LayerNormalization, GroupNormalization and InstanceNormalization: 8 FLOPs an element", () => {
    expect(
      costOf(
        one(node("LayerNormalization", ["x", "s", "b"], ["y"], { axis: -1 }), { x: [2, 5, 16] }, { s: [16], b: [16] }),
      ),
    ).toMatchObject({ flops: 8 * 160, params: 32, shape: [2, 5, 16] });
    expect(
      costOf(
        one(
          node("GroupNormalization", ["x", "s", "b"], ["y"], { num_groups: 2 }),
          { x: [2, 4, 3, 3] },
          { s: [4], b: [4] },
        ),
      ),
    ).toMatchObject({ flops: 8 * 72, params: 8 });
    expect(
      costOf(one(node("InstanceNormalization", ["x", "s", "b"], ["y"]), { x: [2, 4, 3, 3] }, { s: [4], b: [4] })),
    ).toMatchObject({ flops: 8 * 72, params: 8 });
  });

  it("MaxPool, AveragePool and GlobalAveragePool: a FLOP a tap", () => {
    expect(
      costOf(
        one(node("MaxPool", ["x"], ["y"], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }), {
          x: [1, 2, 8, 8],
        }),
      ),
    ).toMatchObject({ flops: 9 * 2 * 16, shape: [1, 2, 4, 4] });
    expect(
      costOf(one(node("AveragePool", ["x"], ["y"], { kernel_shape: [3, 3], pads: [2, 2, 2, 2] }), { x: [1, 1, 8, 8] })),
    ).toMatchObject({ flops: 9 * 100, shape: [1, 1, 10, 10] });
    expect(costOf(one(node("GlobalAveragePool", ["x"], ["y"]), { x: [1, 2, 8, 8] }))).toMatchObject({
      flops: 128,
      shape: [1, 2, 1, 1],
    });
  });

  it.each([
    ["Relu", {}, 1, 0],
    ["Sigmoid", {}, 3, 1],
    ["Tanh", {}, 1, 1],
    ["HardSwish", {}, 5, 0],
    ["Erf", {}, 1, 1],
    ["Sqrt", {}, 1, 1],
    ["Neg", {}, 0, 0],
    ["Softmax", {}, 5, 1],
    ["Gelu", {}, 5, 1],
    ["Gelu", { approximate: "tanh" }, 8, 1],
  ] as const)("%s %j: %i FLOPs and %i transcendentals an element", (type, attributes, flops, transcendentals) => {
    expect(costOf(one(node(type, ["x"], ["y"], attributes), { x: [3, 4] }))).toMatchObject({
      flops: 12 * flops,
      transcendentals: 12 * transcendentals,
      shape: [3, 4],
    });
  });

  it("Add, Mul and Where: broadcast; integers are no floating-point work", () => {
    expect(costOf(one(node("Add", ["a", "b"], ["y"]), { a: [3, 1, 5], b: [4, 1] }))).toMatchObject({
      flops: 60,
      shape: [3, 4, 5],
      inputBytes: 4 * 19,
    });
    expect(costOf(one(node("Mul", ["x", "x"], ["y"]), { x: [7] }))).toMatchObject({ flops: 7, inputBytes: 28 });
    expect(
      costOf(
        onnxFile({
          nodes: [node("Add", ["a", "b"], ["y"])],
          inputs: [valueInfo("a", [9], 7), valueInfo("b", [9], 7)],
          outputs: [valueInfo("y", [])],
        }),
      ).flops,
    ).toBe(0);
  });

  it("Pow: a square is one product", () => {
    const exponent = (e: number): Uint8Array =>
      one(
        node("Pow", ["x", "e"], ["y"]),
        { x: [10] },
        {},
        { initialisers: [tensor("e", [], { raw: new Uint8Array(Float32Array.of(e).buffer) })] },
      );
    expect(costOf(exponent(2))).toMatchObject({ flops: 10, transcendentals: 0, params: 0 });
    expect(costOf(exponent(0.7))).toMatchObject({ flops: 10, transcendentals: 10 });
  });

  it("ReduceMean: axes by attribute and by input", () => {
    expect(costOf(one(node("ReduceMean", ["x"], ["y"], { axes: [-1], keepdims: 0 }), { x: [2, 3, 4] }))).toMatchObject({
      flops: 24 + 6,
      shape: [2, 3],
    });
    expect(
      costOf(
        one(
          node("ReduceMean", ["x", "axes"], ["y"]),
          { x: [2, 3, 4] },
          {},
          { opset: 18, initialisers: [tensor("axes", [2], { data: [0, 2] })] },
        ),
      ),
    ).toMatchObject({ flops: 24 + 3, shape: [1, 3, 1] });
  });
});
