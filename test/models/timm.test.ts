// timm's architectures by their names, against what timm says of them (scripts/oracle/vision.py).
import { describe, expect, it } from "vitest";
import { model, modelCost, modelNames } from "../../lib/index.js";
import { timmModels } from "../../lib/models/timm/index.js";
import golden from "../golden/timm.json" with { type: "json" };

describe("model(name) counts as timm", () => {
  it.each(golden.rows)("$name", ({ name, size, params, macs }) => {
    const counted = modelCost(model(name));
    const [height, width] = size as [number, number];
    expect(model(name).workload["imageSize"]).toEqual(height === width ? height : size);
    expect([counted.params, macs === undefined ? undefined : counted.macs]).toEqual([params, macs]);
    expect(modelCost(model(name, { imageSize: [height, width] }))).toEqual(counted);
  });

  it("every name has a row, asked of timm", () => {
    const asked = new Set(golden.rows.map(({ name }) => name));
    expect(Object.keys(timmModels).filter((name) => !asked.has(name))).toEqual([]);
  });
});

describe("a timm name with a tag", () => {
  it.each([
    ["resnet50.a1_in1k", "resnet50", 224],
    ["timm/resnet50.a3_in1k", "resnet50", 160],
    ["vit_base_patch16_224.augreg_in21k_ft_in1k", "vit_base_patch16_224", 224],
  ])("%s is %s at %i pixels", (name, architecture, imageSize) => {
    expect(model(name)).toEqual(model(architecture, { imageSize }));
    expect(modelNames).toContain(architecture);
  });

  it("asks for the image that is given", () => {
    expect(model("resnet50.a3_in1k", { imageSize: 224 })).toEqual(model("resnet50"));
  });

  it("is refused where its weights have other classes", () => {
    expect(() => model("vit_base_patch16_224.augreg_in21k")).toThrow(
      /^model: name must be one of [^\n]*, got "vit_base_patch16_224.augreg_in21k"[^\n]*$/,
    );
  });
});
