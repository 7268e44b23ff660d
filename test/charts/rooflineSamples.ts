// Rooflines, and the memory beneath them, for the tests that look at every chart. What the source lecture typed in is
// marked as given.
import { rooflineChart, type Chart } from "../../lib/charts/index.js";
import { device } from "../../lib/devices.js";
import { cost } from "../../lib/op.js";
import { attention, layerNorm, linear } from "../../lib/ops/index.js";
import { estimate } from "../../lib/roofline.js";
import { memorySamples } from "./memorySamples.js";

const h100 = device("h100-sxm");
const bf16 = { dtype: "bf16" };

// As given: operations at typed-in intensities, drawn at 0.7 of the roof.
const given = {
  "MatMul (small batch)": 0.5,
  "MatMul (large batch)": 200,
  "Attention (short seq)": 10,
  "Attention (long seq)": 150,
  LayerNorm: 1,
  Softmax: 2,
};
const counted = {
  "matmul, batch 1": linear({ tokens: 1, inFeatures: 4096, outFeatures: 4096, ...bf16 }),
  "matmul, batch 4096": linear({ tokens: 4096, inFeatures: 4096, outFeatures: 4096, ...bf16 }),
  "attention, 512, unfused": attention({ tokens: 512, heads: 32, headDim: 128, ...bf16 }),
  "attention, 8192, unfused": attention({ tokens: 8192, heads: 32, headDim: 128, ...bf16 }),
  "attention, 8192, fused": attention({ tokens: 8192, heads: 32, headDim: 128, fused: true, ...bf16 }),
  layerNorm: layerNorm({ tokens: 512, normalizedShape: 4096, ...bf16 }),
};
const laptop = {
  name: "a laptop",
  peakFlops: { JavaScript: 2.4e9, SIMD: 52e9 },
  bandwidth: 11e9,
  levels: [
    { level: "L1", read: 120e9 },
    { level: "L2", read: 48e9 },
    { level: "DRAM", read: 11e9 },
  ],
};

export const rooflineSamples: Record<string, Chart> = {
  ...memorySamples,
  rooflineGiven: rooflineChart(
    { name: "H100", peakFlops: { "989 TFLOP/s": 989e12 }, bandwidth: 3350e9 },
    Object.entries(given).map(([name, ai]) => ({
      name,
      arithmeticIntensity: ai,
      flops: Math.min(989e12, ai * 3350e9) * 0.7,
    })),
    { title: "Roofline model for H100, as given", xDomain: [0.01, 1e4], yDomain: [1e11, 2e15] },
  ),
  roofline: rooflineChart(
    h100,
    Object.entries(counted).map(([name, op]) => {
      const e = estimate(cost(op), h100, "bf16");
      return { name, arithmeticIntensity: e.arithmeticIntensity, bound: e.bound };
    }),
    { dtypes: ["bf16"], title: "Six operations on an H100, bf16: the points lie on the roof" },
  ),
  rooflineDtypes: rooflineChart(
    h100,
    ["fp8", "bf16"].map((dtype) => {
      const e = estimate(cost(linear({ tokens: 256, inFeatures: 4096, outFeatures: 4096, dtype })), h100, dtype);
      return {
        name: `linear, batch 256, ${dtype}`,
        arithmeticIntensity: e.arithmeticIntensity,
        flops: e.attainableFlops,
        bound: e.bound,
      };
    }),
    { dtypes: ["bf16", "fp8", "tf32", "fp32"], title: "H100: four compute roofs over one bandwidth" },
  ),
  rooflineDevices: rooflineChart([h100, device("a100-80-sxm"), device("v100-sxm2")], [], {
    dtypes: [...new Set(["fp16"])],
    title: "Three generations, fp16",
  }),
  rooflineMeasured: rooflineChart(
    laptop,
    [
      { name: "dot", arithmeticIntensity: 0.25, flops: 2.1e9, measured: true },
      { name: "matmul 256", arithmeticIntensity: 42, flops: 3.1e10, measured: true },
      { name: "softmax", arithmeticIntensity: 0.6, flops: 9e8, lowFlops: 4e8 },
    ],
    { dtypes: ["SIMD", "JavaScript"], title: "A measured machine: a slope for each level" },
  ),
};
