// Figures of the GPT-2 family and of the decoders that followed its shape: OPT, GPT-NeoX. Data only; source: each
// name's config.json on huggingface.co.
import type { DecoderConfig } from "./decoderConfig.js";

const biases = { qkvBias: true, outBias: true, mlpBias: true } as const;

/** Radford et al. 2019: learned positions, layer norms, biases, q, k, v in one matrix, tied embeddings. */
const gpt2 = (hiddenSize: number, numHiddenLayers: number, numAttentionHeads: number): DecoderConfig => ({
  vocabSize: 50257,
  maxPositionEmbeddings: 1024,
  learnedPositions: true,
  hiddenSize,
  numHiddenLayers,
  numAttentionHeads,
  intermediateSize: 4 * hiddenSize,
  gated: false,
  fusedProjections: true,
  hiddenAct: "geluTanh",
  norm: "layer",
  tieWordEmbeddings: true,
  ...biases,
  dtype: "fp32",
});

/** Zhang et al. 2022 (arXiv 2205.01068): ReLU; two rows of the position table stand before the first position. */
const opt = (hiddenSize: number, numHiddenLayers: number, numAttentionHeads: number): DecoderConfig => ({
  vocabSize: 50272,
  maxPositionEmbeddings: 2050,
  learnedPositions: true,
  positionOffset: 2,
  hiddenSize,
  numHiddenLayers,
  numAttentionHeads,
  intermediateSize: 4 * hiddenSize,
  gated: false,
  hiddenAct: "relu",
  norm: "layer",
  tieWordEmbeddings: true,
  ...biases,
  dtype: "fp16",
});

/**
 * Biderman et al. 2023 (arXiv 2304.01373), GPT-NeoX's shape: attention and feed-forward side by side, each with its own
 * norm, a quarter of a head rotated.
 */
const pythia = (
  hiddenSize: number,
  numHiddenLayers: number,
  numAttentionHeads: number,
  vocabSize: number,
): DecoderConfig => ({
  vocabSize,
  hiddenSize,
  numHiddenLayers,
  numAttentionHeads,
  intermediateSize: 4 * hiddenSize,
  rotaryDim: hiddenSize / numAttentionHeads / 4,
  gated: false,
  fusedProjections: true,
  hiddenAct: "gelu",
  norm: "layer",
  parallelResidual: true,
  norms: 2,
  ...biases,
  dtype: "fp16",
});

export const gpt2s: Readonly<Record<string, DecoderConfig>> = {
  distilgpt2: gpt2(768, 6, 12),
  gpt2: gpt2(768, 12, 12),
  "gpt2-medium": gpt2(1024, 24, 16),
  "gpt2-large": gpt2(1280, 36, 20),
  "gpt2-xl": gpt2(1600, 48, 25),
  "opt-125m": opt(768, 12, 12),
  "opt-1.3b": opt(2048, 24, 32),
  "opt-2.7b": opt(2560, 32, 32),
  "opt-6.7b": opt(4096, 32, 32),
  "opt-13b": opt(5120, 40, 40),
  "opt-30b": opt(7168, 48, 56),
  "opt-66b": opt(9216, 64, 72),
  "pythia-160m": pythia(768, 12, 12, 50304),
  "pythia-410m": pythia(1024, 24, 16, 50304),
  "pythia-1.4b": pythia(2048, 24, 16, 50304),
  "pythia-6.9b": pythia(4096, 32, 32, 50432),
  "gpt-neox-20b": pythia(6144, 44, 64, 50432),
};
