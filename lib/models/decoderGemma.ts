// Figures of Gemma: a norm before and behind each half of a layer, tied embeddings, layers with a window between layers
// without. Data only; source: each name's config.json on huggingface.co.
import { everyNth, type DecoderConfig } from "./decoderConfig.js";

interface Sizes {
  width: number;
  layers: number;
  heads: number;
  kvHeads: number;
  headDim: number;
  hidden: number;
  vocabulary?: number;
}

const shared = { activation: "geluTanh", tied: true, embeddingScale: true } as const;
/** Every second layer sees 4096 positions; scores and logits are soft-capped. */
const gemma2 = (sizes: Sizes): DecoderConfig => ({
  vocabulary: 256000,
  ...sizes,
  ...shared,
  norms: 4,
  window: 4096,
  fullLayers: everyNth(2, sizes.layers),
  attentionSoftcap: true,
  logitSoftcap: true,
});
/** Five layers with a window to one without. */
const gemma3 = (sizes: Sizes, window = 1024): DecoderConfig => ({
  vocabulary: 262208,
  ...sizes,
  ...shared,
  norms: 4,
  queryKeyNorm: "head",
  window,
  fullLayers: everyNth(6, sizes.layers),
});

/** Gemma team 2024 and 2025 (arXiv 2403.08295, 2408.00118, 2503.19786); Gemma 3 above 1B is the text part. */
export const gemmas: Readonly<Record<string, DecoderConfig>> = {
  "Gemma-2B": {
    ...shared,
    width: 2048,
    layers: 18,
    heads: 8,
    kvHeads: 1,
    headDim: 256,
    hidden: 16384,
    vocabulary: 256000,
  },
  "Gemma-7B": {
    ...shared,
    width: 3072,
    layers: 28,
    heads: 16,
    kvHeads: 16,
    headDim: 256,
    hidden: 24576,
    vocabulary: 256000,
  },
  "Gemma-2-2B": gemma2({ width: 2304, layers: 26, heads: 8, kvHeads: 4, headDim: 256, hidden: 9216 }),
  "Gemma-2-9B": gemma2({ width: 3584, layers: 42, heads: 16, kvHeads: 8, headDim: 256, hidden: 14336 }),
  "Gemma-2-27B": gemma2({ width: 4608, layers: 46, heads: 32, kvHeads: 16, headDim: 128, hidden: 36864 }),
  "Gemma-3-1B": gemma3(
    { width: 1152, layers: 26, heads: 4, kvHeads: 1, headDim: 256, hidden: 6912, vocabulary: 262144 },
    512,
  ),
  "Gemma-3-4B(text)": gemma3({ width: 2560, layers: 34, heads: 8, kvHeads: 4, headDim: 256, hidden: 10240 }),
  "Gemma-3-12B(text)": gemma3({ width: 3840, layers: 48, heads: 16, kvHeads: 8, headDim: 256, hidden: 15360 }),
  "Gemma-3-27B(text)": gemma3({ width: 5376, layers: 62, heads: 32, kvHeads: 16, headDim: 128, hidden: 21504 }),
};
