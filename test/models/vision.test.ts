import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { elementCount, macsByKind, model, modelCost, type Model } from "../../lib/index.js";

interface Row { name: string; imageSize: number; params: number; macs: number; conv: number; linear: number; bmm: number; activations: number; ops?: number }
const { models } = JSON.parse(readFileSync(new URL("../golden/vision.json", import.meta.url), "utf8")) as { models: Row[] };

/** Elements of the outputs of convolution and linear modules that PyTorch calls as modules. */
const moduleActivations = (m: Model): number =>
  m.nodes.filter(({ op, module }) => /^conv|^linear/.test(op.kind) && module === undefined).reduce((n, { op }) => n + elementCount(op.outputs[0]!.shape), 0);

describe("every torchvision model", () => {
  it.each(models)("model($name, { imageSize: $imageSize }) has the published parameters and exact MACs", (row) => {
    const m = model(row.name, { imageSize: row.imageSize }), c = modelCost(m);
    expect(c.params).toBe(row.params);
    expect(c.macs).toBe(row.macs);
    expect(macsByKind(m)).toEqual({ conv: row.conv, linear: row.linear, bmm: row.bmm });
    expect(moduleActivations(m)).toBe(row.activations);
    if (row.ops !== undefined) expect(Math.round(c.macs / 1e6) / 1e3).toBe(row.ops);
  });
});
