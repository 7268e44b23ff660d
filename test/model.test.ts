import { describe, expect, it } from "vitest";
import { cost } from "../lib/op.js";
import { costByPath, modelCost, nodeCost, type Model } from "../lib/model.js";
import { linear } from "../lib/ops/linear.js";

const small = linear({ inFeatures: 3, outFeatures: 5 });
const head = linear({ inFeatures: 5, outFeatures: 7 });
const model: Model = {
  name: "tiny",
  workload: {},
  nodes: [
    { path: "block.0/up", op: small },
    { path: "block.0/down", op: small },
    { path: "block.1/up", op: small },
    { path: "embed", op: head },
    { path: "lm_head", op: head, sharedWeights: "embed" },
  ],
};

it("nodeCost(node) does not count shared parameters, but reads and computes with them", () => {
  const shared = nodeCost(model.nodes[4]!);
  const own = cost(head);
  expect(shared).toMatchObject({ params: 0, activeParams: 0, macs: own.macs, weightBytes: own.weightBytes });
  expect(nodeCost(model.nodes[3]!)).toEqual(own);
});

describe("modelCost(model)", () => {
  it("sums its nodes", () =>
    expect(modelCost(model)).toMatchObject({ params: 3 * 15 + 35, macs: 3 * 15 + 2 * 35, flops: 2 * 115 }));
  it("adds parameters that no op of this workload reads", () => {
    expect(modelCost({ ...model, idleParams: 1000 })).toMatchObject({ params: 1080, activeParams: 1080, macs: 115 });
  });
  it("of no nodes is zero", () =>
    expect(modelCost({ name: "none", nodes: [], workload: {} })).toMatchObject({ params: 0, flops: 0 }));
});

describe("costByPath(model, depth)", () => {
  it("groups by the first parts of the path, in order of appearance", () => {
    expect(costByPath(model, 1).map(({ path, ops, cost: c }) => [path, ops, c.macs])).toEqual([
      ["block.0", 2, 30],
      ["block.1", 1, 15],
      ["embed", 1, 35],
      ["lm_head", 1, 35],
    ]);
    expect(costByPath(model, 2)).toHaveLength(5);
    expect(costByPath(model, 99)).toEqual(costByPath(model, 2));
  });
  it("sums to the model at every depth", () => {
    for (const depth of [0, 1, 2])
      expect(costByPath(model, depth).reduce((n, { cost: c }) => n + c.params, 0)).toBe(modelCost(model).params);
  });
  it("at depth 0 is one row under the model's name", () =>
    expect(costByPath(model, 0).map(({ path, ops }) => [path, ops])).toEqual([["tiny", 5]]));
});
