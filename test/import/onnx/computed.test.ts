// Parameters are what is learned: masks, rotary tables, frequencies, factors and first states are stored, too.
import { describe, expect, it } from "vitest";
import { fromOnnx } from "../../../lib/import/onnx.js";
import { modelCost } from "../../../lib/model.js";
import { node, onnxFile, tensor, valueInfo, type Message } from "../support/proto.js";

const stored = (name: string, dims: number[], of: (i: number) => number): Message =>
  tensor(name, dims, {
    raw: new Uint8Array(Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => of(i)).buffer),
  });
const paramsWith = (t: Message, opType = "Add", name = "t"): number =>
  modelCost(
    fromOnnx(
      onnxFile({ nodes: [node(opType, ["x", name], ["y"])], inputs: [valueInfo("x", [1, 8, 8])], initialisers: [t] }),
    ),
  ).params;

const angle = (i: number): number => Math.floor(i / 8) * 10000 ** -((i % 4) / 4);

describe("fromOnnx, parameters", () => {
  it.each([
    ["a causal mask", stored("t", [8, 8], (i) => (i % 8 > Math.floor(i / 8) ? -Infinity : 0)), 0],
    ["a window's mask", stored("t", [8, 8], (i) => (i % 3 ? 0 : -100)), 0],
    ["cosines", stored("t", [8, 8], (i) => Math.cos(angle(i))), 0],
    ["sines", stored("t", [8, 8], (i) => Math.sin(angle(i))), 0],
    ["frequencies", stored("t", [8], (i) => 10000 ** (-i / 8)), 0],
    ["a factor", stored("t", [1], () => 0.125), 0],
    ["zeros, such as a bias before training", stored("t", [8, 8], () => 0), 64],
    ["ones, such as a norm's scale", stored("t", [8, 8], () => 1), 64],
    ["learned places", stored("t", [8, 8], (i) => Math.sin(i * i)), 64],
    ["zeros and a row of learned numbers", stored("t", [8, 8], (i) => (i < 8 ? 0 : i / 64)), 64],
  ])("%s", (_, t, params) => {
    expect(paramsWith(t)).toBe(params);
  });

  it("a single number under a module's name is a parameter, and so is a layer's", () => {
    expect(
      paramsWith(
        stored("score.bias", [1], () => 0.5),
        "Add",
        "score.bias",
      ),
    ).toBe(1);
    expect(
      paramsWith(
        stored("t", [1], () => 0.25),
        "PRelu",
      ),
    ).toBe(1);
  });

  it("the first states of an LSTM are none", () => {
    const m = fromOnnx(
      onnxFile({
        nodes: [node("LSTM", ["x", "w", "r", "b", "", "h", "c"], ["y"], { hidden_size: 4 })],
        inputs: [valueInfo("x", [5, 1, 3])],
        initialisers: [
          tensor("w", [1, 16, 3]),
          tensor("r", [1, 16, 4]),
          tensor("b", [1, 32]),
          tensor("h", [1, 1, 4]),
          tensor("c", [1, 1, 4]),
        ],
      }),
    );
    expect([modelCost(m).params, modelCost(m).macs]).toEqual([16 * 3 + 16 * 4 + 32, 5 * 16 * 7]);
  });
});
