// Operators of the newer opsets and of image, signal and loss graphs: their shapes and their work, by hand.
import { describe, expect, it } from "vitest";
import { fromOnnx } from "../../../lib/import/onnx.js";
import { node, onnxFile, tensor, valueInfo } from "../support/proto.js";
import { costOf, one } from "../support/oneNode.js";

const ints = (name: string, data: number[], dims = [data.length]) => tensor(name, dims, { data });

describe("fromOnnx, the rest of the standard", () => {
  it("DeformConv: a convolution whose taps are sampled", () => {
    const c = costOf(
      one(
        node("DeformConv", ["x", "w", "o"], ["y"], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }),
        { x: [1, 8, 10, 10], o: [1, 18, 10, 10] },
        { w: [6, 8, 3, 3] },
      ),
    );
    expect([c.macs, c.params, c.shape]).toEqual([6 * 8 * 9 * 100, 432, [1, 6, 10, 10]]);
    expect(c.extras["interpolate"]).toBe(7 * 8 * 9 * 100);
  });

  it.each([
    [17, [1, 64, 1], { onesided: 1 }, [], [1, 33, 2]],
    [20, [1, 64, 1], {}, [], [1, 64, 2]],
    [20, [1, 33, 2], { onesided: 1, inverse: 1 }, [], [1, 64, 1]],
  ])("DFT at opset %d of %j", (opset, x, attributes, _, shape) => {
    const c = costOf(one(node("DFT", ["x"], ["y"], attributes), { x }, {}, { opset }));
    expect([c.macs, c.shape]).toEqual([0, shape]);
    expect(c.extras["fft"]).toBe(("onesided" in attributes || x[2] === 1 ? 2.5 : 5) * 64 * 6);
  });

  it("STFT: frames of a signal; the window is no parameter", () => {
    const c = costOf(
      one(
        node("STFT", ["x", "step", "win"], ["y"]),
        { x: [2, 64, 1] },
        { win: [16] },
        { initialisers: [ints("step", [8], [])] },
      ),
    );
    expect([c.shape, c.params]).toEqual([[2, 7, 9, 2], 0]);
  });

  it("TopK, RoiAlign, Col2Im, AffineGrid, CenterCropPad and LpPool: shapes by hand", () => {
    const init = (...list: [string, number[]][]) => ({ initialisers: list.map(([n, d]) => ints(n, d)), opset: 20 });
    const shapeOf = (n: Parameters<typeof one>[0], x: Record<string, number[]>, more = {}) =>
      costOf(one(n, x, {}, more)).shape;
    expect(shapeOf(node("TopK", ["x", "k"], ["y", "i"], { axis: 0 }), { x: [9, 4] }, init(["k", [3]]))).toEqual([3, 4]);
    expect(
      shapeOf(node("RoiAlign", ["x", "r", "b"], ["y"], { output_height: 7, output_width: 5 }), {
        x: [1, 8, 20, 20],
        r: [6, 4],
        b: [6],
      }),
    ).toEqual([6, 8, 7, 5]);
    expect(
      shapeOf(node("Col2Im", ["x", "s", "k"], ["y"]), { x: [1, 12, 20] }, init(["s", [5, 5]], ["k", [2, 2]])),
    ).toEqual([1, 3, 5, 5]);
    expect(shapeOf(node("AffineGrid", ["x", "s"], ["y"]), { x: [2, 2, 3] }, init(["s", [2, 3, 5, 6]]))).toEqual([
      2, 5, 6, 2,
    ]);
    expect(shapeOf(node("CenterCropPad", ["x", "s"], ["y"], { axes: [-1] }), { x: [4, 9] }, init(["s", [5]]))).toEqual([
      4, 5,
    ]);
    expect(
      shapeOf(node("LpPool", ["x"], ["y"], { kernel_shape: [2, 2], strides: [2, 2] }), { x: [1, 3, 8, 8] }),
    ).toEqual([1, 3, 4, 4]);
  });

  it("LinearAttention and CausalConvWithState: macs of the recurrence", () => {
    const q = { x: [2, 5, 4 * 8], k: [2, 5, 2 * 8], v: [2, 5, 2 * 6] };
    const heads = { q_num_heads: 4, kv_num_heads: 2 };
    const of = (rule: string): number =>
      costOf(one(node("LinearAttention", ["x", "k", "v"], ["y"], { ...heads, update_rule: rule }), q)).macs;
    expect([of("linear"), of("delta")]).toEqual([10 * 48 * (2 + 4), 10 * 48 * (2 + 2 + 4)]);
    const c = costOf(one(node("CausalConvWithState", ["x", "w"], ["y", "s"]), { x: [2, 4, 8] }, { w: [4, 1, 3] }));
    expect([c.macs, c.shape, c.params]).toEqual([2 * 4 * 8 * 3, [2, 4, 8], 12]);
  });

  it("losses and optimizer steps: their outputs' shapes", () => {
    const c = costOf(
      one(node("SoftmaxCrossEntropyLoss", ["x", "t"], ["y"], { reduction: "none" }), { x: [3, 5, 2], t: [3, 2] }),
    );
    expect([c.shape, c.macs]).toEqual([[3, 2], 0]);
    const adam = one(
      node("Adam", ["r", "t", "x", "g", "v", "h"], ["y", "v2", "h2"], { domain: "ai.onnx.preview.training" }),
      {
        r: [1],
        t: [1],
        x: [4, 3],
        g: [4, 3],
        v: [4, 3],
        h: [4, 3],
      },
    );
    expect(costOf(adam).shape).toEqual([4, 3]);
  });

  it.each(["NonZero", "Unique"])("%s: what depends on the data is said, not guessed", (opType) => {
    const file = onnxFile({ nodes: [node(opType, ["x"], ["y"])], inputs: [valueInfo("x", [4])] });
    expect(fromOnnx(file).uncounted[0]!.why).toBe("how many results there are depends on the data");
    expect(fromOnnx(file).outputs).toEqual([]);
  });

  it.each([
    [
      "a convolution of other channels",
      node("Conv", ["x", "w"], ["y"]),
      [2, 7, 1, 1],
      "the weight must take 3 channels, got 7",
    ],
    [
      "another kernel_shape",
      node("Conv", ["x", "w"], ["y"], { kernel_shape: [5, 5] }),
      [2, 3, 3, 3],
      "kernel_shape must be",
    ],
    [
      "pads that are too few",
      node("Conv", ["x", "w"], ["y"], { pads: [1] }),
      [2, 3, 3, 3],
      "pads must be 4 numbers, got [1]",
    ],
    [
      "statistics of other channels",
      node("BatchNormalization", ["x", "w", "w", "w", "w"], ["y"]),
      [7],
      "input 1 must be one number",
    ],
    ["a negative LRN size", node("LRN", ["x"], ["y"], { size: -1 }), [1], "size must be a positive integer, got -1"],
    ["joining nothing", node("Concat", [], ["y"]), [1], "Concat must have tensors, got none"],
    ["a recurrence on images", node("RNN", ["x", "w", "w"], ["y"]), [1, 4, 4], "X must have 3 dimensions"],
  ])("reports %s", (_, n, w, why) => {
    const m = fromOnnx(one(n, { x: [1, 3, 8, 8] }, { w }));
    expect(m.uncounted.map((u) => u.why).join()).toContain(why);
    expect(m.nodes).toEqual([]);
  });
});
