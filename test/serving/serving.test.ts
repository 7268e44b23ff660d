import { describe, expect, it } from "vitest";
import {
  decoder,
  device,
  kvCacheBytes,
  model,
  modelCost,
  peakActivationBytes,
  tensorParallel,
  tokensPerSecond,
  weightBytes,
} from "../../lib/index.js";
import { small } from "./small.js";

const h100 = device("h100-sxm");

describe("kvCacheBytes", () => {
  it.each([
    ["Llama-2-13B", 819_200],
    ["Llama-3-8B", 131_072],
    ["DeepSeek-V3", 70_272],
    ["Qwen3-0.6B", 114_688],
  ])("%s: %d bytes a token in bf16", (name, bytes) => {
    expect(kvCacheBytes(model(name)).perToken).toBe(bytes);
    expect(kvCacheBytes(model(name), { context: 4096, batch: 3 }).total).toBe(3 * 4096 * bytes);
    expect(kvCacheBytes(model(name), { kvDtype: "fp8" }).perToken).toBe(bytes / 2);
  });
  it("caps windows: Gemma-3-1B keeps 512 positions in 22 layers of 26", () => {
    expect(kvCacheBytes(model("Gemma-3-1B"), { context: 10_000 }).perSequence).toBe(
      2 * 256 * 2 * (4 * 10_000 + 22 * 512),
    );
  });
  it("refuses a model without a cache", () =>
    expect(() => kvCacheBytes(model("resnet18"))).toThrow("kvCacheBytes: model must be a decoder-only language model"));
});

describe("weightBytes", () => {
  it("is params times the width, and knows 4 bits with scales", () => {
    expect(weightBytes(model("Llama-2-7B"))).toBe(2 * 6_738_415_616);
    expect(weightBytes(model("Qwen3-0.6B"))).toBe(2 * 596_049_920);
    expect(weightBytes(model("Qwen3-0.6B", { phase: "train" }))).toBe(2 * 596_049_920);
    // 4,800 channels under batch norms, each with a running mean and variance.
    expect(weightBytes(model("resnet18"))).toBe(4 * (11_689_512 + 2 * 4800));
  });
  it("stores projections, embedding and output layer in 4 bits with one scale a group when asked to", () => {
    const matrices = 2 * (2 * 64 + 2 * 32 + 144) + 2 * 88;
    const scaled = decoder({ ...small, intermediateSize: 8 }, { weightDtype: "int4", groupSize: 4, dtype: "fp16" });
    const wide = matrices + 2 * 48; // hidden 8: 192 instead of 144 a layer
    expect(weightBytes(scaled)).toBe(wide / 2 + (wide / 4) * 2 + 2 * 5 * 8);
  });
  it("holds all experts, where a step reads those it touches", () => {
    const mixtral = model("Mixtral-8x7B");
    expect(weightBytes(mixtral)).toBe(2 * 46_702_792_704);
    expect(modelCost(mixtral).weightBytes).toBeLessThan(0.3 * weightBytes(mixtral));
  });
});

describe("peakActivationBytes", () => {
  it("finds the peak of a small decoder by hand", () => {
    // 10 rows, bf16. In attention at the core: residual 8 + q after rotation 8 + k 4 + v 4 + core 8. In the
    // feed-forward at the gate: residual 8 + up 6 + activation 6 + product 6. At the end: norm 8 + logits.
    expect(peakActivationBytes(decoder({ ...small, vocabSize: 1 }, { tokens: 10 }))).toBe(10 * 2 * 32);
    expect(peakActivationBytes(decoder({ ...small, vocabSize: 1, intermediateSize: 60 }, { tokens: 10 }))).toBe(
      10 * 2 * (8 + 3 * 60),
    );
    expect(peakActivationBytes(decoder({ ...small, vocabSize: 1000 }, { tokens: 10 }))).toBe(10 * 2 * (8 + 1000));
  });
  it(
    "follows the edges where a model has them: ResNet-18 peaks at the " +
      "first batch norm or ReLU, 64 planes of 112² in and out",
    () => {
      expect(peakActivationBytes(model("resnet18"))).toBe(2 * 4 * 64 * 112 * 112);
    },
  );
  it("does not grow with the depth", () =>
    expect(peakActivationBytes(decoder({ ...small, numHiddenLayers: 50 }, { tokens: 10 }))).toBe(
      peakActivationBytes(decoder(small, { tokens: 10 })),
    ));
  it("refuses a training step", () =>
    expect(() => peakActivationBytes(model("gpt2", { phase: "train" }))).toThrow(/phase must be prefill or decode/));
});

describe("tokensPerSecond", () => {
  const llama = model("Llama-2-13B");
  it("reproduces the step times of LLaMA-2-13B on an H100", () => {
    // scaling-book: cache / bandwidth + weights / bandwidth, with 13e9 parameters, 4096 positions.
    const step = (batch: number) => (kvCacheBytes(llama, { context: 4096, batch }).total + 2 * 13e9) / h100.bandwidth;
    expect([
      (1e3 * step(1)).toFixed(2),
      (1 / step(1)).toFixed(0),
      (1e3 * step(8)).toFixed(1),
      (8 / step(8)).toFixed(0),
    ]).toEqual(["8.76", "114", "15.8", "507"]);
    // Ours reads the exact weights, less the embedding rows that no token names.
    for (const batch of [1, 8])
      expect(tokensPerSecond(llama, h100, { batch, context: 4096 }).decode.seconds / step(batch)).toBeCloseTo(1, 1.5);
    expect(tokensPerSecond(llama, h100, { batch: 1, context: 4096 }).decode.bound).toBe("memory");
    expect(tokensPerSecond(llama, h100, { batch: 1, context: 4096 }).prefill.bound).toBe("compute");
  });
});

describe("tensorParallel", () => {
  it("divides Llama-3-70B over 8", () => {
    const m = model("Llama-3-70B", { batch: 4, tokens: 1 });
    const norms = 2 * 161 * 8192;
    const part = tensorParallel(m, 8);
    expect(part.weightBytes).toBe((weightBytes(m) - norms) / 8 + norms);
    expect(part.kvPerToken).toBe(327_680 / 8);
    // Two all-reduces a layer of 4 rows of 8192 in bf16; a ring sends 2 · 7/8 of that.
    expect(part.sentPerStep).toBe(160 * 4 * 8192 * 2 * 1.75);
  });
  it("repeats keys and values when there are fewer heads than devices", () =>
    expect(tensorParallel(model("Llama-3-70B"), 16).kvPerToken).toBe(327_680 / 8));
  it("is the whole on one device, and sends nothing", () =>
    expect(tensorParallel(model("gpt2"), 1)).toMatchObject({
      weightBytes: weightBytes(model("gpt2")),
      sentPerStep: 0,
    }));
  it("keeps a latent cache whole on each", () =>
    expect(tensorParallel(model("DeepSeek-V3"), 8).kvPerToken).toBe(70_272));
  it("refuses a number that does not divide the heads", () =>
    expect(() => tensorParallel(model("gpt2"), 5)).toThrow(
      "tensorParallel: devices must divide numAttentionHeads 12, got 5",
    ));
});
