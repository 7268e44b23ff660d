// The walk through working sets: the curve of one thread, the levels that its knees tell, and the figures of each
// level.
import type { Stream } from "../kernels/index.js";
import type { Pool } from "../kernels/pool.js";
import type { Level } from "../roofline.js";
import { latencyAt, rates, touch, type CurveRow } from "./curve.js";
import { levelsOutOfOrder, levelTolerance } from "./invariants.js";
import { inside, plateaus, type Plateau } from "./levels.js";
import { noiseOf } from "./quantile.js";
import { memoryHere, probe, type Session } from "./session.js";

const smallestSet = 16 * 1024;

/** A level with all its figures. */
export type MeasuredLevel = Required<Level>;

/** A row of one thread, which has a latency. */
export type OneThreadRow = CurveRow & { readonly latency: number };

const kibibytes = (bytes: number): string => `${Math.round(bytes / 1024)} KiB`;
const wholeLines = (bytes: number): number => Math.floor(bytes / 64) * 64;

/** All streams over one working set on `workers`. */
const curveRow = ({ bench, effort }: Session, workers: Pool, bytes: number): CurveRow => ({
  bytes,
  threads: workers.threads,
  ...rates(bench, workers, bytes, effort),
});

/** One thread's curve, from 16 KiB to four times the last cache that has shown itself so far, and its plateaus. */
export async function sweepOneThread(session: Session): Promise<{ curve: OneThreadRow[]; cuts: Plateau[] }> {
  const { bench, effort, quick, spent } = session;
  const curve: OneThreadRow[] = [];
  const ratio = quick ? 2 : Math.SQRT2;
  let cuts: Plateau[] = [];
  let end = quick ? 2 ** 26 : 2 ** 27;
  for (let bytes = smallestSet; bytes <= Math.min(end, bench.limit) * 1.01; bytes *= ratio) {
    if (bytes >= 2 ** 25 && spent() >= 0.5) break;
    const set = Math.round(bytes / 64) * 64;
    await session.step(`memory, ${kibibytes(set)}`);
    touch(bench, set);
    curve.push({
      ...curveRow(session, bench.pools[0]!, set),
      latency: latencyAt(bench, set, { ...effort, samples: 3 }),
    });
    probe(session);
    if (curve.length <= 4) continue;
    cuts = plateaus(curve);
    end = Math.max(end, 4 * (cuts.at(-2)?.bytes ?? 0));
  }
  return { curve, cuts };
}

/** The curve of all threads, at the working sets of the curve of one. */
export async function sweepTogether(session: Session, curve: readonly CurveRow[]): Promise<CurveRow[]> {
  const { bench, threads, spent } = session;
  const rows: CurveRow[] = [];
  for (const { bytes } of curve) {
    if (bytes < smallestSet * threads || spent() > 0.85) continue;
    await session.step(`memory, ${kibibytes(bytes)}, ${threads} threads`);
    rows.push(curveRow(session, bench.pools[1]!, bytes));
    probe(session);
  }
  return rows;
}

/** What `measureLevels` needs to know of the curve; `alone` are the levels of one thread, when several are measured. */
export interface Sweep {
  readonly curve: readonly OneThreadRow[];
  readonly cuts: readonly Plateau[];
  readonly names: readonly string[];
  readonly rows: readonly CurveRow[];
  readonly alone?: readonly MeasuredLevel[];
}

/**
 * The figures of every level through `workers`. Levels out of order are measured up to twice more, and the best of all
 * counts.
 */
export async function measureLevels(session: Session, workers: Pool, sweep: Sweep): Promise<MeasuredLevel[]> {
  let levels = await levelsOnce(session, workers, sweep);
  for (let again = 0; again < 2 && session.spent() < 0.95; again++) {
    if (levelsOutOfOrder(levels, levelTolerance(noiseOf(session.probes))) === undefined) break;
    const more = await levelsOnce(session, workers, sweep);
    levels = levels.map((level, i) => better(level, more[i]!));
  }
  return levels;
}

async function levelsOnce(
  session: Session,
  workers: Pool,
  { curve, cuts, names, rows, alone }: Sweep,
): Promise<MeasuredLevel[]> {
  const { bench, effort } = session;
  const largest = curve.at(-1)!.bytes;
  const who = workers.threads === 1 ? "one thread" : `${workers.threads} threads`;
  const levels: MeasuredLevel[] = [];
  for (const [i, cut] of cuts.entries()) {
    await session.step(`${names[i]}, ${who}`);
    // Every cache but the last is each core's own: all cores together have as many times its size.
    const own = i < cuts.length - 2 ? workers.threads : 1;
    const set = Math.min(largest, inside(cuts, i, largest) * own);
    const [first, last] = [curve[cut.first]!.bytes * own, curve[cut.last]!.bytes * own];
    const near = (row: CurveRow): boolean =>
      row.bytes >= first && row.bytes <= last && Math.abs(Math.log(row.bytes / set)) <= Math.log(1.5);
    const tries = [rates(bench, workers, set, { ...effort, samples: 2 * effort.samples })];
    // Threads that share a core with other work measure that work: a cache that gives several of them no more than one
    // is tried again.
    while (alone?.[i] && i < cuts.length - 1 && tries.length < 4 && tries.at(-1)!.read < 1.3 * alone[i].read) {
      await session.step("waiting for the other cores");
      tries.push(rates(bench, workers, set, effort));
    }
    const best = (stream: Stream): number => Math.max(...[...tries, ...rows.filter(near)].map((row) => row[stream]));
    levels.push({
      level: names[i]!,
      bytes: cut.bytes === Infinity ? (memoryHere() ?? Infinity) : Math.round(cut.bytes * own),
      read: best("read"),
      lines: best("lines"),
      copy: best("copy"),
      triad: best("triad"),
      update: best("update"),
      latency: latencyAt(bench, wholeLines(inside(cuts, i, largest, 2)), effort),
    });
    probe(session);
  }
  return levels;
}

const better = (a: MeasuredLevel, b: MeasuredLevel): MeasuredLevel => ({
  ...a,
  read: Math.max(a.read, b.read),
  lines: Math.max(a.lines, b.lines),
  copy: Math.max(a.copy, b.copy),
  triad: Math.max(a.triad, b.triad),
  update: Math.max(a.update, b.update),
  latency: Math.min(a.latency, b.latency),
});
