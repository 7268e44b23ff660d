// A decode step against the formula by hand, for a model whose sizes are small enough to add up.
import { describe, expect, it } from "vitest";
import { device } from "../../lib/devices.js";
import { model } from "../../lib/models/index.js";
import { decodeFrontier, decodeStep, fits, speculation, tokensPerSecond } from "../../lib/serving/index.js";

const h100 = device("h100-sxm");
const context = 4096;
const llama = model("Llama-2-13B", { dtype: "bf16" });
// 40 layers of 4 projections 5120², three of 5120 × 13824 and two norms; a norm and an output layer.
const multiplied = 40 * (4 * 5120 ** 2 + 3 * 5120 * 13_824) + 5120 * 32_000;
const weights = 2 * (multiplied + 81 * 5120);
const sequence = 2 * 40 * 5120 * 2 * context;

describe("decodeStep", () => {
  it.each([1, 16])("is KV / bandwidth + max(weights / bandwidth, 2 B P / peak) at batch %i", (batch) => {
    const step = decodeStep(llama, { batch, context, device: h100 });
    expect(step.kvBytes).toBe(batch * sequence);
    expect(step.weightBytes).toBe(weights);
    expect(step.computeSeconds).toBeCloseTo((2 * batch * multiplied) / h100.peakFlops.bf16!, 12);
    expect(step.seconds).toBeCloseTo((batch * sequence + weights) / 3.35e12, 12);
    expect(step.tokensPerSecond).toBeCloseTo(batch / step.seconds, 9);
  });
  it("computes where that takes longer: a large batch of short sequences", () => {
    const step = decodeStep(llama, { batch: 2048, context: 16, device: h100 });
    expect(step.computeSeconds).toBeGreaterThan(step.weightSeconds);
    expect(step.seconds).toBeCloseTo(step.kvSeconds + step.computeSeconds, 12);
  });
  it("lies within one per cent of the bound that counts activations, and below it", () => {
    for (const batch of [1, 4, 16]) {
      const { seconds } = tokensPerSecond(llama, h100, { batch, context }).decode;
      const step = decodeStep(llama, { batch, context, device: h100 });
      expect(step.seconds / seconds).toBeLessThanOrEqual(1);
      expect(step.seconds / seconds).toBeGreaterThan(0.99);
    }
  });
  it("shrinks with the formats, and with the heads", () => {
    const bytes = (more: object) => {
      const { kvBytes, weightBytes } = decodeStep(llama, { batch: 8, context, device: h100, ...more });
      return [kvBytes, weightBytes / weights];
    };
    expect(bytes({ kvDtype: "int8" })[0]).toBe(4 * sequence);
    expect(bytes({ kvHeads: 8 })[0]).toBe((8 * sequence) / 5);
    expect(bytes({ weightDtype: "int4" })[1]).toBeCloseTo(0.25, 3);
  });
  it("checks drafted tokens in one step, and divides it by what they give", () => {
    const plain = decodeStep(llama, { context, device: h100 });
    const three = { drafted: 3, acceptance: 0.5, draftCost: 0.1 };
    const drafted = decodeStep(llama, { context, device: h100, speculation: three });
    expect(drafted.seconds).toBeCloseTo(1.3 * plain.seconds, 12);
    expect(drafted.secondsPerToken).toBeCloseTo((1.3 * plain.seconds) / 1.875, 12);
    expect(drafted.computeSeconds).toBeCloseTo(4 * plain.computeSeconds, 12);
  });
  it("refuses what it does not know", () => {
    const asked = (options: object) => () => decodeStep(llama, { device: h100, ...options });
    expect(asked({ batch: 0 })).toThrow("decodeStep: batch must be a positive integer, got 0");
    expect(asked({ heads: 8 })).toThrow(/^decodeStep: .*heads/);
    expect(asked({ device: { ...h100, memory: undefined } })).toThrow("decodeStep: device must have a known memory");
    expect(() => decodeStep(model("resnet50"), { device: h100 })).toThrow(TypeError);
  });
});

describe("decodeFrontier", () => {
  it("ends at the largest batch that fits", () => {
    const steps = decodeFrontier(llama, { context, device: h100 });
    expect(steps.map(({ batch }) => batch)).toEqual([1, 2, 4, 8, 16]);
    expect(steps.at(-1)!.batch).toBe(fits(llama, h100, { phase: "decode", batch: 1, context }).maxBatch);
    expect(steps.every((step) => step.fits)).toBe(true);
    expect(decodeStep(llama, { batch: 17, context, device: h100 }).fits).toBe(false);
  });
  it("is empty where not even one sequence fits", () =>
    expect(decodeFrontier(llama, { context, device: device("rtx4090") })).toEqual([]));
});

describe("speculation", () => {
  it("adds up what is accepted, and the token beside it", () => {
    expect(speculation({ drafted: 5, acceptance: 0.7 })).toBeCloseTo((1 - 0.7 ** 6) / 0.3, 12);
    expect(speculation({ drafted: 4, acceptance: 1 })).toBe(5);
    expect(speculation({ drafted: 4, acceptance: 0 })).toBe(1);
  });
  it("refuses what is no probability", () =>
    expect(() => speculation({ drafted: 4, acceptance: 1.5 })).toThrow(
      "speculation: acceptance must be from 0 to 1, got 1.5",
    ));
});
