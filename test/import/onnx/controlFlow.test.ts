// Bodies of If, Loop, Scan and SequenceMap: run as often as the file tells, and said where it does not.
import { describe, expect, it } from "vitest";
import { fromOnnx } from "../../../lib/import/onnx.js";
import { modelCost } from "../../../lib/model.js";
import { graph, node, onnxFile, tensor, valueInfo, type Message } from "../support/proto.js";

const number = (value: number): Message => tensor("", [], { data: [value] });
const constant = (name: string, value: number): Message =>
  node("Constant", [], [name], { value: { tensor: number(value) } });
const flag = (name: string, value: number): Message => tensor(name, [], { type: 9, raw: Uint8Array.of(value) });

/** h <- h W, and h as a row of what is stacked. */
const step = graph({
  nodes: [node("MatMul", ["h", "w"], ["next"]), node("Identity", ["next"], ["row"]), node("Identity", ["go"], ["on"])],
  inputs: [valueInfo("i", [], 7), valueInfo("go", [], 9), valueInfo("h", [4, 7])],
  outputs: [valueInfo("on", [], 9), valueInfo("next", [4, 7]), valueInfo("row", [4, 7])],
});
const loop = (inputs: string[], nodes: Message[], more: { inputs?: Message[]; initialisers?: Message[] } = {}) =>
  fromOnnx(
    onnxFile({
      nodes: [...nodes, node("Loop", inputs, ["y", "rows"], { body: { graph: step } })],
      inputs: [valueInfo("x", [4, 7]), ...(more.inputs ?? [])],
      outputs: [valueInfo("y", [4, 7]), valueInfo("rows", [])],
      initialisers: [tensor("w", [7, 7]), ...(more.initialisers ?? [])],
    }),
  );

describe("Loop", () => {
  it("runs its body as often as it counts, with the weights owned once", () => {
    const m = loop(["n", "", "x"], [constant("n", 5)]);
    expect(m.uncounted).toEqual([]);
    expect([modelCost(m).macs, modelCost(m).params]).toEqual([5 * 4 * 7 * 7, 49]);
    expect(m.outputs.map(({ shape }) => shape)).toEqual([
      [4, 7],
      [5, 4, 7],
    ]);
  });

  it("takes no trip where the condition is false before the first", () => {
    const m = loop(["n", "c", "x"], [constant("n", 5)], { initialisers: [flag("c", 0)] });
    expect([m.uncounted, modelCost(m).macs]).toEqual([[], 0]);
  });

  it.each([
    ["a trip count that is an input", ["n", "", "x"], [valueInfo("n", [], 7)]],
    ["a condition that is an input", ["", "c", "x"], [valueInfo("c", [], 9)]],
  ])("says of %s that it is not in the file, and keeps nothing of the body", (_, inputs, more) => {
    const m = loop(inputs, [], { inputs: more });
    expect(m.uncounted.map(({ opType, why }) => `${opType}: ${why}`)).toEqual([
      "Loop: how often its body runs is not in the file",
    ]);
    expect([m.nodes.length, modelCost(m).params]).toEqual([0, 49]);
  });

  it("reports a hundred million trips without taking them", () => {
    const m = loop(["n", "", "x"], [constant("n", 1e8)]);
    expect(m.uncounted[0]!.why).toBe("its bodies must be at most 100000 nodes, one after the other, got more");
  });
});

describe("Scan", () => {
  const body = graph({
    nodes: [node("MatMul", ["h", "w"], ["p"]), node("Add", ["p", "x"], ["n"]), node("Identity", ["n"], ["row"])],
    inputs: [valueInfo("h", [7]), valueInfo("x", [7])],
    outputs: [valueInfo("n", [7]), valueInfo("row", [7])],
  });
  it("takes one step a slice; a stored first state is no parameter", () => {
    const m = fromOnnx(
      onnxFile({
        nodes: [node("Scan", ["h0", "s"], ["last", "rows"], { num_scan_inputs: 1, body: { graph: body } })],
        inputs: [valueInfo("s", [3, 7])],
        outputs: [valueInfo("last", [7]), valueInfo("rows", [])],
        initialisers: [tensor("h0", [7]), tensor("w", [7, 7])],
      }),
    );
    const c = modelCost(m);
    expect([m.uncounted, c.macs, c.params]).toEqual([[], 3 * 49, 49]);
    expect(m.outputs[1]!.shape).toEqual([3, 7]);
  });
});

