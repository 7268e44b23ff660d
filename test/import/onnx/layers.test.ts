// Layers with weights, products and attention. Graphs are written here, field by field. What each op costs is worked
// out by hand or by the function of ops/ for the same layer.
import { describe, expect, it } from "vitest";
import { cost } from "../../../lib/op.js";
import { attention } from "../../../lib/ops/attention.js";
import { conv2d } from "../../../lib/ops/conv.js";
import { convTranspose2d } from "../../../lib/ops/convTranspose.js";
import { lstm } from "../../../lib/ops/recurrent.js";
import { node, onnxFile, tensor, valueInfo } from "../support/proto.js";
import { one, costOf } from "../support/oneNode.js";

describe("fromOnnx, op by op", () => {
  it("Conv: groups, strides, dilations, uneven pads and bias as conv2d", () => {
    const c = costOf(
      one(
        node("Conv", ["x", "w", "b"], ["y"], { group: 2, strides: [2, 1], dilations: [1, 2], pads: [1, 2, 0, 3] }),
        { x: [2, 4, 11, 13] },
        { w: [6, 2, 3, 3], b: [6] },
      ),
    );
    const op = conv2d({
      batch: 2,
      inChannels: 4,
      outChannels: 6,
      height: 11,
      width: 13,
      kernelSize: 3,
      groups: 2,
      stride: [2, 1],
      dilation: [1, 2],
      padding: [
        [1, 0],
        [2, 3],
      ],
      bias: true,
    });
    expect([c.macs, c.flops, c.params, c.bytesRead, c.shape]).toEqual([
      cost(op).macs,
      cost(op).flops,
      cost(op).params,
      cost(op).bytesRead,
      op.outputs[0]!.shape,
    ]);
  });

  it.each([
    ["SAME_UPPER", [1, 1, 6, 6]],
    ["SAME_LOWER", [1, 1, 6, 6]],
    ["VALID", [1, 1, 5, 5]],
  ])("Conv: auto_pad %s", (pad, shape) => {
    expect(
      costOf(
        one(
          node("Conv", ["x", "w"], ["y"], { auto_pad: pad, strides: [2, 2] }),
          { x: [1, 1, 11, 11] },
          { w: [1, 1, 3, 3] },
        ),
      ).shape,
    ).toEqual(shape);
  });

  it("ConvTranspose: input positions, as convTranspose2d", () => {
    const c = costOf(
      one(
        node("ConvTranspose", ["x", "w"], ["y"], { strides: [2, 2], pads: [1, 1, 1, 1], output_padding: [1, 1] }),
        { x: [1, 4, 7, 7] },
        { w: [4, 3, 3, 3] },
      ),
    );
    const op = convTranspose2d({
      inChannels: 4,
      outChannels: 3,
      height: 7,
      width: 7,
      kernelSize: 3,
      stride: 2,
      padding: 1,
      outputPadding: 1,
    });
    expect([c.macs, c.shape]).toEqual([op.macs, op.outputs[0]!.shape]);
  });

  it("Gemm: transposed operands and bias", () => {
    const c = costOf(
      one(node("Gemm", ["x", "w", "b"], ["y"], { transA: 1, transB: 1 }), { x: [8, 5] }, { w: [3, 8], b: [3] }),
    );
    expect([c.macs, c.extras, c.params, c.shape]).toEqual([5 * 8 * 3, { bias: 15 }, 27, [5, 3]]);
  });

  it("MatMul: broadcast batches read each operand once", () => {
    const c = costOf(one(node("MatMul", ["a", "b"], ["y"]), { a: [2, 1, 4, 5], b: [3, 5, 6] }));
    expect([c.macs, c.shape, c.inputBytes]).toEqual([2 * 3 * 4 * 5 * 6, [2, 3, 4, 6], 4 * (40 + 90)]);
  });

  it("MatMul: vectors on either side", () => {
    expect(costOf(one(node("MatMul", ["a", "b"], ["y"]), { a: [5], b: [5] }))).toMatchObject({ macs: 5, shape: [] });
    expect(costOf(one(node("MatMul", ["a", "b"], ["y"]), { a: [3, 4, 5], b: [5] }))).toMatchObject({
      macs: 60,
      shape: [3, 4],
    });
  });

  it("Einsum: an ellipsis stands for the leading dimensions", () => {
    expect(
      costOf(
        one(node("Einsum", ["a", "b"], ["y"], { equation: "...ij, ...jk -> ...ik" }), {
          a: [2, 3, 4, 5],
          b: [2, 3, 5, 6],
        }),
      ),
    ).toMatchObject({ macs: 2 * 3 * 4 * 5 * 6, shape: [2, 3, 4, 6] });
  });

  it("LSTM: as lstm, both directions", () => {
    const c = costOf(
      one(
        node("LSTM", ["x", "w", "r", "b"], ["y"], { hidden_size: 6, direction: "bidirectional" }),
        { x: [7, 2, 5] },
        { w: [2, 24, 5], r: [2, 24, 6], b: [2, 48] },
      ),
    );
    const op = cost(lstm({ batch: 2, tokens: 7, inputSize: 5, hiddenSize: 6, bidirectional: true, bias: true }));
    expect([c.macs, c.flops, c.params, c.shape]).toEqual([op.macs, op.flops, op.params, [7, 2, 2, 6]]);
  });

  it("Attention of ONNX Runtime: projection and core", () => {
    const file = onnxFile(
      {
        nodes: [node("Attention", ["x", "w", "b"], ["y"], { domain: "com.microsoft", num_heads: 4, name: "att" })],
        inputs: [valueInfo("x", [2, 10, 32])],
        outputs: [valueInfo("y", [])],
        initialisers: [tensor("w", [32, 96]), tensor("b", [96])],
      },
      { domain: "com.microsoft" },
    );
    const c = costOf(file);
    const core = attention({ batch: 2, tokens: 10, heads: 4, headDim: 8 });
    expect([c.macs, c.params, c.shape]).toEqual([20 * 32 * 96 + core.macs, 32 * 96 + 96, [2, 10, 32]]);
    expect(c.m.nodes.map(({ path }) => path)).toEqual(["att/qkv", "att/attention"]);
  });

  it("Attention of the standard: grouped heads and a cache before them", () => {
    const c = costOf(
      one(
        node("Attention", ["q", "k", "v", "", "pk", "pv"], ["y"], { is_causal: 1 }),
        { q: [1, 8, 1, 16], k: [1, 2, 1, 16], v: [1, 2, 1, 16], pk: [1, 2, 99, 16], pv: [1, 2, 99, 16] },
        {},
        { opset: 23 },
      ),
    );
    expect([c.macs, c.shape]).toEqual([8 * 100 * 32, [1, 8, 1, 16]]);
  });
});
