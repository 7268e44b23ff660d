// Normalisations over a token's features: layer, RMS and group norm. Batch norm, which has running statistics, lives in
// batchNorm.ts.
import { divides } from "../check.js";
import { elementCount, type Extras, type Op, type TensorSpec } from "../op.js";
import { gradientOf, learned, readAgain, tensorAt } from "./gradient.js";
import { defineLayer, type BackwardOptions } from "./layer.js";
import type { Precision, PrecisionOptions } from "./precision.js";
import { leading } from "./shape.js";
import { flag, optional, size, sizeOrSizes } from "./shapeKeys.js";

export interface RmsNormShape extends PrecisionOptions {
  /** Samples, before the tokens or in their place (default none). */
  batch?: number;
  /** Rows of each sample (default 1). */
  tokens?: number;
  /** Features of a row, a number or a list: what each statistic is taken over. */
  normalizedShape: number | readonly number[];
  /** Whether there is a learned scale (default true). */
  affine?: boolean;
}
export interface LayerNormShape extends RmsNormShape {
  /** Whether a learned shift stands beside the scale (default `affine`). */
  bias?: boolean;
}
export interface GroupNormShape extends PrecisionOptions {
  /** Samples (default 1). */
  batch?: number;
  /** Groups of channels, each with its own statistics. */
  numGroups: number;
  /** Channels of x. */
  numChannels: number;
  /** Planes (or frames) of x (default: x has none). */
  depth?: number;
  /** Rows of x (default 1). */
  height?: number;
  /** Columns of x (default 1). */
  width?: number;
  /** Whether there is a learned scale per channel (default true). */
  affine?: boolean;
  /** Whether a learned shift stands beside the scale (default `affine`). */
  bias?: boolean;
}

/** Tensors and work of a norm of `rows` statistics; `centred`: the mean is subtracted. */
function normalisation<Attributes extends { affine: boolean; bias?: boolean }>(
  { shape, features, rows, centred }: { shape: number[]; features: number[]; rows: number; centred: boolean },
  attributes: Attributes,
  { dtype }: Precision,
) {
  const { affine, bias = false } = attributes;
  const x: TensorSpec = { name: "x", shape, dtype };
  const weights: TensorSpec[] = [];
  if (affine) weights.push({ name: "weight", shape: features, dtype });
  if (bias) weights.push({ name: "bias", shape: features, dtype });
  const n = elementCount(shape);
  const statistics: Extras = centred
    ? { "norm.mean": n, "norm.variance": 3 * n, "norm.normalize": 2 * n }
    : { "norm.square": 2 * n, "norm.normalize": n };
  const extras: Extras = weights.length > 0 ? { ...statistics, "norm.affine": weights.length * n } : statistics;
  const y = { ...x, name: "y" };
  return { inputs: [x], weights, outputs: [y], macs: 0, extras, transcendentals: rows, attributes };
}

/**
 * x̂ again (2 FLOPs an element, or 1 without a mean); g = dy · scale (1, when there is one); Σ g x̂ (2) and, when
 * centred, Σ g (1); (g - [Σg] - x̂ Σgx̂) · rstd (4 or 3).
 */
function backward(op: Op, centred: boolean, { inputGradient }: Required<BackwardOptions>): Op[] {
  const x = tensorAt(op, "inputs", 0);
  const parameters = learned(op.weights);
  const affine = parameters.length > 0;
  if (!inputGradient && !affine) return [];
  const n = elementCount(x.shape);
  const toInput = (affine ? 1 : 0) + (centred ? 3 : 2) + (centred ? 4 : 3);
  return [
    {
      kind: `${op.kind}.backward`,
      inputs: [x, gradientOf(tensorAt(op, "outputs", 0), x.dtype)],
      weights: inputGradient ? readAgain(parameters.slice(0, 1)) : [],
      outputs: [...(inputGradient ? [gradientOf(x)] : []), ...parameters.map((w) => gradientOf(w))],
      macs: 0,
      extras: {
        "norm.recompute": (centred ? 2 : 1) * n,
        ...(inputGradient ? { "norm.inputGradient": toInput * n } : {}),
        ...(affine ? { "norm.weightGradient": (parameters.length + 1) * n } : {}),
      },
      attributes: op.attributes,
    },
  ];
}

