// Ensembles of trees: the comparisons of their longest paths and the sums of their leaves, by hand.
import { describe, expect, it } from "vitest";
import { fromOnnx } from "../../../lib/import/onnx.js";
import { encode, node, onnxFile, valueInfo, type Message } from "../support/proto.js";
import { costOf } from "../support/oneNode.js";

const ml = { domain: "ai.onnx.ml" };
const strings = (name: string, list: readonly string[]): readonly [number, Uint8Array] => [
  5,
  encode([[1, name], ...list.map((s) => [9, s] as const), [20, 8]]),
];
const file = (n: Message, labels = false): Uint8Array =>
  onnxFile({
    nodes: [n],
    inputs: [valueInfo("x", [10, 4])],
    outputs: labels ? [valueInfo("l", []), valueInfo("y", [])] : [valueInfo("y", [])],
  });

// A tree of a root, an inner node and three leaves; a tree of a root and two leaves; a leaf alone.
const numbered = {
  nodes_treeids: [0, 0, 0, 0, 0, 1, 1, 1, 2],
  nodes_nodeids: [0, 1, 2, 3, 4, 0, 1, 2, 0],
  nodes_truenodeids: [1, 3, 0, 0, 0, 1, 0, 0, 0],
  nodes_falsenodeids: [2, 4, 0, 0, 0, 2, 0, 0, 0],
};
const inner = "BRANCH_LEQ";
const modes = [inner, inner, "LEAF", "LEAF", "LEAF", inner, "LEAF", "LEAF", "LEAF"];

describe("fromOnnx, trees", () => {
  it("TreeEnsembleRegressor: two comparisons and one a row, and a leaf of each of three trees", () => {
    const n = node("TreeEnsembleRegressor", ["x"], ["y"], { ...ml, ...numbered, n_targets: 2 });
    const c = costOf(file([...n, strings("nodes_modes", modes)]));
    expect([c.macs, c.extras, c.shape, c.params]).toEqual([0, { compare: 10 * 3, add: 10 * 3 * 2 }, [10, 2], 0]);
  });

  it("TreeEnsembleClassifier: a label and a score of each class", () => {
    const given = { ...ml, ...numbered, classlabels_int64s: [5, 6, 7] };
    const n = node("TreeEnsembleClassifier", ["x"], ["l", "y"], given);
    const { m, extras } = costOf(file([...n, strings("nodes_modes", modes)], true));
    expect(m.outputs.map(({ shape, dtype }) => [shape, dtype])).toEqual([
      [[10], "int64"],
      [[10, 3], "fp32"],
    ]);
    expect(extras).toEqual({ compare: 30, add: 90 });
  });

  const rooted = {
    tree_roots: [0, 2],
    nodes_truenodeids: [1, 0, 0],
    nodes_trueleafs: [0, 1, 1],
    nodes_falsenodeids: [0, 1, 1],
    nodes_falseleafs: [1, 1, 1],
  };
  it("TreeEnsemble: leaves in a list of their own", () => {
    const c = costOf(file(node("TreeEnsemble", ["x"], ["y"], { ...ml, ...rooted, n_targets: 4 })));
    expect([c.macs, c.extras, c.shape]).toEqual([0, { compare: 30, add: 10 * 2 * 4 }, [10, 4]]);
  });

  it.each([
    [{ nodes_trueleafs: [0, 0, 1] }, /^a tree must not come back to a node, got node 0 again$/],
    [{ tree_roots: [9] }, /^nodes of a tree must be among its 3, got 9$/],
    [{ nodes_falseleafs: [1] }, /^nodes_falseleafs must have an entry for each of 3 nodes, got 1$/],
    [{ n_targets: 0 }, /^targets must be at least 1, got 0$/],
  ])("refuses %j", (more, why) => {
    const m = fromOnnx(file(node("TreeEnsemble", ["x"], ["y"], { ...ml, ...rooted, ...more })));
    expect(m.uncounted[0]!.why).toMatch(why);
  });
});
