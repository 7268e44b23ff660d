// Figures of Llama and of the decoders shaped like it: Mistral, Mixtral, SmolLM, TinyLlama, Phi-3. Data only; each
// row's source is the config.json of that name on huggingface.co.
import type { DecoderConfig } from "./decoderConfig.js";

const llama = (
  hiddenSize: number,
  numHiddenLayers: number,
  numAttentionHeads: number,
  numKeyValueHeads: number,
  intermediateSize: number,
  vocabSize: number,
): DecoderConfig => ({ hiddenSize, numHiddenLayers, numAttentionHeads, numKeyValueHeads, intermediateSize, vocabSize });
const tied = (config: DecoderConfig, headDim?: number): DecoderConfig => ({
  ...config,
  tieWordEmbeddings: true,
  ...(headDim ? { headDim } : {}),
});

/** Touvron et al. 2023 (arXiv 2307.09288); Grattafiori et al. 2024 (arXiv 2407.21783). */
export const llamas: Readonly<Record<string, DecoderConfig>> = {
  "Llama-7B": { ...llama(4096, 32, 32, 32, 11008, 32000), dtype: "fp16" },
  "Llama-13B": { ...llama(5120, 40, 40, 40, 13824, 32000), dtype: "fp16" },
  "Llama-2-7B": llama(4096, 32, 32, 32, 11008, 32000),
  "Llama-2-13B": llama(5120, 40, 40, 40, 13824, 32000),
  "Llama-2-70B": llama(8192, 80, 64, 8, 28672, 32000),
  "Llama-3-8B": llama(4096, 32, 32, 8, 14336, 128256),
  "Llama-3-70B": llama(8192, 80, 64, 8, 28672, 128256),
  "Llama-3.1-8B": llama(4096, 32, 32, 8, 14336, 128256),
  "Llama-3.1-70B": llama(8192, 80, 64, 8, 28672, 128256),
  "Llama-3.1-405B": llama(16384, 126, 128, 8, 53248, 128256),
  "Llama-3.2-1B": tied(llama(2048, 16, 32, 8, 8192, 128256)),
  "Llama-3.2-3B": tied(llama(3072, 28, 24, 8, 8192, 128256)),
  "Llama-3.3-70B": llama(8192, 80, 64, 8, 28672, 128256),
  "TinyLlama-1.1B": llama(2048, 22, 32, 4, 5632, 32000),
  "SmolLM-135M": tied(llama(576, 30, 9, 3, 1536, 49152)),
  "SmolLM-360M": tied(llama(960, 32, 15, 5, 2560, 49152)),
  "SmolLM-1.7B": tied(llama(2048, 24, 32, 32, 8192, 49152)),
  "SmolLM2-135M": tied(llama(576, 30, 9, 3, 1536, 49152)),
  "SmolLM2-360M": tied(llama(960, 32, 15, 5, 2560, 49152)),
  "SmolLM2-1.7B": tied(llama(2048, 24, 32, 32, 8192, 49152)),
};

const mistral = llama(4096, 32, 32, 8, 14336, 32000);

/**
 * Jiang et al. 2023 and 2024 (arXiv 2310.06825, 2401.04088): version 0.1 sees 4096 positions, later ones and Mixtral
 * the whole context.
 */
export const mistrals: Readonly<Record<string, DecoderConfig>> = {
  "Mistral-7B-v0.1": { ...mistral, slidingWindow: 4096 },
  "Mistral-7B-v0.2": mistral,
  "Mistral-7B-v0.3": { ...mistral, vocabSize: 32768 },
  "Mistral-Nemo-12B": { ...llama(5120, 40, 32, 8, 14336, 131072), headDim: 128 },
  "Mixtral-8x7B": { ...mistral, moe: { numExperts: 8, numExpertsPerTok: 2, moeIntermediateSize: 14336 } },
  "Mixtral-8x22B": {
    ...llama(6144, 56, 48, 8, 16384, 32000),
    moe: { numExperts: 8, numExpertsPerTok: 2, moeIntermediateSize: 16384 },
  },
};

/** Abdin et al. 2024 (arXiv 2404.14219): q, k, v in one matrix, gate and up in one. */
export const phis: Readonly<Record<string, DecoderConfig>> = {
  "Phi-3-mini-4k": { ...llama(3072, 32, 32, 32, 8192, 32064), fusedProjections: true, slidingWindow: 2047 },
  "Phi-3-medium-4k": { ...llama(5120, 40, 40, 10, 17920, 32064), fusedProjections: true, slidingWindow: 2047 },
  "Phi-4": { ...llama(5120, 40, 40, 10, 17920, 100352), fusedProjections: true },
  // Layer norms, biases everywhere, attention and feed-forward side by side, 0.4 of a head rotated.
  "Phi-2": {
    ...llama(2560, 32, 32, 32, 10240, 51200),
    gated: false,
    hiddenAct: "geluTanh",
    parallelResidual: true,
    norm: "layer",
    qkvBias: true,
    outBias: true,
    mlpBias: true,
    headBias: true,
    rotaryDim: 32,
    dtype: "fp16",
  },
};
