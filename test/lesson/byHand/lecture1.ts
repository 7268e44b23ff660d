// Answers of lecture 1, a second time: each by hand, from the sizes in the question, and as the figure is known.
import type { ByHand } from "./index.js";

const h100 = 989.4e12;

/** Taps of all 3 × 3 windows on 7 × 7 positions that lie outside, one by one. */
const outside = Array.from({ length: 49 * 9 }, (_, i) => {
  const [window, tap] = [Math.floor(i / 9), i % 9];
  const row = Math.floor(window / 7) + Math.floor(tap / 3) - 1;
  const column = (window % 7) + (tap % 3) - 1;
  return row < 0 || row > 6 || column < 0 || column > 6;
}).filter(Boolean).length;

export const lecture1: ByHand = {
  "stem-convolution": [112 * 112 * 64 * 147, 118_013_952],
  "attention-crossing": [2 * 1024, 2048],
  "padding-share": [(100 * outside) / (49 * 9), 18.14],
  "grouped-projections": [2 * 8192 ** 2 + 2 * 8192 * 1024, 150_994_944],
  "training-days": [(6 * 405e9 * 15.6e12) / (16384 * 0.4 * h100 * 86400), 67.7],
  "convolution-macs": {
    of: { inChannels: 6, outChannels: 4, kernelSize: 3, height: 8, width: 7, stride: 2, padding: 1, groups: 2 },
    gives: 4 * 4 * 4 * 27,
  },
  "tiled-bytes": { of: { size: 512, tile: 32, elementBytes: 4 }, gives: (2 * 16 ** 3 * 32 ** 2 + 512 ** 2) * 4 },
  "mobile-block": {
    fails: { kernelSize: 5, groups: 128, pointwise: false },
    because: /^not yet: .* an output sees 1 of the 128 input channels/,
  },
};
