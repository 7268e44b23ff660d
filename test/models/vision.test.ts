import { describe, expect, it } from "vitest";
import {
  activationCount,
  elementCount,
  macsByKind,
  model,
  modelCost,
  modelNames,
  type Model,
  type ModelOptions,
} from "../../lib/index.js";
import encoders from "../golden/encoders.json" with { type: "json" };
import timm from "../golden/timm.json" with { type: "json" };
import golden from "../golden/vision.json" with { type: "json" };
import yolo from "../golden/yolo.json" with { type: "json" };

/** Elements of the outputs of convolutions and linear layers that PyTorch calls as modules, where hooks see them. */
const seenByHooks = (m: Model): number =>
  m.nodes
    .filter(({ op, module }) => /^conv|^linear/.test(op.kind) && !/^functional|^MultiheadAttention/.test(module ?? ""))
    .reduce((n, { op }) => n + elementCount(op.outputs[0]!.shape), 0);

it("every model of images has its published totals", () => {
  const published = new Set([...golden.models, ...timm.rows, ...yolo.rows].map((row) => row.name));
  // The first name, where two models share a row.
  for (const { name } of encoders.deit) published.add(model(name.split("/ViT")[0]!).name);
  const ofImages = modelNames.filter((name) => model(name).workload.imageSize !== undefined);
  expect(ofImages.length).toBeGreaterThan(80);
  expect(ofImages.filter((name) => !published.has(name))).toEqual([]);
});

describe("every torchvision model", () => {
  it.each(golden.models)(
    'model("$name", { imageSize: $imageSize }) has the published parameters and exact MACs',
    (row) => {
      const m = model(row.name, { imageSize: row.imageSize });
      const c = modelCost(m);
      expect(c.params).toBe(row.params);
      expect(c.macs).toBe(row.macs);
      expect(macsByKind(m)).toEqual({ conv: row.conv, linear: row.linear, bmm: row.bmm });
      expect(seenByHooks(m)).toBe(row.activations);
      if ("ops" in row) expect(Math.round(c.macs / 1e6) / 1e3).toBe(row.ops);
    },
  );

  it.each(golden.unusual)(
    'model("$name", $options) has the contractions of PyTorch\'s dispatcher',
    ({ name, options, params, conv, linear, bmm }) => {
      const m = model(name, options as unknown as ModelOptions);
      expect(macsByKind(m)).toEqual({ conv, linear, bmm });
      expect(modelCost(m).params).toBe(params);
    },
  );

  it("model(name) without a size takes the published one", () => {
    for (const [name, imageSize] of [
      ["efficientnet_b1", 240],
      ["efficientnet_b7", 600],
      ["inception_v3", 299],
      ["efficientnet_v2_s", 384],
      ["resnet50", 224],
    ] as const)
      expect(modelCost(model(name))).toEqual(modelCost(model(name, { imageSize })));
  });
});

describe("activationCount(model)", () => {
  it.each([
    ["resnet50", 11114984],
    ["efficientnet_b0", 6748036],
  ])("of %s is %i", (name, elements) => expect(activationCount(model(name))).toBe(elements));

  // timm, results/benchmark-infer-*.csv, column infer_macts (millions).
  it.each([
    ["resnet18", 2.48],
    ["resnet50", 11.11],
    ["efficientnet_b0", 6.75],
    ["mobilenet_v3_large", 4.41],
    ["vit_b_16", 23.9],
    ["deit_small", 11.95],
    ["convnext_tiny", 13.44],
    ["swin_t", 17.06],
  ])("of %s is timm's %f million", (name, millions) =>
    expect(Math.round(activationCount(model(name)) / 1e4) / 100).toBe(millions),
  );
});
