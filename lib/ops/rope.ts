// Rotary position embedding.
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { gradientOf, inputGradientOnly, tensorAt } from "./gradient.js";
import { defineLayer } from "./layer.js";
import type { Precision, PrecisionOptions } from "./precision.js";
import { flag, optional, size } from "./shapeKeys.js";

export interface RopeShape extends PrecisionOptions {
  /** Positions of all samples (default 1). */
  tokens?: number;
  /** Heads that are turned. */
  heads: number;
  /** Elements of each head that are turned. */
  rotaryDim: number;
  /** Whether the result is a cache entry, stored at `kvDtype` (default false). */
  cached?: boolean;
}

const flopsPerElement = 3;

function forward({ tokens = 1, heads, rotaryDim, cached = false }: RopeShape, { dtype, kvDtype }: Precision) {
  const x: TensorSpec = { name: "x", shape: [tokens, heads, rotaryDim], dtype };
  return {
    inputs: [x],
    weights: [],
    outputs: [{ ...x, name: "y", dtype: cached ? kvDtype : dtype }],
    macs: 0,
    extras: { rope: flopsPerElement * elementCount(x.shape) },
    attributes: { tokens, heads, rotaryDim, cached },
  };
}

function gradient(op: Op): Op {
  const x = tensorAt(op, "inputs", 0);
  return {
    kind: "rope.backward",
    inputs: [gradientOf(tensorAt(op, "outputs", 0), x.dtype)],
    weights: [],
    outputs: [gradientOf(x)],
    macs: 0,
    extras: { rope: flopsPerElement * elementCount(x.shape) },
    attributes: op.attributes,
  };
}

/**
 * Rotary position embedding of x [tokens, heads, rotaryDim]: x cos + rotate(x) sin, 3 FLOPs a turned element. Sines
 * come from a table, which is neglected. Backward: the rotation back, at the same cost. (arXiv 2104.09864)
 */
export const rope = defineLayer({
  kind: "rope",
  about: "x cos + rotate(x) sin",
  shapeKeys: { tokens: optional(size), heads: size, rotaryDim: size, cached: flag },
  example: { tokens: 8, heads: 12, rotaryDim: 64 },
  forward,
  backward: (op, options) => inputGradientOnly(options, () => gradient(op)),
});
