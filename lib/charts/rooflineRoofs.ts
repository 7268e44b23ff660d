// The roofs of a roofline: for each device and dtype a peak and the bandwidth that leads up to it, and their lines.
import { shown } from "../check.js";
import type { Roof } from "./rooflineLabels.js";
import type { RooflineDevice } from "./rooflineRows.js";
import { ink, palette } from "./theme.js";

/** The roofs of `devices`: of one device all `dtypes`, of several the first of each. */
export function roofsOf(devices: readonly RooflineDevice[], dtypes?: readonly string[]): Roof[] {
  const roofs = devices.flatMap((d) => {
    const names = dtypes ?? Object.keys(d.peakFlops).sort((a, b) => d.peakFlops[b]! - d.peakFlops[a]!);
    return names.slice(0, devices.length > 1 ? 1 : undefined).map((name): Roof => {
      const peak = d.peakFlops[name];
      if (typeof peak === "number" && !(Number.isFinite(peak) && peak > 0))
        throw new RangeError(
          `rooflineChart: peakFlops of ${d.name} must be positive and finite, got ${peak} for ${name}`,
        );
      if (peak === undefined)
        throw new RangeError(
          `rooflineChart: dtypes must be among ${Object.keys(d.peakFlops).join(", ")} of ${d.name}, got ${shown(name)}`,
        );
      return { label: devices.length > 1 ? `${d.name} ${name}` : name, peak, bandwidth: d.bandwidth };
    });
  });
  // Equal peaks (bf16 and fp16) share one line and one label.
  return roofs
    .filter((r, i) => roofs.findIndex((o) => o.peak === r.peak && o.bandwidth === r.bandwidth) === i)
    .map((r) => ({
      ...r,
      label: roofs
        .filter((o) => o.peak === r.peak && o.bandwidth === r.bandwidth)
        .map((o) => o.label)
        .join(", "),
    }));
}

/** A roof or a slope as it is drawn. */
export interface DrawnRoof {
  readonly color: string;
  readonly width: number;
  readonly points: readonly { readonly ai: number; readonly flops: number }[];
}

/** The lines of `roofs`, the first the widest, and of the memory levels' `slopes`, which lead up to it. */
export function roofLines(
  roofs: readonly Roof[],
  slopes: readonly { bandwidth: number }[],
  x: readonly [number, number],
  y: readonly [number, number],
): DrawnRoof[] {
  const { peak } = roofs[0]!;
  return [
    ...roofs.map((r, i) => ({
      color: i === 0 ? ink : palette[(i - 1) % palette.length]!,
      width: i === 0 ? 2.4 : 1.6,
      points: roofLine(r, x, y),
    })),
    ...slopes.map(({ bandwidth }, i) => ({
      color: palette[i % palette.length]!,
      width: 1.6,
      points: roofLine({ peak, bandwidth }, x, y),
    })),
  ];
}

/** The corners of a roof inside the picture, from where it enters: nothing needs a clip, so a drawing has no ids. */
function roofLine(
  { peak, bandwidth }: { peak: number; bandwidth: number },
  x: readonly [number, number],
  y: readonly [number, number],
): { ai: number; flops: number }[] {
  const from = Math.max(x[0], y[0] / bandwidth);
  const bend = Math.max(peak / bandwidth, x[0]);
  const bends = bend > from && bend < x[1];
  return (bends ? [from, bend, x[1]] : [from, x[1]])
    .map((ai) => ({ ai, flops: Math.min(peak, ai * bandwidth) }))
    .filter((p) => p.flops <= y[1] && p.flops >= y[0] * 0.999999);
}
