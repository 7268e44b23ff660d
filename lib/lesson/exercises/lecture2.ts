// Exercises of lecture 2, memory bandwidth and arithmetic intensity. Answers come from the library.
import { knownKeys, shown } from "../../check.js";
import { device } from "../../devices.js";
import type { DType } from "../../dtype.js";
import { arithmeticIntensity, cost } from "../../op.js";
import { attention, linear } from "../../ops/index.js";
import { estimate, ridgePoint } from "../../roofline.js";
import { formatTime } from "../../units.js";
import type { Design, Exercise, Sizes } from "../exerciseKinds.js";

const critical = (i: number, o: number, r: number, e: number): number =>
  (e * r * i * o) / (2 * i * o - e * r * (i + o));
const ridge = (id: string): number => ridgePoint(device(id), "bf16");
const narrow = { inFeatures: 768, outFeatures: 3072 };

/** Tokens from which bf16 arithmetic on weights of `weightBits` is compute-bound. */
const criticalOf = ({ inFeatures: i, outFeatures: o, ridge: r, weightBits }: Sizes, bits = weightBits!): number => {
  const room = 2 * i! * o! - 2 * r! * (i! + o!);
  return room > 0 ? ((bits / 8) * r! * i! * o!) / room : Infinity;
};

/** Nanoseconds of an elementwise op: FLOP over GFLOP/s, bytes over GB/s. */
const elementwise = ({ elements, flops, peak, bandwidth, launch }: Sizes, bytes = 8): number =>
  launch! + Math.max((elements! * flops!) / peak!, (elements! * bytes) / bandwidth!);

function judgeLayer(design: Design): { reached: boolean; says: string } {
  knownKeys("starved-layer", design, ["batch", "dtype", "weightDtype"]);
  const { batch, dtype, weightDtype } = design;
  if (!(Number.isInteger(batch) && Number(batch) > 0))
    throw new RangeError(`starved-layer: batch must be a positive integer, got ${shown(batch)}`);
  const shape = { tokens: Number(batch), ...narrow, dtype: dtype as DType, weightDtype: weightDtype as DType };
  const e = estimate(cost(linear(shape)), device("h100-sxm"), String(dtype));
  const token = e.seconds / Number(batch);
  const figures = `${formatTime(e.seconds)} a call and ${formatTime(token)} a token, ${e.bound}-bound`;
  if (e.seconds > 2e-6) {
    const why = e.bound === "memory" ? "fewer bytes or fewer tokens would shorten it" : "fewer tokens would shorten it";
    return { reached: false, says: `${figures}. The call is too long: ${why}.` };
  }
  if (token > 5e-9)
    return { reached: false, says: `${figures}. A token is too dear: too few share the bytes that are moved.` };
  return { reached: true, says: `${figures}.` };
}

