// C = A B, batched: both operands are activations.
import { positiveIntegers, record } from "../check.js";
import type { Op, TensorSpec } from "../op.js";
import { precision, type PrecisionOptions } from "./precision.js";

export interface MatmulShape extends PrecisionOptions { batch?: number; m: number; n: number; k: number }

/** Batched matrix product: macs = batch · m · n · k. Shapes: a [batch, m, k], b [batch, k, n], c [batch, m, n]. Both operands are read; there are no parameters. */
export function matmul(shape: MatmulShape, options: PrecisionOptions = {}): Op {
  record("matmul", "shape", shape);
  const { batch = 1, m, n, k, ...rest } = shape;
  const { dtype } = precision("matmul", { ...rest, ...options });
  positiveIntegers("matmul", { batch, m, n, k });
  const spec = (name: string, rows: number, columns: number): TensorSpec => ({ name, shape: [batch, rows, columns], dtype });
  return {
    kind: "matmul", inputs: [spec("a", m, k), spec("b", k, n)], weights: [], outputs: [spec("c", m, n)],
    macs: batch * m * n * k, extras: {}, attributes: { batch, m, n, k },
    backward: () => [matmul({ batch, m, n: k, k: n, dtype }), matmul({ batch, m: k, n, k: m, dtype })],
  };
}
