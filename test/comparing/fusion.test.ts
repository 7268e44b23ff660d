import { describe, expect, it } from "vitest";
import { fused, shareByPart, timeBars, timeByPart, timePart } from "../../lib/comparing/index.js";
import { device } from "../../lib/devices.js";
import { modelCost } from "../../lib/model.js";
import { model } from "../../lib/models/index.js";
import { bytesMoved, cost } from "../../lib/op.js";
import { estimate } from "../../lib/roofline.js";

const names = ["resnet50", "efficientnet_b0", "mobilenet_v2", "convnext_tiny", "swin_t", "deit_small"];

describe("fused(model)", () => {
  it.each(names)("%s: does the same arithmetic with the same weights, and moves less", (name) => {
    const whole = model(name, { dtype: "fp16" });
    const [before, after] = [modelCost(whole), modelCost(fused(whole))];
    expect([after.macs, after.flops, after.params]).toEqual([before.macs, before.flops, before.params]);
    expect(bytesMoved(after)).toBeLessThan(0.85 * bytesMoved(before));
  });
  it("of ResNet-18 leaves convolutions, pools and the classifier, which read and write what they must", () => {
    const whole = fused(model("resnet18"));
    expect(whole.nodes.map(({ op }) => op.kind).filter((kind) => kind !== "conv2d")).toEqual([
      "maxPool",
      "avgPool",
      "linear",
    ]);
    // layer1.0/conv2 with its norm, the sum and its ReLU: reads 64 × 56² twice, writes it once
    const kernel = whole.nodes.find(({ path }) => path === "layer1.0/conv2")!;
    const plane = 4 * 64 * 56 * 56;
    const { bytesWritten } = cost(kernel.op);
    expect(bytesWritten).toBe(plane);
    expect(kernel.op.inputs.length).toBe(2);
  });
  it("of Swin keeps no score of attention in memory", () => {
    const paths = fused(model("swin_t")).nodes.map(({ path }) => path);
    expect(paths.filter((path) => /relative_position_bias|shift_mask/.test(path))).toEqual([]);
  });
  it("is fused already when it is fused again", () => {
    const once = fused(model("resnet50"));
    expect(bytesMoved(modelCost(fused(once)))).toBe(bytesMoved(modelCost(once)));
  });
});

describe("timeByPart(model, device, dtype)", () => {
  it("adds up to the estimate, and names what multiplies", () => {
    const whole = model("efficientnet_b0", { dtype: "fp16", batch: 8 });
    const gpu = device("rtx4090");
    const parts = timeByPart(whole, gpu, "fp16");
    expect(Object.values(parts).reduce((sum, seconds) => sum + seconds, 0)).toBeCloseTo(
      estimate(whole, gpu, "fp16").seconds,
      12,
    );
    expect(parts.attention).toBe(0);
    expect(parts["depthwise conv"]).toBeGreaterThan(0);
    const kinds = Object.fromEntries(model("swin_t").nodes.map(({ op }) => [op.kind, timePart(op)]));
    expect(kinds).toMatchObject({ attention: "attention", linear: "conv and linear", gelu: "no multiply-adds" });
  });
});

describe("shareByPart(model, of) and timeBars(model, options)", () => {
  const whole = model("resnet50", { dtype: "fp16", batch: 4 });
  it("shares add up to one, or to nothing", () => {
    const shares = Object.values(shareByPart(whole, ({ macs }) => macs));
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(Object.values(shareByPart(whole, () => 0))).toEqual([0, 0, 0, 0]);
  });
  it("a bar is as long as what was measured, or as the bound where that was shorter", () => {
    const gpu = device("rtx4090");
    const bound = estimate(whole, gpu, "fp16").seconds / 4;
    const long = (measured: number) =>
      timeBars(whole, { bar: "b", device: gpu, dtype: "fp16", measured }).reduce((sum, { value }) => sum + value, 0);
    expect(long(3 * bound)).toBeCloseTo(3 * bound, 12);
    expect(long(bound / 2)).toBeCloseTo(bound, 12);
  });
});
