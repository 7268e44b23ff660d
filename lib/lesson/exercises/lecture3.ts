// Exercises of lecture 3, the roofline model. Answers come from the library.
import { device } from "../../devices.js";
import { cost } from "../../op.js";
import { linear } from "../../ops/index.js";
import { model } from "../../models/index.js";
import { estimate, ridgePoint } from "../../roofline.js";
import { decodeStep, speculation } from "../../serving/index.js";
import { formatTime, si } from "../../units.js";
import type { Exercise, Sizes } from "../exerciseKinds.js";

const h100 = (): number => ridgePoint(device("h100-sxm"), "bf16");
const l4 = (dtype: "bf16" | "fp32"): number => ridgePoint(device("l4"), dtype);
const b200 = (): number => ridgePoint(device("b200"), "bf16");
const small = () =>
  estimate(cost(linear({ tokens: 64, inFeatures: 768, outFeatures: 3072, dtype: "bf16" })), device("h100-sxm"), "bf16");
const laptop = (bytes: number): number => device("m4-max").bandwidth / (8.03e9 * bytes);
/** From which batch a layer 4096 → 16384 is compute-bound, with weights of so many bytes and bf16 activations. */
const critical = (weightBytes: number): number => {
  const [i, o] = [4096, 16_384];
  return (h100() * weightBytes * i * o) / (2 * i * o - 2 * h100() * (i + o));
};
/** Sequences of 4,096 tokens of Llama-2-7B beside its weights on a card of 24 GB. */
const sequences = ({ kept = 2, kvBytes = 2, weights = 13.48e9 } = {}): number =>
  Math.floor((24e9 - weights) / (kept * 32 * 32 * 128 * kvBytes * 4096));
const step = (s: Sizes, { kept = 2, batched = s["batch"]!, together = Math.max } = {}): number =>
  (kept * s["layers"]! * s["kvHeads"]! * s["headDim"]! * s["kvBytes"]! * s["context"]! * batched) / s["bandwidth"]! +
  together((s["params"]! * s["weightBytes"]!) / s["bandwidth"]!, (2 * s["batch"]! * s["params"]!) / s["peak"]!);
const sum = (a: number, b: number): number => a + b;
const perStep = (): number => speculation({ drafted: 5, acceptance: 0.7 });

