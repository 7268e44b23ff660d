// The names of a roofline's lines: peaks at their right ends, bandwidths along their slopes.
import type { Pen } from "./pen.js";
import { overlap, textBox, type Box } from "./labels.js";
import { clipped, formatted, textWidth, trimmed } from "./text.js";
import { computeColor, faint, memoryColor } from "./theme.js";

export interface Roof {
  readonly label: string;
  readonly peak: number;
  readonly bandwidth: number;
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
  const right = pen.frame.x + pen.frame.width;
  let last = -Infinity;
  for (const r of [...roofs].sort((a, b) => b.peak - a.peak)) {
    const flops = formatted(r.peak, "si", "FLOP/s", 4);
    const y = Math.max(pen.y(r.peak) - 6, last + 14);
    last = y;
    const text =
      r.label === trimmed(flops) || r.label === flops
        ? flops
        : `${clipped(r.label, pen.frame.width * 0.5, 11)}: ${flops}`;
    const bend = pen.x(r.peak / r.bandwidth);
    // At the right end, or further left on the flat part where a point is in the way.
    const hits = (at: number): number => dots.reduce((sum, d) => sum + overlap(d, textBox(text, at, y, "end", 11)), 0);
    const places = Array.from({ length: 12 }, (_, i) => right - 6 - i * 24).filter(
      (at, i) => i === 0 || at - textWidth(text, 11) > bend + 6,
    );
    pen.text(
      text,
      places.reduce((a, b) => (hits(b) < hits(a) ? b : a)),
      y,
      { anchor: "end", size: 11, obstacle: true },
    );
  }
  const taken = [...dots];
  const named = slopes.length
    ? slopes.map((s) => ({ ...s, label: clipped(s.label, 90, 11), top: peak }))
    : roofs
        .filter((r, i) => roofs.findIndex((o) => o.bandwidth === r.bandwidth) === i)
        .map((r) => ({ label: "", bandwidth: r.bandwidth, top: r.peak }));
  for (const group of close(named, pen)) {
    const { bandwidth, top } = group[0]!;
    // Along the slope, a third of the way up from where it enters the picture, or where no point and no other bandwidth
    // is in the way.
    const from = Math.max(x0, y0 / bandwidth);
    const to = top / bandwidth;
    const at = (share: number) => from * (to / from) ** share;
    const hits = (share: number): number => {
      const px = pen.x(at(share));
      const py = pen.y(at(share) * bandwidth);
      return taken.reduce((sum, d) => sum + overlap(d, { x: px - 34, y: py - 34, width: 68, height: 60 }), 0);
    };
    const ai = at(
      (slopes.length ? [0.55, 0.4, 0.7] : [0.3, 0.45, 0.6, 0.75, 0.15, 0.375, 0.525, 0.675, 0.225]).reduce((a, b) =>
        hits(b) < hits(a) ? b : a,
      ),
    );
    const dx = pen.x(ai * 10) - pen.x(ai);
    const dy = pen.y(ai * 10 * bandwidth) - pen.y(ai * bandwidth);
    const angle = (Math.atan2(dy, dx) * 180) / Math.PI;
    const text = group
      .map(({ label, bandwidth }) => `${label ? `${label} ` : ""}${formatted(bandwidth, "si", "B/s")}`)
      .join(" · ");
    const px = pen.x(ai);
    const py = pen.y(ai * bandwidth);
    if (to > from * 3) {
      pen.text(text, px + 8 * Math.sin((angle * Math.PI) / 180), py - 8 * Math.cos((angle * Math.PI) / 180), {
        size: 11,
        color: faint,
        rotate: angle,
      });
      // The text is slanted: a row of small boxes along it, not one that holds it all.
      const long = textWidth(text, 11);
      const steps = Math.ceil(long / 16);
      const turn = (angle * Math.PI) / 180;
      for (let k = 0; k <= steps; k++) {
        const at = (k / steps - 0.5) * long;
        pen.obstacles.push({
          x: px + at * Math.cos(turn) + 12 * Math.sin(turn) - 10,
          y: py + at * Math.sin(turn) - 12 * Math.cos(turn) - 10,
          width: 20,
          height: 20,
        });
      }
      const half = Math.max(34, (long / 2) * Math.cos(turn));
      taken.push({ x: px - half, y: py - 30, width: 2 * half, height: 44 });
    }
  }
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
    pen.text("memory-bound", (left + at) / 2, base - 8, { color: memoryColor, size: 11, obstacle: true });
  if (right - at > 110)
    pen.text("compute-bound", (at + right) / 2, base - 8, { color: computeColor, size: 11, obstacle: true });
  const toLeft = right - at < 130;
  pen.text(`ridge point ${formatted(ridge)}`, at + (toLeft ? -6 : 6), base - 26, {
    anchor: toLeft ? "end" : "start",
    size: 11,
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
