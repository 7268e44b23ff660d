// Figures of Qwen2.5 and Qwen3. Data only; each row's source is the config.json of that name on huggingface.co.
import type { DecoderConfig } from "./decoderConfig.js";

const qwen25 = (
  hiddenSize: number,
  numHiddenLayers: number,
  numAttentionHeads: number,
  numKeyValueHeads: number,
  intermediateSize: number,
  vocabSize: number,
  tieWordEmbeddings = false,
): DecoderConfig => ({
  hiddenSize,
  numHiddenLayers,
  numAttentionHeads,
  numKeyValueHeads,
  intermediateSize,
  vocabSize,
  tieWordEmbeddings,
  qkvBias: true,
});
const qwen3 = (
  hiddenSize: number,
  numHiddenLayers: number,
  numAttentionHeads: number,
  numKeyValueHeads: number,
  intermediateSize: number,
  tieWordEmbeddings = false,
): DecoderConfig => ({
  hiddenSize,
  numHiddenLayers,
  numAttentionHeads,
  numKeyValueHeads,
  intermediateSize,
  vocabSize: 151936,
  tieWordEmbeddings,
  headDim: 128,
  queryKeyNorm: "head",
});

/** Qwen team 2024 and 2025 (arXiv 2412.15115, 2505.09388). */
export const qwens: Readonly<Record<string, DecoderConfig>> = {
  "Qwen2-7B": qwen25(3584, 28, 28, 4, 18944, 152064),
  "Qwen2-72B": qwen25(8192, 80, 64, 8, 29568, 152064),
  "Qwen2.5-0.5B": qwen25(896, 24, 14, 2, 4864, 151936, true),
  "Qwen2.5-1.5B": qwen25(1536, 28, 12, 2, 8960, 151936, true),
  "Qwen2.5-3B": qwen25(2048, 36, 16, 2, 11008, 151936, true),
  "Qwen2.5-7B": qwen25(3584, 28, 28, 4, 18944, 152064),
  "Qwen2.5-14B": qwen25(5120, 48, 40, 8, 13824, 152064),
  "Qwen2.5-32B": qwen25(5120, 64, 40, 8, 27648, 152064),
  "Qwen2.5-72B": qwen25(8192, 80, 64, 8, 29568, 152064),
  "Qwen3-0.6B": qwen3(1024, 28, 16, 8, 3072, true),
  "Qwen3-1.7B": qwen3(2048, 28, 16, 8, 6144, true),
  "Qwen3-4B": qwen3(2560, 36, 32, 8, 9728, true),
  "Qwen3-8B": qwen3(4096, 36, 32, 8, 12288),
  "Qwen3-14B": qwen3(5120, 40, 40, 8, 17408),
  "Qwen3-32B": qwen3(5120, 64, 64, 8, 25600),
  "Qwen3-30B-A3B": {
    ...qwen3(2048, 48, 32, 4, 6144),
    moe: { numExperts: 128, numExpertsPerTok: 8, moeIntermediateSize: 768 },
  },
  "Qwen3-235B-A22B": {
    ...qwen3(4096, 94, 64, 4, 12288),
    moe: { numExperts: 128, numExpertsPerTok: 8, moeIntermediateSize: 1536 },
  },
};