export const lecture3 = {
  "ridge-of-an-l4": {
    question: "What is the ridge point of an L4 in bf16 (121 TFLOP/s dense, 300 GB/s)?",
    answer: () => l4("bf16"),
    unit: "FLOP/byte",
    mistakes: [
      { value: () => 2 * l4("bf16"), says: "That is the peak with sparsity, as the data sheet prints it." },
      { value: () => l4("fp32"), says: "That is the fp32 peak: a ridge point belongs to a dtype." },
      { value: () => 1 / l4("bf16"), says: "That is bandwidth over peak: turn it over." },
    ],
    hints: ["Peak over bandwidth.", "Both in units without a prefix: 121e12 and 300e9."],
    solution: "121e12 / 300e9.",
  },
  "square-on-a-b200": {
    question: "From which n is a square matmul n × n × n in bf16 compute-bound on a B200 (2,250 TFLOP/s, 8 TB/s)?",
    answer: () => Math.floor(3 * b200()) + 1,
    tolerance: 0,
    mistakes: [
      { value: () => Math.floor(2 * b200()) + 1, says: "That moves two matrices: the result is written, too." },
      { value: () => Math.floor(6 * b200()) + 1, says: "That counts 4 bytes an element, or a multiply-add as one." },
      { value: () => Math.floor(b200()) + 1, says: "That is the ridge point itself, taken for n." },
    ],
    hints: ["2 n³ FLOPs over three matrices of 2 n² bytes each.", "So the intensity is n / 3."],
    solution: "n / 3 must exceed 2250 / 8 = 281.25.",
  },
  "sixty-four-tokens": {
    question:
      "What is the lower bound on the time of linear 768 → 3072 at batch 64 on an H100 in bf16, in microseconds?",
    answer: () => 1e6 * small().seconds,
    unit: "µs",
    mistakes: [
      { value: () => 1e6 * small().upperSeconds, says: "That is the sum of the two times: the bound from above." },
      { value: () => 1e6 * small().computeSeconds, says: "That is the time to compute; moving takes longer." },
      { value: () => 2e6 * small().seconds, says: "That moves 4 bytes an element: bf16 has 2." },
      {
        value: () => (2e6 * 768 * 3072) / device("h100-sxm").bandwidth,
        says: "That moves the weights alone: the input and the output move, too.",
      },
    ],
    hints: ["It is memory-bound: bytes over bandwidth.", "2 · (768 · 3072 + 64 · 768 + 64 · 3072) bytes."],
    solution: "5.2 MB at 3.35 TB/s.",
  },
  "int4-critical-batch": {
    question:
      "With int4 weights and bf16 arithmetic, from which batch is a layer 4096 → 16384 " +
      "compute-bound on an H100 (activations in bf16, scales ignored)?",
    answer: () => critical(0.5),
    tolerance: 0.01,
    mistakes: [
      { value: () => critical(2), says: "That reads the weights in bf16: four bits are half a byte." },
      { value: () => critical(1), says: "That reads the weights in int8: four bits are half a byte." },
      { value: h100, says: "That is the ridge point, taken for the batch." },
      { value: () => h100() / 4, says: "That leaves out the activations." },
    ],
    hints: ["Weights are half a byte each, activations two bytes.", "2 B i o = ridge · (0.5 i o + 2 B (i + o))."],
    solution: "Solve 2 B i o = ridge · (0.5 i o + 2 B (i + o)) for B.",
  },
  "unfused-heads-of-96": {
    question:
      "Below which intensity does unfused attention with heads of 96 stay, however long the sequence " +
      "(bf16; 4 FLOPs an element of the head, and 5 of softmax, for each score)?",
    answer: () => (4 * 96 + 5) / 8,
    unit: "FLOP/byte",
    mistakes: [
      { value: () => (4 * 96) / 8, says: "That leaves out softmax, 5 FLOPs a score." },
      { value: () => (2 * 96 + 5) / 8, says: "That forgets one of the two matmuls." },
      { value: () => (4 * 96 + 5) / 16, says: "That moves 4 bytes an element: bf16 has 2." },
      { value: () => (4 * 96 + 5) / 4, says: "That moves the scores twice: softmax reads and writes them again." },
    ],
    hints: ["At a great length only the scores count.", "They are written, read, written and read: 4 times 2 bytes."],
    solution: "(4 · 96 + 5) / (4 · 2).",
  },
  "tokens-on-a-laptop": {
    question:
      "How many tokens a second can a model of 8.03 billion parameters in bf16 write at most on an M4 Max (546 GB/s)?",
    answer: () => laptop(2),
    unit: "tokens/s",
    mistakes: [
      { value: () => laptop(4), says: "That reads 4 bytes a parameter: bf16 has 2." },
      { value: () => laptop(1), says: "That reads 1 byte a parameter: bf16 has 2." },
      { value: () => laptop(0.5), says: "That reads half a byte a parameter: bf16 has 2." },
      {
        value: () => device("m4-max").peakFlops.fp32! / (2 * 8.03e9),
        says: "That is the bound by arithmetic; reading the weights takes longer.",
      },
    ],
    hints: ["Every token reads every weight once."],
    solution: "546 GB/s over 16.06 GB.",
  },
  "sequences-on-24-gb": {
    question:
      "How many sequences of 4,096 tokens fit on a card of 24 GB beside Llama-2-7B, " +
      "all in 16 bits (13.48 GB of weights; 32 layers, 32 heads of 128)?",
    answer: () => sequences(),
    tolerance: 0,
    mistakes: [
      { value: () => sequences({ kept: 1 }), says: "That keeps keys without values." },
      { value: () => sequences({ weights: 0 }), says: "That forgets the weights." },
      { value: () => sequences({ kvBytes: 4 }), says: "That keeps 4 bytes an element: 16 bits are 2." },
    ],
    hints: ["A token's keys and values: 2 · layers · heads · headDim · 2 bytes.", "Whole sequences only."],
    solution: "(24 − 13.48) GB over 2.147 GB a sequence, rounded down.",
  },
  "tokens-a-step": {
    question:
      "A draft model proposes 5 tokens, each of which the large one accepts with probability 0.7 if it accepted " +
      "those before; it adds one of its own. How many tokens does a step give on average?",
    answer: perStep,
    unit: "tokens",
    mistakes: [
      { value: () => perStep() - 1, says: "That leaves out the token that the large model adds." },
      { value: () => 5 * 0.7, says: "That lets a token be accepted after one that was not." },
      { value: () => 1 + 5 * 0.7, says: "That lets a token be accepted after one that was not." },
    ],
    hints: ["The second counts only if the first was accepted: 0.7².", "1 + 0.7 + 0.7² + … + 0.7⁵."],
    solution: "(1 − 0.7⁶) / (1 − 0.7).",
  },
  "decode-step": {
    question:
      "Write decodeStep({ batch, context, layers, kvHeads, headDim, kvBytes, params, weightBytes, bandwidth, " +
      "peak }): the seconds of one step, the time to read keys and values plus the longer of reading the weights and " +
      "computing.",
    reference: (s) => step(s),
    draw: (pick) => ({
      batch: pick(1, 512),
      context: pick(128, 32_768),
      layers: pick(1, 80),
      kvHeads: pick(1, 64),
      headDim: 64 * pick(1, 4),
      kvBytes: pick(1, 2),
      params: 1e8 * pick(1, 700),
      weightBytes: pick(1, 2),
      bandwidth: 1e11 * pick(1, 50),
      peak: 1e12 * pick(50, 1000),
    }),
    mistakes: [
      { value: (s) => step(s, { kept: 1 }), says: "It reads keys without values." },
      { value: (s) => step(s, { batched: 1 }), says: "Each sequence has keys and values of its own: times the batch." },
      {
        value: (s) => step(s, { together: sum }),
        says: "Reading weights and computing overlap: the longer one counts.",
      },
    ],
    hints: [
      "Keys and values: 2 · layers · kvHeads · headDim · kvBytes · context · batch bytes.",
      "Computing: 2 · batch · params / peak.",
    ],
    solution:
      "2 · layers · kvHeads · headDim · kvBytes · context · batch / bandwidth + " +
      "max(params · weightBytes / bandwidth, 2 · batch · params / peak).",
  },
  "thirteen-billion-at-20-ms": {
    question:
      "Serve Llama-2-13B (bf16 weights, 4,096 tokens of context) on one H100: at most 20 ms from token to token, at " +
      "least 1,000 tokens a second. Choose { batch, kvDtype, kvHeads }: kvDtype bf16, fp8, int8 or int4; kvHeads 40 " +
      "as it was trained, or a divisor of 40 for a model to be trained.",
    example: { batch: 20, kvDtype: "int8", kvHeads: 40 },
    judge: ({ batch, kvDtype, kvHeads }) => {
      const step = decodeStep(model("Llama-2-13B"), {
        device: device("h100-sxm"),
        context: 4096,
        batch: Number(batch),
        kvDtype: String(kvDtype),
        kvHeads: Number(kvHeads),
      });
      const often = `${formatTime(step.secondsPerToken)} from token to token`;
      const rate = `${often}, ${Math.floor(step.tokensPerSecond)} tokens/s`;
      const size = `${si(step.needed, "B")} of ${si(device("h100-sxm").memory!, "B")}`;
      if (!step.fits) return { reached: false, says: `it does not fit: ${size}. Fewer sequences, or smaller ones.` };
      if (step.seconds > 0.02)
        return {
          reached: false,
          says: `${rate}: too slow. ${formatTime(step.kvSeconds)} of a step read keys and values.`,
        };
      if (step.tokensPerSecond < 1000)
        return { reached: false, says: `${rate}: too few. There is time left for a larger batch, or smaller keys.` };
      return { reached: true, says: `${rate}, in ${size}.` };
    },
    hints: [
      "20 ms are 67 GB at 3.35 TB/s; the weights are 25.7 of them.",
      "In bf16 a sequence is 3.36 GB: how many may a step read? What halves it?",
    ],
    solution: "In bf16 a dozen sequences fill 20 ms, with too few tokens: the bytes of a sequence must shrink.",
  },
} satisfies Record<string, Exercise>;
