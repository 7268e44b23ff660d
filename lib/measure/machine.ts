// This machine as a Device: the levels of its memory, found and measured, and what each engine can compute. Everything
// is the best that was reached.
import { positiveIntegers } from "../check.js";
import { host } from "../kernels/host/host.js";
import { cores } from "../kernels/pool.js";
import { bench, type CurveRow } from "./curve.js";
import { machineOutOfOrder } from "./invariants.js";
import { namedLevels } from "./levelNames.js";
import { device, notes, type MeasuredDevice } from "./measuredDevice.js";
import { otherWork } from "./otherWork.js";
import { javascriptRoof, nativeRoof, wasmRoof, type Roofs } from "./peaks.js";
import { pause, reporter, wallClock, type RunOptions } from "./progress.js";
import { noiseOf } from "./quantile.js";
import { memoryHere, probeSteps, type Session } from "./session.js";
import { unsound } from "./sound.js";
import { measureLevels, sweepOneThread, sweepTogether, type MeasuredLevel, type Sweep } from "./sweep.js";
import { systemCaches } from "./systemCaches.js";

/** How thoroughly the machine is measured. */
export interface MachineOptions extends RunOptions {
  /** Under ten seconds, with fewer and smaller working sets and fewer repeats. */
  readonly quick?: boolean;
  /** Threads of the "all cores" figures; default all that this process may use. */
  readonly threads?: number;
}

/** A measured Device: its own figures are those of all threads together. */
export interface Machine extends MeasuredDevice {
  /** Threads of its own figures. */
  readonly threads: number;
  /** The same machine through one thread. */
  readonly oneThread: MeasuredDevice;
  /** Bandwidth and latency against working set, one thread and all. */
  readonly curve: readonly CurveRow[];
  /**
   * Interquartile range over the median of a fixed piece of arithmetic, timed again and again while the machine was
   * measured.
   */
  readonly noise: number;
  /** What a reader must know to read the figures, a sentence each. */
  readonly notes: readonly string[];
  /** How long measuring took. */
  readonly seconds: number;
  /**
   * In one sentence, what contradicts itself in these figures, so that they must not be believed; absent when nothing
   * does.
   */
  readonly refusal?: string;
}

/**
 * Measures this machine: bandwidth (read, lines, copy, triad, in-place update) and latency from 16 KiB to four times
 * the last cache, on one thread and on all, with levels where the curve has knees; and three compute roofs (JavaScript,
 * WebAssembly SIMD, native). SI units. About 30 s, `quick` under 10; `budgetSeconds` (default 55, quick 9) cuts working
 * sets and repeats. Levels in a wrong order are measured again; `refusal` says what is still wrong. In a page too, in a
 * worker on all threads where memory is shared; `notes` says what is lacking there. Throws MeasurementRefused where
 * there is no memory or no clock to measure with, the signal's reason when aborted.
 */
