// Guesses of lecture 3.
import { grouped, significant } from "../../units.js";
import type { Guess } from "../guess.js";

export const lecture3 = {
  "green-points": {
    question:
      "The chart marks operations left of the ridge point red and those right of it green. How many of the six " +
      "will be green on an H100?",
    because: (actual) =>
      actual === 0
        ? 'even the largest intensity, 200 of "MatMul (large batch)", is less than the ridge point, 989,000 / 3,350'
        : `${actual} of the intensities exceed peak over bandwidth`,
  },
  "thirty-two-for-one": {
    question: "How many times as long do 32 tokens take as one, through linear 768 → 3072 on an H100 in bf16?",
    unit: "times",
    because: (actual) =>
      Number(actual) < 2
        ? "both read the same weights, and those are nearly all the bytes"
        : "the tokens, and not the weights, set the time",
  },
  "ridge-of-a-successor": {
    question: "The H200 came a year after the H100. Where does its ridge point lie in bf16?",
    choices: ["further left", "at the same place", "further right"],
    because: (actual) =>
      ({
        "further left": "it is the same processor with a faster memory",
        "at the same place": "peak and bandwidth grew alike",
        "further right": "its peak grew faster than its bandwidth",
      })[actual] ?? "peak over bandwidth says so",
  },
  "room-for-sequences": {
    question:
      "In bf16, Llama-2-13B and 16 sequences of 4,096 tokens fit on an H100 with 80 GB. How many sequences fit when " +
      "the weights take four bits?",
    unit: "sequences",
    because: (actual) =>
      `only the weights shrink, and what they leave, over the bytes of a sequence, makes it ${grouped(Number(actual))}`,
  },
  "decode-attention": {
    question:
      "64 sequences decode at once, one new token each, and each head of queries has keys and values of its own. " +
      "What is the arithmetic intensity of their attention in bf16?",
    unit: "FLOP/byte",
    because: (actual) =>
      Number(actual) < 2
        ? "each sequence reads keys and values that no other one needs: the batch shares none of them"
        : "several queries share what is read",
  },
  "training-states": {
    question:
      "In bf16 the weights of Llama-2-7B take 13.5 GB. How much do weights, gradients, master copy and AdamW's " +
      "moments take together?",
    unit: "GB",
    because: (actual) =>
      `2 + 2 + 4 + 8 bytes for each of 6.74 billion parameters make ${significant(Number(actual))} GB`,
  },
  "largest-step": {
    question: "From rung to rung of the ladder, what is the largest factor that one step gains?",
    unit: "times",
    tolerance: 0.25,
    because: (actual) =>
      `what differs between those two rungs is worth ${significant(Number(actual), 2)}, and none of the others as much`,
  },
} satisfies Record<string, Guess>;
