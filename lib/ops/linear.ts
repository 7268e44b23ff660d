// y = x Wᵀ + b.
import { positiveIntegers, record } from "../check.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { precision, weightTensors, type PrecisionOptions } from "./precision.js";

export interface LinearShape extends PrecisionOptions { tokens?: number; inFeatures: number; outFeatures: number; bias?: boolean }

/**
 * Fully connected layer: macs = tokens · inFeatures · outFeatures, one extra FLOP per output for the bias.
 * Shapes: x [tokens, inFeatures], W [outFeatures, inFeatures], y [tokens, outFeatures]. Weights are read once for all tokens.
 * Throws a RangeError when a size is not a positive integer.
 */
export function linear(shape: LinearShape, options: PrecisionOptions = {}): Op {
  record("linear", "shape", shape);
  const { tokens = 1, inFeatures, outFeatures, bias = false, ...rest } = shape;
  const p = precision("linear", { ...rest, ...options });
  positiveIntegers("linear", { tokens, inFeatures, outFeatures });
  const x: TensorSpec = { name: "x", shape: [tokens, inFeatures], dtype: p.dtype };
  const y: TensorSpec = { name: "y", shape: [tokens, outFeatures], dtype: p.dtype };
  const macs = tokens * inFeatures * outFeatures;
  return {
    kind: "linear",
    inputs: [x],
    weights: [...weightTensors("weight", [outFeatures, inFeatures], p), ...(bias ? [{ name: "bias", shape: [outFeatures], dtype: p.dtype }] : [])],
    outputs: [y],
    macs,
    extras: bias ? { bias: elementCount(y.shape) } : {},
    attributes: { tokens, inFeatures, outFeatures, bias },
  };
}
