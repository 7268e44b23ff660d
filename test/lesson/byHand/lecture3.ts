// Answers of lecture 3, a second time: each by hand, from the sizes in the question, and as the figure is known.
import type { ByHand } from "./index.js";

// Device figures: NVIDIA's and Apple's data sheets (H100 SXM 989.4e12 dense bf16, 3.35e12 B/s).
const h100 = 989.4e12 / 3.35e12;

export const lecture3: ByHand = {
  "ridge-of-an-l4": [121e12 / 300e9, 403.3],
  "square-on-a-b200": [Math.floor((3 * 2250) / 8) + 1, 844],
  "sixty-four-tokens": [((768 * 3072 + 64 * (768 + 3072)) * 2 * 1e6) / 3.35e12, 1.56],
  "int4-critical-batch": [(0.5 * h100 * 4096 * 16384) / (2 * 4096 * 16384 - 2 * h100 * (4096 + 16384)), 81.1],
  "unfused-heads-of-96": [(2 * 96 + 2 * 96 + 5) / (2 + 2 + 2 + 2), 48.625],
  "tokens-on-a-laptop": [546 / 16.06, 34.0],
  "sequences-on-24-gb": [Math.floor((24 - 13.48) / 2.147), 4],
  "tokens-a-step": [1 + 0.7 + 0.49 + 0.343 + 0.2401 + 0.16807, 2.94],
  "decode-step": {
    // 2 · 2 · 4 · 64 · 2 · 1000 · 8 bytes of cache at 1e11 B/s; weights 2e9 bytes, 1.6e10 FLOPs at 5e13.
    of: {
      batch: 8,
      context: 1000,
      layers: 2,
      kvHeads: 4,
      headDim: 64,
      kvBytes: 2,
      params: 1e9,
      weightBytes: 2,
      bandwidth: 1e11,
      peak: 5e13,
    },
    gives: 0.00016384 + 0.02,
  },
  // 25.7 GB and 16 sequences of 3.36 GB at 3.35 TB/s are 23.7 ms.
  "thirteen-billion-at-20-ms": {
    fails: { batch: 16, kvDtype: "bf16", kvHeads: 40 },
    because: /^not yet: 23\.7 ms from token to token, 675 tokens\/s: too slow/,
  },
};
