// Integers and stored bits, ops that move nothing, branches and functions. Graphs are written here, field by field.
// What each op costs is worked out by hand or by the function of ops/ for the same layer.
import { describe, expect, it } from "vitest";
import { fromOnnx } from "../../../lib/import/onnx.js";
import { modelCost } from "../../../lib/model.js";
import { graph, node, onnxFile, tensor, valueInfo, type Message } from "../support/proto.js";
import { one, costOf } from "../support/oneNode.js";

describe("fromOnnx, op by op", () => {
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
