// Nodes that order, join, part or repeat their elements.
import { elementCount, type TensorSpec } from "../../../op.js";
import { axisOf, broadcast, type Context, type Rule } from "../context.js";
import { permuted, reindexed, spread } from "../fold.js";
import { maxData } from "../maxData.js";
import { Uncountable, valueOf } from "../value.js";
import { contents, copy, copyOp, listed, unknown, view } from "./viewOrCopy.js";

export const transpose: Rule = (c) => {
  const shape = c.shape(0);
  const perm = c.ints("perm") ?? shape.map((_, i) => shape.length - 1 - i);
  if (perm.length !== shape.length || new Set(perm).size !== perm.length || perm.some((p) => shape[p] === undefined))
    throw new Uncountable(`perm must order ${shape.length} dimensions, got [${perm.join(", ")}]`);
  const out = perm.map((p) => shape[p]!);
  if (shape.length < 2 || perm.every((p, i) => p === i)) return view(c, out);
  const data = permuted(c.data(0), shape, perm);
  return copy(c, out, contents(data));
};

export const concat: Rule = (c) => {
  const shapes = c.inputs.map((_, i) => c.shape(i));
  if (shapes.length === 0) throw new Uncountable("Concat must have tensors, got none");
  const axis = axisOf(c.int("axis", 1), shapes[0]!.length);
  const out = [...shapes[0]!];
  if (shapes.some((s) => s.length !== out.length || s.some((d, i) => i !== axis && d !== out[i]))) {
    const got = shapes.slice(0, 4).map((s) => `[${s.join(", ")}]`);
    throw new Uncountable(`concatenated shapes must agree but for dimension ${axis}, got ${got.join(" and ")}`);
  }
  out[axis] = shapes.reduce((n, s) => n + s[axis]!, 0);
  return copy(c, out, contents(joined(c, out, axis)));
};

/** Known contents, joined row by row. */
function joined(c: Context, out: readonly number[], axis: number): number[] | undefined {
  if (elementCount(out) > maxData || !c.inputs.every((v) => v?.data)) return undefined;
  const rows = elementCount(out.slice(0, axis));
  return Array.from({ length: rows }, (_, row) =>
    c.inputs.flatMap((v) => {
      const width = v!.data!.length / rows;
      return v!.data!.slice(row * width, (row + 1) * width);
    }),
  ).flat();
}

export const split: Rule = (c) => {
  const shape = c.shape(0);
  const axis = axisOf(c.int("axis", 0), shape.length);
  const given = listed(c, 1, "split");
  const parts = c.node.outputs.length;
  if (!given && c.has(1)) return unknown;
  const each = Math.ceil(shape[axis]! / parts);
  const sizes = given ?? c.node.outputs.map((_, i) => Math.max(0, Math.min(each, shape[axis]! - i * each)));
  const known = shape.length === 1 ? c.data(0) : undefined;
  const starts = [0];
  for (const d of sizes) starts.push(starts.at(-1)! + d);
  const stored = c.inputs[0]?.stored;
  const outputs = c.node.outputs.map((_, i) => {
    const part = shape.map((d, j) => (j === axis ? (sizes[i] ?? -1) : d));
    const value = valueOf(part, c.dtype(), known?.slice(starts[i], starts[i + 1]));
    if (!stored) return value;
    const share = (t: TensorSpec): number => (elementCount(t.shape) * (sizes[i] ?? 0)) / Math.max(1, shape[axis]!);
    return { ...value, stored: stored.map((t) => ({ ...t, elements: Math.ceil(share(t)) })) };
  });
  return stored || known ? { outputs } : { outputs, ops: [{ op: copyOp(c) }], operands: [1] };
};

export const sameAsFirst: Rule = (c) => copy(c, c.shape(0));

export const expand: Rule = (c) => {
  const wanted = c.data(1);
  if (!wanted) return unknown;
  const out = broadcast(c.shape(0), wanted);
  const known = c.data(0);
  const data = known && elementCount(out) <= maxData ? spread(known, c.shape(0), out) : undefined;
  return copy(c, out, { operands: [1], ...contents(data) });
};

export const tile: Rule = (c) => {
  const repeats = c.data(1);
  const shape = c.shape(0);
  if (!repeats) return unknown;
  const out = shape.map((d, i) => d * (repeats[i] ?? 1));
  const data = reindexed(c.data(0), shape, out, (index) => index.map((x, i) => x % shape[i]!));
  return copy(c, out, { operands: [1], ...contents(data) });
};

export const pad: Rule = (c) => {
  const shape = c.shape(0);
  const pads = listed(c, 1, "pads");
  const axes = c.has(3) ? c.data(3) : shape.map((_, i) => i);
  if (!pads || !axes) return unknown;
  const out = [...shape];
  axes.forEach((a, i) => {
    out[axisOf(a, shape.length)]! += pads[i]! + pads[i + axes.length]!;
  });
  if (pads.every((p) => p === 0)) return view(c, out);
  return copy(c, out, { operands: [1, 2, 3], ...contents(padded(c, out, axes, pads)) });
};

/** Known contents within a known constant. */
function padded(
  c: Context,
  out: readonly number[],
  axes: readonly number[],
  pads: readonly number[],
): number[] | undefined {
  const shape = c.shape(0);
  const fill = c.has(2) ? c.data(2)?.[0] : c.float("value", 0);
  if (c.text("mode", "constant") !== "constant" || fill === undefined) return undefined;
  const before = shape.map(() => 0);
  axes.forEach((a, i) => {
    before[axisOf(a, shape.length)] = pads[i]!;
  });
  const from = (index: readonly number[]): number[] | undefined => {
    const inner = index.map((x, i) => x - before[i]!);
    return inner.every((x, i) => x >= 0 && x < shape[i]!) ? inner : undefined;
  };
  return reindexed(c.data(0), shape, out, from, fill);
}

export const blocks =
  (sign: 1 | -1): Rule =>
  (c) => {
    const [n, channels, height, width] = c.shape(0) as [number, number, number, number];
    if (c.shape(0).length !== 4) throw new Uncountable(`input 0 must have 4 dimensions, got ${c.shape(0).length}`);
    const b = c.int("blocksize", 1);
    const toSpace = [n, channels / (b * b), height * b, width * b];
    const toDepth = [n, channels * b * b, height / b, width / b];
    return copy(c, sign > 0 ? toSpace : toDepth);
  };
