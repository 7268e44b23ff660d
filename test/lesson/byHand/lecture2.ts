// Answers of lecture 2, a second time: each by hand, from the sizes in the question, and as the figure is known.
import type { ByHand } from "./index.js";

// Device figures: NVIDIA's and Apple's data sheets (H100 SXM 989.4e12 dense bf16, 3.35e12 B/s; A100 80 GB SXM 312e12,
// 2.039e12 B/s; M2 Pro 6.8e12 fp32, 200e9 B/s).
const h100 = 989.4e12 / 3.35e12;
const a100 = 312e12 / 2.039e12;
const critical = (i: number, o: number, ridge: number, bytes: number): number =>
  (bytes * ridge * i * o) / (2 * i * o - bytes * ridge * (i + o));

export const lecture2: ByHand = {
  "2.1": [(64 * 768 * 3072) / (768 * 3072 + 64 * (768 + 3072)), 57.96],
  "2.2": [critical(768, 3072, a100, 2), 203.8],
  "2.3": [4096 / 2, 2048],
  "2.4": [Math.floor(2 * h100) + 1, 591],
  "2.5": [2 * 40 * 5120 * 2, 819_200],
  "2.6": [critical(768, 3072, 640 / 4 / (4.6 / 2), 4), 180],
};
