// Exercises of lecture 2, memory bandwidth and arithmetic intensity. Answers come from the library.
import { device } from "../../devices.js";
import { arithmeticIntensity, cost } from "../../op.js";
import { attention, linear } from "../../ops/index.js";
import { ridgePoint } from "../../roofline.js";
import type { Exercise } from "../exerciseKinds.js";

const critical = (i: number, o: number, r: number, e: number): number =>
  (e * r * i * o) / (2 * i * o - e * r * (i + o));

export const lecture2 = {
  "2.1": {
    question: "What is the arithmetic intensity of linear 768 → 3072 at batch 64 in bf16?",
    answer: () => arithmeticIntensity(cost(linear({ tokens: 64, inFeatures: 768, outFeatures: 3072, dtype: "bf16" }))),
    unit: "FLOP/byte",
    hints: ["FLOPs: 2 · 64 · 768 · 3072.", "Bytes: 2 · (768 · 3072 + 64 · 768 + 64 · 3072)."],
    solution: "64 · i · o / (i · o + 64 (i + o)).",
  },
  "2.2": {
    question: "From what batch is that layer compute-bound on an A100 80 GB in bf16?",
    answer: () => critical(768, 3072, ridgePoint(device("a100-80-sxm"), "bf16"), 2),
    hints: ["Set the intensity equal to the ridge point, 153.0 FLOP/byte, and solve for the batch."],
    solution: "B* = e r i o / (2 i o − e r (i + o)) with e = 2.",
  },
  "2.3": {
    question: "Which intensity can a layer 4096 → 4096 in bf16 not exceed, however large the batch?",
    answer: () => (2 * 4096 * 4096) / (2 * (4096 + 4096)),
    unit: "FLOP/byte",
    hints: ["At a very large batch the weights do not matter.", "2 B i o / (e B (i + o))."],
    solution: "i · o / (i + o) in two-byte data.",
  },
  "2.4": {
    question:
      "What is the smallest number of tokens at which one fused attention head of dimension 64 (bf16) " +
      "is compute-bound on an H100, counting its multiply-adds only?",
    answer: () => {
      const r = ridgePoint(device("h100-sxm"), "bf16");
      for (let n = 1; ; n++) {
        const op = attention({ tokens: n, heads: 1, headDim: 64, fused: true, dtype: "bf16" });
        if ((2 * op.macs) / (cost(op).bytesRead + cost(op).bytesWritten) > r) return n;
      }
    },
    tolerance: 0,
    unit: "tokens",
    hints: ["4 N² d FLOPs over 2 · 4 N d bytes."],
    solution: "The intensity is N / 2: the first N with N / 2 > 295.2.",
  },
  "2.5": {
    question:
      "How many bytes of keys and values does Llama-2-13B (40 layers, 40 heads of 128) keep for each token in bf16?",
    answer: () => 2 * 40 * 40 * 128 * 2,
    tolerance: 0,
    unit: "bytes",
    hints: ["A key and a value, in each layer, for each head."],
    solution: "2 · layers · heads · headDim · 2 bytes.",
  },
  "2.6": {
    question:
      "At which batch does linear 768 → 3072 (fp32) take as much energy for arithmetic (4.6 pJ a multiply-add) " +
      "as for DRAM traffic (640 pJ for four bytes)?",
    answer: () => critical(768, 3072, (2 * 640) / 4.6 / 4, 4),
    tolerance: 0.01,
    hints: ["It is a ridge point in joules: how many FLOPs cost as much as one byte?"],
    solution: "640/4 pJ a byte over 2.3 pJ a FLOP is an energy ridge of 69.6 FLOP/byte; put it into B*.",
  },
} satisfies Record<string, Exercise>;