export const lecture2 = {
  "intensity-at-64": {
    question: "What is the arithmetic intensity of linear 768 → 3072 at batch 64 in bf16?",
    answer: () => arithmeticIntensity(cost(linear({ tokens: 64, ...narrow, dtype: "bf16" }))),
    unit: "FLOP/byte",
    mistakes: [
      {
        value: () => arithmeticIntensity(cost(linear({ tokens: 64, ...narrow, dtype: "fp32" }))),
        says: "That is half: bytes of fp32, four an element (or a multiply-add taken for one FLOP).",
      },
      { value: () => 64, says: "That leaves the activations out: only the weights were moved." },
      {
        value: () => (64 * 768 * 3072) / (768 * 3072 + 64 * 768),
        says: "The output was forgotten: it is written, and moves as well.",
      },
    ],
    hints: ["FLOPs: 2 · 64 · 768 · 3072.", "Bytes: 2 · (768 · 3072 + 64 · 768 + 64 · 3072)."],
    solution: "64 · i · o / (i · o + 64 (i + o)).",
  },
  "critical-batch-a100": {
    question: "From what batch is that layer compute-bound on an A100 80 GB in bf16?",
    answer: () => critical(768, 3072, ridge("a100-80-sxm"), 2),
    mistakes: [
      {
        value: () => ridge("a100-80-sxm"),
        says: "That is the ridge, in FLOP/byte, taken for a batch: it is one only where activations weigh nothing.",
      },
      {
        value: () => critical(768, 3072, ridge("a100-80-sxm"), 4),
        says: "That is with fp32 bytes, four an element; bf16 has two.",
      },
      { value: () => critical(768, 3072, ridge("h100-sxm"), 2), says: "That is the H100's." },
    ],
    hints: ["Set the intensity equal to the ridge point, 153.0 FLOP/byte, and solve for the batch."],
    solution: "B* = e r i o / (2 i o − e r (i + o)) with e = 2.",
  },
  "intensity-ceiling": {
    question: "Which intensity can a layer 4096 → 4096 in bf16 not exceed, however large the batch?",
    answer: () => (2 * 4096 * 4096) / (2 * (4096 + 4096)),
    unit: "FLOP/byte",
    mistakes: [
      { value: () => 4096, says: "That moves the inputs only: the outputs are written, too." },
      { value: () => 1024, says: "That is half: bytes of fp32 (or a multiply-add taken for one FLOP)." },
      { value: () => ridge("h100-sxm"), says: "That is a ridge, a device's; the ceiling is the layer's own." },
    ],
    hints: ["At a very large batch the weights do not matter.", "2 B i o / (e B (i + o))."],
    solution: "i · o / (i + o) in two-byte data.",
  },
  "fused-head-tokens": {
    question:
      "What is the smallest number of tokens at which one fused attention head of dimension 64 (bf16) " +
      "is compute-bound on an H100, counting its multiply-adds only?",
    answer: () => {
      for (let n = 1; ; n++) {
        const op = attention({ tokens: n, heads: 1, headDim: 64, fused: true, dtype: "bf16" });
        if ((2 * op.macs) / (cost(op).bytesRead + cost(op).bytesWritten) > ridge("h100-sxm")) return n;
      }
    },
    tolerance: 0,
    unit: "tokens",
    mistakes: [
      {
        value: () => Math.floor(ridge("h100-sxm")) + 1,
        says: "That takes the length for the intensity, which is N / 2.",
      },
      {
        value: () => Math.floor(4 * ridge("h100-sxm")) + 1,
        says: "One of the two matmuls was forgotten: scores, and weighted values.",
      },
      {
        value: () => Math.floor((3 / 2) * ridge("h100-sxm")) + 1,
        says: "The output was forgotten: queries, keys and values are read, and one tensor is written.",
      },
    ],
    hints: ["4 N² d FLOPs over 2 · 4 N d bytes."],
    solution: "The intensity is N / 2: the first N with N / 2 > 295.2.",
  },
  "kv-bytes-llama-13b": {
    question:
      "How many bytes of keys and values does Llama-2-13B (40 layers, 40 heads of 128) keep for each token in bf16?",
    answer: () => 2 * 40 * 40 * 128 * 2,
    tolerance: 0,
    unit: "bytes",
    mistakes: [
      { value: () => 40 * 40 * 128 * 2, says: "That is keys without values (or one byte an element): two are kept." },
      { value: () => 2 * 40 * 128 * 2, says: "That is one layer; every layer keeps its own." },
      { value: () => 2 * 40 * 40 * 128 * 4, says: "That is fp32, four bytes an element; bf16 has two." },
    ],
    hints: ["A key and a value, in each layer, for each head."],
    solution: "2 · layers · heads · headDim · 2 bytes.",
  },
  "energy-batch": {
    question:
      "At which batch does linear 768 → 3072 (fp32) take as much energy for arithmetic (4.6 pJ a multiply-add) " +
      "as for DRAM traffic (640 pJ for four bytes)?",
    answer: () => critical(768, 3072, (2 * 640) / 4.6 / 4, 4),
    tolerance: 0.01,
    mistakes: [
      { value: () => critical(768, 3072, 640 / 4.6 / 4, 4), says: "A multiply-add is two FLOP: 2.3 pJ each." },
      { value: () => (2 * 640) / 4.6 / 4, says: "That is the energy ridge, in FLOP/byte, taken for a batch." },
      { value: () => (4 * 69.565) / 2, says: "That leaves the activations out: they are fetched and stored as well." },
    ],
    hints: ["It is a ridge point in joules: how many FLOPs cost as much as one byte?"],
    solution: "640/4 pJ a byte over 2.3 pJ a FLOP is an energy ridge of 69.6 FLOP/byte; put it into B*.",
  },
  "lines-under-way": {
    question:
      "A memory answers after 120 ns and can deliver 51.2 GB/s, in lines of 64 bytes. " +
      "How many lines must be under way at once to get all of it?",
    answer: () => (120e-9 * 51.2e9) / 64,
    unit: "lines",
    mistakes: [
      { value: () => 120e-9 * 51.2e9, says: "Those are bytes under way; a line has 64 of them." },
      {
        value: () => 51.2e9 / 64 / 1e6,
        says: "That is lines in a millisecond: how many are asked for in one latency?",
      },
      { value: () => (120e-9 * 51.2e9) / 4, says: "That counts values of four bytes: whole lines are on their way." },
    ],
    hints: ["Little's law: what is under way is the rate of arrival times the time each takes."],
    solution: "latency × bandwidth ÷ 64.",
  },
  "critical-batch": {
    question:
      "Write criticalBatch({ inFeatures, outFeatures, ridge, weightBits }): from which batch (not rounded) a " +
      "linear layer with bf16 inputs and outputs and weights of weightBits is at the ridge, in FLOP/byte, or Infinity.",
    reference: (sizes) => criticalOf(sizes),
    draw: (pick) => ({
      inFeatures: pick(64, 8192),
      outFeatures: pick(64, 8192),
      ridge: pick(20, 600),
      weightBits: 4 * pick(1, 8),
    }),
    mistakes: [
      { value: (sizes) => criticalOf(sizes, 16), says: "Its weights are as wide as its inputs: use weightBits." },
      {
        value: ({ inFeatures: i, outFeatures: o, ridge: r, weightBits: w }) =>
          ((w! / 8) * r! * i! * o!) / (2 * i! * o! - 2 * r! * (i! + o!)),
        says: "Below its ceiling a layer has no such batch: that is Infinity, and no negative number.",
      },
      { value: ({ ridge: r, weightBits: w }) => (r! * w!) / 16, says: "That leaves inputs and outputs out." },
    ],
    hints: [
      "2 B i o = r (w i o + 2 B (i + o)), with w bytes a weight.",
      "Solve for B; its denominator must be above 0.",
    ],
    solution: "w r i o / (2 i o − 2 r (i + o)) with w = weightBits / 8; Infinity unless the denominator is above 0.",
  },
  "elementwise-time": {
    question:
      "Write seconds({ elements, flops, peak, bandwidth, launch }) in nanoseconds: fp32 elements are read and " +
      "written once, with flops each; peak is in GFLOP/s, bandwidth in GB/s, launch in ns. " +
      "Computing overlaps with moving.",
    reference: (sizes) => elementwise(sizes),
    draw: (pick) => ({
      elements: pick(1, 1_000_000),
      flops: pick(1, 200),
      peak: pick(10, 2000),
      bandwidth: pick(10, 400),
      launch: pick(1, 5000),
    }),
    mistakes: [
      {
        value: ({ elements: n, flops, peak, bandwidth, launch }) =>
          launch! + (n! * flops!) / peak! + (8 * n!) / bandwidth!,
        says: "That is the sum of computing and moving; where they overlap, the longer one counts.",
      },
      { value: (sizes) => elementwise(sizes, 4), says: "An element is read and written: eight bytes." },
      { value: (sizes) => elementwise({ ...sizes, launch: 0 }), says: "The launch was forgotten: every call pays it." },
    ],
    hints: ["1 GFLOP/s is one FLOP in a nanosecond.", "The launch comes first and overlaps with nothing."],
    solution: "launch + max(elements · flops / peak, 8 · elements / bandwidth).",
  },
  "starved-layer": {
    question:
      "Linear 768 → 3072 on one H100: choose { batch, dtype, weightDtype } so that a call takes at most 2 µs " +
      "and a token at most 5 ns of it.",
    example: { batch: 400, dtype: "bf16", weightDtype: "int4" },
    judge: judgeLayer,
    hints: [
      "In bf16 throughout a token costs 4.8 ns at best, and only from batch 569: how long is that call?",
      "Take bytes away: narrower weights, or a narrower dtype.",
    ],
    solution: "Narrower weights move the critical batch left: a smaller batch is enough to be compute-bound.",
  },
} satisfies Record<string, Exercise>;
