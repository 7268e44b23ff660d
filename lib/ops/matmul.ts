// C = A B for a batch of matrices, both of them activations.
import type { Op, TensorSpec } from "../op.js";
import { gradientOf, tensorAt } from "./gradient.js";
import { defineLayer, type BackwardOptions } from "./layer.js";
import type { Precision, PrecisionOptions } from "./precision.js";
import { optional, size } from "./shapeKeys.js";

export interface MatmulShape extends PrecisionOptions {
  /** Pairs of matrices (default 1). */
  batch?: number;
  /** Rows of A and of C. */
  m: number;
  /** Columns of B and of C. */
  n: number;
  /** Columns of A and rows of B: what is summed over. */
  k: number;
}

function forward({ batch = 1, m, n, k }: MatmulShape, { dtype }: Precision) {
  const tensor = (name: string, rows: number, columns: number): TensorSpec => ({
    name,
    shape: [batch, rows, columns],
    dtype,
  });
  return {
    inputs: [tensor("a", m, k), tensor("b", k, n)],
    weights: [],
    outputs: [tensor("y", m, n)],
    macs: batch * m * n * k,
    extras: {},
    attributes: { batch, m, n, k },
  };
}

function backward(op: Op, { inputGradient }: Required<BackwardOptions>): Op[] {
  if (!inputGradient) return [];
  const a = tensorAt(op, "inputs", 0);
  const b = tensorAt(op, "inputs", 1);
  const dy = gradientOf(tensorAt(op, "outputs", 0));
  const common = { weights: [], macs: op.macs, extras: {}, attributes: op.attributes };
  return [
    { kind: "matmul.gradientA", inputs: [dy, b], outputs: [gradientOf(a)], ...common },
    { kind: "matmul.gradientB", inputs: [a, dy], outputs: [gradientOf(b)], ...common },
  ];
}

/**
 * Matrix product: macs = batch · m · n · k (a sum of k products is counted as k multiply-adds, not k - 1 additions).
 * Shapes: a [batch, m, k], b [batch, k, n], y [batch, m, n]; neither operand is a parameter.
 * Backward: dA = dY Bᵀ and dB = Aᵀ dY. Throws a RangeError when a size is not a positive integer.
 */
export const matmul = defineLayer({
  kind: "matmul",
  about: "Y = A B, both of them activations",
  shapeKeys: { batch: optional(size), m: size, n: size, k: size },
  example: { m: 64, n: 64, k: 64 },
  forward,
  backward,
});
