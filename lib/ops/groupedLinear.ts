// A linear layer for each of several groups (heads), each with a matrix of its own.
import type { TensorSpec } from "../op.js";
import { bilinearBackward } from "./gradient.js";
import { defineLayer } from "./layer.js";
import { weightTensors, type Precision, type PrecisionOptions } from "./precision.js";
import { flag, optional, size } from "./shapeKeys.js";

export interface GroupedLinearShape extends PrecisionOptions {
  /** Groups, each with its own matrix. */
  groups: number;
  /** Rows of each group (default 1). */
  tokens?: number;
  /** Width of a row of x within a group. */
  inFeatures: number;
  /** Width of a row of y within a group. */
  outFeatures: number;
  /** Whether each matrix is stored as [inFeatures, outFeatures], which is how its scales run (default false). */
  transposed?: boolean;
}

function forward(
  { groups, tokens = 1, inFeatures, outFeatures, transposed = false }: GroupedLinearShape,
  p: Precision,
) {
  const matrix = transposed ? [inFeatures, outFeatures] : [outFeatures, inFeatures];
  const tensor = (name: string, width: number): TensorSpec => ({
    name,
    shape: [groups, tokens, width],
    dtype: p.dtype,
  });
  return {
    inputs: [tensor("x", inFeatures)],
    weights: weightTensors("weight", [groups, ...matrix], p),
    outputs: [tensor("y", outFeatures)],
    macs: groups * tokens * inFeatures * outFeatures,
    extras: {},
    attributes: { groups, tokens, inFeatures, outFeatures, transposed },
  };
}

/**
 * y[g] = x[g] W[g]ᵀ for each group: macs = groups · tokens · inFeatures · outFeatures. Shapes: x [groups, tokens,
 * inFeatures], W [groups, outFeatures, inFeatures], y [groups, tokens, outFeatures]. Each half of an absorbed MLA's
 * kv_b_proj is one, a group a head. Backward: as linear.
 */
export const groupedLinear = defineLayer({
  kind: "groupedLinear",
  about: "y[g] = x[g] W[g]ᵀ for each group g",
  shapeKeys: { groups: size, tokens: optional(size), inFeatures: size, outFeatures: size, transposed: flag },
  example: { groups: 4, tokens: 8, inFeatures: 32, outFeatures: 16 },
  forward,
  backward: bilinearBackward,
});
