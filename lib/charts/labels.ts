// Places labels so that none overlaps another, a point, or the edge. Deterministic: same input, same picture.
import { textWidth } from "./text.js";

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
/** A label for the point (x, y), in pixels. `radius`: the point's own size. */
export interface LabelRequest {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly radius?: number;
}
/** `x`, `y`: the baseline's anchor. `leader`: the label stands so far off that a line should join it to its point. */
export interface PlacedLabel {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly anchor: "start" | "middle" | "end";
  readonly box: Box;
  readonly leader?: { x1: number; y1: number; x2: number; y2: number };
}

export const overlap = (a: Box, b: Box): number =>
  Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) *
  Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));

const inside = (b: Box, frame: Box): boolean =>
  b.x >= frame.x &&
  b.y >= frame.y &&
  b.x + b.width <= frame.x + frame.width &&
  b.y + b.height <= frame.y + frame.height;

/** The box of a text whose baseline anchor is at (x, y). */
export function textBox(text: string, x: number, y: number, anchor: "start" | "middle" | "end", size: number): Box {
  const width = textWidth(text, size);
  const left = { start: x, middle: x - width / 2, end: x - width };
  return {
    x: left[anchor],
    y: y - size * 0.85,
    width,
    height: size * 1.15,
  };
}

/**
 * The first of `places` where `box` covers least of `taken`; a place whose box leaves `room` is taken only where all
 * do.
 */
export function freest<P>(places: readonly P[], box: (place: P) => Box, taken: readonly Box[], room?: Box): P {
  const covered = (place: P): number => {
    const b = box(place);
    return taken.reduce((sum, t) => sum + overlap(t, b), room && !inside(b, room) ? 1e6 : 0);
  };
  return places
    .map((place) => ({ place, covered: covered(place) }))
    .reduce((best, other) => (other.covered < best.covered ? other : best)).place;
}

/**
 * Labels for `requests` inside `frame`, clear of `obstacles`, of all points and of each other; the least bad place
 * where nothing is free.
 */
export function placeLabels(
  requests: readonly LabelRequest[],
  frame: Box,
  obstacles: readonly Box[] = [],
  size = 11,
): PlacedLabel[] {
  const dots = requests.map(({ x, y, radius = 5 }): Box => ({
    x: x - radius,
    y: y - radius,
    width: 2 * radius,
    height: 2 * radius,
  }));
  const placed: PlacedLabel[] = [];
  requests.forEach((request, i) => {
    let best: { label: PlacedLabel; penalty: number } | undefined;
    for (const [rank, label] of candidates(request, size).entries()) {
      if (!inside(label.box, frame)) continue;
      let penalty = rank * 0.01;
      for (const p of placed) penalty += 4 * overlap(label.box, p.box);
      for (const [j, d] of dots.entries()) penalty += (j === i ? 1 : 2) * overlap(label.box, d);
      for (const o of obstacles) penalty += overlap(label.box, o);
      if (!best || penalty < best.penalty) best = { label, penalty };
      if (penalty < (rank + 1) * 0.01) break;
    }
    if (best && placed.some((p) => overlap(p.box, best!.label.box) > 0))
      best = { label: farther(request, frame, size, [...placed.map((p) => p.box), ...dots]) ?? best.label, penalty: 0 };
    if (best) placed.push(best.label);
    else {
      // wider than the frame: keep it, clipped to the frame's left edge
      const box = textBox(request.text, frame.x, request.y - 10, "start", size);
      placed.push({ text: request.text, x: frame.x, y: request.y - 10, anchor: "start", box });
    }
  });
  return placed;
}

function* candidatePlaces(
  x: number,
  y: number,
  r: number,
  size: number,
): Generator<[number, number, "start" | "middle" | "end", boolean]> {
  yield [x + r + 4, y + size * 0.35, "start", false];
  yield [x, y - r - 5, "middle", false];
  yield [x, y + r + size + 1, "middle", false];
  yield [x - r - 4, y + size * 0.35, "end", false];
  yield [x + r, y - r - 3, "start", false];
  yield [x + r, y + r + size, "start", false];
  yield [x - r, y - r - 3, "end", false];
  yield [x - r, y + r + size, "end", false];
  for (let d = 18; d <= 120; d += 12)
    for (const angle of [-0.6, 0.6, -1.2, 1.2, -2.5, 2.5, -1.9, 1.9, 0, Math.PI]) {
      const dx = Math.cos(angle) * d * 1.3;
      const dy = Math.sin(angle) * d;
      yield [x + dx, y + dy + size * 0.35, dx >= 0 ? "start" : "end", true];
    }
}

/**
 * The nearest place of a grid over the whole frame that is clear of `taken`: for crowds in which all places around the
 * point are gone.
 */
function farther(
  { x, y, text, radius = 5 }: LabelRequest,
  frame: Box,
  size: number,
  taken: readonly Box[],
): PlacedLabel | undefined {
  let best: PlacedLabel | undefined;
  let least = Infinity;
  for (let ly = frame.y + size; ly < frame.y + frame.height - 3; ly += 7)
    for (let lx = frame.x + 3; lx < frame.x + frame.width; lx += 12) {
      const box = textBox(text, lx, ly, "start", size);
      const left = lx > x;
      const far = Math.hypot(left ? lx - x : lx + box.width - x, ly - size * 0.35 - y);
      if (far >= least || !inside(box, frame) || taken.some((t) => overlap(t, box) > 0)) continue;
      least = far;
      const x2 = left ? lx - 2 : Math.min(x, lx + box.width + 2);
      const y2 = left || x > lx + box.width ? ly - size * 0.35 : ly < y ? ly + 3 : ly - size;
      const length = Math.hypot(x2 - x, y2 - y) || 1;
      best = {
        text,
        x: lx,
        y: ly,
        anchor: "start",
        box,
        leader: { x1: x + ((x2 - x) / length) * (radius + 1), y1: y + ((y2 - y) / length) * (radius + 1), x2, y2 },
      };
    }
  return best;
}

function candidates({ x, y, text, radius = 5 }: LabelRequest, size: number): PlacedLabel[] {
  return [...candidatePlaces(x, y, radius, size)].map(([lx, ly, anchor, far]) => {
    const middle = ly - size * 0.35;
    const length = Math.hypot(lx - x, middle - y) || 1;
    return {
      text,
      x: lx,
      y: ly,
      anchor,
      box: textBox(text, lx, ly, anchor, size),
      ...(far
        ? {
            leader: {
              x1: x + ((lx - x) / length) * (radius + 1),
              y1: y + ((middle - y) / length) * (radius + 1),
              x2: lx + (anchor === "start" ? -2 : 2),
              y2: middle,
            },
          }
        : {}),
    };
  });
}
