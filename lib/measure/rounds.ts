// Rounds: every candidate once, in shuffled order, with a probe before and after. A round in which the probe moved was
// disturbed and does not count.
import { peakWasm } from "../kernels/index.js";
import { prepare, sample, type Candidate, type Prepared } from "./candidate.js";
import { sampleOf } from "./clock.js";
import { pause, reporter, wallClock, type RunOptions } from "./progress.js";
import { median, quantile } from "./quantile.js";

/** How rounds are run. */
export interface RoundOptions extends RunOptions {
  /** Undisturbed rounds that are wanted; default 15, unless the function has a number of its own. */
  readonly rounds?: number;
  /** Seconds that one sample takes at least; default 2 ms. */
  readonly sampleSeconds?: number;
  /** Seconds after which a candidate counts as warm; default a fifth of the budget shared by all, 0.01 to 0.3. */
  readonly warmUpSeconds?: number;
  /** Fixed work whose time betrays a disturbance; default a third of a millisecond of multiply-adds. */
  readonly probe?: () => unknown;
  /** Relative change of the probe above which a round is discarded; default 0.1. */
  readonly tolerance?: number;
  /** Numbers in [0, 1) for the shuffle; default the same on every run. */
  readonly random?: () => number;
}

export interface Rounds {
  /** Seconds by candidate, one for each undisturbed round: index i of every candidate belongs to the same round. */
  readonly samples: Readonly<Record<string, readonly number[]>>;
  /** What the first call of each candidate gave. */
  readonly results: Readonly<Record<string, unknown>>;
  readonly kept: number;
  readonly discarded: number;
}

/**
 * Runs undisturbed rounds until there are `rounds` of them, `3 · rounds` were tried, or the budget is spent (never
 * fewer than three tries).
 */
export async function rounds(
  candidates: Readonly<Record<string, Candidate>>,
  options: RoundOptions = {},
): Promise<Rounds> {
  const {
    rounds: wanted = 15,
    budgetSeconds = 10,
    signal,
    now = wallClock,
    probe = await defaultProbe(),
    tolerance = 0.1,
    random = generator(1),
  } = options;
  const report = reporter(options);
  const start = now();
  const names = Object.keys(candidates);
  // A fifth of the budget for all warm-ups together.
  const ownWarmUp = Math.max(0.01, Math.min(0.3, (0.2 * budgetSeconds) / names.length));
  const { sampleSeconds, warmUpSeconds = ownWarmUp } = options;
  const prepared: Record<string, Prepared> = {};
  const results: Record<string, unknown> = {};
  for (const name of names) {
    report(0, `warming up ${name}`);
    await pause(signal);
    prepared[name] = await prepare(candidates[name]!, { sampleSeconds, warmUpSeconds, signal, now });
    results[name] = prepared[name].result;
  }
  // Twice as many steps as any sample: one step of the clock must not pass for a disturbance.
  const probeSeconds = Math.max(3e-4, 2 * sampleOf(0, now));
  const watch = await prepare({ run: probe }, { sampleSeconds: probeSeconds, warmUpSeconds: 0.05, now });
  const tried: Round[] = [];
  const probed = async (): Promise<number> => (await sample(watch, now)).seconds;
  let before = await probed();
  let good: Round[] = [];
  while (good.length < wanted && tried.length < 3 * wanted) {
    await pause(signal);
    const spent = now() - start;
    if (spent > budgetSeconds && tried.length >= 3) break;
    report(Math.min(0.99, Math.max(good.length / wanted, spent / budgetSeconds)), `round ${tried.length + 1}`);
    const times: Record<string, Sample> = {};
    for (const name of shuffled(names, random)) times[name] = await sample(prepared[name]!, now);
    const after = await probed();
    tried.push({ times, before, after });
    before = after;
    good = undisturbed(tried, tolerance);
  }
  report(1, "done");
  const samples = names.map((name) => {
    const own = good.map(({ times }) => times[name]!);
    return [name, secondsOf(own, candidates[name]!.repeats ?? 1)] as const;
  });
  return {
    samples: Object.fromEntries(samples),
    results,
    kept: good.length,
    discarded: tried.length - good.length,
  };
}

/** Seconds of a candidate, and of its baseline if it has one. */
interface Sample {
  readonly seconds: number;
  readonly short?: number;
}

/** One try: a sample of each candidate, between two of the probe. */
interface Round {
  readonly times: Readonly<Record<string, Sample>>;
  readonly before: number;
  readonly after: number;
}

/**
 * Rounds whose probes took no longer than `tolerance` above the quickest quarter of all, and in which the clock did not
 * run backwards.
 */
function undisturbed(tried: readonly Round[], tolerance: number): Round[] {
  const probes = tried.flatMap(({ before, after }) => [before, after]);
  const quiet = quantile(probes, 0.25);
  return tried.filter(
    ({ before, after, times }) =>
      Math.max(before, after) <= quiet * (1 + tolerance) && Object.values(times).every(({ seconds }) => seconds >= 0),
  );
}

/** Seconds of one of `repeats` executions, for each sample. */
function secondsOf(samples: readonly Sample[], repeats: number): number[] {
  // The slope is taken from the baseline's median: the difference within one round would carry the noise of both.
  const short = samples[0]?.short === undefined ? 0 : median(samples.map((time) => time.short!));
  return samples.map(({ seconds }) => (seconds - short) / repeats);
}

/** What a set of samples says: median, shortest, and the interquartile range over the median. */
export function summary(samples: readonly number[]): { seconds: number; best: number; spread: number } {
  const seconds = median(samples);
  return { seconds, best: Math.min(...samples), spread: (quantile(samples, 0.75) - quantile(samples, 0.25)) / seconds };
}

async function defaultProbe(): Promise<() => unknown> {
  const args = await peakWasm.prepare({ steps: 20_000 });
  return () => peakWasm.run(args);
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const list = [...items];
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [list[i], list[j]] = [list[j]!, list[i]!];
  }
  return list;
}

function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