export async function measureMachine(options: MachineOptions = {}): Promise<Machine> {
  const { quick = false, threads = cores(), signal, now = wallClock, budgetSeconds = quick ? 9 : 55 } = options;
  positiveIntegers("measureMachine", { threads });
  const start = now();
  const report = reporter(options);
  const others = otherWork();
  const spoiled = host().watch();
  const spent = (): number => (now() - start) / budgetSeconds;
  const limit = Math.min(quick ? 2 ** 27 : 2 ** 29, 2 ** Math.floor(Math.log2((memoryHere() ?? untold) / 8)));
  const arrays = await bench(limit, threads);
  const session: Session = {
    bench: arrays,
    steps: probeSteps(arrays, now),
    threads,
    quick,
    effort: quick ? { samples: 3, sampleSeconds: 8e-4, now } : { samples: 7, sampleSeconds: 2e-3, now },
    now,
    signal,
    probes: [],
    spent,
    async step(message) {
      report(Math.min(0.99, (now() - start) / (quick ? 7 : 30)), message);
      await pause(signal);
    },
  };
  try {
    const fault = unsound(session);
    const { curve, cuts } = await sweepOneThread(session);
    const { names, note } = namedLevels(
      cuts.slice(0, -1).map(({ bytes }) => bytes),
      systemCaches(),
    );
    const sweep: Sweep = { curve, cuts, names, rows: curve };
    const alone = {
      levels: await measureLevels(session, session.bench.pools[0]!, sweep),
      roofs: await measureRoofs(session, 1),
    };
    const together =
      threads > 1 ? await measureTogether(session, sweep, alone) : { ...alone, rows: [], starved: false };
    report(1, "done");
    const machine = {
      ...device("this-machine", threads, together.levels, together.roofs),
      oneThread: device("this-machine-1", 1, alone.levels, alone.roofs),
      threads,
      curve: [...curve, ...together.rows],
      noise: noiseOf(session.probes),
      notes: [
        ...(note === undefined ? [] : [note]),
        ...(together.starved ? [starvation(threads, others())] : []),
        ...(await notes(session)),
      ],
      seconds: now() - start,
    };
    const refusal = spoiled() ?? machineOutOfOrder(machine) ?? fault;
    return refusal === undefined ? machine : { ...machine, refusal };
  } finally {
    session.bench.close();
  }
}

/** Bytes of memory that a machine has at least, where that is not told. */
const untold = 2 ** 31;

interface Figures {
  readonly levels: readonly MeasuredLevel[];
  readonly roofs: Roofs;
}

/**
 * All threads at once: their curve, their levels, their roofs, and whether they reached less than so many threads
 * should.
 */
async function measureTogether(
  session: Session,
  sweep: Sweep,
  alone: Figures,
): Promise<Figures & { rows: CurveRow[]; starved: boolean }> {
  const { threads, signal, now, spent } = session;
  const wanted = 0.8 * threads * alone.roofs.wasm;
  // Wait for a moment at which all cores answer.
  for (let waiting = 0; waiting < 10 && spent() < 0.7; waiting++) {
    if ((await wasmRoof(threads, { signal, now, seconds: 0.05 })) > wanted) break;
    await session.step("waiting for the other cores");
  }
  const rows = await sweepTogether(session, sweep.curve);
  const levels = await measureLevels(session, session.bench.pools[1]!, { ...sweep, rows, alone: alone.levels });
  let roofs = await measureRoofs(session, threads);
  for (let again = 0; again < 4 && roofs.wasm < wanted && spent() < 0.9; again++) {
    await session.step("waiting for the other cores");
    roofs = { ...roofs, wasm: Math.max(roofs.wasm, await wasmRoof(threads, { signal, now, seconds: 0.2 })) };
  }
  return { levels, roofs, rows, starved: roofs.wasm < wanted };
}

async function measureRoofs({ quick, signal, now, step }: Session, threads: number): Promise<Roofs> {
  await step(`arithmetic on ${threads === 1 ? "one thread" : `${threads} threads`}`);
  const seconds = quick ? 0.5 : 1.5;
  const javascript = await javascriptRoof({ signal, now, seconds: seconds / 4 });
  const wasm = await wasmRoof(threads, { signal, now, seconds: seconds / 3 });
  const native = await nativeRoof(threads, { signal, now, seconds: 2 * seconds });
  return { javascript, wasm, ...(native === undefined ? {} : { native }) };
}

/** Why the threads together reached so little. `others`: cores that other processes kept busy. */
function starvation(threads: number, others: number): string {
  const all = host().cores;
  if (others > 0.1 * all) {
    const busy = `Other work kept ${others.toFixed(1)} of ${all} cores busy`;
    return `${busy}: the figures for ${threads} threads are lower than this machine's.`;
  }
  const little = `The ${threads} threads together reached less than 0.8 of ${threads} times one`;
  const sharing = "they share cores (two threads of one core compute hardly more than one)";
  return `${little}: ${sharing}, or other guests of the same host held them up.`;
}
