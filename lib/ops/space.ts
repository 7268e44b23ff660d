// The spatial sizes of layers that take one, two or three dimensions under one name: pools, a resize.
import { positiveIntegers } from "../check.js";
import type { PrecisionOptions } from "./precision.js";
import { optional, size } from "./shapeKeys.js";

/** Give `length` (1-d), `height` and `width` (2-d) or `depth` too (3-d). */
export interface SpaceShape extends PrecisionOptions {
  /** Samples (default 1). */
  batch?: number;
  /** Channels of x and of y. */
  channels: number;
  /** Positions of a 1-d x. */
  length?: number;
  /** Planes (or frames) of a 3-d x. */
  depth?: number;
  /** Rows of x. */
  height?: number;
  /** Columns of x. */
  width?: number;
}

export const spaceKeys = {
  batch: optional(size),
  channels: size,
  length: optional(size),
  depth: optional(size),
  height: optional(size),
  width: optional(size),
};

/** Sizes of the spatial dimensions by name. */
export function spaceOf(who: string, { length, depth, height, width }: SpaceShape): Record<string, number> {
  if (length !== undefined && (height !== undefined || width !== undefined || depth !== undefined))
    throw new TypeError(`${who}: sizes must be length, or height and width (and depth), got both`);
  if (length !== undefined) return { length };
  positiveIntegers(who, { height, width });
  const plane = { height: height!, width: width! };
  return depth === undefined ? plane : { depth, ...plane };
}
