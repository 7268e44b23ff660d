// Einstein summation by index string: any product and sum over named indices, as pairwise contractions.
import { positiveIntegers, record, shown } from "../check.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { contractPairwise, parseEquation } from "./einsumEquation.js";
import { gradientOf, type BackwardOptions } from "./gradient.js";
import { precision, type PrecisionOptions } from "./precision.js";
import { merged, tensorShape } from "./shape.js";

/** `sizes` of each index letter, or the `shapes` of the operands, in order. */
export interface EinsumShape extends PrecisionOptions {
  equation: string;
  sizes?: Readonly<Record<string, number>>;
  shapes?: readonly (readonly number[])[];
}

/**
 * Einsum: for two operands macs is the product of all distinct index sizes (`einsum({ equation: "bik,bkj->bij", sizes:
 * { b: 1, i: 2, j: 3, k: 4 } })`). An index that only one operand has and that is not kept is summed first
 * (`extras.sum`); a product without a sum is no contraction (`extras.mul`); a transposition costs 0. More operands are
 * taken in pairs from left to right, intermediates neglected as bytes. A repeated index in one operand reads its
 * diagonal. Without "->" the indices that appear once are kept, in order of the alphabet (NumPy). No ellipsis. Throws
 * when an index has no size, or a size no index. Also as `einsum("ij,jk->ik", { i: 2, j: 3, k: 4 } or [[2, 3], [3, 4]],
 * options)`.
 */
export function einsum(shape: EinsumShape, options?: PrecisionOptions): Op;
export function einsum(
  equation: string,
  sizes: NonNullable<EinsumShape["sizes"] | EinsumShape["shapes"]>,
  options?: PrecisionOptions,
): Op;
export function einsum(shape: EinsumShape | string, given?: object, more: PrecisionOptions = {}): Op {
  if (typeof shape === "string")
    return einsum({ equation: shape, [Array.isArray(given) ? "shapes" : "sizes"]: given }, more);
  const { equation, sizes: named, shapes, ...rest } = merged("einsum", shape, given);
  const { dtype } = precision("einsum", rest, ["equation", "sizes", "shapes"]);
  const { operands, output } = parseEquation(equation);
  if (named !== undefined && shapes !== undefined)
    throw new TypeError(`einsum: sizes must not stand beside shapes, got ${shown(named)}`);
  const sizes = (shapes === undefined ? named : sizesOf(operands, shapes)) as Record<string, number>;
  record("einsum", "sizes", sizes);
  for (const index of new Set(operands.join(""))) positiveIntegers("einsum", { [`size of ${index}`]: sizes[index] });
  for (const index of Object.keys(sizes))
    if (!operands.some((o) => o.includes(index)))
      throw new RangeError(`einsum: sizes must name indices of ${shown(equation)}, got ${shown(index)}`);
  return contraction("einsum", operands, output, sizes, dtype, {
    equation: `${operands.join(",")}->${output}`,
    sizes: { ...sizes },
  });
}

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

function contraction(
  kind: string,
  operands: readonly string[],
  output: string,
  sizes: Readonly<Record<string, number>>,
  dtype: TensorSpec["dtype"],
  attributes: Record<string, unknown>,
): Op {
  const inputs = operands.map((indices, i) => operand(`operand${i}`, indices, sizes, dtype));
  const y = operand("y", output, sizes, dtype);
  const { macs, sum, mul } = contractPairwise(operands, output, sizes);
  const extras = { ...(sum ? { sum } : {}), ...(mul ? { mul } : {}) };
  const op: Op = { kind, inputs, weights: [], outputs: [y], macs, extras, attributes };
  // A diagonal's gradient is a scatter, not an einsum.
  if (operands.some((o) => new Set(o).size < o.length)) return op;
  const backward = ({ inputGradient = true }: BackwardOptions = {}): Op[] =>
    !inputGradient
      ? []
      : operands.map((own, i) => {
          const others = operands.filter((_, j) => j !== i);
          const gradient = contraction(`einsum.gradient${i}`, [output, ...others], own, sizes, dtype, attributes);
          return {
            kind: gradient.kind,
            inputs: [gradientOf(y), ...inputs.filter((_, j) => j !== i)],
            weights: [],
            outputs: [gradientOf(inputs[i]!)],
            macs: gradient.macs,
            extras: gradient.extras,
            attributes,
          };
        });
  return { ...op, backward };
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
