// Figures of DeepSeek V2 and V3: latent attention, many small experts beside shared ones, the first layers dense. Data
// only; source: each name's config.json on huggingface.co.
import type { DecoderConfig } from "./decoderConfig.js";

const latentHeads = { qkNopeHeadDim: 128, qkRopeHeadDim: 64, vHeadDim: 128, kvLoraRank: 512 };

/** arXiv 2405.04434, 2412.19437. Main models, without the multi-token prediction layer. */
const v3: DecoderConfig = {
  vocabSize: 129280,
  hiddenSize: 7168,
  numHiddenLayers: 61,
  numAttentionHeads: 128,
  headDim: 128,
  intermediateSize: 18432,
  mla: { ...latentHeads, qLoraRank: 1536 },
  moe: {
    numExperts: 256,
    numExpertsPerTok: 8,
    moeIntermediateSize: 2048,
    numSharedExperts: 1,
    routerBias: true,
    denseLayers: [0, 1, 2],
  },
};

export const deepSeeks: Readonly<Record<string, DecoderConfig>> = {
  "DeepSeek-V2-Lite": {
    vocabSize: 102400,
    hiddenSize: 2048,
    numHiddenLayers: 27,
    numAttentionHeads: 16,
    headDim: 128,
    intermediateSize: 10944,
    mla: latentHeads,
    moe: { numExperts: 64, numExpertsPerTok: 6, moeIntermediateSize: 1408, numSharedExperts: 2, denseLayers: [0] },
  },
  "DeepSeek-V2": {
    vocabSize: 102400,
    hiddenSize: 5120,
    numHiddenLayers: 60,
    numAttentionHeads: 128,
    headDim: 128,
    intermediateSize: 12288,
    mla: { ...latentHeads, qLoraRank: 1536 },
    moe: { numExperts: 160, numExpertsPerTok: 6, moeIntermediateSize: 1536, numSharedExperts: 2, denseLayers: [0] },
  },
  "DeepSeek-V3": v3,
  "DeepSeek-R1": v3,
};