describe("If", () => {
  const branch = (w: string): { graph: Message } => ({
    graph: graph({ nodes: [node("MatMul", ["x", w], ["o"])], inputs: [], outputs: [valueInfo("o", [4, 8])] }),
  });
  const file = (given: { inputs?: Message[]; initialisers?: Message[] }) =>
    fromOnnx(
      onnxFile({
        nodes: [
          node("If", ["c"], ["h"], { then_branch: branch("w1"), else_branch: branch("w2") }),
          node("MatMul", ["h", "w3"], ["y"]),
        ],
        inputs: [valueInfo("x", [4, 6]), ...(given.inputs ?? [])],
        initialisers: [tensor("w1", [6, 8]), tensor("w2", [6, 8]), tensor("w3", [8, 2]), ...(given.initialisers ?? [])],
      }),
    );

  it("counts the branch that a stored condition takes", () => {
    const m = file({ initialisers: [flag("c", 1)] });
    expect([m.uncounted, modelCost(m).macs, m.idleParams]).toEqual([[], 4 * 6 * 8 + 4 * 8 * 2, 48]);
  });

  it("says of an open one that it is open, and counts what follows", () => {
    const m = file({ inputs: [valueInfo("c", [], 9)] });
    expect(m.uncounted.map(({ why }) => why)).toEqual(["which branch runs is not known before"]);
    expect([modelCost(m).macs, modelCost(m).params]).toEqual([4 * 8 * 2, 48 + 48 + 16]);
  });

  it("names a missing branch", () => {
    const m = fromOnnx(onnxFile({ nodes: [node("Loop", ["n"], ["y"])], inputs: [valueInfo("n", [], 7)] }));
    expect(m.uncounted[0]!.why).toBe('no rule for op type "Loop"');
  });
});

describe("FlexAttention", () => {
  it("counts what a body does to its scores", () => {
    const body = graph({
      nodes: [node("Add", ["s", "s"], ["t"])],
      inputs: [valueInfo("s", [1])],
      outputs: [valueInfo("t", [1])],
    });
    const of = (attributes: object) =>
      fromOnnx(
        onnxFile({
          nodes: [node("FlexAttention", ["q", "k", "v"], ["y"], { domain: "ai.onnx.preview", ...attributes })],
          inputs: [valueInfo("q", [1, 2, 3, 4]), valueInfo("k", [1, 2, 5, 4]), valueInfo("v", [1, 2, 5, 6])],
          outputs: [valueInfo("y", [1, 2, 3, 6])],
        }),
      );
    const plain = modelCost(of({}));
    const changed = of({ score_mod: { graph: body } });
    expect(plain.macs).toBe(2 * 3 * 5 * (4 + 6));
    expect([changed.uncounted, modelCost(changed).flops - plain.flops]).toEqual([[], 2 * 3 * 5]);
  });
});

describe("sequences", () => {
  it("split and joined again lose nothing", () => {
    const m = fromOnnx(
      onnxFile({
        nodes: [
          node("SplitToSequence", ["x"], ["parts"], { axis: 1 }),
          node("ConcatFromSequence", ["parts"], ["h"], { axis: 1 }),
          node("MatMul", ["h", "w"], ["y"]),
        ],
        inputs: [valueInfo("x", [4, 7])],
        outputs: [valueInfo("y", [4, 5])],
        initialisers: [tensor("w", [7, 5])],
      }),
    );
    expect([m.uncounted, modelCost(m).macs, modelCost(m).params]).toEqual([[], 4 * 7 * 5, 35]);
  });

  it("are read, counted and extended", () => {
    const m = fromOnnx(
      onnxFile({
        nodes: [
          node("SequenceConstruct", ["x", "z"], ["s"]),
          node("SequenceInsert", ["s", "x"], ["t"]),
          node("SequenceLength", ["t"], ["n"]),
          node("SequenceAt", ["t", "i"], ["v"]),
          node("Unsqueeze", ["n", "zero"], ["shape"]),
          node("Expand", ["v", "shape"], ["y"]),
        ],
        inputs: [valueInfo("x", [1]), valueInfo("z", [2])],
        outputs: [valueInfo("y", [])],
        initialisers: [tensor("i", [], { data: [-1] }), tensor("zero", [1], { data: [0] })],
      }),
    );
    expect([m.uncounted, m.outputs[0]!.shape]).toEqual([[], [3]]);
  });
});
