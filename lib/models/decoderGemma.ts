// Figures of Gemma: a norm before and behind each half of a layer, tied embeddings, layers with a window between layers
// without. Data only; source: each name's config.json on huggingface.co.
import type { DecoderConfig } from "./decoderConfig.js";
import { everyNth } from "./decoderDefaults.js";

interface Sizes {
  hiddenSize: number;
  numHiddenLayers: number;
  numAttentionHeads: number;
  numKeyValueHeads: number;
  headDim: number;
  intermediateSize: number;
  vocabSize?: number;
}

const shared = { hiddenAct: "geluTanh", tieWordEmbeddings: true, embeddingScale: true } as const;
/** Every second layer sees 4096 positions; scores and logits are soft-capped. */
const gemma2 = (sizes: Sizes): DecoderConfig => ({
  vocabSize: 256000,
  ...sizes,
  ...shared,
  norms: 4,
  slidingWindow: 4096,
  fullAttentionLayers: everyNth(2, sizes.numHiddenLayers),
  attnLogitSoftcapping: true,
  finalLogitSoftcapping: true,
});
/** Five layers with a window to one without. */
const gemma3 = (sizes: Sizes, slidingWindow = 1024): DecoderConfig => ({
  vocabSize: 262208,
  ...sizes,
  ...shared,
  norms: 4,
  queryKeyNorm: "head",
  slidingWindow,
  fullAttentionLayers: everyNth(6, sizes.numHiddenLayers),
});

/** Gemma team 2024 and 2025 (arXiv 2403.08295, 2408.00118, 2503.19786); Gemma 3 above 1B is the text part. */
export const gemmas: Readonly<Record<string, DecoderConfig>> = {
  "Gemma-2B": {
    ...shared,
    hiddenSize: 2048,
    numHiddenLayers: 18,
    numAttentionHeads: 8,
    numKeyValueHeads: 1,
    headDim: 256,
    intermediateSize: 16384,
    vocabSize: 256000,
  },
  "Gemma-7B": {
    ...shared,
    hiddenSize: 3072,
    numHiddenLayers: 28,
    numAttentionHeads: 16,
    numKeyValueHeads: 16,
    headDim: 256,
    intermediateSize: 24576,
    vocabSize: 256000,
  },
  "Gemma-2-2B": gemma2({
    hiddenSize: 2304,
    numHiddenLayers: 26,
    numAttentionHeads: 8,
    numKeyValueHeads: 4,
    headDim: 256,
    intermediateSize: 9216,
  }),
  "Gemma-2-9B": gemma2({
    hiddenSize: 3584,
    numHiddenLayers: 42,
    numAttentionHeads: 16,
    numKeyValueHeads: 8,
    headDim: 256,
    intermediateSize: 14336,
  }),
  "Gemma-2-27B": gemma2({
    hiddenSize: 4608,
    numHiddenLayers: 46,
    numAttentionHeads: 32,
    numKeyValueHeads: 16,
    headDim: 128,
    intermediateSize: 36864,
  }),
  "Gemma-3-1B": gemma3(
    {
      hiddenSize: 1152,
      numHiddenLayers: 26,
      numAttentionHeads: 4,
      numKeyValueHeads: 1,
      headDim: 256,
      intermediateSize: 6912,
      vocabSize: 262144,
    },
    512,
  ),
  "Gemma-3-4B(text)": gemma3({
    hiddenSize: 2560,
    numHiddenLayers: 34,
    numAttentionHeads: 8,
    numKeyValueHeads: 4,
    headDim: 256,
    intermediateSize: 10240,
  }),
  "Gemma-3-12B(text)": gemma3({
    hiddenSize: 3840,
    numHiddenLayers: 48,
    numAttentionHeads: 16,
    numKeyValueHeads: 8,
    headDim: 256,
    intermediateSize: 15360,
  }),
  "Gemma-3-27B(text)": gemma3({
    hiddenSize: 5376,
    numHiddenLayers: 62,
    numAttentionHeads: 32,
    numKeyValueHeads: 16,
    headDim: 128,
    intermediateSize: 21504,
  }),
};
