// Batch norm, whose statistics are running ones at inference and the batch's own in training.
import { positiveIntegers } from "../check.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { gradientOf, readAgain, type BackwardOptions } from "./gradient.js";
import { precision, type PrecisionOptions } from "./precision.js";
import { booleans, merged } from "./shape.js";

/**
 * Spatial sizes are optional and default to 1. `folded`: merged into the convolution before it. `training`: statistics
 * of the batch.
 */
export interface BatchNormShape extends PrecisionOptions {
  batch?: number;
  numFeatures: number;
  depth?: number;
  height?: number;
  width?: number;
  affine?: boolean;
  folded?: boolean;
  training?: boolean;
}

const keys = ["batch", "numFeatures", "depth", "height", "width", "affine", "folded", "training"];

/**
 * Batch norm: at inference 2 FLOPs an element (one scale and one shift per channel; making those from the statistics is
 * neglected) and a square root a channel. `folded`: nothing is done or moved, the parameters remain. `training`: 8 an
 * element as layerNorm, and 3 per running statistic. Shapes: x and y [batch, numFeatures, …sizes], weight and bias
 * [numFeatures]; running mean and variance are bytes, no parameters. Backward: 9 FLOPs an element in training, 6 with
 * fixed statistics (1 without parameters). Throws when both `folded` and `training` are set. (arXiv 1502.03167)
 */
export function batchNorm(shape: BatchNormShape, options: PrecisionOptions = {}): Op {
  const {
    batch = 1,
    numFeatures,
    depth = 1,
    height = 1,
    width = 1,
    affine = true,
    folded = false,
    training = false,
    ...rest
  } = merged("batchNorm", shape, options);
  const { dtype } = precision("batchNorm", rest, keys);
  positiveIntegers("batchNorm", { batch, numFeatures, depth, height, width });
  booleans("batchNorm", { affine, folded, training });
  if (folded && training) throw new RangeError("batchNorm: training must be false when folded, got true");
  const moved = folded ? { elements: 0 } : {};
  const x: TensorSpec = {
    name: "x",
    shape: [batch, numFeatures, ...(shape.depth === undefined ? [] : [depth]), height, width],
    dtype,
    ...moved,
  };
  const y: TensorSpec = { ...x, name: "y" };
  const parameters: TensorSpec[] = affine
    ? ["weight", "bias"].map((name) => ({ name, shape: [numFeatures], dtype, ...moved }))
    : [];
  const statistics: TensorSpec[] = ["runningMean", "runningVariance"].map((name) => ({
    name,
    shape: [numFeatures],
    dtype,
    stored: false,
    ...moved,
  }));
  const n = elementCount(x.shape);
  const attributes = { batch, numFeatures, depth, height, width, affine, folded, training };
  const ofTraining: Record<string, number> = {
    "norm.mean": n,
    "norm.variance": 3 * n,
    "norm.normalize": 2 * n,
    ...(affine ? { "norm.affine": 2 * n } : {}),
    "norm.running": 2 * 3 * numFeatures,
  };
  // Of inference one scale and one shift are left, and folded into a convolution nothing at all.
  const ofInference: Record<string, number> = folded ? {} : { "norm.affine": 2 * n };
  const extras = training && !folded ? ofTraining : ofInference;
  const op: Op = {
    kind: "batchNorm",
    inputs: [x],
    weights: [...parameters, ...statistics],
    outputs: training ? [y, ...statistics] : [y],
    macs: 0,
    extras,
    transcendentals: folded ? 0 : numFeatures,
    attributes,
  };
  if (folded) return op;

  // x̂ again; Σ dy x̂ and Σ dy, which are the parameters' gradients as well as the sums that dx needs in training.
  const sums: Record<string, number> = { "norm.recompute": 2 * n, "norm.weightGradient": 3 * n };
  const backward = ({ inputGradient = true }: BackwardOptions = {}): Op[] => {
    const needsSums = affine || (training && inputGradient);
    if (!needsSums && !inputGradient) return [];
    const dx = !inputGradient ? 0 : training ? 4 : 1; // scale · rstd is one number a channel
    return [
      {
        kind: "batchNorm.backward",
        weights: readAgain([...(inputGradient ? parameters.slice(0, 1) : []), ...statistics]),
        inputs: needsSums ? [x, gradientOf(y)] : [gradientOf(y)],
        outputs: [...(inputGradient ? [gradientOf(x)] : []), ...parameters.map((w) => gradientOf(w))],
        macs: 0,
        extras: { ...(needsSums ? sums : {}), ...(dx ? { "norm.inputGradient": dx * n } : {}) },
        attributes,
      },
    ];
  };
  return { ...op, backward };
}
