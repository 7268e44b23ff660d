// Exercises of lecture 4, comparing architectures. Answers come from the library.
import { cost } from "../../op.js";
import { modelCost, type Model } from "../../model.js";
import { macsByKind, model } from "../../models/index.js";
import type { Exercise } from "../exerciseKinds.js";

const activations = (m: Model): number =>
  m.nodes.filter((n) => /^(conv|linear)/.test(n.op.kind)).reduce((s, n) => s + cost(n.op).outputBytes / 4, 0);

export const lecture4 = {
  "4.1": {
    question: "How many GFLOPs (2 per multiply-add) does DeiT-S need on one image?",
    answer: () => (2 * modelCost(model("deit_small")).macs) / 1e9,
    unit: "GFLOP",
    hints: ['modelCost(model("deit_small")).macs counts multiply-adds.'],
    solution: "Twice its 4.6 G multiply-adds.",
  },
  "4.2": {
    question:
      "By what factor does ResNet-50 write more activations (outputs of convolutions and linear layers) " +
      "than EfficientNet-B0?",
    answer: () => activations(model("resnet50")) / activations(model("efficientnet_b0")),
    hints: ["Sum the output elements over the nodes whose kind starts with conv or linear."],
    solution: "11.1 M over 6.7 M.",
  },
  "4.3": {
    question:
      "What share of BERT-base's multiply-adds is attention's own (scores and values) at 512 tokens, in per cent?",
    answer: () => {
      const m = model("bert-base-uncased", { tokens: 512 });
      return (100 * macsByKind(m).bmm) / modelCost(m).macs;
    },
    unit: "%",
    hints: ["2 T² D against 12 T D² + 2 T² D."],
    solution: "T / (6 D + T).",
  },
  "4.4": {
    question: "How often does a ViT-B/16 use each of its weights, in multiply-adds per parameter?",
    answer: () => modelCost(model("vit_b_16")).macs / modelCost(model("vit_b_16")).params,
    hints: ["The number of tokens is 14 · 14 + 1."],
    solution: "197 tokens, and attention's own products on top.",
  },
} satisfies Record<string, Exercise>;
