// Answers of lecture 4, a second time: each by hand, from the sizes in the question, and as the figure is known.
import type { ByHand } from "./index.js";

const tokens = 24 * 24 + 1;
const layer = 12 * tokens * 384 ** 2 + 2 * tokens ** 2 * 384;

export const lecture4: ByHand = {
  "deit-at-384": [(2 * (12 * layer + 576 * 768 * 384 + 384 * 1000)) / 1e9, 31.0],
  "attention-share": [(100 * 384) / (6 * 768 + 384), 7.69],
  "vgg-against-resnet": [13_556_712 / 11_114_984, 1.22],
  "first-relu": [(64 * 112 * 112 * 32 * 2 * 2) / 1e6, 102.8],
  "mobilenet-at-96": [((16 + 96) * 48 * 48) / 1024, 252],
  "window-scores-of-swin": [(56 / 7) ** 2 * 3 * (7 * 7) ** 2, 460_992],
  "microseconds-from-counts": {
    of: { macs: 4000, activations: 10, teraflops: 100, gigabytes: 1000 },
    gives: 80,
  },
  "window-scores": { of: { windows: 8, window: 7, heads: 3 }, gives: 460_992 },
  "fit-a-microcontroller": {
    fails: { model: "mobilenet_v2", imageSize: 224, inPlace: "both" },
    because: /weights take 3\.5\d? MB .*activations take 1\.4\d? MB of 320 kB, at features\.2/,
  },
};
