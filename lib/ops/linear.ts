// y = x Wᵀ + b.
import { positiveIntegers } from "../check.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { bilinearBackward } from "./gradient.js";
import { precision, weightTensors, type PrecisionOptions } from "./precision.js";
import { booleans, merged } from "./shape.js";

export interface LinearShape extends PrecisionOptions {
  tokens?: number;
  inFeatures: number;
  outFeatures: number;
  bias?: boolean;
}

const keys = ["tokens", "inFeatures", "outFeatures", "bias"];

/**
 * Fully connected layer: macs = tokens · inFeatures · outFeatures, one extra FLOP per output for the bias.
 * Shapes: x [tokens, inFeatures], W [outFeatures, inFeatures], y [tokens, outFeatures]. Weights are read once for all tokens.
 * Backward: dx = dy W and dW = dyᵀ x, each as many macs again. Throws a RangeError when a size is not a positive integer.
 */
export function linear(shape: LinearShape, options: PrecisionOptions = {}): Op {
  const { tokens = 1, inFeatures, outFeatures, bias = false, ...rest } = merged("linear", shape, options);
  const p = precision("linear", rest, keys);
  positiveIntegers("linear", { tokens, inFeatures, outFeatures });
  booleans("linear", { bias });
  const x: TensorSpec = { name: "x", shape: [tokens, inFeatures], dtype: p.dtype };
  const y: TensorSpec = { name: "y", shape: [tokens, outFeatures], dtype: p.dtype };
  const weights = weightTensors("weight", [outFeatures, inFeatures], p);
  const b: TensorSpec | undefined = bias ? { name: "bias", shape: [outFeatures], dtype: p.dtype } : undefined;
  const op: Op = {
    kind: "linear",
    inputs: [x],
    weights: b ? [...weights, b] : weights,
    outputs: [y],
    macs: tokens * inFeatures * outFeatures,
    extras: bias ? { bias: elementCount(y.shape) } : {},
    attributes: { tokens, inFeatures, outFeatures, bias },
  };
  return { ...op, backward: bilinearBackward(op, weights[0]!, b) };
}
