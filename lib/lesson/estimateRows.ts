// What a table shows of estimates: times and rates with their prefixes, under names that are words.
import type { Estimate } from "../roofline.js";
import { formatTime, si } from "../units.js";

/** An estimate as a table shows it. */
export interface EstimateRow {
  /** Whose estimate it is. */
  readonly name: string;
  /** Arithmetic intensity. */
  readonly "FLOP/byte": number;
  /** Time for the FLOPs at the peak. */
  readonly compute: string;
  /** Time for the bytes at the bandwidth. */
  readonly memory: string;
  /** The larger of the two. */
  readonly "at least": string;
  /** Their sum. */
  readonly "at most": string;
  /** Which of the two is the larger. */
  readonly bound: string;
  /** FLOP/s that the lower bound comes to. */
  readonly attainable: string;
}

/** Named estimates as rows for a table; its `columns` may choose among them. */
export const estimateRows = (estimates: readonly (Estimate & { readonly name: string })[]): EstimateRow[] =>
  estimates.map((e) => ({
    name: e.name,
    "FLOP/byte": e.arithmeticIntensity,
    compute: formatTime(e.computeSeconds),
    memory: formatTime(e.memorySeconds),
    "at least": formatTime(e.seconds),
    "at most": formatTime(e.upperSeconds),
    bound: e.bound,
    attainable: si(e.attainableFlops, "FLOP/s"),
  }));
