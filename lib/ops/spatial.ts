// Spatial arithmetic that convolutions and pools share: numbers or tuples per axis, paddings, output sizes.
import { nonNegativeIntegers, positiveIntegers, shown } from "../check.js";

/** One number for all axes, or one for each. */
export type PerAxis = number | readonly number[];
/** "same": the output keeps ceil(size / stride) positions, as PyTorch (stride 1) and ONNX's SAME_UPPER. */
export type Padding = PerAxis | "same";

/** `value` for each of `axes` axes. Throws unless it is one number or as many as there are axes. */
export function perAxis(who: string, name: string, value: PerAxis, axes: number, least: 0 | 1 = 1): number[] {
  const list = Array.isArray(value) ? [...value] : Array.from({ length: axes }, () => value as number);
  if (list.length !== axes) throw new RangeError(`${who}: ${name} must be a number or ${axes} of them, got ${shown(value)}`);
  (least === 1 ? positiveIntegers : nonNegativeIntegers)(who, Object.fromEntries(list.map((v, i) => [i === 0 ? name : `${name}[${i}]`, v])));
  return list;
}

export interface Window { readonly input: number[]; readonly kernel: number[]; readonly stride: number[]; readonly dilation: number[]; readonly padding: readonly (readonly [number, number])[]; readonly output: number[] }

/**
 * The sliding window of a convolution or pool, axis by axis: output = floor((input + before + after − dilation·(kernel − 1) − 1) / stride) + 1,
 * ceil instead with `ceilMode` (PyTorch: the last window must start inside the input or its left padding).
 * Throws a RangeError when the window is larger than the padded input.
 */
export function slidingWindow(who: string, axes: number, { input, kernelSize, stride, dilation = 1, padding = 0, ceilMode = false }:
  { input: number[]; kernelSize: PerAxis; stride: PerAxis; dilation?: PerAxis; padding?: Padding; ceilMode?: boolean }): Window {
  const kernel = perAxis(who, "kernelSize", kernelSize, axes), s = perAxis(who, "stride", stride, axes), d = perAxis(who, "dilation", dilation, axes);
  if (typeof padding === "string" && padding !== "same") throw new RangeError(`${who}: padding must be a number, a tuple or "same", got ${shown(padding)}`);
  const given = padding === "same" ? undefined : perAxis(who, "padding", padding, axes, 0);
  const pads = input.map((size, i): [number, number] => {
    if (given) return [given[i]!, given[i]!];
    const total = Math.max(0, (Math.ceil(size / s[i]!) - 1) * s[i]! + d[i]! * (kernel[i]! - 1) + 1 - size);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  });
  const output = input.map((size, i) => {
    const reach = d[i]! * (kernel[i]! - 1) + 1, padded = size + pads[i]![0] + pads[i]![1];
    if (reach > padded) throw new RangeError(`${who}: kernelSize (dilated ${reach}) must fit the padded input ${padded}, got ${kernel[i]}`);
    const steps = (padded - reach) / s[i]!;
    let out = (ceilMode ? Math.ceil(steps) : Math.floor(steps)) + 1;
    if (ceilMode && (out - 1) * s[i]! >= size + pads[i]![0]) out--;
    return out;
  });
  return { input, kernel, stride: s, dilation: d, padding: pads, output };
}

/** Kernel taps that fall on real input, summed over all output positions: the product over axes of each axis's count. */
export function realTaps({ input, kernel, stride, dilation, padding, output }: Window): number {
  return output.reduce((product, out, i) => {
    let taps = 0;
    for (let o = 0; o < out; o++) for (let k = 0; k < kernel[i]!; k++) {
      const at = o * stride[i]! + k * dilation[i]! - padding[i]![0];
      if (at >= 0 && at < input[i]!) taps++;
    }
    return product * taps;
  }, 1);
}

/** All output positions times all kernel taps, padding included. */
export const allTaps = ({ kernel, output }: Window): number => [...kernel, ...output].reduce((n, d) => n * d, 1);
