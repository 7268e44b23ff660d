// Graphs are written here, field by field. What each op costs is worked out by hand or by the function of ops/ for the
// same layer.
import { describe, expect, it } from "vitest";
import { fromOnnx, onnxCoverage } from "../../lib/import/onnx.js";
import { costByPath, modelCost } from "../../lib/model.js";
import { cost } from "../../lib/op.js";
import { attention } from "../../lib/ops/attention.js";
import { conv2d } from "../../lib/ops/conv.js";
import { convTranspose2d } from "../../lib/ops/convTranspose.js";
import { lstm } from "../../lib/ops/recurrent.js";
import { model } from "../../lib/models/index.js";
import { graph, node, onnxFile, tensor, valueInfo, type GraphParts, type Message } from "./support/proto.js";
import { resnet18Onnx } from "./support/resnet.js";
import { encoderOnnx } from "./support/encoder.js";

/** A graph of one node: inputs by shape, weights by shape. */
const one = (
  n: Message,
  inputs: Record<string, (number | string)[]>,
  weights: Record<string, number[]> = {},
  more: Partial<GraphParts> & { opset?: number } = {},
): Uint8Array =>
  onnxFile(
    {
      nodes: [n],
      inputs: Object.entries(inputs).map(([name, dims]) => valueInfo(name, dims)),
      outputs: [valueInfo("y", [])],
      ...more,
      initialisers: [
        ...Object.entries(weights).map(([name, dims]) => tensor(name, dims)),
        ...(more.initialisers ?? []),
      ],
    },
    { opset: more.opset ?? 17 },
  );

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
      { path: "<b>nms</b>", opType: "NonMaxSuppression", why: 'no rule for op type "NonMaxSuppression"' },
    ]);
    expect(() => fromOnnx(file, { strict: true })).toThrow("fromOnnx: every op must be countable, got 1 that are not");
    expect(onnxCoverage.unsupported).toContain("NonMaxSuppression");
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

