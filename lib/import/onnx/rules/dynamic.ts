// Nodes whose output's size depends on the data: where the contents are known or the file declares the shape it is
// that; else the node is not counted, and says so.
import { elementCount } from "../../../op.js";
import { axisOf, type Context, type Found, type Rule } from "../context.js";
import { Uncountable, valueOf } from "../value.js";
import { elementwiseOp } from "./elementwise.js";
import { copyOp } from "./viewOrCopy.js";

const why = "how many results there are depends on the data";

/** What the file declares of the output, where that has `rank` dimensions. */
function declaredOf(c: Context, rank: number): readonly number[] | undefined {
  const shape = c.declared(0)?.shape;
  return shape?.length === rank ? shape : undefined;
}

/** The outputs as the file declares them. `flops` an element of the input, itemised as `extra`. */
function asDeclared(c: Context, extra: string, flops: number): Found {
  const outputs = c.node.outputs.map((_, i) => c.declared(i));
  if (!outputs[0]?.shape) return { outputs, why };
  return { outputs, ops: [{ op: elementwiseOp(copyOp(c).kind, extra, elementCount(c.shape(0)), flops) }] };
}

/** Of known contents (a mask that an exporter made) the places are known, too. */
const nonZero: Rule = (c) => {
  const shape = c.shape(0);
  const data = c.data(0);
  if (!data) {
    const declared = declaredOf(c, 2);
    if (!declared) return { outputs: [{ dtype: "int64" }], why };
    return { outputs: [valueOf(declared, "int64")], ops: [{ op: copyOp(c) }] };
  }
  const at = data.flatMap((x, i) => (x !== 0 ? [i] : []));
  const rows = shape.map((size, axis) => {
    const step = elementCount(shape.slice(axis + 1));
    return at.map((i) => Math.floor(i / step) % size);
  });
  return { outputs: [valueOf([shape.length, at.length], "int64", rows.flat())] };
};

const compress: Rule = (c) => {
  const shape = c.shape(0);
  const kept = c.data(1)?.filter((x) => x !== 0).length;
  const axis = c.node.attributes.has("axis") ? axisOf(c.int("axis", 0), shape.length) : undefined;
  const declared = declaredOf(c, axis === undefined ? 1 : shape.length);
  const known = axis === undefined ? [kept ?? -1] : shape.map((d, i) => (i === axis ? (kept ?? -1) : d));
  const out = kept === undefined ? declared : known;
  if (!out) return { outputs: [{ dtype: c.dtype() }], why };
  return { outputs: [valueOf(out, c.dtype())], ops: [{ op: copyOp(c) }], read: { 0: elementCount(out) } };
};

/** Boxes [batches, boxes, 4]: every pair is compared at most once; how many pairs are is a matter of the data. */
const nonMaxSuppression: Rule = (c) => {
  const out = declaredOf(c, 2);
  if (!out) return { outputs: [{ dtype: "int64" }], why };
  return { outputs: [valueOf(out, "int64")], ops: [{ op: copyOp(c) }], operands: [2, 3, 4] };
};

/** The k largest along an axis and their places: each element is compared once. */
const topK: Rule = (c) => {
  const shape = c.shape(0);
  const axis = axisOf(c.int("axis", -1), shape.length);
  const k = c.opset < 10 ? c.int("k", 0) : c.data(1)?.[0];
  const out = k === undefined ? declaredOf(c, shape.length) : shape.map((d, i) => (i === axis ? k : d));
  if (k !== undefined && k > shape[axis]!) throw new Uncountable(`k must be at most ${shape[axis]}, got ${k}`);
  if (!out) return { outputs: [{ dtype: c.dtype() }, { dtype: "int64" }], why: "k is not in the file" };
  return {
    outputs: [valueOf(out, c.dtype()), valueOf(out, "int64")],
    ops: [{ op: elementwiseOp("topK", "compare", elementCount(shape), 1) }],
    operands: [1],
  };
};

export const dynamic: Readonly<Record<string, Rule>> = {
  NonZero: nonZero,
  Compress: compress,
  NonMaxSuppression: nonMaxSuppression,
  TopK: topK,
  Unique: (c) => asDeclared(c, "compare", 1),
};
