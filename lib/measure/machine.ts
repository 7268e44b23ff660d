// This machine as a Device: the levels of its memory, found and measured, and what each engine can compute. Everything is the best that was reached.
import { totalmem } from "node:os";
import { cores, type Pool, type Stream } from "../kernels/index.js";
import type { Level } from "../roofline.js";
import { bench, latencyAt, rates, touch, type Bench, type CurveRow } from "./curve.js";
import { inside, levelNames, plateaus, type Plateau } from "./levels.js";
import { device, notes, type MeasuredDevice } from "./measuredDevice.js";
import { javascriptRoof, nativeRoof, wasmRoof, type Roofs } from "./peaks.js";
import { pause, reporter, wallClock, type RunOptions } from "./progress.js";
import { quantile } from "./quantile.js";

export interface MachineOptions extends RunOptions {
  /** Under ten seconds, with fewer and smaller working sets and fewer repeats. */
  readonly quick?: boolean;
  /** Threads of the "all cores" figures; default all that this process may use. */
  readonly threads?: number;
}

/** A measured Device: its own figures are those of `threads` threads, `oneThread` is the same machine through one. */
export interface Machine extends MeasuredDevice {
  readonly threads: number;
  readonly oneThread: MeasuredDevice;
  /** Bandwidth and latency against working set, one thread and all. */
  readonly curve: readonly CurveRow[];
  /** Interquartile range over the median of a fixed piece of arithmetic, timed again and again while the machine was measured. */
  readonly noise: number;
  /** What a reader must know to read the figures, a sentence each. */
  readonly notes: readonly string[];
  /** How long measuring took. */
  readonly seconds: number;
}

/**
 * Measures this machine: bandwidth (read, copy, triad, in-place update) and latency from 16 KiB to four times the last cache, on one thread and on
 * all, with levels where the curve has knees; and three compute roofs (JavaScript, WebAssembly SIMD, native). SI units. About 30 s, `quick` under 10;
 * `budgetSeconds` (default 55, quick 9) cuts working sets and repeats. Throws the signal's reason when aborted.
 */
