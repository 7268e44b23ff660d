// What the parts of one measurement of this machine share: the arrays, the clock, how thorough to be, and what is left
// of the budget.
import { host } from "../kernels/host/host.js";
import { sampleOf } from "./clock.js";
import type { Bench } from "./curve.js";
import type { Signal } from "./progress.js";

/**
 * Bytes of memory that this program may use: the machine's, or its control group's where that is less; in a page what
 * the browser tells, if it does.
 */
export const memoryHere = (): number | undefined => host().memory;

export interface Session {
  readonly bench: Bench;
  readonly threads: number;
  readonly quick: boolean;
  /** Samples for each point of the curve, and how long one must be. */
  readonly effort: { readonly samples: number; readonly sampleSeconds: number; readonly now: () => number };
  readonly now: () => number;
  readonly signal: Signal | undefined;
  /** Seconds of a fixed piece of arithmetic, again and again: how steady the machine is. */
  readonly probes: number[];
  /** How much arithmetic that is. */
  readonly steps: number;
  /** The share of the budget that is gone. */
  spent(): number;
  /** Reports `message` and lets the event loop turn; throws when aborted. */
  step(message: string): Promise<void>;
}

/** A fixed piece of arithmetic, `steps` long, in seconds. */
export function arithmetic({ space }: Bench, steps: number, now: () => number): number {
  const begin = now();
  space.kernels.chains(steps, 0.999, 0.001, 2);
  return now() - begin;
}

/** Steps of a piece of arithmetic that is long against the clock's. */
export function probeSteps(bench: Bench, now: () => number): number {
  const target = 2 * sampleOf(0, now);
  let steps = 40_000;
  while (arithmetic(bench, steps, now) < target && steps < 2 ** 28) steps *= 2;
  return steps;
}

/** Times a fixed piece of arithmetic once more. */
export function probe({ bench, probes, steps, now }: Session): void {
  probes.push(arithmetic(bench, steps, now));
}
