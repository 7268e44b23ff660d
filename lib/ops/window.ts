// A window that slides over an input: output sizes and padding, for convolutions and pools alike. No channels, no
// arithmetic of layers.
import { nonNegativeIntegers, shown } from "../check.js";
import { perDimension, positivePerDimension, type Spatial } from "./shape.js";

/**
 * A number, one for each dimension (or a pair [before, after] for a dimension), or a rule: "valid" is none; "same"
 * keeps the size (PyTorch: stride 1 only); "sameUpper" and "sameLower" give ceil(size / stride) outputs and put an odd
 * rest after or before (ONNX's auto_pad).
 */
export type Padding =
  number | readonly (number | readonly [number, number])[] | "valid" | "same" | "sameUpper" | "sameLower";

export interface WindowOptions {
  kernelSize: Spatial;
  stride?: Spatial;
  padding?: Padding;
  dilation?: Spatial;
  ceilMode?: boolean;
}

/** Every list has one entry a dimension; `padding` counts positions [before, after]. */
export interface Window {
  readonly size: number[];
  readonly kernelSize: number[];
  readonly stride: number[];
  readonly padding: (readonly [number, number])[];
  readonly dilation: number[];
  readonly outSize: number[];
}

/** Positions from the first tap to the last: dilation · (kernelSize - 1) + 1. */
export const extent = (kernelSize: number, dilation: number): number => dilation * (kernelSize - 1) + 1;

/**
 * Resolves a window over `sizes` (named for messages). outSize = floor((size + padding - extent) / stride) + 1, by ceil
 * with `ceilMode` unless that last window would start in the padding behind the input (PyTorch). Throws when the window
 * does not fit.
 */
export function slidingWindow(
  who: string,
  sizes: Readonly<Record<string, number>>,
  { kernelSize, stride = 1, padding = 0, dilation = 1, ceilMode = false }: WindowOptions,
): Window {
  const names = Object.keys(sizes);
  const size = Object.values(sizes);
  const rank = size.length;
  const kernel = positivePerDimension(who, "kernelSize", kernelSize, rank);
  const steps = positivePerDimension(who, "stride", stride, rank);
  const dilations = positivePerDimension(who, "dilation", dilation, rank);
  const pads: (readonly [number, number])[] = [];
  const outSize: number[] = [];
  for (let i = 0; i < rank; i++) {
    const span = extent(kernel[i]!, dilations[i]!);
    const s = steps[i]!;
    const n = size[i]!;
    const pad = padBoth(who, padding, i, rank, { size: n, stride: s, span });
    const padded = n + pad[0] + pad[1];
    const room = padded - span;
    if (room < 0)
      throw new RangeError(`${who}: kernelSize must span at most the padded ${names[i]} ${padded}, got ${span}`);
    let out = Math.floor(room / s) + 1;
    if (ceilMode && room % s !== 0 && out * s < n + pad[0]) out++;
    pads.push(pad);
    outSize.push(out);
  }
  return { size, kernelSize: kernel, stride: steps, padding: pads, dilation: dilations, outSize };
}

function padBoth(
  who: string,
  padding: Padding,
  dimension: number,
  rank: number,
  { size, stride, span }: { size: number; stride: number; span: number },
): readonly [number, number] {
  if (typeof padding !== "string") return explicitPadding(who, padding, dimension, rank);
  if (padding === "valid") return [0, 0];
  if (padding === "same" && stride !== 1)
    throw new RangeError(
      `${who}: stride must be 1 for padding "same" ("sameUpper" gives ceil(size / stride) outputs), got ${stride}`,
    );
  if (padding !== "same" && padding !== "sameUpper" && padding !== "sameLower")
    throw new RangeError(
      `${who}: padding must be a number, a list or one of valid, same, sameUpper, sameLower, got ${shown(padding)}`,
    );
  const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + span - size);
  const less = Math.floor(total / 2);
  return padding === "sameLower" ? [total - less, less] : [less, total - less];
}

/** Numeric padding of one dimension as [before, after]. */
export function explicitPadding(
  who: string,
  padding: unknown,
  dimension: number,
  rank: number,
): readonly [number, number] {
  const one = perDimension(who, "padding", padding, rank)[dimension] as unknown;
  const pair = Array.isArray(one) ? (one as number[]) : [one as number, one as number];
  if (pair.length !== 2)
    throw new RangeError(
      `${who}: padding must be a number or a pair [before, after] in each dimension, got ${shown(one)}`,
    );
  for (const n of pair) nonNegativeIntegers(who, { padding: n });
  return [pair[0]!, pair[1]!];
}

/** Each tap of a kernel is looked at. */
const mostTaps = 2 ** 20;

/** Taps of all window positions that fall on the input rather than on padding: the product over dimensions. */
export function tapsInside(who: string, { size, kernelSize, stride, padding, dilation, outSize }: Window): number {
  let product = 1;
  for (let i = 0; i < size.length; i++) {
    let taps = 0;
    if (kernelSize[i]! > mostTaps)
      throw new RangeError(`${who}: kernelSize must be at most ${mostTaps} for exactPadding, got ${kernelSize[i]}`);
    for (let k = 0; k < kernelSize[i]!; k++) {
      const offset = k * dilation[i]! - padding[i]![0];
      const s = stride[i]!;
      const first = Math.max(0, Math.ceil(-offset / s));
      const last = Math.min(outSize[i]! - 1, Math.floor((size[i]! - 1 - offset) / s));
      taps += Math.max(0, last - first + 1);
    }
    product *= taps;
  }
  return product;
}

/** {height, width} -> {outHeight, outWidth}. */
export const outSizes = (sizes: Record<string, number>, outSize: readonly number[]): Record<string, number> =>
  Object.fromEntries(
    Object.keys(sizes).map((name, i) => [`out${name[0]!.toUpperCase()}${name.slice(1)}`, outSize[i]!]),
  );
