// What every layer has: an oracle that agrees, ops that are data only, a backward pass by kind, a line in each tool.
import { describe, expect, it } from "vitest";
import { tools } from "../../lib/convention/index.js";
import {
  backward,
  conv2d,
  cost,
  countAs,
  layerNames,
  layersByName,
  linear,
  relu,
  toolNames,
  type ShapeKey,
} from "../../lib/index.js";
import { oracles } from "./oracleTable.js";
import { thrown } from "./thrown.js";

const sum = (extras: Readonly<Record<string, number>>): number => Object.values(extras).reduce((a, b) => a + b, 0);

describe.each(layerNames)("%s", (name) => {
  const layer = layersByName[name];
  const { shape = layer.example, run } = oracles[name];
  const op = layer(shape);

  it("does what a naive loop at its shape does", () => {
    const { macs, flops } = run();
    expect([op.macs, sum(op.extras)]).toEqual([macs, flops]);
  });

  it("makes an op that is data only: a copy through JSON costs and differentiates the same", () => {
    const copy = JSON.parse(JSON.stringify(op)) as typeof op;
    expect(cost(copy)).toEqual(cost(op));
    expect(backward(copy)).toEqual(backward(op));
    expect(backward(copy, { inputGradient: false })).toEqual(backward(op, { inputGradient: false }));
  });

  it("has a backward pass whose ops read no tensor that is not the forward pass's, and hold no parameters", () => {
    for (const gradient of backward(op)) {
      expect(gradient.kind.startsWith(`${layer.kind}.`)).toBe(true);
      expect(cost(gradient).params).toBe(0);
      expect(gradient.attributes).toBe(op.attributes);
    }
  });

  it("is in the table of every tool: a figure, or null and a reason", () => {
    for (const tool of toolNames) {
      expect(Object.keys(tools[tool].counters)).toContain(layer.kind);
      const counted = countAs(tool, op);
      if (counted.value === null) expect(counted.crash ?? counted.unstudied).toMatch(/\w/);
      else expect(counted.value).toBeGreaterThanOrEqual(0);
    }
  });

  it("says what it computes, and what each key takes", () => {
    expect(layer.about).toMatch(/\S/);
    for (const { takes } of Object.values<ShapeKey>(layer.shapeKeys)) expect(takes).toMatch(/^\S.*\S$/);
  });
});

describe("backward", () => {
  it("follows the kind: a copy of another kind has that kind's gradient", () => {
    const capped = { ...relu({ shape: [4] }), kind: "softcap" };
    expect(backward(capped)[0]).toMatchObject({ kind: "softcap.backward", extras: { softcap: 16 } });
  });

  it("refuses an op that no layer made, and one that has lost its tensors, in one line", () => {
    const where = { ...relu({ shape: [4] }), kind: "where" };
    expect(thrown(() => backward(where)).message).toBe(
      'backward: op must be a layer\'s, whose gradient is known, got one of kind "where"',
    );
    const bare = { ...linear({ inFeatures: 2, outFeatures: 3 }), weights: [] };
    expect(thrown(() => backward(bare)).message).toBe("linear: weights[0] must be there for a backward pass, got 0");
    const untyped = { ...relu({ shape: [4] }), attributes: undefined };
    expect(thrown(() => backward(untyped)).message).toContain('kind "relu"');
  });

  it("has attributes typed by kind", () => {
    const { groups } = conv2d({
      inChannels: 4,
      outChannels: 4,
      height: 3,
      width: 3,
      kernelSize: 1,
      groups: 2,
    }).attributes;
    expect(groups satisfies number).toBe(2);
  });
});

describe("countAs", () => {
  it("gives no figure, and the reason, for an op that no layer made", () => {
    const where = { ...relu({ shape: [4] }), kind: "where" };
    expect(countAs("fvcore", where)).toMatchObject({
      value: null,
      unstudied: "where: what it counts for where has not been studied",
    });
    expect(countAs("torch", where).value).toBe(0);
  });
});
