// How the points of a roofline look: by what bounds them, or as measured.
import type { LegendEntry } from "./legend.js";
import type { RooflinePoint } from "./rooflineRows.js";
import { computeColor, memoryColor, overheadColor, palette } from "./theme.js";

export interface PointLooks {
  readonly bound: (point: RooflinePoint) => string;
  readonly color: (point: RooflinePoint) => string;
  readonly symbol: (point: RooflinePoint) => string;
  readonly legend: (points: readonly RooflinePoint[]) => LegendEntry[];
}

const overhead = { name: "overhead-bound", color: overheadColor, symbol: "circle" };
const entries = [
  { name: "memory-bound", color: memoryColor, symbol: "circle" },
  { name: "compute-bound", color: computeColor, symbol: "square" },
  overhead,
  { name: "measured", color: palette[0], symbol: "diamond" },
];

/** The looks of points; one that does not say what bounds it is compute-bound right of `ridge`. */
export function pointLooks(ridge: number): PointLooks {
  const bound = (p: RooflinePoint) => p.bound ?? (p.arithmeticIntensity > ridge ? "compute" : "memory");
  const kind = (p: RooflinePoint) => (p.measured ? "measured" : `${bound(p)}-bound`);
  const look = (p: RooflinePoint) => entries.find(({ name }) => name === kind(p)) ?? overhead;
  return {
    bound,
    color: (p) => look(p).color,
    symbol: (p) => look(p).symbol,
    legend: (points) => entries.filter(({ name }) => points.some((p) => kind(p) === name)),
  };
}
