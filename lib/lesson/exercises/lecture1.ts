// Exercises of lecture 1, counting FLOPs. Answers come from the library; those of functions and designs stand apart.
import { device } from "../../devices.js";
import { attention, conv2d, linear } from "../../ops/index.js";
import type { Exercise } from "../exerciseKinds.js";
import { lecture1Made } from "./lecture1Made.js";

const stem = { inChannels: 3, outChannels: 64, height: 224, width: 224, kernelSize: 7, stride: 2, padding: 3 };
const stemMacs = (changed: Partial<typeof stem> = {}): number => conv2d({ ...stem, ...changed }).macs;

const width = 1024;
const projections = (count: number): number => count * linear({ inFeatures: width, outFeatures: width }).macs;
const corePerPair = attention({ tokens: 1, heads: 16, headDim: 64 }).macs;

/** Of a 3 × 3 window on 7 × 7 positions, along one axis: the taps that are within. */
const within = 19 / 21;

const grouped = { width: 8192, heads: 64 * 128, kv: 8 * 128 };
const groupedWeights = (counts: { full: number; narrow: number }): number =>
  grouped.width * (counts.full * grouped.heads + counts.narrow * grouped.kv);

const trainingDays = ({ perWeight = 6, utilisation = 0.4, peak = device("h100-sxm").peakFlops.bf16! } = {}): number =>
  (perWeight * 405e9 * 15.6e12) / (16_384 * utilisation * peak * 86_400);

export const lecture1 = {
  "stem-convolution": {
    question:
      "How many multiply-adds does the first convolution of ResNet do: " +
      "3 → 64 channels, 7 × 7, stride 2, padding 3, on 224 × 224?",
    answer: () => stemMacs(),
    tolerance: 0,
    unit: "MACs",
    mistakes: [
      {
        value: () => stemMacs({ stride: 1 }),
        says: "Four times too many: the stride halves the positions along both axes.",
      },
      {
        value: () => 2 * stemMacs(),
        says: "Twice too many: these are FLOPs where multiply-adds are asked for, or the stride halved one axis only.",
      },
      { value: () => stemMacs({ padding: 0 }), says: "Too few: the picture is padded by 3 on each side." },
      { value: () => stemMacs() / 3, says: "A third: each output is a sum over all 3 input channels." },
      { value: () => 7 * 7 * 3 * 64, says: "These are the weights: each is used at every position of the output." },
      { value: () => 1e6 * Math.round(stemMacs() / 1e6), says: "Rounded, or nearly right: all digits are asked for." },
    ],
    hints: [
      "The output is floor((224 + 2 · 3 − 7) / 2) + 1 positions wide.",
      "Each output value is a dot product of 3 · 7 · 7 numbers.",
    ],
    solution: "112 × 112 positions, 64 channels, 147 multiply-adds each.",
  },
  "attention-crossing": {
    question:
      "At how many tokens does the attention core (scores and values) of width 1024 " +
      "do as many multiply-adds as its four projections?",
    answer: () => projections(4) / corePerPair,
    tolerance: 0,
    unit: "tokens",
    mistakes: [
      {
        value: () => (2 * projections(4)) / corePerPair,
        says: "One matrix product is forgotten: the core multiplies for the scores and again for the values.",
      },
      {
        value: () => projections(3) / corePerPair,
        says: "One projection is forgotten: the output has one, beside those of queries, keys and values.",
      },
      {
        value: () => projections(4) / (2 * corePerPair),
        says: "Half: the core in FLOPs and the projections in multiply-adds, or two projections in place of four.",
      },
      {
        value: () => projections(12) / corePerPair,
        says: "The MLP's 8·T·D² is in it: the projections alone are asked.",
      },
    ],
    hints: ["Projections: 4 · T · D². Core: 2 · T² · D.", "Divide both by T, and solve for T."],
    solution: "4 T D² = 2 T² D, so T = 2 D.",
  },
  "padding-share": {
    question:
      "A 3 × 3 convolution at stride 1 runs on 7 × 7 positions, padded by 1. " +
      "What share of its multiply-adds, in per cent, multiplies a zero of the padding?",
    answer: () => 100 * (1 - within ** 2),
    unit: "%",
    mistakes: [
      {
        value: () => (100 * 24) / 49,
        says: "That is the share of windows that touch the padding: most of their taps lie on the picture.",
      },
      {
        value: () => (100 * 32) / 81,
        says: "That is the share of zeros in the padded picture: windows meet its edge less often than its middle.",
      },
      { value: () => 100 * (1 - within), says: "That is one axis: rows and columns both reach over the edge." },
      { value: () => 200 * (1 - within), says: "The corners are counted twice: the two axes multiply, 1 − (19/21)²." },
      { value: () => 100 * within ** 2, says: "That is the share that multiplies the picture: the rest is asked for." },
    ],
    hints: [
      "Along one axis 7 windows of 3 taps have 21 taps; how many of them lie outside?",
      "A multiply-add is on the picture when its row and its column are.",
    ],
    solution:
      "Along each axis 19 of 21 taps are within, so (19/21)² of the multiply-adds are, and the rest is padding.",
  },
  "grouped-projections": {
    question:
      "How many weights have the four projections of one attention layer of Llama-3-70B: width 8192, " +
      "64 heads of queries, 8 heads of keys and values, each head 128 wide, no biases?",
    answer: () => groupedWeights({ full: 2, narrow: 2 }),
    unit: "weights",
    mistakes: [
      {
        value: () => groupedWeights({ full: 4, narrow: 0 }),
        says: "That is 4·D²: keys and values have 8 heads, not 64.",
      },
      {
        value: () => groupedWeights({ full: 2, narrow: 1 }),
        says: "Keys without values: both have a narrow projection.",
      },
      {
        value: () => groupedWeights({ full: 1, narrow: 2 }),
        says: "The output projection is missing: it is a full one.",
      },
      { value: () => groupedWeights({ full: 3, narrow: 1 }), says: "Only one of keys and values was made narrow." },
      {
        value: () => 2 * groupedWeights({ full: 2, narrow: 2 }),
        says: "Twice too many: these are bytes at two a weight, or FLOPs a token.",
      },
    ],
    hints: ["Queries and output: 8192 × (64 · 128) each.", "Keys and values: 8192 × (8 · 128) each."],
    solution: "2 · 8192 · 8192 + 2 · 8192 · 1024.",
  },
  "training-days": {
    question:
      "How many days would 405 billion parameters on 15.6 trillion tokens take on 16,384 H100 " +
      "at 40 % of their dense BF16 peak of 989 TFLOP/s (rule of 6 N D)?",
    answer: () => trainingDays(),
    unit: "days",
    mistakes: [
      {
        value: () => trainingDays({ perWeight: 2 }),
        says: "That is the forward pass alone: backward is twice as much.",
      },
      {
        value: () => trainingDays({ perWeight: 4 }),
        says: "That is the backward pass alone, 4·N·D: forward is 2·N·D.",
      },
      { value: () => trainingDays({ perWeight: 3 }), says: "Half: N·D multiply-adds forward are 2·N·D FLOPs." },
      { value: () => trainingDays({ utilisation: 1 }), says: "That is at the full peak: they reach 40 % of it." },
      { value: () => 24 * trainingDays(), says: "These are hours." },
    ],
    hints: ["FLOPs = 6 · N · D; divide by what the cluster does in a second.", "A day has 86,400 seconds."],
    solution: "3.8e25 FLOPs at 16,384 × 0.4 × 989e12 FLOP/s.",
  },
  ...lecture1Made,
} satisfies Record<string, Exercise>;
