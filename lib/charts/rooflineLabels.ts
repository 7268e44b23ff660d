// The names of a roofline's lines: peaks at their right ends, bandwidths along their slopes.
import type { Pen } from "./pen.js";
import { freest, textBox, type Box } from "./labels.js";
import { clipped, formatted, textWidth, trimmed } from "./text.js";
import { computeColor, faint, memoryColor } from "./theme.js";

const size = 11;

export interface Roof {
  readonly label: string;
  readonly peak: number;
  readonly bandwidth: number;
}

/** A slope to be named: it rises at `bandwidth` up to `top`. */
interface Slope {
  readonly label: string;
  readonly bandwidth: number;
  readonly top: number;
}

/**
 * Names each roof at its right end and each bandwidth along its slope, clear of `dots`; what it writes becomes an
 * obstacle.
 */
export function roofLabels(
  pen: Pen,
  roofs: readonly Roof[],
  slopes: readonly { label: string; bandwidth: number }[],
  [x0]: readonly [number, number],
  peak: number,
  [y0]: readonly [number, number],
  dots: readonly Box[],
): void {
  namePeaks(pen, roofs, dots);
  const named = slopes.length
    ? slopes.map((s): Slope => ({ ...s, label: clipped(s.label, 90, size), top: peak }))
    : roofs
        .filter((r, i) => roofs.findIndex((o) => o.bandwidth === r.bandwidth) === i)
        .map((r): Slope => ({ label: "", bandwidth: r.bandwidth, top: r.peak }));
  const shares = slopes.length ? [0.55, 0.4, 0.7] : [0.3, 0.45, 0.6, 0.75, 0.15, 0.375, 0.525, 0.675, 0.225];
  const taken = [...dots];
  for (const group of close(named, pen)) {
    // From where the slope enters the picture to where it bends.
    const { bandwidth, top } = group[0]!;
    const from = Math.max(x0, y0 / bandwidth);
    const to = top / bandwidth;
    if (to > from * 3) taken.push(nameSlope(pen, group, { from, to, shares }, taken));
  }
}

/** The names of peaks, the highest first, each a line below the last; further left where a point is in the way. */
function namePeaks(pen: Pen, roofs: readonly Roof[], dots: readonly Box[]): void {
  const right = pen.frame.x + pen.frame.width;
  let last = -Infinity;
  for (const peak of [...new Set(roofs.map((r) => r.peak))].sort((a, b) => b - a)) {
    // Roofs of one height are one line there, with one name.
    const same = roofs.filter((r) => r.peak === peak);
    const label = [...new Set(same.map((r) => r.label))].join(", ");
    const flops = formatted(peak, "si", "FLOP/s", 4);
    const y = Math.max(pen.y(peak) - 6, last + 14);
    last = y;
    const text =
      label === trimmed(flops) || label === flops ? flops : `${clipped(label, pen.frame.width * 0.5, size)}: ${flops}`;
    const bend = Math.max(...same.map(({ bandwidth }) => pen.x(peak / bandwidth)));
    const places = Array.from({ length: 12 }, (_, i) => right - 6 - i * 24).filter(
      (at, i) => i === 0 || at - textWidth(text, size) > bend + 6,
    );
    const at = freest(places, (x) => textBox(text, x, y, "end", size), dots);
    pen.text(text, at, y, { anchor: "end", size, obstacle: true });
  }
}

/**
 * Names a group of slopes along its first, at that of the `shares` of the way up (in the logarithm) where least of
 * `taken` is in the way. Returns the box that it took.
 */
