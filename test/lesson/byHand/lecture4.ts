// Answers of lecture 4, a second time: each by hand, from the sizes in the question, and as the figure is known.
import type { ByHand } from "./index.js";

export const lecture4: ByHand = {
  "4.1": [2 * 4.598882304, 9.2],
  "4.2": [11_114_984 / 6_748_036, 1.65],
  "4.3": [(100 * 512) / (6 * 768 + 512), 10.0],
  "4.4": [17_563_828_224 / 86_567_656, 203],
};
