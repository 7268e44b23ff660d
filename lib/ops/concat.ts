// Tensors written side by side.
import { shown } from "../check.js";
import { defineLayer } from "./layer.js";
import type { Precision, PrecisionOptions } from "./precision.js";
import { tensorShape } from "./shape.js";
import { checkedByLayer, optional } from "./shapeKeys.js";

export interface ConcatShape extends PrecisionOptions {
  /** Shapes of the tensors, equal but along `dim`. */
  shapes: readonly (readonly number[])[];
  /** The dimension along which they stand (default 0). */
  dim?: number;
}

function forward({ shapes, dim = 0 }: ConcatShape, { dtype }: Precision) {
  if (!Array.isArray(shapes) || shapes.length === 0)
    throw new TypeError(`concat: shapes must be a list of shapes, got ${shown(shapes)}`);
  const given = shapes.map((s, i) => tensorShape("concat", `shapes[${i}]`, s));
  const first = given[0]!;
  if (!Number.isInteger(dim) || dim < 0 || dim >= first.length)
    throw new RangeError(`concat: dim must be one of the ${first.length} dimensions, got ${shown(dim)}`);
  for (const own of given)
    if (own.length !== first.length || own.some((d, i) => i !== dim && d !== first[i]))
      throw new RangeError(`concat: shapes must be equal but along dimension ${dim}, got ${shown(given)}`);
  const output = first.map((d, i) => (i === dim ? given.reduce((n, s) => n + s[dim]!, 0) : d));
  return {
    inputs: given.map((shape, i) => ({ name: `x${i}`, shape, dtype })),
    weights: [],
    outputs: [{ name: "y", shape: output, dtype }],
    macs: 0,
    extras: {},
    attributes: { shapes: given, dim, output },
  };
}

/**
 * Concatenation along `dim`: no arithmetic, every byte read and written once. Backward: nothing, as the gradients are
 * views of the output's. Throws when the shapes differ elsewhere.
 */
export const concat = defineLayer({
  kind: "concat",
  about: "tensors side by side along dim",
  shapeKeys: {
    shapes: checkedByLayer("a list of shapes", [4, null, [], [[0]], [[2, 3], [4]]]),
    dim: optional(checkedByLayer("one of the dimensions", [-1, 2, 0.5, "0", null])),
  },
  example: {
    shapes: [
      [8, 64],
      [8, 32],
    ],
    dim: 1,
  },
  forward,
  backward: () => [],
});
