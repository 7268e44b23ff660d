// What every measurement must satisfy, on whatever machine. Each function gives one sentence on the first violation, or
// undefined. A figure that contradicts one of these was taken in a disturbed moment, or its formula is wrong: it is
// measured again, and shown by no lecture.
import type { Level } from "../roofline.js";
import { formatTime, si } from "../units.js";
import type { Machine } from "./machine.js";
import type { PlacedRow } from "./place.js";

/** A share of what its bound allows, above which a kernel was too fast to be true. */
export const beatsBound = 1.03;

/**
 * By how much two levels may stand in the wrong order: what repeated probes of this machine differed by, from 5 to 10
 * %. On a core whose loads are wider than WebAssembly's, the first two caches read equally fast.
 */
export const levelTolerance = (noise: number): number => Math.min(0.1, Math.max(0.05, noise));

/**
 * By how much several threads may compute less than one: two threads of one core share its units, and lose a little.
 */
const threadTolerance = 0.1;

/**
 * Bandwidth falls and latency rises from level to level: `read` and `lines` each for itself, since they count different
 * bytes.
 */
export function levelsOutOfOrder(levels: readonly Level[], tolerance: number): string | undefined {
  for (const [i, outer] of levels.entries()) {
    const inner = levels[i - 1];
    if (inner === undefined) continue;
    for (const stream of ["read", "lines"] as const) {
      const [near, far] = [inner[stream], outer[stream]];
      if (near === undefined || far === undefined || far <= near * (1 + tolerance)) continue;
      const what = stream === "read" ? "read" : "deliver lines";
      return `${outer.level} came out to ${what} at ${si(far, "B/s")}, ${inner.level} before it at ${si(near, "B/s")}`;
    }
    if (inner.latency === undefined || outer.latency === undefined || outer.latency >= inner.latency * (1 - tolerance))
      continue;
    const before = `${inner.level} before it in ${formatTime(inner.latency)}`;
    return `${outer.level} came out to answer in ${formatTime(outer.latency)}, ${before}`;
  }
  return undefined;
}

/** The levels of one thread and of all are in order, and all threads together compute no less than one. */
export function machineOutOfOrder({
  levels,
  oneThread,
  roofs,
  threads,
  noise,
}: Pick<Machine, "levels" | "oneThread" | "roofs" | "threads" | "noise">): string | undefined {
  const tolerance = levelTolerance(noise);
  const alone = levelsOutOfOrder(oneThread.levels, tolerance);
  if (alone !== undefined) return `${alone}, on one thread`;
  const together = levelsOutOfOrder(levels, tolerance);
  if (together !== undefined) return `${together}, on ${threads} threads`;
  for (const engine of ["wasm", "native"] as const) {
    const [one, all] = [oneThread.roofs[engine], roofs[engine]];
    if (one === undefined || all === undefined || all >= one * (1 - threadTolerance)) continue;
    const single = `one alone ${si(one, "FLOP/s")}`;
    return `${threads} threads together came out to compute ${si(all, "FLOP/s")} (${engine}), ${single}`;
  }
  return undefined;
}

/** `times` as much work takes about so many times as long: no less than half of that, and no more than twice. */
export function timeAgainstWork(seconds: number, secondsOfMore: number, times: number): string | undefined {
  const ratio = secondsOfMore / seconds;
  if (ratio >= times / 2 && ratio <= times * 2) return undefined;
  return `${times} times as much work came out to take ${ratio.toFixed(2)} times as long`;
}

/** No kernel takes less time than its bound allows, and every time is positive. */
export function boundsBeaten(rows: readonly PlacedRow[]): string | undefined {
  const nothing = rows.find(({ seconds }) => !(seconds > 0));
  if (nothing) return `${nothing.name} came out to take ${formatTime(nothing.seconds)}`;
  const best = rows.reduce<PlacedRow | undefined>(
    (fastest, row) => (row.ratio > (fastest?.ratio ?? 0) ? row : fastest),
    undefined,
  );
  if (best === undefined || best.ratio <= beatsBound) return undefined;
  return `${best.name} came out ${best.ratio.toFixed(2)} times as fast as its bound allows`;
}
