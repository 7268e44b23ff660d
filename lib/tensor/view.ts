// Shape and stride algebra: where in a buffer each element of a tensor lies. Pure; no buffer is touched here. Strides
// count elements.
import { shown } from "../check.js";

/** How a tensor lies in its buffer, in elements: (i, j, …) is at offset + i · strides[0] + j · strides[1] + … */
export interface View {
  /** Sizes of its dimensions. */
  readonly shape: readonly number[];
  /** How far one step along each dimension goes. */
  readonly strides: readonly number[];
  /** Where the first element lies. */
  readonly offset: number;
}

export const count = (shape: readonly number[]): number => shape.reduce((n, d) => n * d, 1);

/** Row-major strides: the last dimension is next to itself, each one before strides over all after it. */
function contiguousStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    strides[d] = step;
    step *= shape[d]!;
  }
  return strides;
}

/** A view of a whole, fresh buffer of that shape. Throws unless every size is a non-negative integer. */
export function contiguousView(who: string, shape: readonly number[]): View {
  if (!Array.isArray(shape) || shape.some((d) => !Number.isSafeInteger(d) || d < 0))
    throw new RangeError(`${who}: shape must be a list of non-negative integers, got ${shown(shape)}`);
  return { shape: [...shape], strides: contiguousStrides(shape), offset: 0 };
}

/** `dimension` counted from the front; negative ones count from the end. */
export function axisOf(who: string, view: View, dimension: number): number {
  const d = dimension < 0 ? dimension + view.shape.length : dimension;
  if (!Number.isInteger(dimension) || d < 0 || d >= view.shape.length)
    throw new RangeError(
      `${who}: dimension must be from ${-view.shape.length} to ${view.shape.length - 1}, got ${shown(dimension)}`,
    );
  return d;
}

/** Dimensions `a` and `b` exchanged. */
export function transposed(view: View, a: number, b: number): View {
  const order = view.shape.map((_, d) => d);
  const i = axisOf("transpose", view, a);
  const j = axisOf("transpose", view, b);
  [order[i], order[j]] = [j, i];
  return permuted(view, order);
}

/** Dimensions in the order given: permuted(v, [2, 0, 1]) puts the last one first. */
export function permuted(view: View, order: readonly number[]): View {
  const axes = order.map((d) => axisOf("permute", view, d));
  if (axes.length !== view.shape.length || new Set(axes).size !== axes.length)
    throw new RangeError(`permute: order must name each of ${view.shape.length} dimensions once, got ${shown(order)}`);
  return { shape: axes.map((d) => view.shape[d]!), strides: axes.map((d) => view.strides[d]!), offset: view.offset };
}

/**
 * Elements start, start + step, … before `end` of one dimension, as Python's slices: negative positions count from
 * the end, a negative step walks backwards.
 */
export function sliced(view: View, dimension: number, start?: number, end?: number, step = 1): View {
  const d = axisOf("slice", view, dimension);
  const size = view.shape[d]!;
  for (const [name, v] of Object.entries({ start, end, step }))
    if (v !== undefined && !Number.isSafeInteger(v))
      throw new RangeError(`slice: ${name} must be an integer, got ${shown(v)}`);
  if (step === 0) throw new RangeError("slice: step must not be 0, got 0");
  const clamp = (v: number, low: number, high: number) => Math.min(Math.max(v < 0 ? v + size : v, low), high);
  // Backwards, a walk starts at the last element and ends before the first, which no position names.
  const last = size - 1;
  const fromDown = start === undefined ? last : clamp(start, -1, last);
  const toDown = end === undefined ? -1 : clamp(end, -1, last);
  const from = step > 0 ? clamp(start ?? 0, 0, size) : fromDown;
  const to = step > 0 ? clamp(end ?? size, 0, size) : toDown;
  const length = Math.max(0, Math.ceil((to - from) / step));
  return {
    shape: view.shape.map((s, i) => (i === d ? length : s)),
    strides: view.strides.map((s, i) => (i === d ? s * step : s)),
    offset: length > 0 ? view.offset + from * view.strides[d]! : view.offset,
  };
}

/** Sizes of 1 repeated to `shape` with stride 0: nothing is copied. New dimensions come in front. */
export function broadcast(view: View, shape: readonly number[]): View {
  const lead = shape.length - view.shape.length;
  if (lead < 0)
    throw new RangeError(`broadcastTo: shape must have at least ${view.shape.length} dimensions, got ${shown(shape)}`);
  const strides = shape.map((size, d) => {
    const have = d < lead ? 1 : view.shape[d - lead]!;
    if (have === size) return d < lead ? 0 : view.strides[d - lead]!;
    if (have !== 1 || !Number.isSafeInteger(size) || size < 0)
      throw new RangeError(
        `broadcastTo: shape must agree with ${shown(view.shape)} where that is not 1, got ${shown(shape)}`,
      );
    return 0;
  });
  return { shape: [...shape], strides, offset: view.offset };
}

