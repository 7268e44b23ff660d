// Elementwise arithmetic on two tensors: residual adds, gates, masks, learned positions.
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { gradientOf, tensorAt } from "./gradient.js";
import { defineLayer, type BackwardOptions } from "./layer.js";
import type { Precision, PrecisionOptions } from "./precision.js";
import { broadcastShape } from "./shape.js";
import { flag, optional, sizes } from "./shapeKeys.js";

export interface ElementwiseShape extends PrecisionOptions {
  /** Shape of the first operand. */
  shape: readonly number[];
  /** Shape of the second operand, broadcast as NumPy does (default `shape`). */
  other?: readonly number[];
  /** Whether the second operand is a learned weight (default false). */
  parameter?: boolean;
  /** Shape of the learned table that `other` is gathered from, where that is smaller (default none). */
  table?: readonly number[];
  /** Whether the second operand is a constant (a mask, a factor) and has no gradient (default false). */
  constant?: boolean;
}

/**
 * FLOPs per output element of each operand's gradient: a sum passes dy on, a product multiplies by the other operand.
 */
const gradientFlops = { add: [0, 0], sub: [0, 0], mul: [1, 1], div: [1, 2] } as const;
type Kind = keyof typeof gradientFlops;

function forward(kind: Kind, given: ElementwiseShape, { dtype }: Precision) {
  const { shape, other = shape, parameter = false, table, constant = false } = given;
  if (table !== undefined && !parameter)
    throw new RangeError(`${kind}: table must stand beside parameter, got no parameter`);
  if (constant && parameter) throw new RangeError(`${kind}: constant must be false beside parameter, got true`);
  const a: TensorSpec = { name: "a", shape: [...shape], dtype };
  const b: TensorSpec = { name: "b", shape: [...other], dtype };
  const y: TensorSpec = { name: "y", shape: broadcastShape(kind, shape, other), dtype };
  const weight = table === undefined ? b : { ...b, shape: [...table], elements: elementCount(other) };
  return {
    inputs: parameter ? [a] : [a, b],
    weights: parameter ? [weight] : [],
    outputs: [y],
    macs: 0,
    extras: { [kind]: elementCount(y.shape) },
    attributes: { shape: a.shape, other: b.shape, parameter, outShape: y.shape, ...(constant ? { constant } : {}) },
  };
}

interface Attributes {
  readonly shape: readonly number[];
  readonly other: readonly number[];
  readonly parameter: boolean;
  readonly constant?: boolean;
}

function backward(
  kind: Kind,
  op: Op & { readonly attributes: Attributes },
  { inputGradient }: Required<BackwardOptions>,
): Op[] {
  const { shape, other, parameter, constant = false } = op.attributes;
  const y = tensorAt(op, "outputs", 0);
  const a = tensorAt(op, "inputs", 0);
  // A constant may be stored as a weight that is no parameter.
  const b = op.inputs[1] ?? tensorAt(op, "weights", 0);
  const n = elementCount(y.shape);
  // The second operand as the formula sees it: gathered, where it comes from a table.
  const factor: TensorSpec = { name: "b", shape: other, dtype: b.dtype };
  const readForA = kind === "div" || kind === "mul" ? [factor] : [];
  const readForB = { add: [], sub: [], mul: [a], div: [y, factor] }[kind];
  const operands = [
    { name: "A", sizes: shape, wanted: inputGradient, gradient: gradientOf(a), reads: readForA },
    {
      name: "B",
      sizes: other,
      wanted: parameter || (inputGradient && !constant),
      gradient: { ...gradientOf(b, a.dtype), ...(b.elements === undefined ? {} : { elements: b.elements }) },
      reads: readForB,
    },
  ];
  return operands.flatMap(({ name, sizes: own, wanted, gradient, reads }, i): Op[] => {
    const reduced = elementCount(own) < n;
    const product = gradientFlops[kind][i]!;
    if (!wanted || (!reduced && product === 0)) return [];
    return [
      {
        kind: `${kind}.gradient${name}`,
        inputs: [gradientOf(y), ...reads],
        weights: [],
        outputs: [gradient],
        macs: 0,
        extras: { [kind]: n * (product + (reduced ? 1 : 0)) },
        attributes: op.attributes,
      },
    ];
  });
}

const elementwise = <const K extends Kind>(kind: K, about: string) =>
  defineLayer({
    kind,
    about,
    shapeKeys: { shape: sizes, other: optional(sizes), parameter: flag, table: optional(sizes), constant: flag },
    example: { shape: [8, 768] },
    forward: (shape: ElementwiseShape, p: Precision) => forward(kind, shape, p),
    backward: (op, options) => backward(kind, op, options),
  });

/**
 * a + b, one FLOP per output (`extras.add`): residuals, biases, masks. Reads both operands, writes one tensor. Throws
 * when the shapes do not broadcast.
 */
export const add = elementwise("add", "a + b");

/** a - b: as add. */
export const sub = elementwise("sub", "a - b");

/** a · b, one FLOP per output (`extras.mul`; no macs: nothing is summed): gates and scales. As add. */
export const mul = elementwise("mul", "a · b, element by element");

/** a / b: as mul. */
export const div = elementwise("div", "a / b, element by element");
