// What fromOnnx makes of a file as a whole; what each op costs is in onnx/.
import { describe, expect, it } from "vitest";
import { fromOnnx, onnxCoverage } from "../../lib/import/onnx.js";
import { costByPath, modelCost } from "../../lib/model.js";
import { model } from "../../lib/models/index.js";
import { node, onnxFile, valueInfo, type Message } from "./support/proto.js";
import { resnet18Onnx } from "./support/resnet.js";
import { encoderOnnx } from "./support/encoder.js";
import { one } from "./support/oneNode.js";

describe("fromOnnx(bytes)", () => {
  it("counts a ResNet-18 written node by node as model('resnet18') does", () => {
    const file = resnet18Onnx();
    const m = fromOnnx(file);
    const ours = modelCost(model("resnet18"));
    const theirs = modelCost(m);
    expect(m.uncounted).toEqual([]);
    expect([theirs.macs, theirs.params]).toEqual([1_814_073_344, 11_689_512]);
    expect([theirs.macs, theirs.params]).toEqual([ours.macs, ours.params]);
    // The file also holds each batch norm's two running statistics.
    expect(m.initialisers.elements).toBe(11_689_512 + 9600);
    expect(m.initialisers.bytes).toBe(4 * m.initialisers.elements);
    expect(m.outputs).toEqual([{ name: "logits", shape: [1, 1000], dtype: "fp32" }]);
    expect(costByPath(m, 1).map(({ path }) => path)).toEqual(
      expect.arrayContaining(["conv1", "layer1", "layer4", "fc"]),
    );
  });

  it("binds the batch, and a batch of 8 costs 8 times the work of 1 but not the weights", () => {
    const one = modelCost(fromOnnx(resnet18Onnx()));
    const eight = modelCost(fromOnnx(resnet18Onnx(), { batch: 8 }));
    expect([eight.macs, eight.flops - one.flops, eight.params, eight.weightBytes]).toEqual([
      8 * one.macs,
      7 * one.flops,
      one.params,
      one.weightBytes,
    ]);
  });

  it("follows Shape, Gather, Concat and Reshape through a transformer's head split", () => {
    // BERT-base's block by hand: 4·768² + 2·768·3072 a token, and 2·128·768 a token for the scores and their use.
    const m = fromOnnx(encoderOnnx({ hidden: 768, heads: 12, intermediate: 3072, vocab: 1000 }), {
      batch: 1,
      tokens: 128,
    });
    const c = modelCost(m);
    expect(m.uncounted).toEqual([]);
    expect(c.macs).toBe(128 * (4 * 768 ** 2 + 2 * 768 * 3072 + 2 * 128 * 768));
    expect(m.outputs[0]!.shape).toEqual([1, 128, 768]);
    expect(c.params).toBe(1000 * 768 + 4 * (768 ** 2 + 768) + 2 * 768 * 3072 + 3072 + 768 + 4 * 768);
    expect(m.nodes.filter(({ op }) => /^(shape|gather|concat|unsqueeze)$/.test(op.kind))).toEqual([]);
    // Of the table only the rows of 128 tokens are read.
    expect(m.nodes.find(({ op }) => op.kind === "embedding")!.op.weights[0]).toMatchObject({
      shape: [1000, 768],
      elements: 128 * 768,
    });
  });

  it("asks for a symbolic size by name", () => {
    expect(() => fromOnnx(one(node("Relu", ["x"], ["y"]), { x: ["batch", "frames"] }))).toThrow(
      'fromOnnx: dims must give "frames", the size of dimension 1 of input "x", got none',
    );
    expect(
      fromOnnx(one(node("Relu", ["x"], ["y"]), { x: ["batch", "frames"] }), { dims: { frames: 7 } }).outputs[0]!.shape,
    ).toEqual([1, 7]);
    expect(() => fromOnnx(one(node("Relu", ["x"], ["y"]), { x: [1, 3] }), { batch: 4 })).toThrow(
      'fromOnnx: "batch" must be a free dimension of the file, got 4',
    );
  });

  it("reports what it cannot count, and throws with strict", () => {
    const file = one(node("NonMaxSuppression", ["x", "x"], ["y"], { name: "<b>nms</b>" }), { x: [1, 3] });
    const m = fromOnnx(file);
    expect(m.uncounted).toEqual([
      { path: "<b>nms</b>", opType: "NonMaxSuppression", why: "how many results there are depends on the data" },
    ]);
    expect(() => fromOnnx(file, { strict: true })).toThrow("fromOnnx: every op must be countable, got 1 that are not");
  });

  it("knows every operator of the standard, and names one of another domain that it does not", () => {
    expect(onnxCoverage.unsupported).toEqual([]);
    const file = one(node("SVMRegressor", ["x"], ["y"], { domain: "ai.onnx.ml" }), { x: [1, 3] });
    expect(fromOnnx(file).uncounted[0]!.why).toBe('no rule for op type "ai.onnx.ml.SVMRegressor"');
  });

  it("reports an op behind one whose output shape is not known", () => {
    const m = fromOnnx(
      onnxFile({ nodes: [node("NonZero", ["x"], ["i"]), node("Relu", ["i"], ["y"])], inputs: [valueInfo("x", [4])] }),
    );
    expect(m.uncounted.map(({ opType }) => opType)).toEqual(["NonZero", "Relu"]);
  });

  it("lists op types as counted, free or unsupported, each once", () => {
    const all = [...onnxCoverage.counted, ...onnxCoverage.free, ...onnxCoverage.unsupported];
    expect(new Set(all).size).toBe(all.length);
    expect(onnxCoverage.counted).toEqual(expect.arrayContaining(["Conv", "Gemm", "LSTM", "QLinearConv"]));
    expect(onnxCoverage.free).toContain("Reshape");
  });

  it("neither copies nor reads weights: a view of the bytes is enough", () => {
    const file = one(node("Conv", ["x", "w"], ["y"]), { x: [1, 3, 8, 8] }, { w: [4, 3, 3, 3] });
    const padded = new Uint8Array(file.length + 64);
    padded.set(file, 32);
    expect(modelCost(fromOnnx(padded.subarray(32, 32 + file.length))).params).toBe(108);
    expect(modelCost(fromOnnx(file.slice().buffer)).params).toBe(108);
  });

  it("counts weights that lie in another file, and weights used twice once", () => {
    const external: Message = [
      [1, 8],
      [1, 8],
      [2, 1],
      [8, "w"],
      [
        13,
        [
          [1, "location"],
          [2, "w.bin"],
        ],
      ],
      [14, 1],
    ];
    const m = fromOnnx(
      onnxFile({
        nodes: [node("MatMul", ["x", "w"], ["h"]), node("MatMul", ["h", "w"], ["y"])],
        inputs: [valueInfo("x", [2, 8])],
        initialisers: [external],
      }),
    );
    const c = modelCost(m);
    expect([c.macs, c.params, c.weightBytes]).toEqual([2 * 2 * 64, 64, 2 * 256]);
  });

  it("keeps parameters that no counted op uses as idle", () => {
    const m = fromOnnx(one(node("Relu", ["x"], ["y"]), { x: [2] }, { unused: [5, 5] }));
    expect([m.idleParams, modelCost(m).params, m.initialisers.elements]).toEqual([25, 25, 25]);
  });

  it("gives nodes without a name their type and place, and equal names a number", () => {
    const m = fromOnnx(
      onnxFile({
        nodes: [
          node("Relu", ["x"], ["a"]),
          node("Relu", ["a"], ["b"], { name: "/block/act" }),
          node("Relu", ["b"], ["y"], { name: "/block/act" }),
        ],
        inputs: [valueInfo("x", [2])],
      }),
    );
    expect(m.nodes.map(({ path }) => path)).toEqual(["Relu.1", "block/act", "block/act#2"]);
  });
});