describe("fromOnnx, op by op", () => {
  const costOf = (bytes: Uint8Array) => {
    const m = fromOnnx(bytes, {});
    expect(m.uncounted).toEqual([]);
    return { ...modelCost(m), shape: m.outputs[0]!.shape, m };
  };

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

  it("QLinearConv, ConvInteger, MatMulInteger: integer macs, weights of one byte", () => {
    const int8 = (name: string, dims: number[]): Message => tensor(name, dims, { type: 3 });
    const q = onnxFile({
      nodes: [node("QLinearConv", ["x", "xs", "xz", "w", "ws", "wz", "ys", "yz"], ["y"])],
      inputs: [valueInfo("x", [1, 3, 8, 8], 3)],
      outputs: [valueInfo("y", [])],
      initialisers: [
        int8("w", [4, 3, 3, 3]),
        tensor("xs", []),
        int8("xz", []),
        tensor("ws", [4]),
        int8("wz", [4]),
        tensor("ys", []),
        int8("yz", []),
      ],
    });
    expect(costOf(q)).toMatchObject({
      macs: 36 * 108,
      params: 108,
      shape: [1, 4, 6, 6],
      weightBytes: 108 + 4 + 1 + 16 + 4 + 4 + 1,
    });
    const integers = onnxFile({
      nodes: [node("MatMulInteger", ["x", "w"], ["y"])],
      inputs: [valueInfo("x", [5, 8], 2)],
      outputs: [valueInfo("y", [])],
      initialisers: [int8("w", [8, 3])],
    });
    expect(costOf(integers)).toMatchObject({ macs: 120, params: 24, weightBytes: 24, outputBytes: 4 * 15 });
  });

  it("DequantizeLinear of a stored weight: its user reads the integers", () => {
    const m = onnxFile({
      nodes: [node("DequantizeLinear", ["w", "s"], ["wf"]), node("MatMul", ["x", "wf"], ["y"])],
      inputs: [valueInfo("x", [2, 8])],
      outputs: [valueInfo("y", [])],
      initialisers: [tensor("w", [8, 4], { type: 3 }), tensor("s", [4])],
    });
    expect(costOf(m)).toMatchObject({ macs: 64, params: 32, weightBytes: 32 + 16, flops: 128 });
  });

  it("MatMulNBits: parameters at four bits, and scales", () => {
    const m = onnxFile(
      {
        nodes: [
          node("MatMulNBits", ["x", "w", "s"], ["y"], {
            domain: "com.microsoft",
            K: 64,
            N: 8,
            bits: 4,
            block_size: 32,
          }),
        ],
        inputs: [valueInfo("x", [3, 64])],
        outputs: [valueInfo("y", [])],
        initialisers: [tensor("w", [8, 2, 16], { type: 2 }), tensor("s", [16])],
      },
      { domain: "com.microsoft" },
    );
    expect(costOf(m)).toMatchObject({ macs: 3 * 64 * 8, params: 512, weightBytes: 256 + 64, shape: [3, 8] });
  });

  it.each([
    ["Transpose", ["x"], { perm: [2, 0, 1] }, [4, 2, 3]],
    ["Flatten", ["x"], { axis: -1 }, [6, 4]],
    ["Reshape", ["x", "s:-1,0,2"], {}, [4, 3, 2]],
    ["Squeeze", ["u", "s:0"], {}, [5]],
    ["Unsqueeze", ["x", "s:0,-1"], {}, [1, 2, 3, 4, 1]],
    ["Slice", ["x", "s:1", "s:9223372036854775807", "s:2"], {}, [2, 3, 3]],
    ["Slice", ["x", "s:-1", "s:-9223372036854775807", "s:1", "s:-2"], {}, [2, 2, 4]],
    ["Concat", ["x", "x"], { axis: 1 }, [2, 6, 4]],
    ["Gather", ["x", "s:0,1,0"], { axis: 2 }, [2, 3, 3]],
    ["Expand", ["u", "s:3,2,5"], {}, [3, 2, 5]],
    ["Tile", ["x", "s:1,2,3"], {}, [2, 6, 12]],
    ["Pad", ["x", "s:0,0,1,0,0,2"], {}, [2, 3, 7]],
    ["Split", ["x"], { axis: 1 }, [2, 3, 4]],
    ["ConstantOfShape", ["s:4,5"], {}, [4, 5]],
    ["Range", ["s:!0", "s:!10", "s:!3"], {}, [4]],
    ["Shape", ["x"], {}, [3]],
  ] as const)("%s(%j) %j gives %j and no FLOPs", (type, inputs, attributes, shape) => {
    const initialisers: Message[] = [];
    const names = inputs.map((name, i) => {
      if (!name.startsWith("s:")) return name;
      const scalar = name.startsWith("s:!");
      const data = name
        .slice(scalar ? 3 : 2)
        .split(",")
        .map(BigInt);
      initialisers.push(
        tensor(`s${i}`, scalar ? [] : [data.length], { type: 7, raw: new Uint8Array(BigInt64Array.from(data).buffer) }),
      );
      return `s${i}`;
    });
    const c = costOf(one(node(type, names, ["y"], attributes), { x: [2, 3, 4], u: [1, 5] }, {}, { initialisers }));
    expect([c.shape, c.flops]).toEqual([shape, 0]);
  });

  it("If: a condition that is known beforehand takes its branch", () => {
    const branch = (type: string): { graph: Message } => ({
      graph: graph({ nodes: [node(type, ["x"], ["r"])], inputs: [], outputs: [valueInfo("r", [])] }),
    });
    const nodes = [
      node("Shape", ["x"], ["s"]),
      node("Size", ["s"], ["n"]),
      node("Equal", ["n", "two"], ["c"]),
      node("If", ["c"], ["y"], { name: "if", then_branch: branch("Softmax"), else_branch: branch("Relu") }),
    ];
    const m = fromOnnx(
      onnxFile({
        nodes,
        inputs: [valueInfo("x", [2, 3])],
        outputs: [valueInfo("y", [])],
        initialisers: [tensor("two", [], { data: [2] })],
      }),
    );
    expect([m.uncounted, m.nodes.map(({ path, op }) => [path, op.kind])]).toEqual([[], [["if/Softmax.5", "softmax"]]]);
  });

  it("Functions of the file: their bodies are counted in place", () => {
    const body: Message = [
      [1, "Block"],
      [4, "a"],
      [5, "b"],
      [7, node("Relu", ["a"], ["t"])],
      [7, node("Relu", ["t"], ["b"])],
      [10, "mine"],
    ];
    const m = fromOnnx(
      onnxFile(
        {
          nodes: [
            node("Block", ["x"], ["h"], { domain: "mine", name: "one" }),
            node("Block", ["h"], ["y"], { domain: "mine", name: "two" }),
          ],
          inputs: [valueInfo("x", [6])],
          outputs: [valueInfo("y", [])],
        },
        { functions: [body], domain: "mine" },
      ),
    );
    expect([modelCost(m).flops, m.nodes.length, m.outputs[0]!.shape]).toEqual([24, 4, [6]]);
  });
});