const listed = (normalizedShape: number | readonly number[]): number[] =>
  typeof normalizedShape === "number" ? [normalizedShape] : [...normalizedShape];

function overRows(who: string, { batch, tokens, normalizedShape }: RmsNormShape) {
  const { rows, sizes } = leading(who, batch, tokens);
  const features = listed(normalizedShape);
  const described = { ...(batch === undefined ? {} : { batch }), tokens: rows, normalizedShape: features };
  return { rows, features, shape: [...sizes, ...features], described };
}

const rowKeys = { batch: optional(size), tokens: optional(size), normalizedShape: sizeOrSizes, affine: flag };

/**
 * Layer norm: 8 FLOPs an element, itemised as mean 1, variance 3 (subtract, square, add), normalize 2 (subtract,
 * multiply), affine 2 (scale, shift); one square root a token. Shapes: x and y [tokens, …normalizedShape] (`batch`
 * before tokens or in their place), scale and shift [normalizedShape]. Without `bias` affine is 1, without `affine` 0.
 * Neglected: the few FLOPs a row that close each sum. Backward: 10 FLOPs an element for dx and, with `affine`, 2 for
 * the scale's and 1 for the shift's gradient; statistics are kept from the forward pass at no bytes.
 */
export const layerNorm = defineLayer({
  kind: "layerNorm",
  about: "(x - mean) / √variance · scale + shift, over each row",
  shapeKeys: { ...rowKeys, bias: flag },
  example: { tokens: 8, normalizedShape: 768 },
  forward: ({ affine = true, bias = affine, ...shape }: LayerNormShape, p: Precision) => {
    const { described, ...rows } = overRows("layerNorm", shape);
    return normalisation({ ...rows, centred: true }, { ...described, affine, bias: affine && bias }, p);
  },
  backward: (op, options) => backward(op, true, options),
});

/**
 * RMS norm: 4 FLOPs an element, itemised as square 2 (multiply, add), normalize 1, affine 1; one square root a token.
 * No mean, no shift. Shapes as layerNorm. Backward: 7 FLOPs an element for dx, 2 for the scale's gradient. (arXiv
 * 1910.07467)
 */
export const rmsNorm = defineLayer({
  kind: "rmsNorm",
  about: "x / √(mean of x²) · scale, over a row's features",
  shapeKeys: rowKeys,
  example: { tokens: 8, normalizedShape: 768 },
  forward: ({ affine = true, ...shape }: RmsNormShape, p: Precision) => {
    const { described, ...rows } = overRows("rmsNorm", shape);
    return normalisation({ ...rows, centred: false }, { ...described, affine }, p);
  },
  backward: (op, options) => backward(op, false, options),
});

/**
 * Group norm: as layerNorm, the statistics over `numChannels / numGroups` channels and all positions, scale and shift
 * per channel. Shapes: x and y [batch, numChannels, …sizes]. Throws when numGroups does not divide numChannels.
 * (arXiv 1803.08494)
 */
export const groupNorm = defineLayer({
  kind: "groupNorm",
  about: "as layerNorm, over groups of channels",
  shapeKeys: {
    batch: optional(size),
    numGroups: size,
    numChannels: size,
    depth: optional(size),
    height: optional(size),
    width: optional(size),
    affine: flag,
    bias: flag,
  },
  example: { numGroups: 8, numChannels: 64, height: 14, width: 14 },
  forward: (given: GroupNormShape, p: Precision) => {
    const { batch = 1, numGroups, numChannels, depth = 1, height = 1, width = 1, affine = true } = given;
    const bias = affine && (given.bias ?? affine);
    divides("groupNorm", "numGroups", numGroups, "numChannels", numChannels);
    const shape = [batch, numChannels, ...(given.depth === undefined ? [] : [depth]), height, width];
    const tensors = { shape, features: [numChannels], rows: batch * numGroups, centred: true };
    return normalisation(tensors, { batch, numGroups, numChannels, depth, height, width, affine, bias }, p);
  },
  backward: (op, options) => backward(op, true, options),
});
