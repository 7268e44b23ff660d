// Normalisations over a token's features: layer, RMS and group norm. Batch norm, which has running statistics, lives in
// batchNorm.ts.
import { divides, positiveIntegers } from "../check.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { gradientOf, readAgain, type BackwardOptions } from "./gradient.js";
import { precision, type PrecisionOptions } from "./precision.js";
import { booleans, leading, merged, tensorShape } from "./shape.js";

/**
 * `tokens` rows of `normalizedShape` (a number or a list). `affine`: a learned scale; `bias`: a learned shift beside
 * it.
 */
export interface LayerNormShape extends PrecisionOptions {
  batch?: number;
  tokens?: number;
  normalizedShape: number | readonly number[];
  affine?: boolean;
  bias?: boolean;
}
export interface RmsNormShape extends PrecisionOptions {
  batch?: number;
  tokens?: number;
  normalizedShape: number | readonly number[];
  affine?: boolean;
}
/** Spatial sizes are optional and default to 1. */
export interface GroupNormShape extends PrecisionOptions {
  batch?: number;
  numGroups: number;
  numChannels: number;
  depth?: number;
  height?: number;
  width?: number;
  affine?: boolean;
  bias?: boolean;
}

/**
 * Layer norm: 8 FLOPs an element, itemised as mean 1, variance 3 (subtract, square, add), normalize 2 (subtract,
 * multiply), affine 2 (scale, shift); one square root a token. Shapes: x and y [tokens, …normalizedShape] (`batch`
 * before tokens or in their place), scale and shift [normalizedShape]. Without `bias` affine is 1, without `affine` 0.
 * Neglected: the few FLOPs a row that close each sum. Backward: 10 FLOPs an element for dx and, with `affine`, 2 for
 * the scale's and 1 for the shift's gradient; statistics are kept from the forward pass at no bytes.
 */
export function layerNorm(shape: LayerNormShape, options: PrecisionOptions = {}): Op {
  const { batch, tokens, normalizedShape, affine = true, bias = affine, ...rest } = merged("layerNorm", shape, options);
  const p = precision("layerNorm", rest, ["batch", "tokens", "normalizedShape", "affine", "bias"]);
  const { rows, sizes } = leading("layerNorm", batch, tokens);
  const features = featureShape("layerNorm", normalizedShape);
  booleans("layerNorm", { affine, bias });
  return normalisation(
    "layerNorm",
    {
      sizes: [...sizes, ...features],
      parameters: features,
      rows,
      centred: true,
      affine,
      bias: affine && bias,
      attributes: {
        ...(batch === undefined ? {} : { batch }),
        tokens: rows,
        normalizedShape: features,
        affine,
        bias: affine && bias,
      },
    },
    p,
  );
}

/**
 * RMS norm: 4 FLOPs an element, itemised as square 2 (multiply, add), normalize 1, affine 1; one square root a token.
 * No mean, no shift. Shapes as layerNorm. Backward: 7 FLOPs an element for dx, 2 for the scale's gradient. (arXiv
 * 1910.07467)
 */
export function rmsNorm(shape: RmsNormShape, options: PrecisionOptions = {}): Op {
  const { batch, tokens, normalizedShape, affine = true, ...rest } = merged("rmsNorm", shape, options);
  const p = precision("rmsNorm", rest, ["batch", "tokens", "normalizedShape", "affine"]);
  const { rows, sizes } = leading("rmsNorm", batch, tokens);
  const features = featureShape("rmsNorm", normalizedShape);
  booleans("rmsNorm", { affine });
  return normalisation(
    "rmsNorm",
    {
      sizes: [...sizes, ...features],
      parameters: features,
      rows,
      centred: false,
      affine,
      bias: false,
      attributes: { ...(batch === undefined ? {} : { batch }), tokens: rows, normalizedShape: features, affine },
    },
    p,
  );
}