export async function measureMachine(options: MachineOptions = {}): Promise<Machine> {
  const { quick = false, threads = cores(), signal, now = wallClock, budgetSeconds = quick ? 9 : 55 } = options;
  const start = now(), report = reporter(options), effort = quick ? { samples: 3, sampleSeconds: 8e-4, now } : { samples: 7, sampleSeconds: 2e-3, now };
  const spent = (): number => (now() - start) / budgetSeconds, probes: number[] = [];
  const step = async (message: string): Promise<void> => { report(Math.min(0.99, spent() * (budgetSeconds / (quick ? 7 : 30))), message); await pause(signal); };
  const limit = Math.min(quick ? 2 ** 27 : 2 ** 29, 2 ** Math.floor(Math.log2(totalmem() / 8)));
  const b = await bench(limit, threads);
  try {
    const curve: (CurveRow & { latency: number })[] = [], shared: CurveRow[] = [];
    const row = (workers: Pool, bytes: number): CurveRow => ({ bytes, threads: workers.threads, ...rates(b, workers, bytes, effort) });
    let cuts: Plateau[] = [];
    const smallest = 16 * 1024, ratio = quick ? 2 : Math.SQRT2;
    // Up to four times the last cache that has shown itself so far; a curve that still falls at its end goes on.
    for (let bytes = smallest, end = quick ? 2 ** 26 : 2 ** 27; bytes <= Math.min(end, b.limit) * 1.01 && (bytes < 2 ** 25 || spent() < 0.5); bytes *= ratio) {
      const set = Math.round(bytes / 64) * 64;
      await step(`memory, ${Math.round(set / 1024)} KiB`);
      touch(b, set);
      curve.push({ ...row(b.pools[0]!, set), latency: latencyAt(b, set, { ...effort, samples: 3 }) });
      probes.push(probe(b, now));
      if (curve.length > 4) { cuts = plateaus(curve); end = Math.max(end, 4 * (cuts.at(-2)?.bytes ?? 0)); }
    }
    const largest = curve.at(-1)!.bytes, names = levelNames(cuts.length);
    const levelsFor = async (workers: Pool, alone?: readonly Level[]): Promise<Level[]> => {
      const levels: Level[] = [];
      for (const [i, cut] of cuts.entries()) {
        await step(`${names[i]}, ${workers.threads === 1 ? "one thread" : `${workers.threads} threads`}`);
        // Every cache but the last is each core's own: all cores together have as many times its size.
        const own = i < cuts.length - 2 ? workers.threads : 1, set = Math.min(largest, inside(cuts, i, largest) * own);
        const plateau = [...(workers.threads === 1 ? curve : shared)].filter((row) => row.bytes >= curve[cut.first]!.bytes * own && row.bytes <= curve[cut.last]!.bytes * own && row.bytes >= set / 1.5 && row.bytes <= set * 1.5);
        const tries = [rates(b, workers, set, { ...effort, samples: 2 * effort.samples })];
        // Threads that share a core with other work measure that work: a cache that gives several of them no more than one is tried again.
        for (; alone?.[i] && i < cuts.length - 1 && tries.length < 4 && tries.at(-1)!.read < 1.3 * alone[i].read; tries.push(rates(b, workers, set, effort))) await step("waiting for the other cores");
        const best = (stream: Stream): number => Math.max(...[...tries, ...plateau].map((row) => row[stream]));
        levels.push({
          level: names[i]!, bytes: cut.bytes === Infinity ? totalmem() : Math.round(cut.bytes * own),
          // Only beyond the first cache do whole lines move, whatever is loaded of them.
          read: best(i === 0 ? "read" : "lines"), copy: best("copy"), triad: best("triad"), update: best("update"), latency: latencyAt(b, Math.floor(inside(cuts, i, largest, 2) / 64) * 64, effort),
        });
        probes.push(probe(b, now));
      }
      return levels;
    };
    const roofsFor = async (count: number): Promise<Roofs> => {
      await step(`arithmetic on ${count === 1 ? "one thread" : `${count} threads`}`);
      const seconds = quick ? 0.5 : 1.5, options = { signal, now };
      const javascript = await javascriptRoof({ ...options, seconds: seconds / 4 }), wasm = await wasmRoof(count, { ...options, seconds: seconds / 3 });
      const native = await nativeRoof(count, { ...options, seconds: 2 * seconds });
      return { javascript, wasm, ...(native === undefined ? {} : { native }) };
    };
    const levelsOne = await levelsFor(b.pools[0]!), roofsOne = await roofsFor(1);
    let levelsAll = levelsOne, roofsAll = roofsOne, starved = false;
    if (b.pools[1]) {
      // Wait for a moment at which all cores answer.
      const answered = async (): Promise<boolean> => (await wasmRoof(threads, { signal, now, seconds: 0.05 })) > 0.8 * threads * roofsOne.wasm;
      for (let waiting = 0; (starved = !(await answered())) && waiting < 10 && spent() < 0.7; waiting++) await step("waiting for the other cores");
      for (const { bytes } of curve) {
        if (bytes < smallest * threads || spent() > 0.85) continue;
        await step(`memory, ${Math.round(bytes / 1024)} KiB, ${threads} threads`);
        shared.push(row(b.pools[1], bytes));
        probes.push(probe(b, now));
      }
      levelsAll = await levelsFor(b.pools[1], levelsOne);
      roofsAll = await roofsFor(threads);
      for (let again = 0; again < 4 && roofsAll.wasm < 0.8 * threads * roofsOne.wasm && spent() < 0.9; again++) {
        await step("waiting for the other cores");
        roofsAll = { ...roofsAll, wasm: Math.max(roofsAll.wasm, await wasmRoof(threads, { signal, now, seconds: 0.2 })) };
      }
      starved = roofsAll.wasm < 0.8 * threads * roofsOne.wasm;
    }
    const oneThread = device("this-machine-1", 1, levelsOne, roofsOne);
    report(1, "done");
    return {
      ...device("this-machine", threads, levelsAll, roofsAll), oneThread, threads, curve: [...curve, ...shared],
      noise: (quantile(probes, 0.75) - quantile(probes, 0.25)) / quantile(probes, 0.5), notes: await notes(starved), seconds: now() - start,
    };
  } finally { b.close(); }
}

/** Seconds of a fixed piece of arithmetic: how steady the machine is. */
function probe(b: Bench, now: () => number): number {
  const begin = now();
  b.space.kernels.chains(40_000, 0.999, 0.001, 2);
  return now() - begin;
}
