// Softmax along one dimension.
import { shown } from "../check.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { gradientOf } from "./gradient.js";
import { precision, type PrecisionOptions } from "./precision.js";
import { merged, tensorShape } from "./shape.js";

export interface SoftmaxShape extends PrecisionOptions {
  shape: readonly number[];
  dim?: number;
}

/** FLOPs of a softmax per element: compare for the maximum, subtract it, exponential, sum, divide. */
export const softmaxFlops = 5;
/** FLOPs of its gradient per element, y (dy - Σ dy y): multiply, add, subtract, multiply. */
export const softmaxBackwardFlops = 4;

/**
 * y = exp(x - max) / Σ exp(x - max) along `dim` (default the last): 5 FLOPs an element (the exponential is one of
 * them), one transcendental an element. Shapes: x and y as `shape`. x is read once: the passes over a row are taken to
 * stay in cache.
 */
export function softmax(shape: SoftmaxShape, options: PrecisionOptions = {}): Op {
  const { shape: sizes, dim = -1, ...rest } = merged("softmax", shape, options);
  const { dtype } = precision("softmax", rest, ["shape", "dim"]);
  const x: TensorSpec = { name: "x", shape: tensorShape("softmax", "shape", sizes), dtype };
  const rank = x.shape.length;
  if (!Number.isInteger(dim) || dim >= rank || dim < -rank)
    throw new RangeError(
      `softmax: dim must be one of the ${rank} dimensions of shape ${shown(sizes)}, got ${shown(dim)}`,
    );
  const y: TensorSpec = { ...x, name: "y" };
  const n = elementCount(x.shape);
  const attributes = { shape: x.shape, dim: dim < 0 ? dim + rank : dim };
  return {
    kind: "softmax",
    inputs: [x],
    weights: [],
    outputs: [y],
    macs: 0,
    extras: { softmax: n * softmaxFlops },
    transcendentals: n,
    attributes,
    backward: ({ inputGradient = true } = {}) =>
      !inputGradient
        ? []
        : [
            {
              kind: "softmax.backward",
              inputs: [y, gradientOf(y)],
              weights: [],
              outputs: [gradientOf(x)],
              macs: 0,
              extras: { softmax: n * softmaxBackwardFlops },
              attributes,
            },
          ],
  };
}
