// Answers of lecture 3, a second time: each by hand, from the sizes in the question, and as the figure is known.
import type { ByHand } from "./index.js";

// Device figures: NVIDIA's and Apple's data sheets (H100 SXM 989.4e12 dense bf16, 3.35e12 B/s; A100 80 GB SXM 312e12,
// 2.039e12 B/s; M2 Pro 6.8e12 fp32, 200e9 B/s).
const h100 = 989.4e12 / 3.35e12;
const a100 = 312e12 / 2.039e12;

export const lecture3: ByHand = {
  "3.1": [6.8e12 / 200e9, 34.0],
  "3.2": [Math.floor(3 * a100) + 1, 460],
  "3.3": [((768 * 3072 + 64 * (768 + 3072)) * 2 * 1e6) / 3.35e12, 1.56],
  "3.4": [(0.5 * h100 * 4096 * 16384) / (2 * 4096 * 16384 - 2 * h100 * (4096 + 16384)), 81.1],
  "3.5": [200 / 16.06, 12.5],
};
