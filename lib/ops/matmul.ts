// C = A B for a batch of matrices, both of them activations.
import { positiveIntegers } from "../check.js";
import type { Op, TensorSpec } from "../op.js";
import { gradientOf } from "./gradient.js";
import { precision, type PrecisionOptions } from "./precision.js";
import { merged } from "./shape.js";

export interface MatmulShape extends PrecisionOptions {
  batch?: number;
  m: number;
  n: number;
  k: number;
}

const keys = ["batch", "m", "n", "k"];

/**
 * Matrix product: macs = batch · m · n · k (a sum of k products is counted as k multiply-adds, not k - 1 additions).
 * Shapes: a [batch, m, k], b [batch, k, n], y [batch, m, n]; neither operand is a parameter.
 * Backward: dA = dY Bᵀ and dB = Aᵀ dY. Throws a RangeError when a size is not a positive integer.
 */
export function matmul(shape: MatmulShape, options: PrecisionOptions = {}): Op {
  const { batch = 1, m, n, k, ...rest } = merged("matmul", shape, options);
  const { dtype } = precision("matmul", rest, keys);
  positiveIntegers("matmul", { batch, m, n, k });
  const a: TensorSpec = { name: "a", shape: [batch, m, k], dtype };
  const b: TensorSpec = { name: "b", shape: [batch, k, n], dtype };
  const y: TensorSpec = { name: "y", shape: [batch, m, n], dtype };
  const macs = batch * m * n * k;
  const attributes = { batch, m, n, k };
  return {
    kind: "matmul",
    inputs: [a, b],
    weights: [],
    outputs: [y],
    macs,
    extras: {},
    attributes,
    backward: ({ inputGradient = true } = {}) =>
      !inputGradient
        ? []
        : [
            {
              kind: "matmul.gradientA",
              inputs: [gradientOf(y), b],
              weights: [],
              outputs: [gradientOf(a)],
              macs,
              extras: {},
              attributes,
            },
            {
              kind: "matmul.gradientB",
              inputs: [a, gradientOf(y)],
              weights: [],
              outputs: [gradientOf(b)],
              macs,
              extras: {},
              attributes,
            },
          ],
  };
}