/**
 * Windows of `size` along a dimension, every `step` elements: the dimension counts windows, a new last one counts
 * inside; overlapping elements are shared.
 */
export function windows(view: View, dimension: number, size: number, step = 1): View {
  const d = axisOf("slidingWindow", view, dimension);
  const have = view.shape[d]!;
  if (!Number.isSafeInteger(size) || size < 1 || size > have)
    throw new RangeError(`slidingWindow: size must be from 1 to ${have}, got ${shown(size)}`);
  if (!Number.isSafeInteger(step) || step < 1)
    throw new RangeError(`slidingWindow: step must be a positive integer, got ${shown(step)}`);
  return {
    shape: [...view.shape.map((s, i) => (i === d ? Math.floor((have - size) / step) + 1 : s)), size],
    strides: [...view.strides.map((s, i) => (i === d ? s * step : s)), view.strides[d]!],
    offset: view.offset,
  };
}

/** The same elements in a new shape without a copy, or undefined when no strides can say it. One size may be -1. */
export function reshaped(view: View, shape: readonly number[]): View | undefined {
  const target = inferred(view, shape);
  // Group the old dimensions that lie contiguously behind each other, then cut each group into new dimensions.
  const old = view.shape.map((size, d) => ({ size, stride: view.strides[d]! })).filter(({ size }) => size !== 1);
  if (count(view.shape) === 0) return { shape: target, strides: contiguousStrides(target), offset: view.offset };
  const strides = new Array<number>(target.length).fill(1);
  let o = old.length - 1;
  let t = target.length - 1;
  while (o >= 0) {
    const stride = old[o]!.stride;
    let size = old[o]!.size;
    while (o > 0 && old[o - 1]!.stride === stride * size) size *= old[--o]!.size;
    o--;
    let inner = 1;
    while (t >= 0 && (inner < size || target[t] === 1)) {
      strides[t] = stride * inner;
      inner *= target[t]!;
      t--;
    }
    if (inner !== size) return undefined;
  }
  return { shape: target, strides, offset: view.offset };
}

function inferred(view: View, shape: readonly number[]): number[] {
  const total = count(view.shape);
  const unknown = shape.filter((s) => s === -1).length;
  const known = shape.reduce((n, s) => (s === -1 ? n : n * s), 1);
  const target = shape.map((s) => (s === -1 ? total / known : s));
  if (unknown > 1 || target.some((s) => !Number.isSafeInteger(s) || s < 0) || count(target) !== total)
    throw new RangeError(`reshape: shape must hold ${total} elements, got ${shown(shape)}`);
  return target;
}

/**
 * PyTorch's rule: row-major without gaps; the strides of dimensions of size 1 do not matter, and an empty tensor is
 * contiguous.
 */
export function isContiguous({ shape, strides }: View): boolean {
  let step = 1;
  if (shape.includes(0)) return true;
  for (let d = shape.length - 1; d >= 0; d--) {
    if (shape[d] === 1) continue;
    if (strides[d] !== step) return false;
    step *= shape[d]!;
  }
  return true;
}

/**
 * Whether each address is used by at most one element, as far as strides sorted by size can tell (exact for views of
 * one buffer that were not folded onto themselves).
 */
export function isNonOverlapping({ shape, strides }: View): boolean {
  if (shape.includes(0)) return true;
  let reach = 0;
  for (const { size, stride } of sortedAxes({ shape, strides })) {
    if (stride <= reach) return false;
    reach += stride * (size - 1);
  }
  return true;
}

/** Non-overlapping and without gaps: a permutation of a contiguous tensor. Reductions may walk it straight through. */
export function isDense(view: View): boolean {
  let step = 1;
  if (view.shape.includes(0)) return true;
  for (const { size, stride } of sortedAxes(view)) {
    if (stride !== step) return false;
    step *= size;
  }
  return true;
}

const sortedAxes = ({ shape, strides }: { shape: readonly number[]; strides: readonly number[] }) =>
  shape
    .map((size, d) => ({ size, stride: Math.abs(strides[d]!) }))
    .filter(({ size }) => size > 1)
    .sort((a, b) => a.stride - b.stride);

/** Element addresses in the view's own order, last dimension fastest. */
export function addressesInOrder({ shape, strides, offset }: View): number[] {
  const total = count(shape);
  const out = new Array<number>(total);
  const index = new Array<number>(shape.length).fill(0);
  let address = offset;
  for (let k = 0; k < total; k++) {
    out[k] = address;
    for (let d = shape.length - 1; d >= 0; d--) {
      index[d]!++;
      address += strides[d]!;
      if (index[d]! < shape[d]!) break;
      address -= strides[d]! * shape[d]!;
      index[d] = 0;
    }
  }
  return out;
}
