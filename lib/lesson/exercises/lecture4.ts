// Exercises of lecture 4, comparing architectures. Answers come from the library.
import { shown } from "../../check.js";
import { modelCost, type Model } from "../../model.js";
import { activationCount, macsByKind, model } from "../../models/index.js";
import { bytesMoved, cost } from "../../op.js";
import { liveBytes, weightBytes, type InPlace } from "../../serving/index.js";
import { grouped, si } from "../../units.js";
import type { Design, Exercise } from "../exerciseKinds.js";

const gflop = (m: Model): number => (2 * modelCost(m).macs) / 1e9;
const ratioOf = (of: (m: Model) => number): number => of(model("vgg16")) / of(model("resnet50"));
const bert = (): Model => model("bert-base-uncased", { tokens: 384 });
const relu = (dtype: string): number => {
  const first = model("resnet50", { dtype, batch: 32 }).nodes.find(({ op }) => op.kind === "relu")!;
  return bytesMoved(cost(first.op)) / 1e6;
};
const mobile = (imageSize: number, inPlace: readonly InPlace[]): number =>
  peak(model("mobilenet_v2", { dtype: "int8", imageSize }), inPlace) / 1024;
const peak = (m: Model, inPlace: readonly InPlace[]): number =>
  Math.max(...liveBytes(m, { inPlace }).map(({ bytes }) => bytes));
const both = ["elementwise", "depthwise"] as const;

const limits = { sram: 320e3, flash: 2e6, macs: 100e6 };
const waysInPlace: Readonly<Record<string, readonly InPlace[]>> = { none: [], elementwise: ["elementwise"], both };

function microcontroller({ model: name, imageSize, inPlace }: Design): { reached: boolean; says: string } {
  const way = waysInPlace[String(inPlace)];
  if (way === undefined)
    throw new RangeError(`check: inPlace must be one of ${Object.keys(waysInPlace).join(", ")}, got ${shown(inPlace)}`);
  const m = model(String(name), { imageSize: Number(imageSize), dtype: "int8" });
  const rows = liveBytes(m, { inPlace: way });
  const most = rows.reduce((best, row) => (row.bytes > best.bytes ? row : best));
  const [weights, { macs }] = [weightBytes(m), modelCost(m)];
  const missed = [
    weights > limits.flash && `the weights take ${si(weights, "B")} of ${si(limits.flash, "B")} of flash`,
    most.bytes > limits.sram &&
      `the activations take ${si(most.bytes, "B")} of ${si(limits.sram, "B")}, at ${most.path} (${most.kind}): ` +
        "the side of the image counts twice",
    macs < limits.macs && `${si(macs, "MAC")} are fewer than ${si(limits.macs, "MAC")}`,
  ].filter((text) => text !== false);
  const says = `${si(weights, "B")} of weights, ${si(most.bytes, "B")} of activations, ${si(macs, "MAC")} an image.`;
  return missed.length === 0 ? { reached: true, says } : { reached: false, says: `${missed.join("; ")}.` };
}

