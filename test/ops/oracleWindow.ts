// Naive convolutions, their transposes and pools in any number of dimensions. Output sizes are found by sliding the
// window until it no longer fits.
import { Counter, forEachIndex, indices, Traced } from "./oracle.js";

export interface WindowCase {
  size: number[];
  kernel: number[];
  stride: number[];
  padding: (readonly [number, number])[];
  dilation: number[];
}

/**
 * Window starts in input coordinates, one list a dimension. `ceil`: also a last window that overhangs, if it starts
 * inside the input or the padding before it.
 */
export function starts({ size, kernel, stride, padding, dilation }: WindowCase, ceil = false): number[][] {
  return size.map((n, d) => {
    const list: number[] = [];
    const reach = (kernel[d]! - 1) * dilation[d]!;
    for (let at = -padding[d]![0]; ; at += stride[d]!) {
      const fits = at + reach < n + padding[d]![1];
      const hangs =
        ceil && !fits && at < n && list.length > 0 && list[list.length - 1]! + reach < n + padding[d]![1] - 1;
      if (!fits && !hangs) return list;
      list.push(at);
      if (hangs) return list;
    }
  });
}

export interface ConvTrace {
  macs: number;
  trueMacs: number;
  x: Traced;
  weight: Traced;
  y: Traced;
}

/** Cross-correlation with groups; taps on padding multiply a zero and are counted, `trueMacs` counts the rest. */
export function convLoop(
  w: WindowCase,
  {
    batch,
    inChannels,
    outChannels,
    groups,
  }: { batch: number; inChannels: number; outChannels: number; groups: number },
  x = new Traced([batch, inChannels, ...w.size], 1),
): ConvTrace {
  const c = new Counter();
  const perGroup = inChannels / groups;
  const outPerGroup = outChannels / groups;
  const at = starts(w);
  const weight = new Traced([outChannels, perGroup, ...w.kernel], 2);
  const y = new Traced([batch, outChannels, ...at.map((l) => l.length)], 0);
  let trueMacs = 0;
  for (const [b, o, ...position] of indices(y.shape)) {
    let sum = 0;
    for (const [i, ...tap] of indices([perGroup, ...w.kernel])) {
      const point = tap.map((k, d) => at[d]![position[d]!]! + k * w.dilation[d]!);
      const inside = point.every((p, d) => p >= 0 && p < w.size[d]!);
      if (inside) trueMacs++;
      sum = c.mac(
        sum,
        inside ? x.get(b!, Math.floor(o! / outPerGroup) * perGroup + i!, ...point) : 0,
        weight.get(o!, i!, ...tap),
      );
    }
    y.set([b!, o!, ...position], sum);
  }
  return { macs: c.macs, trueMacs, x, weight, y };
}

/** Each input position scatters over a window of the output; what falls outside is multiplied (counted) and dropped. */
export function convTransposeLoop(
  w: WindowCase,
  extra: number[],
  {
    batch,
    inChannels,
    outChannels,
    groups,
  }: { batch: number; inChannels: number; outChannels: number; groups: number },
  weight: Traced,
  x = new Traced([batch, inChannels, ...w.size], 3),
): ConvTrace {
  const c = new Counter();
  const perGroup = inChannels / groups;
  const outPerGroup = outChannels / groups;
  // The furthest tap of the last input position, then outputPadding more, less the cropping on both sides.
  const out = w.size.map((n, d) => {
    let last = 0;
    for (let i = 0; i < n; i++) last = i * w.stride[d]! + (w.kernel[d]! - 1) * w.dilation[d]!;
    return last + 1 + extra[d]! - w.padding[d]![0] - w.padding[d]![1];
  });
  const y = new Traced([batch, outChannels, ...out], 0);
  let trueMacs = 0;
  for (const [b, i, ...position] of indices(x.shape))
    for (const [o, ...tap] of indices([outPerGroup, ...w.kernel])) {
      const value = c.mac(0, x.get(b!, i!, ...position), weight.get(i!, o!, ...tap));
      const point = tap.map((k, d) => position[d]! * w.stride[d]! + k * w.dilation[d]! - w.padding[d]![0]);
      if (!point.every((p, d) => p >= 0 && p < out[d]!)) continue;
      trueMacs++;
      y.accumulate([b!, Math.floor(i! / perGroup) * outPerGroup + o!, ...point], value);
    }
  return { macs: c.macs, trueMacs, x, weight, y };
}

/** Pools by scanning every tap, padding included: `taps` for all channels, `out` sizes. */
export function poolLoop(
  w: WindowCase,
  { batch, channels, ceil }: { batch: number; channels: number; ceil: boolean },
): { taps: number; out: number[] } {
  const at = starts(w, ceil);
  const out = at.map((l) => l.length);
  let taps = 0;
  forEachIndex([batch, channels, ...out, ...w.kernel], () => taps++);
  return { taps, out };
}

/**
 * Adaptive pooling by asking, for each output and input position, whether the position's interval overlaps the
 * output's. Integers only.
 */
export function adaptiveLoop(
  size: number[],
  out: number[],
  { batch, channels }: { batch: number; channels: number },
): number {
  let taps = 0;
  for (const [, , ...o] of indices([batch, channels, ...out]))
    for (const i of indices(size))
      // Output o covers [o n / m, (o + 1) n / m); position i covers [i, i + 1).
      if (i.every((p, d) => p * out[d]! < (o[d]! + 1) * size[d]! && (p + 1) * out[d]! > o[d]! * size[d]!)) taps++;
  return taps;
}