function nameSlope(
  pen: Pen,
  group: readonly Slope[],
  { from, to, shares }: { from: number; to: number; shares: readonly number[] },
  taken: readonly Box[],
): Box {
  const { bandwidth } = group[0]!;
  const places = shares.map((share) => {
    const intensity = from * (to / from) ** share;
    return { intensity, x: pen.x(intensity), y: pen.y(intensity * bandwidth) };
  });
  const { intensity, x, y } = freest(places, (p) => ({ x: p.x - 34, y: p.y - 34, width: 68, height: 60 }), taken);
  const turn = Math.atan2(pen.y(intensity * 10 * bandwidth) - y, pen.x(intensity * 10) - x);
  const text = group
    .map(({ label, bandwidth }) => `${label ? `${label} ` : ""}${formatted(bandwidth, "si", "B/s")}`)
    .join(" · ");
  const rotate = (turn * 180) / Math.PI;
  pen.text(text, x + 8 * Math.sin(turn), y - 8 * Math.cos(turn), { size, color: faint, rotate });
  const long = textWidth(text, size);
  pen.obstacles.push(...slanted(x, y, long, turn));
  const half = Math.max(34, (long / 2) * Math.cos(turn));
  return { x: x - half, y: y - 30, width: 2 * half, height: 44 };
}

/** A slanted text over (x, y) as a row of small boxes along it, not one that holds it all. */
function slanted(x: number, y: number, long: number, turn: number): Box[] {
  const steps = Math.ceil(long / 16);
  return Array.from({ length: steps + 1 }, (_, k) => {
    const at = (k / steps - 0.5) * long;
    return {
      x: x + at * Math.cos(turn) + 12 * Math.sin(turn) - 10,
      y: y + at * Math.sin(turn) - 12 * Math.cos(turn) - 10,
      width: 20,
      height: 20,
    };
  });
}

/** Slopes in groups that lie too close for a name between them: each group has one name, above its fastest. */
function close<S extends { bandwidth: number }>(slopes: readonly S[], pen: Pen): S[][] {
  const groups: S[][] = [];
  // Two parallel lines: what parts them upright, times the cosine of their slope.
  const across = pen.x(10) - pen.x(1);
  const up = pen.y(1) - pen.y(10);
  const apart = (a: S, b: S): number =>
    (Math.abs(pen.y(a.bandwidth) - pen.y(b.bandwidth)) * across) / Math.hypot(across, up);
  for (const slope of [...slopes].sort((a, b) => b.bandwidth - a.bandwidth)) {
    const last = groups.at(-1)?.at(-1);
    if (last && apart(last, slope) < 20) groups.at(-1)!.push(slope);
    else groups.push([slope]);
  }
  return groups;
}

/** Names the ridge point and, where there is room, the regions at both sides of it. */
export function ridgeLabels(pen: Pen, ridge: number): void {
  const base = pen.frame.y + pen.frame.height;
  const left = pen.frame.x;
  const right = pen.frame.x + pen.frame.width;
  const at = pen.x(ridge);
  if (at - left > 110)
    pen.text("memory-bound", (left + at) / 2, base - 8, { color: memoryColor, size, obstacle: true });
  if (right - at > 110)
    pen.text("compute-bound", (at + right) / 2, base - 8, { color: computeColor, size, obstacle: true });
  const toLeft = right - at < 130;
  pen.text(`ridge point ${formatted(ridge)}`, at + (toLeft ? -6 : 6), base - 26, {
    anchor: toLeft ? "end" : "start",
    size,
    color: faint,
    obstacle: true,
  });
}

/** Boxes along a line, so that labels keep off it. */
export function along(pen: Pen, points: readonly { ai: number; flops: number }[]): Box[] {
  return points.slice(1).flatMap((b, i) => {
    const a = points[i]!;
    const x1 = pen.x(a.ai);
    const y1 = pen.y(a.flops);
    const x2 = pen.x(b.ai);
    const y2 = pen.y(b.flops);
    const n = Math.max(1, Math.round(Math.hypot(x2 - x1, y2 - y1) / 8));
    return Array.from({ length: n + 1 }, (_, k): Box => ({
      x: x1 + ((x2 - x1) * k) / n - 3,
      y: y1 + ((y2 - y1) * k) / n - 3,
      width: 6,
      height: 6,
    }));
  });
}
