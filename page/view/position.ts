// Where a slider stands for a number of a range, and back. No elements.
import type { ControlRange } from "../../lib/lecturePage.js";

/** Positions of a logarithmic slider, beside the first. */
export const positions = 240;

/** The number at `position`: of a logarithmic range one of 240 steps of equal ratio, else the position itself. */
export const numberAt = ({ min, max, scale }: ControlRange, position: number): number =>
  scale === "log" ? Math.round(min * (max / min) ** (position / positions)) : position;

/** The position that is nearest to `value`. */
export const positionOf = ({ min, max, scale }: ControlRange, value: number): number =>
  scale === "log" ? Math.round((positions * Math.log(value / min)) / Math.log(max / min)) : value;

/**
 * The number one step beside `value`: where steps are smaller than one, the next whole number, so that an arrow key
 * always moves.
 */
export function stepped(range: ControlRange, value: number, by: 1 | -1): number {
  const far = numberAt(range, positionOf(range, value) + by);
  const next = by > 0 ? Math.max(far, value + 1) : Math.min(far, value - 1);
  return Math.min(range.max, Math.max(range.min, next));
}
