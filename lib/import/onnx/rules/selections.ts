// Nodes that choose elements by ranges or by indices, and read no others.
import { elementCount } from "../../../op.js";
import { axisOf, type Rule } from "../context.js";
import { flatOf, reindexed } from "../fold.js";
import { Uncountable, valueOf } from "../value.js";
import { contents, copy, copyOp, listed, unknown } from "./viewOrCopy.js";

export const slice: Rule = (c) => {
  const shape = c.shape(0);
  const starts = listed(c, 1, "starts");
  const ends = listed(c, 2, "ends");
  if (!starts || !ends) return unknown;
  const axes = listed(c, 3, "axes") ?? starts.map((_, i) => i);
  const steps = (c.has(4) ? c.data(4) : undefined) ?? starts.map(() => 1);
  if ((c.has(3) && !c.data(3)) || (c.has(4) && !c.data(4))) return unknown;
  const out = [...shape];
  const first = shape.map(() => 0);
  const stride = shape.map(() => 1);
  axes.forEach((a, i) => {
    const axis = axisOf(a, shape.length);
    const size = shape[axis]!;
    const step = steps[i] ?? 1;
    if (step === 0) throw new Uncountable("a step must not be 0");
    const clamp = (x: number, low: number, high: number): number => Math.max(low, Math.min(high, x < 0 ? x + size : x));
    const from = step > 0 ? clamp(starts[i]!, 0, size) : clamp(starts[i]!, 0, size - 1);
    const to = step > 0 ? clamp(ends[i]!, 0, size) : clamp(ends[i]!, -1, size - 1);
    out[axis] = Math.max(0, Math.ceil((to - from) / step));
    first[axis] = from;
    stride[axis] = step;
  });
  const data = reindexed(c.data(0), shape, out, (index) => index.map((x, i) => first[i]! + x * stride[i]!));
  return copy(c, out, { ...contents(data), operands: [1, 2, 3, 4], read: { 0: elementCount(out) } });
};

/** Rows of a stored table are an embedding: the table is parameters, its rows are read. */
export const gather: Rule = (c) => {
  const shape = c.shape(0);
  const index = c.shape(1);
  const axis = axisOf(c.int("axis", 0), shape.length);
  const out = [...shape.slice(0, axis), ...index, ...shape.slice(axis + 1)];
  const at = c.data(1);
  const size = shape[axis]!;
  if (at?.some((i) => i >= size || i < -size))
    throw new Uncountable(`indices must be below ${size}, got [${at.slice(0, 8).join(", ")}]`);
  const data = at
    ? reindexed(c.data(0), shape, out, (place) => {
        const i = at[flatOf(place.slice(axis, axis + index.length), index)]!;
        return [...place.slice(0, axis), i < 0 ? i + size : i, ...place.slice(axis + index.length)];
      })
    : undefined;
  if (data) return { outputs: [valueOf(out, c.dtype(), data)] };
  if (c.inputs[0]?.stored && !c.inputs[1]?.data) {
    const rows = Math.min(elementCount(index), shape[axis]!);
    return {
      outputs: [valueOf(out, c.dtype())],
      ops: [{ op: { ...copyOp(c), kind: "embedding" } }],
      read: { 0: (elementCount(shape) / Math.max(1, shape[axis]!)) * rows },
    };
  }
  return copy(c, out, { operands: c.inputs[1]?.data ? [1] : [], read: { 0: elementCount(out) } });
};

export const gatherElements: Rule = (c) => copy(c, c.shape(1), { read: { 0: elementCount(c.shape(1)) } });
export const gatherND: Rule = (c) => {
  const shape = c.shape(0);
  const index = c.shape(1);
  const batch = c.int("batch_dims", 0);
  const out = [...index.slice(0, -1), ...shape.slice(batch + (index.at(-1) ?? 0))];
  return copy(c, out, { read: { 0: elementCount(out) } });
};

export const oneHot: Rule = (c) => {
  const depth = c.data(1)?.[0];
  const shape = c.shape(0);
  const axis = axisOf(c.int("axis", -1), shape.length, 1);
  if (depth === undefined) return unknown;
  return copy(c, [...shape.slice(0, axis), depth, ...shape.slice(axis)], { dtype: c.dtype(2), operands: [1, 2] });
};
