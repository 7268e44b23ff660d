// Which of several ways is faster, and by how much: ratios paired within rounds, or a refusal when the machine gives
// none that mean anything.
import { record, shown } from "../check.js";
import type { Kernel, Measurement } from "../kernels/index.js";
import type { Candidate } from "./candidate.js";
import { measurement } from "./measure.js";
import { rounds, summary, type RoundOptions } from "./rounds.js";
import { median, quantile } from "./quantile.js";

/** How candidates are timed and held against each other. */
export interface CompareOptions extends RoundOptions {
  /** Interquartile range of the paired ratios over their median, above which there is no verdict; default 0.2. */
  readonly maxSpread?: number;
  /**
   * Whether two results are the same; default numbers and fp32 arrays within 1e-3 of the largest value. `false` checks
   * nothing.
   */
  readonly same?: false | ((a: unknown, b: unknown) => boolean);
}

/** One candidate. */
export interface ComparisonRow {
  /** Its key among the candidates. */
  readonly name: string;
  /** Median seconds for one execution. */
  readonly seconds: number;
  /** The shortest sample, seconds. */
  readonly best: number;
  /** Interquartile range of the samples over their median. */
  readonly spread: number;
  /**
   * The reference's time over this one's, paired by round: above 1 is faster; absent when the machine was too noisy to
   * tell.
   */
  readonly speedup?: number;
  /** The quartiles of the paired ratios. */
  readonly interval?: readonly [low: number, high: number];
  /** Seconds for one execution, one for each undisturbed round. */
  readonly samples: readonly number[];
}

/** Candidates held against the first of them. */
export interface Comparison {
  /** Name of the candidate that speedups are over. */
  readonly reference: string;
  /** The candidates, in the order given. */
  readonly rows: readonly ComparisonRow[];
  /** Undisturbed rounds that count. */
  readonly rounds: number;
  /** Rounds that were disturbed and do not count. */
  readonly discarded: number;
  /** In one sentence, why there is no verdict; absent when there is one. */
  readonly refusal?: string;
}

/**
 * Times `candidates` (functions by name, the first is the reference) against each other in shuffled rounds and gives
 * medians and paired ratios. Each is warmed up until stable and repeated until a sample is long enough for the clock;
 * rounds in which a probe moved are discarded. Every result is kept and must equal the reference's. `refusal` stands in
 * place of speedups when the machine is too noisy. Throws a TypeError when a candidate is no function, an Error when
 * results differ, the signal's reason when aborted.
 */
export async function compare(
  candidates: Readonly<Record<string, (() => unknown) | Candidate>>,
  options: CompareOptions = {},
): Promise<Comparison> {
  record("compare", "candidates", candidates);
  const named = Object.entries(candidates).map(
    ([name, candidate]) => [name, typeof candidate === "function" ? { run: candidate } : candidate] as const,
  );
  if (named.length === 0) throw new RangeError("compare: candidates must be at least one function, got {}");
  for (const [name, candidate] of named)
    if (typeof candidate?.run !== "function")
      throw new TypeError(`compare: ${name} must be a function, got ${shown(candidate)}`);
  const { maxSpread = 0.2, same = alike } = options;
  const reference = named[0]![0];
  const { samples, results, kept, discarded } = await rounds(Object.fromEntries(named), options);
  if (same)
    for (const [name] of named)
      if (!same(results[reference], results[name]))
        throw new Error(`compare: ${name} must give what ${reference} gives, got another result`);
  const ratios = named.map(([name]) => samples[name]!.map((seconds, round) => samples[reference]![round]! / seconds));
  const spreads = ratios.map((list) =>
    list.length === 0 ? Infinity : (quantile(list, 0.75) - quantile(list, 0.25)) / median(list),
  );
  const negative = named.find(([name]) => median(samples[name]!) <= 0)?.[0];
  const refusal =
    negative !== undefined
      ? `compare: this machine is too noisy now: ${negative} came out to take less than its own baseline`
      : verdictless(kept, discarded, Math.max(...spreads.map((s) => (s >= 0 ? s : Infinity))), maxSpread);
  return {
    reference,
    rounds: kept,
    discarded,
    rows: named.map(([name], i) => ({
      name,
      ...(kept ? summary(samples[name]!) : { seconds: NaN, best: NaN, spread: NaN }),
      samples: samples[name]!,
      ...(refusal
        ? {}
        : { speedup: median(ratios[i]!), interval: [quantile(ratios[i]!, 0.25), quantile(ratios[i]!, 0.75)] as const }),
    })),
    ...(refusal ? { refusal } : {}),
  };
}

/** Kernels held against the first of them. */
export interface KernelComparison extends Comparison {
  /** One for each kernel, with the cost of its op. */
  readonly measurements: readonly Measurement[];
}

/** `compare` for kernels at one shape: the comparison, and for each kernel its Measurement with the cost of its op. */
export async function compareKernels<Shape>(
  kernels: readonly Kernel<Shape>[],
  shape: Shape,
  options: CompareOptions = {},
): Promise<KernelComparison> {
  const prepared: { kernel: Kernel<Shape>; args: unknown }[] = [];
  try {
    for (const kernel of kernels) prepared.push({ kernel, args: await kernel.prepare(shape) });
    const candidates = prepared.map(({ kernel, args }) => [
      kernel.name,
      { run: () => kernel.run(args), ...kernel.slope?.(args) },
    ]);
    const comparison = await compare(Object.fromEntries(candidates), options);
    return {
      ...comparison,
      measurements: kernels.map((kernel, i) => measurement(kernel, shape, comparison.rows[i]!.samples)),
    };
  } finally {
    for (const { kernel, args } of prepared) await kernel.release?.(args);
  }
}

function verdictless(kept: number, discarded: number, spread: number, maxSpread: number): string | undefined {
  const percent = (x: number): string => `${Math.round(100 * x)} %`;
  const noisy = "compare: this machine is too noisy now";
  if (kept < 3) return `${noisy}: ${discarded} of ${kept + discarded} rounds were disturbed`;
  if (spread <= maxSpread) return undefined;
  const spreads = `the middle half of the ratios spreads over ${percent(spread)} of their median`;
  return `${noisy}: ${spreads}, at most ${percent(maxSpread)} is accepted`;
}

function alike(a: unknown, b: unknown): boolean {
  if (typeof a === "number" && typeof b === "number")
    return Object.is(a, b) || Math.abs(a - b) <= 1e-3 * Math.max(Math.abs(a), Math.abs(b));
  if (!(a instanceof Float32Array && b instanceof Float32Array)) return true;
  if (a.length !== b.length) return false;
  let largest = 0;
  for (const value of a) largest = Math.max(largest, Math.abs(value));
  return a.every((value, i) => Math.abs(value - b[i]!) <= 1e-3 * largest);
}
