// Softmax along one dimension.
import { shown } from "../check.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { gradientOf, inputGradientOnly, tensorAt } from "./gradient.js";
import { defineLayer } from "./layer.js";
import type { Precision, PrecisionOptions } from "./precision.js";
import { checkedByLayer, optional, sizes } from "./shapeKeys.js";

export interface SoftmaxShape extends PrecisionOptions {
  /** The tensor's shape. */
  shape: readonly number[];
  /** The dimension that is summed to one; a negative one counts from the end (default -1). */
  dim?: number;
}

/** FLOPs of a softmax per element: compare for the maximum, subtract it, exponential, sum, divide. */
export const softmaxFlops = 5;
/** FLOPs of its gradient per element, y (dy - Σ dy y): multiply, add, subtract, multiply. */
export const softmaxBackwardFlops = 4;

function forward({ shape, dim = -1 }: SoftmaxShape, { dtype }: Precision) {
  const rank = shape.length;
  if (!Number.isInteger(dim) || dim >= rank || dim < -rank)
    throw new RangeError(
      `softmax: dim must be one of the ${rank} dimensions of shape ${shown(shape)}, got ${shown(dim)}`,
    );
  const x: TensorSpec = { name: "x", shape: [...shape], dtype };
  const n = elementCount(shape);
  return {
    inputs: [x],
    weights: [],
    outputs: [{ ...x, name: "y" }],
    macs: 0,
    extras: { softmax: n * softmaxFlops },
    transcendentals: n,
    attributes: { shape: x.shape, dim: dim < 0 ? dim + rank : dim },
  };
}

function gradient(op: Op): Op {
  const y = tensorAt(op, "outputs", 0);
  return {
    kind: "softmax.backward",
    inputs: [y, gradientOf(y)],
    weights: [],
    outputs: [gradientOf(tensorAt(op, "inputs", 0))],
    macs: 0,
    extras: { softmax: elementCount(y.shape) * softmaxBackwardFlops },
    attributes: op.attributes,
  };
}

/**
 * y = exp(x - max) / Σ exp(x - max) along `dim` (default the last): 5 FLOPs an element (the exponential is one of
 * them), one transcendental an element. Shapes: x and y as `shape`. x is read once: the passes over a row are taken to
 * stay in cache.
 */
export const softmax = defineLayer({
  kind: "softmax",
  about: "y = exp(x - max) / Σ exp(x - max) along dim",
  shapeKeys: { shape: sizes, dim: optional(checkedByLayer("one of the dimensions", [2, -3, 0.5, "0", null])) },
  example: { shape: [8, 512] },
  forward,
  backward: (op, options) => inputGradientOnly(options, () => gradient(op)),
});
