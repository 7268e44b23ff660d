// Softmax over the last axis.
import { positiveIntegers, record } from "../check.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { softmaxFlopsPerElement } from "./attention.js";
import { elementwiseShape, type ElementwiseShape } from "./elementwise.js";
import { precision, type PrecisionOptions } from "./precision.js";

export interface SoftmaxShape extends ElementwiseShape { rows?: number; columns?: number }

/** exp(x − max) / Σ: 5 FLOPs per element (maximum, subtract, exponentiate, sum, divide) and 1 transcendental, the exponential. Shape: `shape`, reduced over its last axis, or rows × columns. */
export function softmax(input: SoftmaxShape, options: PrecisionOptions = {}): Op {
  record("softmax", "shape", input);
  const { rows, columns, shape, elements, ...rest } = input;
  if (rows !== undefined || columns !== undefined) positiveIntegers("softmax", { rows, columns });
  const dims = elementwiseShape("softmax", { shape: rows === undefined ? shape : [rows, columns!], elements });
  const { dtype } = precision("softmax", { ...rest, ...options });
  const n = elementCount(dims), x: TensorSpec = { name: "x", shape: dims, dtype }, y: TensorSpec = { name: "y", shape: dims, dtype };
  return {
    kind: "softmax", inputs: [x], weights: [], outputs: [y], macs: 0, extras: { softmax: softmaxFlopsPerElement * n }, transcendentals: n, attributes: { shape: dims, elements: n },
    // dX = y · (dY − Σ y·dY): a product, a sum, a difference, a product.
    backward: () => [{ kind: "softmax.backward", inputs: [{ ...y, name: "dY" }, y], weights: [], outputs: [{ ...x, name: "dX" }], macs: 0, extras: { softmax: 4 * n } }],
  };
}
