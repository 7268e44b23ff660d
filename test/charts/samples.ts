// One chart of every kind on the lectures' own data, for the tests that look at all of them. What the source lecture
// typed in is marked as given.
import {
  addressStripChart,
  barChart,
  cloudChart,
  dotChart,
  gridChart,
  heatmapChart,
  horizontalBarChart,
  lineChart,
  matmulTilesChart,
  scatterChart,
  sideBySideChart,
  slopeChart,
  stackedBarChart,
  type Chart,
} from "../../lib/charts/index.js";
import { timmResults } from "../../lib/comparing/index.js";
import { device } from "../../lib/devices.js";
import { costByPath, modelCost } from "../../lib/model.js";
import { model } from "../../lib/models/index.js";
import { arithmeticIntensity, cost } from "../../lib/op.js";
import { attention, linear } from "../../lib/ops/index.js";
import { ridgePoint } from "../../lib/roofline.js";
import { rooflineSamples } from "./rooflineSamples.js";

const h100 = device("h100-sxm");
const models = [
  ["ResNet-50", 25.6, 4.1, "CNN"],
  ["EfficientNet-B0", 5.3, 0.39, "CNN"],
  ["ViT-B/16", 86, 17.6, "Transformer"],
  ["DeiT-S", 22, 4.6, "Transformer"],
  ["BERT-base", 110, 22, "NLP"],
  ["DistilBERT", 66, 11, "NLP"],
] as const;
const tokens = Array.from({ length: 25 }, (_, i) => Math.round(2 ** (6 + i / 2.5)));
const alexnet = model("alexnet");
const total = modelCost(alexnet);