/**
 * Group norm: as layerNorm, the statistics over `numChannels / numGroups` channels and all positions, scale and shift
 * per channel. Shapes: x and y [batch, numChannels, …sizes]. Throws when numGroups does not divide numChannels.
 * (arXiv 1803.08494)
 */
export function groupNorm(shape: GroupNormShape, options: PrecisionOptions = {}): Op {
  const {
    batch = 1,
    numGroups,
    numChannels,
    depth = 1,
    height = 1,
    width = 1,
    affine = true,
    bias = affine,
    ...rest
  } = merged("groupNorm", shape, options);
  const p = precision("groupNorm", rest, [
    "batch",
    "numGroups",
    "numChannels",
    "depth",
    "height",
    "width",
    "affine",
    "bias",
  ]);
  positiveIntegers("groupNorm", { batch, numGroups, numChannels, depth, height, width });
  divides("groupNorm", "numGroups", numGroups, "numChannels", numChannels);
  booleans("groupNorm", { affine, bias });
  const sizes = [batch, numChannels, ...(shape.depth === undefined ? [] : [depth]), height, width];
  return normalisation(
    "groupNorm",
    {
      sizes,
      parameters: [numChannels],
      rows: batch * numGroups,
      centred: true,
      affine,
      bias: affine && bias,
      attributes: { batch, numGroups, numChannels, depth, height, width, affine, bias: affine && bias },
    },
    p,
  );
}

function featureShape(who: string, normalizedShape: number | readonly number[]): number[] {
  if (Array.isArray(normalizedShape)) return tensorShape(who, "normalizedShape", normalizedShape);
  positiveIntegers(who, { normalizedShape });
  return [normalizedShape as number];
}

interface Normalisation {
  sizes: number[];
  parameters: number[];
  rows: number;
  centred: boolean;
  affine: boolean;
  bias: boolean;
  attributes: Record<string, unknown>;
}

function normalisation(
  kind: string,
  { sizes, parameters, rows, centred, affine, bias, attributes }: Normalisation,
  p: { dtype: TensorSpec["dtype"] },
): Op {
  const x: TensorSpec = { name: "x", shape: sizes, dtype: p.dtype };
  const y: TensorSpec = { ...x, name: "y" };
  const weights: TensorSpec[] = [];
  if (affine) weights.push({ name: "weight", shape: parameters, dtype: p.dtype });
  if (bias) weights.push({ name: "bias", shape: parameters, dtype: p.dtype });
  const n = elementCount(sizes);
  const affineFlops = (affine ? 1 : 0) + (bias ? 1 : 0);
  const extras: Record<string, number> = centred
    ? { "norm.mean": n, "norm.variance": 3 * n, "norm.normalize": 2 * n }
    : { "norm.square": 2 * n, "norm.normalize": n };
  if (affineFlops) extras["norm.affine"] = affineFlops * n;
  // x̂ again (2 or 1); g = dy · scale (1, when there is one); Σ g x̂ (2) and, when centred, Σ g (1); (g - [Σg] -
  // x̂ Σgx̂) · rstd (4 or 3).
  const xHat = centred ? 2 : 1;
  const dx = (affine ? 1 : 0) + (centred ? 3 : 2) + (centred ? 4 : 3);
  const backward = ({ inputGradient = true }: BackwardOptions = {}): Op[] => {
    if (!inputGradient && !affine) return [];
    const gradient: Op = {
      kind: `${kind}.backward`,
      inputs: [x, gradientOf(y)],
      weights: inputGradient ? readAgain(weights.slice(0, 1)) : [],
      outputs: [...(inputGradient ? [gradientOf(x)] : []), ...weights.map((w) => gradientOf(w))],
      macs: 0,
      extras: {
        "norm.recompute": xHat * n,
        ...(inputGradient ? { "norm.inputGradient": dx * n } : {}),
        ...(affine ? { "norm.weightGradient": (2 + (bias ? 1 : 0)) * n } : {}),
      },
      attributes,
    };
    return [gradient];
  };
  return { kind, inputs: [x], weights, outputs: [y], macs: 0, extras, transcendentals: rows, attributes, backward };
}