export const lecture4 = {
  "deit-at-384": {
    question: "How many GFLOP (2 per multiply-add) does DeiT-S need on one image of 384 × 384 pixels?",
    answer: () => gflop(model("deit_small", { imageSize: 384 })),
    unit: "GFLOP",
    mistakes: [
      {
        value: () => gflop(model("deit_small", { imageSize: 384 })) / 2,
        says: "These are multiply-adds; each is two FLOPs.",
      },
      {
        value: () => gflop(model("deit_small")) * (384 / 224) ** 2,
        says: "You scaled by the area: attention's own products grow with its square.",
      },
      { value: () => gflop(model("deit_small")), says: "This is an image of 224 × 224." },
      { value: () => gflop(model("deit_small")) * (384 / 224), says: "You scaled by the side; tokens go by the area." },
    ],
    hints: ['model("deit_small", { imageSize: 384 }) is the model.', "24 · 24 patches and one token: 577."],
    solution:
      "577 tokens through twelve layers of width 384: 12 T D² + 2 T² D multiply-adds each, twice that in FLOPs.",
  },
  "attention-share": {
    question: "What share of BERT-base's multiply-adds is attention's own (scores and values) at 384 tokens, in %?",
    answer: () => (100 * macsByKind(bert()).bmm) / modelCost(bert()).macs,
    unit: "%",
    mistakes: [
      {
        value: () => (100 * 384) / (12 * 768 + 384),
        says: "You counted one of attention's two products: scores, and scores times values.",
      },
      { value: () => (100 * 384) / (6 * 768), says: "You divided by the other multiply-adds, not by all of them." },
      { value: () => (100 * 384) / (2 * 768 + 384), says: "You left out the two layers of the MLP: 8 of 12 T D²." },
    ],
    hints: ["2 T² D against 12 T D² + 2 T² D."],
    solution: "T / (6 D + T).",
  },
  "vgg-against-resnet": {
    question: "How many times as many activations (outputs of contractions) does VGG-16 write as ResNet-50?",
    answer: () => ratioOf(activationCount),
    mistakes: [
      { value: () => ratioOf((m) => modelCost(m).macs), says: "That is the ratio of multiply-adds." },
      { value: () => ratioOf((m) => modelCost(m).params), says: "That is the ratio of parameters." },
    ],
    hints: ['activationCount(model("vgg16")) is one of them.'],
    solution: "13.56 M over 11.11 M: hardly more, for nearly four times the multiply-adds.",
  },
  "first-relu": {
    question: "How many MB does the first ReLU of ResNet-50 read and write, in fp16, for a batch of 32 at 224 pixels?",
    answer: () => relu("fp16"),
    unit: "MB",
    mistakes: [
      { value: () => relu("fp16") / 2, says: "It reads its input and writes its output." },
      { value: () => relu("fp32"), says: "That is fp32; fp16 takes two bytes an element." },
      { value: () => 4 * relu("fp16"), says: "The convolution before it has stride 2: 112 × 112 positions are left." },
      { value: () => relu("fp16") / 32, says: "That is one image; the batch has 32." },
    ],
    hints: ["The first convolution gives 64 channels of 112 × 112.", "Elements · 2 bytes · 2 passes · 32 images."],
    solution: "64 · 112 · 112 · 32 elements, two bytes each, read once and written once.",
  },
  "mobilenet-at-96": {
    question:
      "How many KiB of int8 activations must MobileNetV2 hold at once on an image of 96 × 96, with elementwise ops " +
      "and depthwise convolutions in place?",
    answer: () => mobile(96, both),
    unit: "KiB",
    mistakes: [
      { value: () => mobile(96, ["elementwise"]), says: "Here depthwise convolutions are not in place." },
      { value: () => mobile(96, []), says: "Here no op is in place." },
      { value: () => mobile(224, both) * (96 / 224), says: "You scaled by the side; activations go by the area." },
    ],
    hints: ["The widest place is the expansion from 16 to 96 channels.", "(16 + 96) · 48 · 48 bytes."],
    solution: "At half of 96 pixels a side: 16 channels in, 96 out, one byte each.",
  },
  "window-scores-of-swin": {
    question: "How many attention scores does Swin-T's first block make on one image (3 heads, 64 windows of 7 × 7)?",
    answer: () => 64 * 3 * 49 ** 2,
    tolerance: 0,
    mistakes: [
      { value: () => 3 * 3136 ** 2, says: "Tokens attend within their window only, not to all 3,136." },
      { value: () => 3 * 49 ** 2, says: "That is one window." },
      { value: () => 64 * 49 ** 2, says: "Each head has scores of its own." },
      { value: () => 64 * 3 * 49, says: "Each of a window's 49 tokens attends to 49: the square." },
    ],
    hints: ["A window has 49 tokens, each with 49 scores in each head."],
    solution: "64 windows · 3 heads · 49 · 49.",
  },
  "microseconds-from-counts": {
    question:
      "Write a function of { macs, activations, teraflops, gigabytes } (macs and activations in millions) that gives " +
      "the roofline's least microseconds in fp16, where every activation is written once and read once.",
    reference: ({ macs, activations, teraflops, gigabytes }) =>
      Math.max((2 * macs!) / teraflops!, (4000 * activations!) / gigabytes!),
    draw: (pick) => ({
      macs: pick(1, 20_000),
      activations: pick(1, 50),
      teraflops: pick(10, 1000),
      gigabytes: pick(100, 3000),
    }),
    mistakes: [
      {
        value: ({ macs, activations, teraflops, gigabytes }) =>
          (2 * macs!) / teraflops! + (4000 * activations!) / gigabytes!,
        says: "That is the sum; the bound is the larger of the two.",
      },
      {
        value: ({ macs, activations, teraflops, gigabytes }) =>
          Math.max(macs! / teraflops!, (4000 * activations!) / gigabytes!),
        says: "A multiply-add is two FLOPs.",
      },
      {
        value: ({ macs, activations, teraflops, gigabytes }) =>
          Math.max((2 * macs!) / teraflops!, (2000 * activations!) / gigabytes!),
        says: "Each activation is written and read: two passes.",
      },
      {
        value: ({ macs, activations, teraflops, gigabytes }) =>
          Math.max((2 * macs!) / teraflops!, (8000 * activations!) / gigabytes!),
        says: "fp16 takes two bytes, not four.",
      },
    ],
    hints: ["A million over a tera a second is a microsecond.", "A million · 4 bytes over a giga a second: 4000 µs."],
    solution:
      "({ macs, activations, teraflops, gigabytes }) => Math.max(2 * macs / teraflops, 4000 * activations / gigabytes)",
  },
  "window-scores": {
    question:
      "Write a function of { windows, window, heads } that gives the scores of attention within windows: the image " +
      "is windows × windows of them, each of window × window tokens.",
    reference: ({ windows, window, heads }) => windows! ** 2 * heads! * window! ** 4,
    draw: (pick) => ({ windows: pick(1, 16), window: pick(2, 12), heads: pick(1, 24) }),
    mistakes: [
      {
        value: ({ windows, window, heads }) => heads! * (windows! * window!) ** 4,
        says: "That is attention over the whole image; a token sees its own window.",
      },
      {
        value: ({ windows, window, heads }) => windows! ** 2 * heads! * window! ** 2,
        says: "A window of w × w tokens has (w²)² scores.",
      },
      {
        value: ({ windows, window, heads }) => windows! * heads! * window! ** 4,
        says: "The image has windows × windows of them.",
      },
    ],
    hints: ["Tokens of one window: window². Scores: the square of that, in each head."],
    solution: "({ windows, window, heads }) => windows ** 2 * heads * window ** 4",
  },
  "fit-a-microcontroller": {
    question:
      `Make an int8 model fit ${grouped(limits.sram / 1e3)} kB of SRAM (activations) and ${limits.flash / 1e6} MB of ` +
      `flash (weights), with at least ${limits.macs / 1e6} million multiply-adds an image: choose { model, ` +
      'imageSize, inPlace }, with inPlace one of "none", "elementwise", "both" (depthwise convolutions as well).',
    example: { model: "squeezenet1_1", imageSize: 128, inPlace: "elementwise" },
    judge: microcontroller,
    hints: [
      "Weights first: which small models have fewer than two million parameters?",
      "Then the side of the image: activations and multiply-adds both go by its square.",
    ],
    solution: "SqueezeNet has the fewest weights; at 128 pixels its first layers fit, in place.",
  },
} satisfies Record<string, Exercise>;