export const samples: Record<string, Chart> = {
  bar: barChart(
    [1, 8, 32, 128, 512].map((batch) => ({
      name: String(batch),
      value: arithmeticIntensity(cost(linear({ tokens: batch, inFeatures: 768, outFeatures: 3072 }))),
    })),
    {
      title: "Arithmetic intensity increases with batch size",
      x: "Batch size",
      y: "Arithmetic intensity (FLOP/byte)",
      rules: [{ value: 125, label: "GPU threshold (H100), as given: 125" }],
    },
  ),
  cloud: cloudChart(
    timmResults().map(({ name, imageSize, activations, imagesPerSecond }) => ({
      x: activations,
      y: 1 / imagesPerSecond["RTX 4090"]!,
      name: imageSize === 224 && ["resnet50", "efficientnet_b0", "resnet18"].includes(name) ? name : undefined,
    })),
    { title: "Activations and time", x: "Activations", y: "Time an image", yUnit: "s" },
  ),
  horizontalBar: horizontalBarChart(
    models.map(([name, params, flops, family]) => ({ name, value: flops / params, family })),
    { title: "FLOPs per parameter, as given", x: "FLOPs per parameter (G/M)" },
  ),
  horizontalBarLog: horizontalBarChart(
    [
      { name: "add, 8 Mi elements", value: 1 / 6, family: "elementwise" },
      { name: "ReLU, 8 Mi elements", value: 0.25, family: "elementwise" },
      { name: "depthwise conv 3 × 3", value: 4.49, family: "conv" },
      { name: "matmul 8192 × 8192 × 8192", value: 2730.7, family: "matmul" },
    ],
    {
      title: "Arithmetic intensity by operation, 16-bit data",
      x: "Arithmetic intensity (FLOP/byte)",
      xScale: "log",
      rules: [
        { value: 295.2, label: "H100 ridge" },
        { value: 138.9, label: "V100 ridge" },
      ],
    },
  ),
  scatter: scatterChart(
    models.map(([name, x, y, family]) => ({ name, x, y, family })),
    { title: "Parameters and FLOPs, as given", x: "Parameters (M)", y: "FLOPs (G)" },
  ),
  scatterLog: scatterChart(
    ["resnet50", "efficientnet_b0", "vit_b_16", "deit_small", "mobilenet_v2", "vgg16"].map((name) => {
      const c = modelCost(model(name));
      return { name, x: c.params, y: c.flops, family: /vit|deit/.test(name) ? "transformer" : "CNN" };
    }),
    { title: "Parameters and FLOPs, counted", x: "Parameters", y: "FLOPs", xScale: "log", yScale: "log" },
  ),
  line: lineChart(
    ["fp32", "bf16", "fp8"].flatMap((dtype) =>
      Array.from({ length: 16 }, (_, k) => 2 ** k).map((batch) => ({
        series: dtype,
        x: batch,
        y: arithmeticIntensity(cost(linear({ tokens: batch, inFeatures: 768, outFeatures: 3072, dtype }))),
      })),
    ),
    {
      title: "Intensity of linear 768 → 3072: the line bends and stops",
      x: "Batch size",
      y: "Arithmetic intensity (FLOP/byte)",
      xScale: "log",
      yScale: "log",
      rules: ["tf32", "bf16", "fp8"].map((d) => ({
        y: ridgePoint(h100, d),
        label: `H100 ${d} ridge ${ridgePoint(h100, d).toFixed(0)}`,
      })),
    },
  ),
  lineShare: lineChart(
    tokens.map((t) => {
      const core = attention({ tokens: t, heads: 12, headDim: 64 }).macs;
      return {
        series: "attention",
        x: t,
        y: core / (core + 4 * linear({ tokens: t, inFeatures: 768, outFeatures: 768 }).macs),
      };
    }),
    {
      title: "Share of the quadratic part, D = 768",
      x: "Tokens T",
      y: "Share of multiply-adds",
      xScale: "log",
      yFormat: "percent",
      rules: [{ x: 1536, label: "T = 2D" }],
    },
  ),
  stackedBar: stackedBarChart(
    costByPath(alexnet, 1)
      .filter(({ cost: c }) => c.params > 0)
      .flatMap(({ path, cost: c }) => [
        { bar: "weights", part: path, value: c.params / total.params },
        { bar: "multiply-adds", part: path, value: c.macs / total.macs },
      ]),
    { title: "AlexNet: where the weights are, and where the work is", y: "Share", yFormat: "percent" },
  ),
  dot: dotChart(
    (
      [
        ["sum()", 1.15],
        ["relu", 0.99],
        ["x + x", 0.98],
        ["matmul", 0.97],
        ["sum(-1)", 2.06],
        ["sum(1)", 0.48],
        ["softmax", 2.63],
      ] as const
    ).map(([name, value]) => ({ name, value })),
    {
      title: "Transposed view against contiguous copy",
      x: "Time of view ÷ time of copy",
      reference: { value: 1, label: "no effect" },
      band: { low: 2, high: 10, label: "the claim: 2 to 10" },
    },
  ),
  dotInterval: dotChart(
    [
      { name: "matmul 1024", value: 1.31, low: 1.02, high: 1.8 },
      { name: "softmax", value: 2.4, low: 1.9, high: 3.1 },
      { name: "copy", value: 1.04, low: 0.97, high: 1.1 },
    ],
    {
      title: "Measured over predicted",
      x: "Measured ÷ lower bound",
      xScale: "log",
      reference: { value: 1, label: "the bound" },
    },
  ),
  slope: slopeChart(
    Object.entries({ resnet18: 13537, resnet50: 4218, efficientnet_b0: 8926, vit_b_16: 2787, deit_small: 7688 }).map(
      ([name, perSecond]) => ({ name, left: modelCost(model(name)).macs, right: 1 / perSecond }),
    ),
    { title: "Rank by multiply-adds, and by measured time", left: "MACs", right: "time, RTX 4090" },
  ),
  heatmap: heatmapChart(
    [1, 2, 4, 8, 16].flatMap((x) =>
      ["16 KiB", "256 KiB", "4 MiB", "64 MiB"].map((y, j) => ({ x, y, value: 1e11 / x / (j + 1) })),
    ),
    {
      title: "Memory mountain",
      x: "Stride (elements)",
      y: "Working set",
      unit: "B/s",
      scale: "log",
      valueLabel: "Read bandwidth",
    },
  ),
  addressStrip: addressStripChart(
    [
      { name: "x", addresses: Array.from({ length: 24 }, (_, i) => i) },
      { name: "x transposed", addresses: Array.from({ length: 24 }, (_, i) => (i % 4) * 6 + Math.floor(i / 4)) },
      { name: "every other", addresses: Array.from({ length: 12 }, (_, i) => 2 * i + 1) },
    ],
    { title: "Order of visit, by address", lineCells: 16 },
  ),
  sideBySide: sideBySideChart(
    scatterChart(
      models.map(([name, x, y, family]) => ({ name, x, y, family })),
      { title: "Parameters and FLOPs, as given", x: "Parameters (M)", y: "FLOPs (G)", width: 460, height: 340 },
    ),
    horizontalBarChart(
      models.map(([name, params, flops, family]) => ({ name, value: flops / params, family })),
      { title: "FLOPs per parameter, as given", x: "FLOPs per parameter (G/M)", width: 440, height: 340 },
    ),
  ),
  ...rooflineSamples,
  grid: gridChart(
    Array.from({ length: 48 }, (_, i) => ({
      column: i % 12,
      row: Math.floor(i / 12),
      ...(i % 3 ? {} : { family: i % 2 ? "miss" : "hit", text: String(i) }),
    })),
    {
      title: "Every third element of 48, in a cache of lines of four",
      families: ["hit", "miss"],
      rowNames: ["0 …", "12 …", "24 …", "36 …"],
      x: "Element",
      y: "Address",
      ruleEvery: 4,
    },
  ),
  stackedBarRules: stackedBarChart(
    [
      { bar: "batch 8", part: "weights", value: 26e9 },
      { bar: "batch 8", part: "keys and values", value: 26.8e9 },
      { bar: "batch 32", part: "weights", value: 26e9 },
      { bar: "batch 32", part: "keys and values", value: 107e9 },
    ],
    {
      title: "What a model needs, and what there is",
      y: "Bytes",
      unit: "B",
      rules: [{ value: 80e9, label: "memory" }],
    },
  ),
  matmulTiles: matmulTilesChart(
    Array.from({ length: 48 }, (_, i) => ({
      matrix: (["A", "B", "C"] as const)[Math.floor(i / 16)]!,
      row: Math.floor((i % 16) / 4),
      column: i % 4,
      ...(i % 4 < 2 && i % 16 < 8 ? { family: `tile of ${"ABC"[Math.floor(i / 16)]}` } : {}),
    })),
    { title: "The first tile of a product of 4 × 4", width: 340, height: 380 },
  ),
};
