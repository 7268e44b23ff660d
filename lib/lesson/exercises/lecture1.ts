// Exercises of lecture 1, counting FLOPs. Answers come from the library.
import { device } from "../../devices.js";
import { modelCost } from "../../model.js";
import { macsByKind, model } from "../../models/index.js";
import { attention, conv2d, linear } from "../../ops/index.js";
import type { Exercise } from "../exerciseKinds.js";

export const lecture1 = {
  "1.1": {
    question:
      "How many multiply-adds does the first convolution of ResNet do: " +
      "3 → 64 channels, 7 × 7, stride 2, padding 3, on 224 × 224?",
    answer: () =>
      conv2d({ inChannels: 3, outChannels: 64, height: 224, width: 224, kernelSize: 7, stride: 2, padding: 3 }).macs,
    tolerance: 0,
    unit: "MACs",
    hints: [
      "The output is floor((224 + 2 · 3 − 7) / 2) + 1 positions wide.",
      "Each output value is a dot product of 3 · 7 · 7 numbers.",
    ],
    solution: "112 × 112 positions, 64 channels, 147 multiply-adds each.",
  },
  "1.2": {
    question:
      "By what factor does a depthwise 3 × 3 followed by a pointwise convolution " +
      "beat a dense 3 × 3, for 256 → 256 channels?",
    answer: () => {
      const s = { inChannels: 256, outChannels: 256, height: 28, width: 28 };
      return (
        conv2d({ ...s, kernelSize: 3, padding: 1 }).macs /
        (conv2d({ ...s, kernelSize: 3, padding: 1, groups: 256 }).macs + conv2d({ ...s, kernelSize: 1 }).macs)
      );
    },
    hints: ["The number of positions cancels: count one.", "Dense: 9 · C². Separable: 9 · C + C²."],
    solution: "9 C² / (9 C + C²) = 9 C / (9 + C).",
  },
  "1.3": {
    question:
      "At how many tokens does the attention core (scores and values) of width 1024 " +
      "do as many multiply-adds as its four projections?",
    answer: () => {
      const p = 4 * linear({ inFeatures: 1024, outFeatures: 1024 }).macs;
      const perPair = attention({ tokens: 1, heads: 16, headDim: 64 }).macs;
      return p / perPair;
    },
    tolerance: 0,
    unit: "tokens",
    hints: ["Projections: 4 · T · D². Core: 2 · T² · D."],
    solution: "4 T D² = 2 T² D, so T = 2 D.",
  },
  "1.4": {
    question: "What share of VGG-16's multiply-adds is in its convolutions, in per cent?",
    answer: () => {
      const m = model("vgg16");
      return (100 * macsByKind(m).conv) / modelCost(m).macs;
    },
    unit: "%",
    hints: ['macsByKind(model("vgg16")) splits the total.'],
    solution: "Its three large linear layers hold nine tenths of the weights and less than one hundredth of the work.",
  },
  "1.5": {
    question:
      "How many days would 405 billion parameters on 15.6 trillion tokens take on 16,384 H100 " +
      "at 40 % of their dense BF16 peak (rule of 6 N D)?",
    answer: () => (6 * 405e9 * 15.6e12) / (16384 * 0.4 * device("h100-sxm").peakFlops.bf16! * 86400),
    unit: "days",
    hints: ["FLOPs = 6 · N · D; divide by what the cluster does in a second.", "A day has 86,400 seconds."],
    solution: "3.8e25 FLOPs at 16,384 × 0.4 × 989e12 FLOP/s.",
  },
  "1.6": {
    question:
      "How many FLOPs (2 per multiply-add, contractions only, without the pooler) does BERT-base do on 512 tokens?",
    answer: () => {
      const m = model("bert-base-uncased", { tokens: 512 });
      return 2 * m.nodes.filter((n) => !n.path.startsWith("pooler")).reduce((s, n) => s + n.op.macs, 0);
    },
    tolerance: 1e-4,
    unit: "FLOPs",
    hints: ["A layer: 4 T D² + 8 T D² + 2 T² D multiply-adds.", "Twelve layers, D = 768."],
    solution: "2 · 12 · (12 T D² + 2 T² D) with T = 512, D = 768.",
  },
} satisfies Record<string, Exercise>;
