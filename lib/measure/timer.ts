// A stopwatch for one synchronous function. Comparing several is compare.ts's matter; their loops must live in lib, not
// in a cell.
import { positiveIntegers, nonNegativeIntegers, shown } from "../check.js";
import { sink } from "./candidate.js";
import { clockStep } from "./clock.js";
import { wallClock } from "./progress.js";
import { statistics } from "./stats.js";

/** How `timeFunction` takes its samples. */
export interface TimeOptions {
  /** Calls before anything is timed, at least one: the first ones run unoptimised code on cold caches. Default 10. */
  readonly warmup?: number;
  /** Samples that are wanted; default 15. */
  readonly samples?: number;
  /**
   * A sample repeats the function until it takes this long, and at least a hundred steps of the clock; default 2 ms.
   */
  readonly minSampleSeconds?: number;
  /** Seconds after which no further sample begins; one is always taken. Default 2. */
  readonly budgetSeconds?: number;
  /** Seconds since any moment; tests hand in their own. */
  readonly now?: () => number;
}

/** How long a function takes. */
export interface Timing {
  /** Median seconds per call. */
  readonly seconds: number;
  /** Shortest sample, seconds per call. */
  readonly min: number;
  /** Longest sample, seconds per call. */
  readonly max: number;
  /** Interquartile range over the median. */
  readonly spread: number;
  /** Seconds per call, in the order in which they were taken. */
  readonly samples: readonly number[];
  /** Calls that one sample is the mean of. */
  readonly repeatsPerSample: number;
  /** Smallest step of the clock that was seen, seconds. */
  readonly resolution: number;
  /** What makes the figures doubtful, a sentence each. */
  readonly warnings: readonly string[];
}

const largestRepeats = 2 ** 24;

/**
 * Median seconds per call of `fn`: warm-up, repeats calibrated to the clock, `samples` samples. The last result is kept
 * where it can be read, so that no engine may drop the work. Includes a few nanoseconds for the call itself. Throws a
 * RangeError when even 2^24 calls pass unseen by the clock, a TypeError when `fn` is no function or returns a promise.
 */
export function timeFunction(
  fn: () => unknown,
  { warmup = 10, samples: wanted = 15, minSampleSeconds = 2e-3, budgetSeconds = 2, now = wallClock }: TimeOptions = {},
): Timing {
  if (typeof fn !== "function") throw new TypeError(`timeFunction: fn must be a function, got ${shown(fn)}`);
  positiveIntegers("timeFunction", { samples: wanted });
  nonNegativeIntegers("timeFunction", { warmup });
  for (const [name, n] of Object.entries({ minSampleSeconds, budgetSeconds }))
    if (!(n > 0 && n < Infinity))
      throw new RangeError(`timeFunction: ${name} must be a positive number of seconds, got ${shown(n)}`);
  const begin = now();
  const warnings: string[] = [];
  for (let call = 0; call < Math.max(1, warmup) && (call === 0 || now() - begin < budgetSeconds / 4); call++)
    sink.value = fn();
  if (typeof (sink.value as { then?: unknown } | undefined)?.then === "function")
    throw new TypeError("timeFunction: fn must be synchronous, got a promise");

  const step = clockStep(now);
  if (!step) throw new RangeError(`timeFunction: now must move, got ${now()} a million times`);
  const resolution = step.seconds;
  const target = Math.max(minSampleSeconds, 100 * resolution);
  let repeats = 1;
  let elapsed = run(fn, repeats, now);
  while (elapsed < target && repeats < largestRepeats) {
    if (now() - begin > budgetSeconds) break;
    // A reading below ten steps says little of how far to go: double. Otherwise aim a fifth beyond the target.
    const aimed = Math.max(repeats + 1, Math.ceil((1.2 * repeats * target) / elapsed));
    repeats = Math.min(largestRepeats, elapsed < 10 * resolution ? 2 * repeats : aimed);
    elapsed = run(fn, repeats, now);
  }
  if (!(elapsed >= 10 * resolution)) {
    const must = `a sample must take 10 steps of the clock (${resolution} s each)`;
    throw new RangeError(`timeFunction: ${must}, got ${elapsed} s for ${repeats} calls`);
  }
  if (elapsed < target)
    warnings.push(
      `a sample takes ${elapsed} s, less than the ${target} s asked for: the clock's step or the budget shows in it`,
    );

  const samples: number[] = [];
  while (samples.length < wanted && (samples.length === 0 || now() - begin < budgetSeconds))
    samples.push(run(fn, repeats, now) / repeats);
  if (samples.length < wanted)
    warnings.push(`the budget of ${budgetSeconds} s ended after ${samples.length} of ${wanted} samples`);
  const { median, min, max, spread } = statistics(samples);
  if (spread > 0.2)
    warnings.push(`the middle half of the samples spreads over ${Math.round(100 * spread)} % of their median`);
  return { seconds: median, min, max, spread, samples, repeatsPerSample: repeats, resolution, warnings };
}

/** Seconds of `repeats` calls. Nothing is allocated in here. */
function run(fn: () => unknown, repeats: number, now: () => number): number {
  const start = now();
  for (let i = 0; i < repeats; i++) sink.value = fn();
  return now() - start;
}
