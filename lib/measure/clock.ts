// The clock that measuring reads. Browsers make theirs coarse on purpose (from 5 µs to 1 ms and more), so its own steps
// are looked at first, and every sample is many of them long; and a clock may jump, so a sample that cannot be is taken
// again.
import { MeasurementRefused } from "../kernels/index.js";
import { formatTime } from "../units.js";

/** Steps of the clock that a sample takes at least: one step more or less is then 4 %. */
export const manySteps = 25;

/** A clock with longer steps is none to measure by: samples would take seconds. */
const longestStep = 2e-3;

/**
 * The smallest of a few steps that the clock makes while nothing else is done, and the most looks that one of them
 * took; undefined where it stands still for a million looks.
 */
export function clockStep(now: () => number): { seconds: number; looks: number } | undefined {
  let smallest = Infinity;
  let looks = 0;
  for (let step = 0; step < 5; step++) {
    let start = now();
    let d = 0;
    for (let look = 0; d <= 0; look++) {
      if (look === 1e6) return undefined;
      if (d < 0) start = now();
      d = now() - start;
      looks = Math.max(looks, look + 1);
    }
    smallest = Math.min(smallest, d);
  }
  return { seconds: smallest, looks };
}

const known = new WeakMap<() => number, number>();

/**
 * The step of a clock that is coarser than a look at it, seconds, looked at once; 0 of one that moves at every look, or
 * with the work alone.
 */
export function stepOf(now: () => number): number {
  const before = known.get(now);
  if (before !== undefined) return before;
  const seen = clockStep(now);
  const step = seen && seen.looks > 1 ? seen.seconds : 0;
  known.set(now, step);
  return step;
}

/**
 * How long a sample must be that `seconds` would do for: many steps of the clock, too. Throws MeasurementRefused where
 * the steps are too long for that.
 */
export function sampleOf(seconds: number, now: () => number): number {
  const step = stepOf(now);
  if (step > longestStep) {
    const must = `the clock must move in steps of ${formatTime(longestStep)} or less`;
    throw new MeasurementRefused(`measure: ${must}, got ${formatTime(step)}: this browser makes it coarse on purpose`);
  }
  return Math.max(seconds, manySteps * step);
}

/** How `shortest` takes its samples. */
interface Sampling {
  readonly samples: number;
  readonly sampleSeconds: number;
  readonly now: () => number;
  /** The most that `work` may be handed. */
  readonly most?: number;
  /** What `work` is handed first, and multiples of which it is handed. */
  readonly grain?: number;
}

/** Samples that may be taken again for each one that counts. */
const patience = 4;

/**
 * Seconds for one of the `count` pieces that `work(count)` does: the shortest of `samples` samples, each as long as
 * `sampleSeconds` or many steps of the clock, whichever is longer. A sample that came out far shorter than that was cut
 * by a jump of the clock, or calibrated by one, and is taken again.
 */
export function shortest(
  work: (count: number) => unknown,
  { samples, sampleSeconds, now, most = 2 ** 20, grain = 1 }: Sampling,
): number {
  const target = sampleOf(sampleSeconds, now);
  const timed = (count: number): number => {
    const start = now();
    work(count);
    return now() - start;
  };
  const longer = (count: number, seconds: number): number =>
    grain * Math.ceil((count / grain) * Math.min(8, Math.max(1.2, (1.1 * target) / Math.max(seconds, 1e-7))));
  let count = grain;
  // Short calls let the engine replace its first, slow code before anything counts.
  for (let seconds = timed(count); seconds < target && count < most; seconds = timed(count))
    count = longer(count, seconds);
  let best = Infinity;
  for (let good = 0, tries = 0; good < samples && tries < patience * samples; tries++) {
    const seconds = timed(count);
    if (seconds >= target / 4 || (count >= most && seconds > 0)) {
      best = Math.min(best, seconds / count);
      good++;
    } else if (seconds >= 0) count = longer(count, seconds);
  }
  if (best < Infinity) return best;
  throw new MeasurementRefused("measure: the clock must move on while work is done, got no sample that it saw");
}
