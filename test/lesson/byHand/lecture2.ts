// Answers of lecture 2, a second time: each by hand, from the sizes in the question, and as the figure is known.
import type { ByHand } from "./index.js";

// Device figures: NVIDIA's and Apple's data sheets (H100 SXM 989.4e12 dense bf16, 3.35e12 B/s; A100 80 GB SXM 312e12,
// 2.039e12 B/s; M2 Pro 6.8e12 fp32, 200e9 B/s).
const h100 = 989.4e12 / 3.35e12;
const a100 = 312e12 / 2.039e12;
const critical = (i: number, o: number, ridge: number, bytes: number): number =>
  (bytes * ridge * i * o) / (2 * i * o - bytes * ridge * (i + o));

export const lecture2: ByHand = {
  "intensity-at-64": [(64 * 768 * 3072) / (768 * 3072 + 64 * (768 + 3072)), 57.96],
  "critical-batch-a100": [critical(768, 3072, a100, 2), 203.8],
  "intensity-ceiling": [4096 / 2, 2048],
  "fused-head-tokens": [Math.floor(2 * h100) + 1, 591],
  "kv-bytes-llama-13b": [2 * 40 * 5120 * 2, 819_200],
  "energy-batch": [critical(768, 3072, 640 / 4 / (4.6 / 2), 4), 180],
  "lines-under-way": [(120 * 51.2) / 64, 96],
  // int4 weights are half a byte: a quarter of 568.3.
  "critical-batch": {
    of: { inFeatures: 768, outFeatures: 3072, ridge: 295, weightBits: 4 },
    gives: (0.5 * 295 * 768 * 3072) / (2 * 768 * 3072 - 2 * 295 * 3840),
  },
  // 8 bytes at 4 GB/s are 2 ns an element, one FLOP at 1 GFLOP/s one.
  "elementwise-time": { of: { elements: 10, flops: 1, peak: 1, bandwidth: 4, launch: 7 }, gives: 27 },
  // 2.71 µs: at the critical batch in bf16.
  "starved-layer": { fails: { batch: 569, dtype: "bf16", weightDtype: "bf16" }, because: /The call is too long/ },
};
