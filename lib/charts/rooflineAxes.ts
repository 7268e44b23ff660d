// The axes of a roofline: what they span, and how their ticks read.
import { formatted } from "./text.js";
import type { Roof } from "./rooflineLabels.js";

export type Domain = readonly [number, number];

/** A point in its place, with the ends of its band if it has one. */
export interface PlacedPoint {
  readonly arithmeticIntensity: number;
  readonly flops: number;
  readonly lowFlops?: number;
  readonly highFlops?: number;
}

/** Arithmetic intensity: `asked`, widened to hold every point, or whole decades around points and ridge points. */
export function intensityDomain(points: readonly PlacedPoint[], ridges: readonly number[], asked?: Domain): Domain {
  const intensities = points.map((p) => p.arithmeticIntensity);
  if (asked) return widened(asked, intensities);
  const all = [...intensities, ...ridges];
  return [10 ** Math.floor(Math.log10(Math.min(...all)) - 0.35), 10 ** Math.ceil(Math.log10(Math.max(...all)) + 0.35)];
}

/** FLOP/s: `asked`, widened to hold every band, or from below the lowest point or slope to above the highest peak. */
export function flopsDomain(points: readonly PlacedPoint[], roofs: readonly Roof[], x: Domain, asked?: Domain): Domain {
  const low = (p: PlacedPoint) => p.lowFlops ?? p.flops;
  const high = (p: PlacedPoint) => p.highFlops ?? p.flops;
  if (asked)
    return widened(
      asked,
      points.flatMap((p) => [p.flops, low(p), high(p)]),
    );
  const top = Math.max(...roofs.map((r) => r.peak));
  const slope = Math.max(x[0] * Math.min(...roofs.map((r) => r.bandwidth)), top / 1e5);
  return [Math.min(...points.map((p) => Math.min(p.flops, low(p)) / 2), slope), top * 3];
}

function widened([low, high]: Domain, values: readonly number[]): Domain {
  return [
    Math.min(low, ...values.filter((v) => v < low).map((v) => v / 1.5)),
    Math.max(high, ...values.filter((v) => v > high).map((v) => v * 1.5)),
  ];
}

/** A tick of the intensity axis: 0.1, 100, 1e+6. */
export function plainPower(v: number): string {
  if (v >= 1e6 || v < 1e-3) return v.toExponential(0);
  return formatted(v)
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");
}
