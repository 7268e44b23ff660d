// Exercises of lecture 3, the roofline model. Answers come from the library.
import { device } from "../../devices.js";
import { cost } from "../../op.js";
import { linear } from "../../ops/index.js";
import { estimate, ridgePoint } from "../../roofline.js";
import type { Exercise } from "../exerciseKinds.js";

export const lecture3 = {
  "3.1": {
    question: "What is the ridge point of an M2 Pro (19 cores) in fp32?",
    answer: () => ridgePoint(device("m2-pro"), "fp32"),
    unit: "FLOP/byte",
    hints: ["6.8 TFLOP/s, 200 GB/s."],
    solution: "Peak over bandwidth.",
  },
  "3.2": {
    question: "From which n is a square matmul n × n × n in bf16 compute-bound on an A100 80 GB?",
    answer: () => Math.ceil(3 * ridgePoint(device("a100-80-sxm"), "bf16")),
    tolerance: 0,
    hints: ["2 n³ FLOPs over 3 · 2 n² bytes."],
    solution: "n / 3 > 153.0.",
  },
  "3.3": {
    question:
      "What is the lower bound on the time of linear 768 → 3072 at batch 64 on an H100 in bf16, in microseconds?",
    answer: () =>
      1e6 *
      estimate(
        cost(linear({ tokens: 64, inFeatures: 768, outFeatures: 3072, dtype: "bf16" })),
        device("h100-sxm"),
        "bf16",
      ).seconds,
    tolerance: 0.01,
    unit: "µs",
    hints: ["It is memory-bound: bytes over bandwidth."],
    solution: "5.2 MB at 3.35 TB/s.",
  },
  "3.4": {
    question:
      "With int4 weights and bf16 arithmetic, from which batch is a layer 4096 → 16384 " +
      "compute-bound on an H100 (activations in bf16, scales ignored)?",
    answer: () => {
      const r = ridgePoint(device("h100-sxm"), "bf16");
      const i = 4096;
      const o = 16384;
      return (r * 0.5 * i * o) / (2 * i * o - 2 * r * (i + o));
    },
    tolerance: 0.01,
    hints: ["Weights are half a byte each, activations two bytes."],
    solution: "2 B i o = r (0.5 i o + 2 B (i + o)).",
  },
  "3.5": {
    question:
      "How many tokens a second can a model of 8.03 billion parameters in bf16 " +
      "generate at most on an M2 Pro, at batch 1?",
    answer: () => device("m2-pro").bandwidth / (8.03e9 * 2),
    unit: "tokens/s",
    hints: ["Every token reads every weight once."],
    solution: "200 GB/s over 16.06 GB.",
  },
} satisfies Record<string, Exercise>;
