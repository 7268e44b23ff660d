// Answers of lecture 5, a second time: each by hand, from the sizes in the question, and as the figure is known.
import type { ByHand } from "./index.js";

export const lecture5: ByHand = {
  "5.1": [512, 512],
  "5.2": [8, 8],
  "5.3": [52, 52],
  "5.4": [2, 2],
  "5.5": [0.25, 0.25],
};
