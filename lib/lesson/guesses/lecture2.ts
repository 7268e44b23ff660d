// Guesses of lecture 2.
import type { Guess } from "../guess.js";

export const lecture2 = {
  "line-at-125": {
    question: "Of which dtype of an H100 is 125 FLOP/byte the ridge point, on whose side batch 512 then lies?",
    choices: ["fp32", "tf32", "bf16", "fp8", "none"],
    because: () => "peak over bandwidth gives another number in every dtype: 125 is a V100's peak in TFLOP/s, no ridge",
  },
  "fp32-batch": {
    question:
      "PyTorch multiplies fp32 matrices as fp32, unless it is told to use TF32. " +
      "From which batch is linear 768 → 3072 compute-bound then, on an H100?",
    unit: "tokens",
    because: () =>
      "without its tensor cores an H100 computes so slowly that few tokens keep it busy: fp32's ridge is at 20",
  },
  "fused-decode": {
    question:
      "In prefill fusing takes most of attention's bytes away. In decode, where one token looks back on 2,048, " +
      "how many per cent does it take?",
    unit: "%",
    tolerance: 0.3,
    because: () => "a single query has one row of scores, beside keys and values that are read whole either way",
  },
  "first-cache": {
    question: "How many times as fast do cache lines arrive from the first cache as from main memory, on one thread?",
    unit: "times",
    tolerance: 0.3,
    because: () => "each level is smaller and nearer to the core than the one behind it",
  },
  "free-arithmetic": {
    question:
      "A pass reads and writes 64 MiB and does one multiply-add on every element. " +
      "Up to how many multiply-adds an element does it take no longer?",
    tolerance: 0.5,
    because: () => "until then the units wait for memory, and what they do meanwhile is free",
  },
  "three-passes": {
    question:
      "Scale, bias and ReLU over 64 MiB, in three passes instead of one: the arithmetic is the same. " +
      "How many times as long does it take?",
    unit: "times",
    tolerance: 0.25,
    because: () => "every pass reads and writes all of it, and beyond the caches the bytes decide",
  },
  "lines-on-their-way": {
    question:
      "A load from main memory takes a latency. How many cache lines must be on their way at once " +
      "for one thread to get the bandwidth that you saw?",
    unit: "lines",
    tolerance: 0.3,
    because: () => "what is under way is the latency times the bandwidth, and a line has 64 bytes of it",
  },
} satisfies Record<string, Guess>;
