// One thing to time: warm it up until it is stable, choose how often to repeat it, take one sample. Which samples to
// take when is rounds.ts's matter.
import { sampleOf, stepOf } from "./clock.js";
import { stopIfAborted, wallClock, type Signal } from "./progress.js";

/** Work to time. */
export interface Candidate {
  /** The work, or with a `baseline` the baseline and `repeats` executions of the work. */
  readonly run: () => unknown;
  /** What is timed in turn with `run` and taken off; default nothing. */
  readonly baseline?: () => unknown;
  /** Executions that `run` holds more than `baseline`; default 1. */
  readonly repeats?: number;
}

/** The last result of whatever was timed: as long as it may be read, no engine may leave the work out. */
export const sink: { value: unknown } = { value: undefined };

/** A candidate that is warm, with the number of calls that one sample takes. */
export interface Prepared extends Candidate {
  readonly calls: number;
  readonly isAsync: boolean;
  readonly seconds: number;
  /** What the very first call gave. */ readonly result: unknown;
}

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof (value as Promise<unknown> | undefined)?.then === "function";

async function timed(run: () => unknown, calls: number, isAsync: boolean, now: () => number): Promise<number> {
  const start = now();
  if (isAsync) for (let i = 0; i < calls; i++) sink.value = await run();
  else for (let i = 0; i < calls; i++) sink.value = run();
  return (now() - start) / calls;
}

/**
 * Calls `candidate` until two successive times agree within 5% (at least ten calls: WebAssembly starts in baseline code
 * and a running call is not replaced), or until `warmUpSeconds` are over; then chooses how many calls make a sample of
 * `sampleSeconds`, and of many steps of the clock.
 */
export async function prepare(
  candidate: Candidate,
  {
    sampleSeconds = 2e-3,
    warmUpSeconds = 0.3,
    signal,
    now = wallClock,
  }: { sampleSeconds?: number; warmUpSeconds?: number; signal?: Signal; now?: () => number } = {},
): Promise<Prepared> {
  const begin = now();
  const first = candidate.run();
  const isAsync = isPromise(first);
  sink.value = await first;
  // A kernel may hand out the same array at every run; what is compared later must be this run's own.
  const result = sink.value instanceof Float32Array ? sink.value.slice() : sink.value;
  let seconds = now() - begin;
  for (let call = 1; now() - begin < warmUpSeconds; call++) {
    stopIfAborted(signal);
    if (candidate.baseline) await timed(candidate.baseline, 1, isAsync, now);
    const previous = seconds;
    seconds = await timed(candidate.run, 1, isAsync, now);
    if (call >= 10 && Math.abs(seconds - previous) <= 0.05 * previous) break;
  }
  const target = sampleOf(sampleSeconds, now);
  let calls = 1;
  // One call that the clock hardly saw says little of how many make a sample: as many more until it sees them.
  while (calls * seconds < fewSteps * stepOf(now) && calls < mostCalls) {
    stopIfAborted(signal);
    calls *= 2;
    seconds = await timed(candidate.run, calls, isAsync, now);
  }
  calls = Math.max(1, Math.min(mostCalls, Math.ceil(target / Math.max(seconds, 1e-9))));
  return { ...candidate, result, isAsync, seconds, calls };
}

const fewSteps = 10;
const mostCalls = 1e6;

/** Samples shorter than this begin with calls that do not count. */
const settlingSeconds = 0.01;

/**
 * One sample: seconds for one call, and for one call of the baseline where there is one. A short one is preceded by as
 * many calls that do not count: after another candidate's turn the first calls find cold caches, sleeping threads and
 * vector units (twice the time and more).
 */
export async function sample(
  { run, baseline, calls, isAsync, seconds }: Prepared,
  now: () => number = wallClock,
): Promise<{ seconds: number; short?: number }> {
  if (calls * seconds < settlingSeconds) await timed(run, calls, isAsync, now);
  const short = baseline && (await timed(baseline, calls, isAsync, now));
  return { seconds: await timed(run, calls, isAsync, now), ...(short === undefined ? {} : { short }) };
}
