// Einstein summation by index string: any product and sum over named indices, as pairwise contractions.
import { positiveIntegers, record, shown } from "../check.js";
import type { DType } from "../dtype.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { contractPairwise, parseEquation, withoutEllipsis } from "./einsumEquation.js";
import { gradientOf, tensorAt } from "./gradient.js";
import { defineLayer, type BackwardOptions, type Layer, type LayerOp } from "./layer.js";
import type { Precision, PrecisionOptions } from "./precision.js";
import { tensorShape } from "./shape.js";
import { checkedByLayer, namedSizes, optional } from "./shapeKeys.js";

/** `sizes` of the indices, or the `shapes` of the operands. */
export interface EinsumShape extends PrecisionOptions {
  /** Index letters of each operand and, after "->", of the result. */
  equation: string;
  /** Size of each index letter. */
  sizes?: Readonly<Record<string, number>>;
  /** Shapes of the operands, in order. */
  shapes?: readonly (readonly number[])[];
}

/** Which einsum an op is: every index with its size. */
export interface EinsumAttributes {
  /** Index letters of each operand and, after "->", of the result. */
  readonly equation: string;
  /** Size of each index letter. */
  readonly sizes: Readonly<Record<string, number>>;
}

/** The layer, which also takes an equation, then sizes or shapes, then options. */
export interface Einsum extends Layer<"einsum", EinsumShape, EinsumAttributes> {
  (
    equation: string,
    sizes: NonNullable<EinsumShape["sizes"] | EinsumShape["shapes"]>,
    options?: PrecisionOptions,
  ): LayerOp<"einsum", EinsumAttributes>;
}

function forward({ equation: given, sizes: named, shapes }: EinsumShape, { dtype }: Precision) {
  const equation = spelledOut(given, shapes);
  const { operands, output } = parseEquation(equation);
  if (named !== undefined && shapes !== undefined)
    throw new TypeError(`einsum: sizes must not stand beside shapes, got ${shown(named)}`);
  const sizes = (shapes === undefined ? named : sizesOf(operands, shapes)) as Record<string, number>;
  record("einsum", "sizes", sizes);
  for (const index of new Set(operands.join(""))) positiveIntegers("einsum", { [`size of ${index}`]: sizes[index] });
  for (const index of Object.keys(sizes))
    if (!operands.some((o) => o.includes(index)))
      throw new RangeError(`einsum: sizes must name indices of ${shown(equation)}, got ${shown(index)}`);
  return {
    ...contraction(operands, output, sizes, dtype),
    attributes: { equation: `${operands.join(",")}->${output}`, sizes: { ...sizes } },
  };
}

/** The equation with letters for its ellipses. */
function spelledOut(equation: string, shapes: EinsumShape["shapes"]): string {
  if (typeof equation !== "string" || !equation.includes("...")) return equation;
  if (!Array.isArray(shapes))
    throw new TypeError(`einsum: shapes must be given for an equation with an ellipsis, got ${shown(shapes)}`);
  const ranks = shapes.map((shape, i) => tensorShape("einsum", `shapes[${i}]`, shape).length);
  return withoutEllipsis(equation, ranks);
}

function contraction(
  operands: readonly string[],
  output: string,
  sizes: Readonly<Record<string, number>>,
  dtype: DType,
): Omit<Op, "kind"> {
  const { macs, sum, mul } = contractPairwise(operands, output, sizes);
  return {
    inputs: operands.map((indices, i) => operand(`operand${i}`, indices, sizes, dtype)),
    weights: [],
    outputs: [operand("y", output, sizes, dtype)],
    macs,
    extras: { ...(sum ? { sum } : {}), ...(mul ? { mul } : {}) },
  };
}

