// Arithmetic on sizes before the first run: exactly what the element types give.
import { describe, expect, it } from "vitest";
import { foldElementwise, heldBy, permuted, reindexed } from "../../../lib/import/onnx/fold.js";
import { fromOnnx } from "../../../lib/import/onnx.js";
import { node, onnxFile, tensor, valueInfo, type Message } from "../support/proto.js";

const fold = (opType: string, dtype: "fp32" | "int64" | "bool", ...data: number[][]): number[] | undefined =>
  foldElementwise(
    opType,
    data.map((d) => [d.length]),
    data,
    dtype,
  );

describe("folding", () => {
  it.each([
    ["Div", "int64", [[7], [2]], [3]],
    ["Div", "int64", [[-7], [2]], [-3]],
    ["Div", "fp32", [[1], [3]], [Math.fround(1 / 3)]],
    ["Mod", "int64", [[-7], [3]], [2]],
    ["Fmod", "int64", [[-7], [3]], [-1]],
    ["Round", "fp32", [[0.5, 1.5, 2.5, -0.5, 2.4]], [0, 2, 2, -0, 2]],
    ["Reciprocal", "fp32", [[4]], [0.25]],
    ["Max", "int64", [[1, 5], [3]], [3, 5]],
    ["Xor", "bool", [[1, 0], [1]], [0, 1]],
  ] as const)("%s of %s", (opType, dtype, data, result) => {
    expect(fold(opType, dtype, ...data.map((d) => [...d]))).toEqual(result);
  });

  it("leaves a division by zero and half-precision fractions unknown", () => {
    expect(fold("Div", "int64", [7], [0])).toBeUndefined();
    expect(heldBy("fp16", [0.1])).toBeUndefined();
    expect(heldBy("int64", [3.7, -3.7])).toEqual([3, -3]);
  });

  it("orders contents as a transposition does", () => {
    expect(permuted([0, 1, 2, 3, 4, 5], [2, 1, 3], [2, 1, 0])).toEqual([0, 3, 1, 4, 2, 5]);
    expect(reindexed([1, 2], [2], [4], ([i]) => (i! < 2 ? [i!] : undefined), 9)).toEqual([1, 2, 9, 9]);
  });

  /** x [1, 1, 7, 9] -> a chain on its height -> the columns that are kept. */
  const kept = (chain: Message[], initialisers: Message[] = []): readonly number[] => {
    const file = onnxFile({
      nodes: [
        node("Shape", ["x"], ["shape"], { start: 2, end: 3 }),
        ...chain,
        node("Slice", ["x", "zero", "end", "axis"], ["y"]),
      ],
      inputs: [valueInfo("x", [1, 1, 7, 9])],
      outputs: [valueInfo("y", ["a", "b", "c", "d"])],
      initialisers: [tensor("zero", [1], { data: [0] }), tensor("axis", [1], { data: [3] }), ...initialisers],
    });
    const m = fromOnnx(file);
    expect(m.uncounted).toEqual([]);
    return m.outputs[0]!.shape;
  };
  const half = tensor("half", [1], { raw: new Uint8Array(Float32Array.of(0.5).buffer) });

  it("a cast to an integer truncates", () => {
    const chain = [
      node("Cast", ["shape"], ["f"], { to: 1 }),
      node("Mul", ["f", "half"], ["g"]),
      node("Cast", ["g"], ["end"], { to: 7 }),
    ];
    expect(kept(chain, [half])).toEqual([1, 1, 7, 3]);
  });

  it("Clip, reductions over an axis, Tile, Pad, Gather and NonZero carry contents", () => {
    const two = tensor("two", [1], { data: [2] });
    expect(kept([node("Clip", ["shape", "", "most"], ["end"])], [tensor("most", [], { data: [4] })])).toEqual([
      1, 1, 7, 4,
    ]);
    expect(
      kept(
        [
          node("Tile", ["shape", "two"], ["t"]),
          node("ReduceSum", ["t"], ["s"]),
          node("Div", ["s", "two"], ["u"]),
          node("Sub", ["u", "two"], ["end"]),
        ],
        [two],
      ),
    ).toEqual([1, 1, 7, 5]);
    expect(
      kept(
        [node("Pad", ["shape", "pads"], ["p"]), node("NonZero", ["p"], ["n"]), node("Reshape", ["n", "one"], ["end"])],
        [tensor("pads", [2], { data: [2, 1] }), tensor("one", [1], { data: [1] })],
      ),
    ).toEqual([1, 1, 7, 2]);
  });
});
