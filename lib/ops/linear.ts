// y = x Wᵀ + b.
import { positiveIntegers } from "../check.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { bilinearBackward } from "./gradient.js";
import { precision, weightTensors, type PrecisionOptions } from "./precision.js";
import { booleans, leading, merged } from "./shape.js";

export interface LinearShape extends PrecisionOptions {
  batch?: number;
  tokens?: number;
  inFeatures: number;
  outFeatures: number;
  bias?: boolean;
}

const keys = ["batch", "tokens", "inFeatures", "outFeatures", "bias"];

/**
 * Fully connected layer: macs = tokens · inFeatures · outFeatures, one extra FLOP per output for the bias.
 * Shapes: x [tokens, inFeatures], W [outFeatures, inFeatures], y [tokens, outFeatures]; `batch` goes before tokens or
 * in their place. Weights are read once for all tokens. Backward: dx = dy W and dW = dyᵀ x, each as many macs again.
 * Throws a RangeError when a size is not a positive integer.
 */
export function linear(shape: LinearShape, options: PrecisionOptions = {}): Op {
  const { batch, tokens, inFeatures, outFeatures, bias = false, ...rest } = merged("linear", shape, options);
  const p = precision("linear", rest, keys);
  positiveIntegers("linear", { inFeatures, outFeatures });
  const { rows, sizes } = leading("linear", batch, tokens);
  booleans("linear", { bias });
  const x: TensorSpec = { name: "x", shape: [...sizes, inFeatures], dtype: p.dtype };
  const y: TensorSpec = { name: "y", shape: [...sizes, outFeatures], dtype: p.dtype };
  const weights = weightTensors("weight", [outFeatures, inFeatures], p);
  const b: TensorSpec | undefined = bias ? { name: "bias", shape: [outFeatures], dtype: p.dtype } : undefined;
  const op: Op = {
    kind: "linear",
    inputs: [x],
    weights: b ? [...weights, b] : weights,
    outputs: [y],
    macs: rows * inFeatures * outFeatures,
    extras: bias ? { bias: elementCount(y.shape) } : {},
    attributes: { ...(batch === undefined ? {} : { batch }), tokens: rows, inFeatures, outFeatures, bias },
  };
  return { ...op, backward: bilinearBackward(op, weights[0]!, b) };
}
