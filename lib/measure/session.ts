// What the parts of one measurement of this machine share: the arrays, the clock, how thorough to be, and what is left
// of the budget.
import { constrainedMemory } from "node:process";
import { totalmem } from "node:os";
import type { Bench } from "./curve.js";
import type { Signal } from "./progress.js";

/** Bytes of memory that this process may use: the machine's, or its control group's where that is less. */
export function memoryHere(): number {
  const limit = constrainedMemory();
  return limit > 0 ? Math.min(totalmem(), limit) : totalmem();
}

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
  /** The share of the budget that is gone. */
  spent(): number;
  /** Reports `message` and lets the event loop turn; throws when aborted. */
  step(message: string): Promise<void>;
}

/** Times a fixed piece of arithmetic once more. */
export function probe({ bench, probes, now }: Session): void {
  const begin = now();
  bench.space.kernels.chains(40_000, 0.999, 0.001, 2);
  probes.push(now() - begin);
}
