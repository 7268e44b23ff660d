// y = x Wᵀ + b.
import { elementCount, type Extras, type TensorSpec } from "../op.js";
import { bilinearBackward } from "./gradient.js";
import { defineLayer } from "./layer.js";
import { weightTensors, type Precision, type PrecisionOptions } from "./precision.js";
import { leading } from "./shape.js";
import { flag, optional, size } from "./shapeKeys.js";

export interface LinearShape extends PrecisionOptions {
  /** Samples, before the tokens or in their place (default none). */
  batch?: number;
  /** Rows of each sample (default 1). */
  tokens?: number;
  /** Width of a row of x. */
  inFeatures: number;
  /** Width of a row of y. */
  outFeatures: number;
  /** Whether a learned vector is added (default false). */
  bias?: boolean;
}

function forward({ batch, tokens, inFeatures, outFeatures, bias = false }: LinearShape, p: Precision) {
  const lead = leading("linear", batch, tokens);
  const y: TensorSpec = { name: "y", shape: [...lead.sizes, outFeatures], dtype: p.dtype };
  const weights = weightTensors("weight", [outFeatures, inFeatures], p);
  if (bias) weights.push({ name: "bias", shape: [outFeatures], dtype: p.dtype });
  const extras: Extras = bias ? { bias: elementCount(y.shape) } : {};
  return {
    inputs: [{ name: "x", shape: [...lead.sizes, inFeatures], dtype: p.dtype }],
    weights,
    outputs: [y],
    macs: lead.rows * inFeatures * outFeatures,
    extras,
    attributes: { ...(batch === undefined ? {} : { batch }), tokens: lead.rows, inFeatures, outFeatures, bias },
  };
}

/**
 * Fully connected layer: macs = tokens · inFeatures · outFeatures, one extra FLOP per output for the bias.
 * Shapes: x [tokens, inFeatures], W [outFeatures, inFeatures], y [tokens, outFeatures]; `batch` goes before tokens or
 * in their place. Weights are read once for all tokens. Backward: dx = dy W and dW = dyᵀ x, each as many macs again.
 * Throws a RangeError when a size is not a positive integer.
 */
export const linear = defineLayer({
  kind: "linear",
  about: "y = x Wᵀ + b",
  shapeKeys: { batch: optional(size), tokens: optional(size), inFeatures: size, outFeatures: size, bias: flag },
  example: { tokens: 8, inFeatures: 768, outFeatures: 3072 },
  forward,
  backward: bilinearBackward,
});
