// Nodes that keep their elements and their order: another shape, another type, or nothing at all.
import { elementCount } from "../../../op.js";
import type { DType } from "../../../dtype.js";
import { elementTypes } from "../elementTypes.js";
import { axisOf, type Rule } from "../context.js";
import { heldBy } from "../fold.js";
import { Uncountable, valueOf } from "../value.js";
import { copy, listed, unknown, view } from "./viewOrCopy.js";

export const reshape: Rule = (c) => {
  const shape = c.shape(0);
  const wanted = listed(c, 1, "shape");
  if (!wanted) return unknown;
  const sizes = wanted.map((d, i) => (d === 0 && c.int("allowzero", 0) === 0 ? (shape[i] ?? 0) : d));
  const free = sizes.indexOf(-1);
  if (free >= 0) sizes[free] = elementCount(shape) / elementCount(sizes.filter((_, i) => i !== free));
  if (elementCount(sizes) !== elementCount(shape))
    throw new Uncountable(`shape must hold ${elementCount(shape)} elements, got [${sizes.join(", ")}]`);
  return view(c, sizes);
};

export const flatten: Rule = (c) => {
  const shape = c.shape(0);
  const given = c.int("axis", 1);
  const axis = given === shape.length ? given : axisOf(given, shape.length);
  return view(c, [elementCount(shape.slice(0, axis)), elementCount(shape.slice(axis))]);
};

export const squeeze: Rule = (c) => {
  const shape = c.shape(0);
  const axes = listed(c, 1, "axes");
  if (!axes && c.has(1)) return unknown;
  const ones = shape.flatMap((d, i) => (d === 1 ? [i] : []));
  const drop = new Set(axes ? axes.map((a) => axisOf(a, shape.length)) : ones);
  for (const i of drop) if (shape[i] !== 1) throw new Uncountable(`a squeezed dimension must be 1, got ${shape[i]}`);
  return view(
    c,
    shape.filter((_, i) => !drop.has(i)),
  );
};

export const unsqueeze: Rule = (c) => {
  const shape = c.shape(0);
  const axes = listed(c, 1, "axes");
  if (!axes) return unknown;
  const at = new Set(axes.map((a) => axisOf(a, shape.length, axes.length)));
  const rest = [...shape];
  return view(
    c,
    Array.from({ length: shape.length + at.size }, (_, i) => (at.has(i) ? 1 : rest.shift()!)),
  );
};

export const identity: Rule = (c) => {
  const v = c.inputs[0];
  return v?.element || v?.absent ? { outputs: [v] } : view(c, c.shape(0));
};
export const cast: Rule = (c) => {
  const dtype = elementTypes.get(c.int("to", 0))?.dtype ?? c.dtype(c.node.opType === "CastLike" ? 1 : 0);
  if (dtype === c.dtype()) return view(c, c.shape(0));
  const data = heldBy(dtype, c.data(0));
  if (!c.data(0)) return copy(c, c.shape(0), { dtype, operands: [1] });
  const stored = c.inputs[0]?.stored;
  return { outputs: [{ ...valueOf(c.shape(0), dtype, data), ...(stored ? { stored } : {}) }] };
};

/** The same bytes as numbers of another type: between types of different widths the last dimension changes. */
export const bitCast: Rule = (c) => {
  const to = elementTypes.get(c.int("to", 0));
  const shape = c.shape(0);
  if (!to) return { outputs: [valueOf(shape)] };
  const from = widthOf(c.dtype());
  if (from === to.bits) return { outputs: [valueOf(shape, to.dtype)] };
  const wide = (shape.at(-1) ?? 1) * from;
  return { outputs: [valueOf([...shape.slice(0, -1), wide / to.bits], to.dtype)] };
};
const widthOf = (dtype: DType): number => [...elementTypes.values()].find((t) => t.dtype === dtype)!.bits;

/** At inference a dropout passes its input on. */
export const dropout: Rule = (c) => ({ outputs: [...view(c, c.shape(0)).outputs, valueOf(c.shape(0), "bool")] });
