// Soft capping of logits.
import { elementCount, type Op, type TensorSpec } from "../op.js";
import type { PointwiseShape } from "./activation.js";
import { gradientOf, inputGradientOnly, tensorAt } from "./gradient.js";
import { defineLayer } from "./layer.js";
import type { Precision } from "./precision.js";
import { sizes } from "./shapeKeys.js";

function forward({ shape }: PointwiseShape, { dtype }: Precision) {
  const x: TensorSpec = { name: "x", shape: [...shape], dtype };
  const n = elementCount(shape);
  return {
    inputs: [x],
    weights: [],
    outputs: [{ ...x, name: "y" }],
    macs: 0,
    extras: { softcap: 3 * n },
    transcendentals: n,
    attributes: { shape: x.shape },
  };
}

/** dy (1 - (y / c)²): divide, square, subtract, multiply. */
function gradient(op: Op): Op {
  const y = tensorAt(op, "outputs", 0);
  return {
    kind: "softcap.backward",
    inputs: [y, gradientOf(y)],
    weights: [],
    outputs: [gradientOf(tensorAt(op, "inputs", 0))],
    macs: 0,
    extras: { softcap: 4 * elementCount(y.shape) },
    attributes: op.attributes,
  };
}

/** c · tanh(x / c) on a tensor of `shape`: 3 FLOPs an element, one of them a tanh. Backward: 4. (arXiv 2408.00118) */
export const softcap = defineLayer({
  kind: "softcap",
  about: "c tanh(x / c)",
  shapeKeys: { shape: sizes },
  example: { shape: [8, 1024] },
  forward,
  backward: (op, options) => inputGradientOnly(options, () => gradient(op)),
});
