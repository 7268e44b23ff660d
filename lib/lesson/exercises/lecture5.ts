// Exercises of lecture 5, memory layout. Answers come from the library.
import { missRatio, cacheModel, Tensor } from "../../tensor/index.js";
import type { Exercise } from "../exerciseKinds.js";

export const lecture5 = {
  "5.1": {
    question: "What is the stride of the last dimension of a tensor (32, 768, 512) after permute([2, 0, 1])?",
    answer: () => Tensor.zeros([32, 768, 512]).permute([2, 0, 1]).strides[2]!,
    tolerance: 0,
    hints: ["Permuting the shape permutes the strides."],
    solution: "The strides (393216, 512, 1) become (1, 393216, 512).",
  },
  "5.2": {
    question:
      "How many bytes are fetched for each useful byte by a walk of stride 8 through fp32, with lines of 64 bytes?",
    answer: () => 64 / (16 / 8) / 4,
    tolerance: 0,
    hints: ["A line holds 16 elements; the walk uses 2 of them."],
    solution: "64 bytes fetched, 8 used.",
  },
  "5.3": {
    question: "What is the side of the largest square fp32 tile of which three fit into 32 KiB?",
    answer: () => Math.floor(Math.sqrt((32 * 1024) / (3 * 4))),
    tolerance: 0,
    hints: ["3 · 4 · T² ≤ 32,768."],
    solution: "T = floor(√2730.7).",
  },
  "5.4": {
    question: "How many of the 64 sets (lines of 64 bytes) does a column use whose rows are 512 fp32 apart?",
    answer: () => new Set(Array.from({ length: 256 }, (_, i) => Math.floor((i * 512 * 4) / 64) % 64)).size,
    tolerance: 0,
    hints: ["2,048 bytes are 32 lines."],
    solution: "Every address is a multiple of 32 lines: sets 0 and 32.",
  },
  "5.5": {
    question:
      "Which share of accesses misses when 16,384 fp32 are walked with a stride of 4 (cold cache, 64-byte lines)?",
    answer: () =>
      missRatio(
        Array.from({ length: 16384 }, (_, i) => i * 16),
        cacheModel({ lineBytes: 64, sets: 64, ways: 8 }),
      ),
    hints: ["Four accesses fall into each line."],
    solution: "One in four.",
  },
} satisfies Record<string, Exercise>;
