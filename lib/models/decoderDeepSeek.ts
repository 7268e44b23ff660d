// Figures of DeepSeek V2 and V3: latent attention, many small experts beside shared ones, the first layers dense. Data
// only; source: each name's config.json on huggingface.co.
import type { DecoderConfig } from "./decoderConfig.js";

const heads = { nope: 128, rope: 64, value: 128, rank: 512 };

/** arXiv 2405.04434, 2412.19437. Main models, without the multi-token prediction layer. */
const v3: DecoderConfig = {
  vocabulary: 129280,
  width: 7168,
  layers: 61,
  heads: 128,
  headDim: 128,
  hidden: 18432,
  mla: { ...heads, queryRank: 1536 },
  moe: { experts: 256, topK: 8, hidden: 2048, sharedExperts: 1, routerBias: true, denseLayers: [0, 1, 2] },
};

export const deepSeeks: Readonly<Record<string, DecoderConfig>> = {
  "DeepSeek-V2-Lite": {
    vocabulary: 102400,
    width: 2048,
    layers: 27,
    heads: 16,
    headDim: 128,
    hidden: 10944,
    mla: heads,
    moe: { experts: 64, topK: 6, hidden: 1408, sharedExperts: 2, denseLayers: [0] },
  },
  "DeepSeek-V2": {
    vocabulary: 102400,
    width: 5120,
    layers: 60,
    heads: 128,
    headDim: 128,
    hidden: 12288,
    mla: { ...heads, queryRank: 1536 },
    moe: { experts: 160, topK: 6, hidden: 1536, sharedExperts: 2, denseLayers: [0] },
  },
  "DeepSeek-V3": v3,
  "DeepSeek-R1": v3,
};
