import { describe, expect, it } from "vitest";
import {
  backward,
  attention,
  conv2d,
  cost,
  gelu,
  layerNorm,
  linear,
  optimizerState,
  optimizerStep,
  relu,
  totalCost,
  type Op,
} from "../../lib/index.js";
import { activationBytes, savedActivations, type Step } from "../../lib/ops/training.js";
import { Counter } from "./oracle.js";

describe("optimizerState", () => {
  it("AdamW with fp32 master weights keeps 12 bytes a parameter, momentum 4, SGD none", () => {
    expect(optimizerState(1000, { optimizer: "adamw", masterDtype: "fp32" })).toEqual({
      bytes: 12_000,
      parts: { firstMoment: 4000, secondMoment: 4000, masterWeights: 4000 },
    });
    expect(optimizerState(1000, { optimizer: "momentum" }).bytes).toBe(4000);
    expect(optimizerState(1000, { optimizer: "sgd" }).bytes).toBe(0);
    expect(optimizerState(1000, { stateDtype: "int8" }).bytes).toBe(2000);
  });

  it("an unknown optimizer and a fractional count are refused", () => {
    expect(() => optimizerState(10, { optimizer: "adamx" as never })).toThrow(
      'optimizerState: optimizer must be one of adamw, adam, momentum, sgd, got "adamx"',
    );
    expect(() => optimizerState(1.5)).toThrow("optimizerState: params must be a positive integer, got 1.5");
  });
});

describe("optimizerStep", () => {
  it("counts the operations of its update, executed on one parameter", () => {
    const c = new Counter();
    const g = 0.3;
    const rate = 1e-3;
    const m = c.add(c.mul(0.9, 0.1), c.mul(0.1, g));
    const v = c.add(c.mul(0.999, 0.2), c.mul(c.mul(0.001, g), g));
    const step = c.sub(0.5, c.mul(rate, c.div(m, c.add(c.sqrt(v), 1e-8))));
    expect(optimizerStep(1, { optimizer: "adam" }).extras["optimizer"]).toBe(c.flops);
    c.sub(step, c.mul(rate * 0.01, 0.5)); // decoupled decay
    expect(optimizerStep(1, { optimizer: "adamw" }).extras["optimizer"]).toBe(c.flops);
    expect(optimizerStep(1).transcendentals).toBe(c.transcendentals);
  });

  it("AdamW over bf16 weights with fp32 state moves 14 bytes in and 14 out a parameter", () => {
    const c = cost(optimizerStep(1000, { dtype: "bf16", masterDtype: "fp32" }));
    expect([c.bytesRead, c.bytesWritten, c.params]).toEqual([14_000, 14_000, 0]);
  });
});

describe("activation memory", () => {
  const [s, b, h, a] = [64, 2, 48, 4] as const;
  const tokens = s * b;
  /** A pre-norm transformer layer without dropout, as steps: the three projections read one input. */
  const layer = (fused: boolean): Step[] => {
    const l = (inFeatures: number, outFeatures: number): Op =>
      linear({ tokens, inFeatures, outFeatures, dtype: "fp16" });
    const norm = layerNorm({ tokens, normalizedShape: h, dtype: "fp16" });
    return [
      norm,
      [l(h, h), l(h, h), l(h, h)],
      attention({ batch: b, tokens: s, heads: a, headDim: h / a, fused, dtype: "fp16" }),
      l(h, h),
      norm,
      l(h, 4 * h),
      gelu({ shape: [tokens, 4 * h], dtype: "fp16" }),
      l(4 * h, h),
    ];
  };
  const sbh = s * b * h;

  it("activationBytes of a transformer layer without dropout is s b h (32 + 2 a s / h) bytes", () => {
    // Korthikanti et al. 2022 (arXiv 2205.05198), section 4.1: 34 + 5 a s / h with dropout masks and outputs, which are
    // 2 and 3 a s / h of it.
    expect(activationBytes([layer(false)])).toBe(sbh * 32 + 2 * a * s * s * b);
    // Fused, the probabilities go; the output is kept for attention's gradient and serves the projection after it.
    expect(activationBytes([layer(true)])).toBe(sbh * 32);
  });

  it("activationBytes adds over blocks, and with recompute keeps their inputs and the largest block", () => {
    const one = activationBytes([layer(false)]);
    expect(activationBytes([layer(false), layer(false), layer(false)])).toBe(3 * one);
    expect(activationBytes([layer(false), layer(true), layer(true)], { recompute: true })).toBe(3 * 2 * sbh + one);
    expect(activationBytes([])).toBe(0);
  });

  it("activationBytes counts a ReLU's output once, which the next convolution reads", () => {
    const conv = (inChannels: number) =>
      conv2d({ inChannels, outChannels: 4, height: 8, width: 8, kernelSize: 3, padding: 1 });
    expect(activationBytes([[conv(3), relu({ shape: [1, 4, 8, 8] }), conv(4)]])).toBe(4 * 64 * (3 + 4));
  });

  it("savedActivations(op) names what each backward pass reads of the forward one", () => {
    expect(savedActivations(linear({ inFeatures: 2, outFeatures: 3 })).map((t) => t.name)).toEqual(["x"]);
    expect(savedActivations(relu({ shape: [2] })).map((t) => t.name)).toEqual(["y"]);
    expect(savedActivations(attention({ tokens: 2, heads: 1, headDim: 2, fused: false })).map((t) => t.name)).toEqual([
      "q",
      "k",
      "v",
      "probabilities",
    ]);
  });

  it("a small network's backward over forward is below 2, since its first layer has no input gradient", () => {
    const layers = [
      conv2d({ inChannels: 3, outChannels: 8, height: 8, width: 8, kernelSize: 3, padding: 1 }),
      conv2d({ inChannels: 8, outChannels: 8, height: 8, width: 8, kernelSize: 3, padding: 1 }),
      linear({ inFeatures: 512, outFeatures: 10 }),
    ];
    const forward = totalCost(layers.map(cost)).macs;
    const backwardMacs = totalCost(layers.flatMap((op, i) => backward(op, { inputGradient: i > 0 })).map(cost)).macs;
    expect(backwardMacs).toBe(2 * forward - layers[0]!.macs);
  });
});
