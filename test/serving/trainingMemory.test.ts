// Training memory against PyTorch: what autograd keeps, to the byte.
import { describe, expect, it } from "vitest";
import {
  decoder,
  model,
  peakActivationBytes,
  trainingMemory,
  weightBytes,
  type DecoderConfig,
  type Model,
  type TrainingOptions,
} from "../../lib/index.js";
import golden from "../golden/trainingMemory.json" with { type: "json" };

interface LlamaSizes {
  vocab: number;
  hidden: number;
  layers: number;
  heads: number;
  inner: number;
  fused?: boolean;
  recompute?: boolean;
}
type Row = (typeof golden.rows)[number];

const configOf = ({ vocab, hidden, layers, heads, inner }: LlamaSizes): DecoderConfig => ({
  vocabSize: vocab,
  hiddenSize: hidden,
  numHiddenLayers: layers,
  numAttentionHeads: heads,
  numKeyValueHeads: heads,
  headDim: hidden / heads,
  intermediateSize: inner,
  norm: "layer",
  normBias: false,
});

function modelOf({ model: name, llama, batch, tokens, imageSize }: Row): Model {
  const common = { batch, phase: "train", dtype: "fp32" } as const;
  if (llama === undefined) return model(name!, { ...common, imageSize, fusedAttention: true });
  const sizes: LlamaSizes = llama;
  return decoder(configOf(sizes), { ...common, tokens, fusedAttention: sizes.fused !== false });
}

describe("trainingMemory", () => {
  it.each(golden.rows)("keeps what autograd keeps for $about $model, and as many gradients", (row) => {
    const recompute = (row.llama as LlamaSizes | undefined)?.recompute === true;
    const { activations, gradients } = trainingMemory(modelOf(row), { recompute });
    // PyTorch's cross-entropy keeps its labels and one number, the sum of their weights.
    expect(activations).toBe(row.activations - row.labels - 4);
    expect(gradients).toBe(row.gradients);
  });

  const llama = model("Llama-3-8B", { phase: "train", tokens: 64 });
  const params = 8_030_261_248;

  it("has 2 + 2 + 8 bytes a parameter of AdamW in bf16, 4 more with master weights, in lines that sum", () => {
    const { total, ...lines } = trainingMemory(llama, { masterWeights: true });
    expect(lines).toMatchObject({
      weights: 2 * params,
      gradients: 2 * params,
      optimizerState: 8 * params,
      masterWeights: 4 * params,
    });
    expect(Object.values(lines).reduce((n, b) => n + b, 0)).toBe(total);
    expect(trainingMemory(llama, { optimizer: "sgd" }).optimizerState).toBe(0);
    expect(trainingMemory(llama, { optimizer: "momentum", stateDtype: "bf16" }).optimizerState).toBe(2 * params);
    expect(trainingMemory(llama, { gradientDtype: "fp32" }).gradients).toBe(4 * params);
    expect(trainingMemory(llama)).not.toHaveProperty("masterWeights");
  });

  it("divides state, gradients and weights in the stages of ZeRO", () => {
    const of = (zero: 0 | 1 | 2 | 3) => trainingMemory(llama, { zero, parallel: { data: 8 } });
    expect([0, 1, 2, 3].map((stage) => of(stage as 0).optimizerState / params)).toEqual([8, 1, 1, 1]);
    expect([0, 1, 2, 3].map((stage) => of(stage as 0).gradients / params)).toEqual([2, 2, 0.25, 0.25]);
    expect([0, 1, 2, 3].map((stage) => of(stage as 0).weights / params)).toEqual([2, 2, 2, 0.25]);
    // The output layer is larger than a layer.
    expect(of(3).gatheredWeights).toBe(2 * 128_256 * 4096);
    expect(of(2)).not.toHaveProperty("gatheredWeights");
  });

  it("divides over tensor-parallel devices, norms and the residual stream whole on each", () => {
    const norms = 2 * 65 * 4096;
    const { weights, activations } = trainingMemory(llama, { parallel: { tensor: 8 } });
    expect(weights).toBe((2 * params - norms) / 8 + norms);
    expect(activations).toBeLessThan(trainingMemory(llama).activations / 2);
    expect(activations).toBeGreaterThan(trainingMemory(llama).activations / 8);
  });

  it("trains adapters: two matrices a layer, and no x where nothing learns from it", () => {
    const { weights, gradients, optimizerState, activations } = trainingMemory(llama, { lora: { rank: 16 } });
    const adapters = 32 * 16 * (4096 + 4096 + (4096 + 1024));
    expect([weights - 2 * params, gradients, optimizerState]).toEqual([2 * adapters, 2 * adapters, 8 * adapters]);
    expect(activations).toBeLessThan(trainingMemory(llama).activations);
    const quantized = model("Llama-3-8B", { phase: "train", tokens: 64, weightDtype: "int4", groupSize: 64 });
    expect(trainingMemory(quantized, { lora: { rank: 16 } }).weights).toBe(weightBytes(quantized) + 2 * adapters);
  });

  it("frees as it goes back: the peak of a chain is at its end, and recomputing adds the block in work", () => {
    const config = configOf({ vocab: 1, hidden: 8, layers: 4, heads: 2, inner: 16 });
    const m = decoder(config, { batch: 1, tokens: 4, phase: "train", dtype: "fp32", fusedAttention: true });
    const kept = trainingMemory(m);
    const again = trainingMemory(m, { recompute: true });
    expect(again.activations).toBeLessThan(kept.activations);
    expect(again.activations + again.backward).toBeLessThan(kept.activations + kept.backward);
    expect(again.backward).toBeGreaterThan(kept.backward);
  });

  it("keeps what experts hold inside: rows sent, gate, up, activation, product and result", () => {
    const config = configOf({ vocab: 7, hidden: 8, layers: 1, heads: 2, inner: 16 });
    const moe = { numExperts: 4, numExpertsPerTok: 2, moeIntermediateSize: 6 };
    const options = { tokens: 5, phase: "train", dtype: "fp32" } as const;
    const dense = trainingMemory(decoder({ ...config, intermediateSize: 6 }, options)).activations;
    const sparse = trainingMemory(decoder({ ...config, moe }, options)).activations;
    const inside = 2 * 5 * 2 * 8 + 4 * 5 * 2 * 6 + 5 * 4;
    expect(sparse - dense).toBe(4 * (inside - 4 * 5 * 6));
  });

  it.each<[string, Model, TrainingOptions, string]>([
    ["an inference", model("gpt2"), {}, 'trainingMemory: phase must be "train" (--phase train), got "prefill"'],
    [
      "weights of 4 bits",
      model("gpt2", { phase: "train", weightDtype: "int4" }),
      {},
      "weights must be bf16, fp16 or fp32 to be trained, got int4; give lora (--lora-rank)",
    ],
    [
      "adapters on nothing",
      model("gpt2", { phase: "train" }),
      { lora: { rank: 4, targets: ["qq"] } },
      "lora.targets (--lora-targets) must be among",
    ],
    ["a fourth stage", model("gpt2", { phase: "train" }), { zero: 4 as never }, "zero must be 0, 1, 2 or 3, got 4"],
    ["blocks that are not there", model("alexnet", { phase: "train" }), { recompute: true }, "recompute must be false"],
    ["an unknown option", model("gpt2", { phase: "train" }), { lr: 1 } as never, "keys must be among optimizer, "],
  ])("refuses %s", (_, m, options, message) => expect(() => trainingMemory(m, options)).toThrow(message));

  it("is what peakActivationBytes refuses to tell", () =>
    expect(() => peakActivationBytes(llama)).toThrow(/phase must be prefill or decode/));
});
