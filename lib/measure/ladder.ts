// The matmul ladder as rows for one chart: from three loops in JavaScript to native code on all cores.
import { positiveIntegers } from "../check.js";
import { matmulLadder, nativeMissing, type Engine } from "../kernels/index.js";
import { compareKernels, type CompareOptions } from "./compare.js";
import { beatsBound } from "./invariants.js";
import type { Machine } from "./machine.js";
import { nativeRoof } from "./peaks.js";

/** One rung. */
export interface LadderRow {
  /** The kernel. */
  readonly name: string;
  /** What executed it. */
  readonly engine: Engine;
  /** Threads that it ran on. */
  readonly threads: number;
  /** Median seconds for one product. */
  readonly seconds: number;
  /** FLOP/s reached. */
  readonly flopsPerSecond: number;
  /** Interquartile range of the samples over their median. */
  readonly spread: number;
  /** Over the first rung; NaN when the machine was too noisy. */
  readonly speedup: number;
  /** FLOP/s over `peak`; NaN when the machine was too noisy. */
  readonly shareOfPeak: number;
}

/** One product, by every rung. */
export interface Ladder {
  /** Rows and columns of each matrix. */
  readonly n: number;
  /** The rungs, first to last. */
  readonly rows: readonly LadderRow[];
  /** FLOP/s that the shares are of. */
  readonly peak: number;
  /** In one sentence, why there are no ratios; absent when there are. */
  readonly refusal?: string;
  /** In one sentence, why the native rungs are left out; absent when they are not. */
  readonly missing?: string;
}

/**
 * Times every rung on one product of n × n matrices, in shuffled rounds, all results equal to the first's. `peak` is
 * the fp32 peak of `machine` (all cores, measured again where a rung beats it) or, without one, the fastest rung's
 * rate. The native rungs are left out, and `missing` says why, without ONNX Runtime.
 */
export async function measureLadder({
  n = 384,
  machine,
  ...options
}: { n?: number; machine?: Machine } & CompareOptions = {}): Promise<Ladder> {
  positiveIntegers("measureLadder", { n });
  const missing = await nativeMissing();
  const rungs = matmulLadder.filter(({ engine }) => !(missing && engine === "native"));
  const {
    rows,
    measurements,
    refusal: verdict,
  } = await compareKernels(
    rungs,
    { m: n, n, k: n },
    { rounds: 9, budgetSeconds: 8, sampleSeconds: 2e-3, maxSpread: 0.35, ...options },
  );
  const rates = measurements.map(({ flopsPerSecond }) => flopsPerSecond);
  const fastest = Math.max(...rates);
  let peak = machine?.peakFlops.fp32 ?? fastest;
  // A peak that a rung beats was measured in a disturbed moment: once more, longer.
  if (machine !== undefined && fastest > beatsBound * peak)
    peak = Math.max(peak, (await nativeRoof(machine.threads, { seconds: 1.5, now: options.now })) ?? 0);
  const beaten =
    fastest > beatsBound * peak
      ? `a rung came out ${(fastest / peak).toFixed(2)} times as fast as the peak`
      : undefined;
  const refusal = verdict ?? beaten;
  return {
    n,
    peak,
    ...(refusal ? { refusal } : {}),
    ...(missing ? { missing } : {}),
    rows: measurements.map(({ kernel, engine, threads, seconds, spread }, i) => ({
      name: kernel,
      engine,
      threads,
      seconds,
      spread,
      flopsPerSecond: rates[i]!,
      speedup: rows[i]!.speedup ?? NaN,
      shareOfPeak: refusal ? NaN : rates[i]! / peak,
    })),
  };
}
