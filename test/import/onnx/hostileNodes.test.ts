// Nodes whose attributes and inputs are missing, of a wrong type, empty, negative or huge: each is counted in finite
// numbers, or reported in one line that says what must hold.
import { describe, expect, it } from "vitest";
import { fromOnnx, onnxCoverage } from "../../../lib/import/onnx.js";
import { modelCost } from "../../../lib/model.js";
import { node, onnxFile, tensor, valueInfo, type Message } from "../support/proto.js";

const seeds = 40;
const bodies = ["If", "Loop", "Scan", "SequenceMap"];
const opTypes = [...onnxCoverage.counted, ...onnxCoverage.free].filter((name) => !bodies.includes(name));

/** Numbers below n, the same in every run. */
function numbersFrom(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

const names =
  "activation activations allowzero alpha approximate auto_pad axes axis batch_dims bits block_size blocksize " +
  "ceil_mode channels_last detect_negative dilations direction dtype end equation gather_axis group groups " +
  "hidden_size inverse is_causal k keepdims kernel_shape kv_num_heads K N layout mode n_targets " +
  "new_axis ngram_indexes nodes_treeids num_groups num_heads num_outputs offset_group onesided " +
  "output_height output_padding output_shape output_width pads perm pooled_shape q_num_heads " +
  "qkv_hidden_sizes reduction sampling_ratio scales shape signal_ndim size split start " +
  "strides to transA transB tree_roots update_rule value value_ints window_size";
type Given = NonNullable<Parameters<typeof node>[3]>[string];
const values: readonly Given[] = [
  ...[0, -1, -3, 1, 2, 3, 7, 64, 1e9, 2 ** 52, -(2 ** 52)],
  ...["", "x", "SAME_UPPER", "VALID", "NOTSET"],
  ...[[], [0], [-1], [1, 1], [2, 2, 2, 2], [1e9, 1e9], [2 ** 52], [3, 3], [1, 1, 1, 1, 1, 1, 1, 1]],
  ...[{ float: NaN }, { float: 1e30 }, { float: -1 }],
  ...[
    { tensor: tensor("t", [2, 3]) },
    { tensor: tensor("t", [0]) },
    { tensor: tensor("t", [3], { data: [1, -1, 5] }) },
  ],
];
const shapes = [[], [1], [4], [2, 3], [4, 4], [2, 3, 8], [1, 4, 6, 6], [4, 4, 3, 3], [1, 3, 4, 4, 4], [1e6, 1e6]];
const contents = [0, 1, 2, 3, -1, 7, 1e9, 2 ** 50];

function hostile(opType: string, below: (n: number) => number): Uint8Array {
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const inputs: string[] = [];
  const told: Message[] = [];
  const stored: Message[] = [];
  for (let i = below(8); i > 0; i--) {
    const [kind, name, shape] = [below(6), `i${i}`, pick(shapes)];
    inputs.push(kind === 0 ? "" : name);
    if (kind === 1) {
      const data = Array.from({ length: below(5) }, () => pick(contents));
      stored.push(tensor(name, [data.length], { data }));
    } else if (kind === 2 && shape[0] !== 1e6) stored.push(tensor(name, shape));
    else if (kind > 1) told.push(valueInfo(name, shape, pick([1, 1, 1, 7, 3, 9, 10, 8])));
  }
  const attributes = Object.fromEntries(
    Array.from({ length: below(5) }, () => [pick(names.split(" ")), pick(values)] as const),
  );
  const nodes = [node(opType, inputs, ["y", "z"].slice(below(2)), attributes)];
  const parts = { nodes, inputs: told, outputs: [valueInfo("y", [])], initialisers: stored };
  return onnxFile(parts, { opset: pick([7, 11, 13, 17, 20, 23]) });
}

describe("fromOnnx(a node that does not hold together)", () => {
  it.each(opTypes)("%s", (opType) => {
    const below = numbersFrom([...opType].reduce((n, letter) => n * 31 + letter.charCodeAt(0), 7));
    for (let i = 0; i < seeds; i++) {
      const started = performance.now();
      try {
        const m = fromOnnx(hostile(opType, below));
        for (const { why } of m.uncounted) {
          expect(why).toMatch(/^[^\n]{1,400}$/);
          expect(why).not.toMatch(/\b(undefined|NaN|null|Infinity|internal)\b/);
        }
        for (const n of Object.values(modelCost(m)))
          if (typeof n === "number") expect([n, Number.isInteger(n) && n >= 0]).toEqual([n, true]);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
        expect((error as Error).message).toMatch(/^fromOnnx: [^\n]{1,400}$/);
      }
      expect(performance.now() - started).toBeLessThan(5000);
    }
  });

  it("names the shapes that came where a rule asks for a size that is not there", () => {
    const nodes = [node("GroupNorm", ["x"], ["y"], { domain: "com.microsoft" })];
    const [uncounted] = fromOnnx(onnxFile({ nodes, inputs: [valueInfo("x", [])] })).uncounted;
    expect(uncounted!.why).toBe('the shapes of its inputs must be those of "GroupNorm", got []');
  });

  it.each([
    ["SplitToSequence", { x: [1_000_000_000] }, {}, /^pieces must be of at least 1 and at most 16384, got pieces of 1/],
    ["MoE", { x: [3, 8], r: [3, 4], w: [4, 5, 7] }, {}, /^input 2 must be 4 matrices of the width 8, got \[4,5,7\]$/],
    ["GatherBlockQuantized", { x: [4, 8], i: [2] }, { gather_axis: 5 }, /^axis must be one of 2 dimensions, got 5$/],
  ])("refuses %s of %j", (opType, inputs, attributes, why) => {
    const nodes = [node(opType, Object.keys(inputs), ["y"], attributes as Record<string, number>)];
    const infos = Object.entries(inputs).map(([name, shape]) => valueInfo(name, shape));
    expect(fromOnnx(onnxFile({ nodes, inputs: infos })).uncounted[0]!.why).toMatch(why);
  });
});
