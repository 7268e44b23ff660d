// A text cut into chunks of one length, the last one padded: what recurrences that run as matrix products have in
// common.
import type { StateUse } from "./state.js";

/** The chunks of one sample. */
export interface Chunks {
  /** How many. */
  readonly count: number;
  /** Positions of each, padding included. */
  readonly size: number;
  /** Positions of all. */
  readonly padded: number;
  /** Positions that are no padding. */
  readonly rows: number;
}

/** `tokens` positions in chunks of `chunkSize`. */
export function chunksOf({ tokens, chunkSize }: { tokens: number; chunkSize: number }): Chunks {
  const count = Math.ceil(tokens / chunkSize);
  return { count, size: chunkSize, padded: count * chunkSize, rows: tokens };
}

/** Pairs of positions of one chunk, the second not behind the first (`strict`: before it), padding left out. */
export function lowerTriangle({ count, size, rows }: Chunks, strict = false): number {
  const pairs = (n: number): number => (n * (strict ? n - 1 : n + 1)) / 2;
  return (count - 1) * pairs(size) + pairs(rows - (count - 1) * size);
}

/** Positions whose chunk starts from a state that is not empty. */
export const incoming = ({ size, rows }: Chunks, state: StateUse): number =>
  state === "update" ? rows : Math.max(0, rows - size);
