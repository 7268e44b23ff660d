// Elementwise arithmetic on two tensors: residual adds, gates, masks, learned positions.
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { gradientOf, type BackwardOptions } from "./gradient.js";
import { precision, type PrecisionOptions } from "./precision.js";
import { booleans, broadcastShape, merged, tensorShape } from "./shape.js";

/**
 * `other`: the second operand's shape, broadcast as NumPy does (default `shape`). `parameter`: the second operand is a
 * learned weight.
 */
export interface ElementwiseShape extends PrecisionOptions {
  shape: readonly number[];
  other?: readonly number[];
  parameter?: boolean;
}

const keys = ["shape", "other", "parameter"];

/**
 * a + b, one FLOP per output (`extras.add`): residuals, biases, masks. Reads both operands, writes one tensor. Throws
 * when the shapes do not broadcast.
 */
export const add = (shape: ElementwiseShape, options: PrecisionOptions = {}): Op => elementwise("add", shape, options);

/** a - b: as add. */
export const sub = (shape: ElementwiseShape, options: PrecisionOptions = {}): Op => elementwise("sub", shape, options);

/** a · b, one FLOP per output (`extras.mul`; no macs: nothing is summed): gates and scales. As add. */
export const mul = (shape: ElementwiseShape, options: PrecisionOptions = {}): Op => elementwise("mul", shape, options);

/** a / b: as mul. */
export const div = (shape: ElementwiseShape, options: PrecisionOptions = {}): Op => elementwise("div", shape, options);

/**
 * FLOPs per output element of each operand's gradient: a sum passes dy on, a product multiplies by the other operand.
 */
const gradientFlops = { add: [0, 0], sub: [0, 0], mul: [1, 1], div: [1, 2] } as const;

function elementwise(kind: keyof typeof gradientFlops, given: ElementwiseShape, options: PrecisionOptions): Op {
  const { shape, other = shape, parameter = false, ...rest } = merged(kind, given, options);
  const p = precision(kind, rest, keys);
  booleans(kind, { parameter });
  const a: TensorSpec = { name: "a", shape: tensorShape(kind, "shape", shape), dtype: p.dtype };
  const b: TensorSpec = { name: "b", shape: tensorShape(kind, "other", other), dtype: p.dtype };
  const y: TensorSpec = { name: "y", shape: broadcastShape(kind, a.shape, b.shape), dtype: p.dtype };
  const n = elementCount(y.shape);
  const attributes = { shape: a.shape, other: b.shape, parameter, outShape: y.shape };
  /** What the gradient of operand `i` reads beside dy. */
  const readFor = (i: number): TensorSpec[] => {
    if (kind !== "div") return [i === 0 ? b : a];
    return i === 0 ? [b] : [y, b];
  };
  const backward = ({ inputGradient = true }: BackwardOptions = {}): Op[] =>
    [a, b].flatMap((operand, i): Op[] => {
      const reduced = elementCount(operand.shape) < n;
      const product = gradientFlops[kind][i]!;
      const wanted = operand === b && parameter ? true : inputGradient;
      if (!wanted || (!reduced && product === 0)) return [];
      return [
        {
          kind: `${kind}.gradient${i === 0 ? "A" : "B"}`,
          weights: [],
          outputs: [gradientOf(operand, p.dtype)],
          inputs: [gradientOf(y), ...(product === 0 ? [] : readFor(i))],
          macs: 0,
          extras: { [kind]: n * (product + (reduced ? 1 : 0)) },
          attributes,
        },
      ];
    });
  return {
    kind,
    inputs: parameter ? [a] : [a, b],
    weights: parameter ? [b] : [],
    outputs: [y],
    macs: 0,
    extras: { [kind]: n },
    attributes,
    backward,
  };
}