/** The gradient of an operand is an einsum of the output's and the other operands. */
function backward(
  op: Op & { readonly attributes: EinsumAttributes },
  { inputGradient }: Required<BackwardOptions>,
): Op[] {
  if (!inputGradient) return [];
  const { equation, sizes } = op.attributes;
  const { operands, output } = parseEquation(equation);
  const diagonal = operands.find((o) => new Set(o).size < o.length);
  if (diagonal !== undefined)
    throw new RangeError(
      `einsum: indices of an operand must differ for a backward pass (a diagonal scatters), got ${shown(diagonal)}`,
    );
  const y = tensorAt(op, "outputs", 0);
  return operands.map((own, i) => {
    const others = operands.filter((_, j) => j !== i);
    const { macs, extras } = contraction([output, ...others], own, sizes, y.dtype);
    return {
      kind: `einsum.gradient${i}`,
      inputs: [gradientOf(y), ...op.inputs.filter((_, j) => j !== i)],
      weights: [],
      outputs: [gradientOf(tensorAt(op, "inputs", i))],
      macs,
      extras,
      attributes: op.attributes,
    };
  });
}

const byRecord = defineLayer({
  kind: "einsum",
  about: "products and sums over named indices",
  shapeKeys: {
    equation: checkedByLayer('index letters such as "ij,jk->ik"', [4, null, "", "ij,jk->i->k", "i1->i", "ij->k"]),
    sizes: namedSizes,
    shapes: optional(checkedByLayer("a list of shapes", [4, null, [], [[2, 3]]])),
  },
  example: { equation: "ij,jk->ik", sizes: { i: 2, j: 3, k: 4 } },
  forward,
  backward,
});

/**
 * Einsum: for two operands macs is the product of all distinct index sizes (`einsum({ equation: "bik,bkj->bij", sizes:
 * { b: 1, i: 2, j: 3, k: 4 } })`). An index that only one operand has and that is not kept is summed first
 * (`extras.sum`); a product without a sum is no contraction (`extras.mul`); a transposition costs 0. More operands are
 * taken in pairs from left to right, intermediates neglected as bytes. A repeated index in one operand reads its
 * diagonal. Without "->" the indices that appear once are kept, in order of the alphabet (NumPy). An ellipsis stands
 * for dimensions that are equal in all operands, and needs `shapes`. Throws when an index has no size, or a size no
 * index. Also as `einsum("ij,jk->ik", { i: 2, j: 3, k: 4 } or [[2, 3], [3, 4]], options)`.
 */
export const einsum: Einsum = Object.assign(
  (shape: EinsumShape | string, given?: object, more: PrecisionOptions = {}) =>
    typeof shape === "string"
      ? byRecord({ equation: shape, [Array.isArray(given) ? "shapes" : "sizes"]: given }, more)
      : byRecord(shape, given),
  { ...byRecord },
);

/** The size of each index, from the operands' shapes; an index has one size wherever it stands. */
function sizesOf(operands: readonly string[], shapes: EinsumShape["shapes"]): Record<string, number> {
  if (!Array.isArray(shapes) || shapes.length !== operands.length)
    throw new RangeError(`einsum: shapes must be a list of ${operands.length} shapes, got ${shown(shapes)}`);
  const sizes: Record<string, number> = {};
  operands.forEach((indices, i) => {
    const own = tensorShape("einsum", `shapes[${i}]`, shapes[i]);
    if (own.length !== indices.length)
      throw new RangeError(
        `einsum: shapes[${i}] must have a size for each index of ${shown(indices)}, got ${shown(own)}`,
      );
    [...indices].forEach((index, at) => {
      if ((sizes[index] ?? own[at]) !== own[at])
        throw new RangeError(`einsum: size of ${index} must be ${sizes[index]} in every operand, got ${own[at]}`);
      sizes[index] = own[at]!;
    });
  });
  return sizes;
}

/** A tensor by its index letters; of repeated ones only the diagonal is touched. */
function operand(
  name: string,
  indices: string,
  sizes: Readonly<Record<string, number>>,
  dtype: TensorSpec["dtype"],
): TensorSpec {
  const shape = [...indices].map((i) => sizes[i]!);
  const distinct = new Set(indices);
  return {
    name,
    shape,
    dtype,
    ...(distinct.size < shape.length ? { elements: elementCount([...distinct].map((i) => sizes[i]!)) } : {}),
  };
}
