// Batch norm, whose statistics are running ones at inference and the batch's own in training.
import { elementCount, type Extras, type Op, type TensorSpec } from "../op.js";
import { gradientOf, learned, readAgain, tensorAt } from "./gradient.js";
import { defineLayer, type BackwardOptions } from "./layer.js";
import type { Precision, PrecisionOptions } from "./precision.js";
import { flag, optional, size } from "./shapeKeys.js";

export interface BatchNormShape extends PrecisionOptions {
  /** Samples (default 1). */
  batch?: number;
  /** Channels of x. */
  numFeatures: number;
  /** Planes (or frames) of x (default: x has none). */
  depth?: number;
  /** Rows of x (default 1). */
  height?: number;
  /** Columns of x (default 1). */
  width?: number;
  /** Whether there are a learned scale and shift per channel (default true). */
  affine?: boolean;
  /** Whether it is merged into the convolution before it (default false). */
  folded?: boolean;
  /** Whether the statistics are the batch's own, and the running ones are updated (default false). */
  training?: boolean;
}

function forward(given: BatchNormShape, { dtype }: Precision) {
  const { batch = 1, numFeatures, depth = 1, height = 1, width = 1 } = given;
  const { affine = true, folded = false, training = false } = given;
  if (folded && training) throw new RangeError("batchNorm: training must be false when folded, got true");
  const moved = folded ? { elements: 0 } : {};
  const perChannel = (name: string): TensorSpec => ({ name, shape: [numFeatures], dtype, ...moved });
  const shape = [batch, numFeatures, ...(given.depth === undefined ? [] : [depth]), height, width];
  const x: TensorSpec = { name: "x", shape, dtype, ...moved };
  const y: TensorSpec = { ...x, name: "y" };
  const parameters = affine ? ["weight", "bias"].map(perChannel) : [];
  const statistics = readAgain(["runningMean", "runningVariance"].map(perChannel));
  return {
    inputs: [x],
    weights: [...parameters, ...statistics],
    outputs: training ? [y, ...statistics] : [y],
    macs: 0,
    extras: workOf({ n: elementCount(shape), numFeatures, affine, folded, training }),
    transcendentals: folded ? 0 : numFeatures,
    attributes: { batch, numFeatures, depth, height, width, affine, folded, training },
  };
}

interface Work {
  n: number;
  numFeatures: number;
  affine: boolean;
  folded: boolean;
  training: boolean;
}

function workOf({ n, numFeatures, affine, folded, training }: Work): Extras {
  // Of inference one scale and one shift are left, and folded into a convolution nothing at all.
  if (folded) return {};
  if (!training) return { "norm.affine": 2 * n };
  return {
    "norm.mean": n,
    "norm.variance": 3 * n,
    "norm.normalize": 2 * n,
    ...(affine ? { "norm.affine": 2 * n } : {}),
    "norm.running": 2 * 3 * numFeatures,
  };
}

/**
 * x̂ again; Σ dy x̂ and Σ dy, which are the parameters' gradients as well as the sums that dx needs in training; dx: 4
 * FLOPs an element, 1 with fixed statistics (scale · rstd is one number a channel).
 */
function backward(
  op: Op & { readonly attributes: { readonly affine: boolean; readonly folded: boolean; readonly training: boolean } },
  { inputGradient }: Required<BackwardOptions>,
): Op[] {
  const { affine, folded, training } = op.attributes;
  const needsSums = affine || (training && inputGradient);
  if (folded || (!needsSums && !inputGradient)) return [];
  const x = tensorAt(op, "inputs", 0);
  const dy = gradientOf(tensorAt(op, "outputs", 0));
  const parameters = learned(op.weights);
  const statistics = op.weights.filter((w) => w.stored === false);
  const n = elementCount(x.shape);
  const sums: Extras = needsSums ? { "norm.recompute": 2 * n, "norm.weightGradient": 3 * n } : {};
  return [
    {
      kind: "batchNorm.backward",
      inputs: needsSums ? [x, dy] : [dy],
      weights: readAgain([...(inputGradient ? parameters.slice(0, 1) : []), ...statistics]),
      outputs: [...(inputGradient ? [gradientOf(x)] : []), ...parameters.map((w) => gradientOf(w))],
      macs: 0,
      extras: inputGradient ? { ...sums, "norm.inputGradient": (training ? 4 : 1) * n } : sums,
      attributes: op.attributes,
    },
  ];
}

/**
 * Batch norm: at inference 2 FLOPs an element (one scale and one shift per channel; making those from the statistics is
 * neglected) and a square root a channel. `folded`: nothing is done or moved, the parameters remain. `training`: 8 an
 * element as layerNorm, and 3 per running statistic. Shapes: x and y [batch, numFeatures, …sizes], weight and bias
 * [numFeatures]; running mean and variance are bytes, no parameters. Backward: 9 FLOPs an element in training, 6 with
 * fixed statistics (1 without parameters). Throws when both `folded` and `training` are set. (arXiv 1502.03167)
 */
export const batchNorm = defineLayer({
  kind: "batchNorm",
  about: "(x - mean) / √variance · scale + shift, per channel",
  shapeKeys: {
    batch: optional(size),
    numFeatures: size,
    depth: optional(size),
    height: optional(size),
    width: optional(size),
    affine: flag,
    folded: flag,
    training: flag,
  },
  example: { numFeatures: 64, height: 14, width: 14 },
  forward,
  backward,
});
