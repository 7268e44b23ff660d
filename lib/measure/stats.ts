// What a set of samples says, and what two sets taken in the same rounds say of each other. Order statistics only: a
// mean believes every interruption.
import { shown } from "../check.js";
import { median, quantile } from "./quantile.js";

/** What a set of samples says, in their unit. */
export interface Statistics {
  /** The middle. */
  readonly median: number;
  /** The smallest. */
  readonly min: number;
  /** The largest. */
  readonly max: number;
  /** The first and the third. */
  readonly quartiles: readonly [number, number];
  /** Interquartile range over the median. */
  readonly spread: number;
}

/** Throws a RangeError unless there is a sample and all are finite. */
export function statistics(samples: readonly number[]): Statistics {
  if (samples.length === 0 || !samples.every(Number.isFinite))
    throw new RangeError(`statistics: samples must be one or more finite numbers, got ${shown(samples)}`);
  const middle = median(samples);
  const quartiles = [quantile(samples, 0.25), quantile(samples, 0.75)] as const;
  // A loop, not Math.min(...): a spread argument list ends at about 10^5 samples.
  let min = Infinity;
  let max = -Infinity;
  for (const s of samples) {
    if (s < min) min = s;
    if (s > max) max = s;
  }
  return { median: middle, min, max, quartiles, spread: (quartiles[1] - quartiles[0]) / middle };
}

/**
 * Statistics of a[i] / b[i], where index i is one round: a machine that slows down slows both, and the ratio stays.
 * Throws a RangeError when the lengths differ.
 */
export function pairedRatio(a: readonly number[], b: readonly number[]): Statistics {
  if (a.length !== b.length)
    throw new RangeError(`pairedRatio: both lists must have as many samples, got ${a.length} and ${b.length}`);
  return statistics(a.map((value, i) => value / b[i]!));
}
