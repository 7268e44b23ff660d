// Bandwidth against working set, by streams in WebAssembly over arrays that do not collide, and latency by a chain of
// dependent loads.
import { pool, type Pool } from "../kernels/pool.js";
import { runStream, streamArrays } from "../kernels/streams.js";
import { workspace, workspaceBytes, type Floats, type Workspace } from "../kernels/wasm/workspace.js";
import type { Walk } from "../kernels/kernel.js";
import { shortest } from "./clock.js";
import { wallClock } from "./progress.js";

/**
 * One point of the curve: byte/s by walk, counted as STREAM does. What ends in lines touches every line and loads or
 * stores a part of it: the most that code with wider vectors can get.
 */
export interface CurveRow extends Readonly<Record<Walk, number>> {
  /** Working set: all arrays of all threads together. */
  readonly bytes: number;
  /** Threads that walk at once. */
  readonly threads: number;
  /** Seconds for one load that waits for the load before it; one thread only. */
  readonly latency?: number;
}

/** Arrays for working sets up to `limit` bytes, with the pools that run on them. Occupied as far as they are used. */
export interface Bench {
  readonly space: Workspace;
  readonly arrays: Record<"x" | "y" | "z", Floats>;
  readonly pools: readonly Pool[];
  readonly limit: number;
  touched: number;
  close(): void;
}

/** A bench for one thread and for `threads`. Falls back to smaller arrays when the system does not give the memory. */
export async function bench(limit: number, threads: number): Promise<Bench> {
  const sizes = [limit / 4, limit / 8 + 64, limit / 12 + 64].map(Math.ceil);
  let space: Workspace;
  try {
    space = workspace(workspaceBytes(...sizes));
  } catch (error) {
    if (limit <= 2 ** 26) throw error;
    return bench(limit / 2, threads);
  }
  const [x, y, z] = sizes.map((size) => space.floats(size)) as [Floats, Floats, Floats];
  const pools = [await pool(space, { threads: 1 }), ...(threads > 1 ? [await pool(space, { threads })] : [])];
  return { space, arrays: { x, y, z }, pools, limit, touched: 0, close: () => pools.forEach((p) => p.close()) };
}

/**
 * Writes every page that a working set of `bytes` needs: reading a page never written reads one shared page of zeros.
 */
export function touch(b: Bench, bytes: number): void {
  const at = (divisor: number): [number, number] => [Math.floor(b.touched / divisor), Math.ceil(bytes / divisor)];
  b.arrays.x.values.fill(1, ...at(4));
  b.arrays.y.values.fill(1, ...at(8));
  b.arrays.z.values.fill(1, ...at(12));
  b.touched = Math.max(b.touched, bytes);
}

/**
 * The best of `samples` passes of `stream` over a working set of `bytes` on `workers`, byte/s. Ceilings are the best of
 * N, as STREAM's are.
 */
function bandwidthAt(
  b: Bench,
  stream: Walk,
  workers: Pool,
  bytes: number,
  { samples = 5, sampleSeconds = 2e-3, straight = false, now = wallClock } = {},
): number {
  const elements = Math.max(128 * workers.threads, Math.floor(bytes / 4 / streamArrays[stream] / 128) * 128);
  const run = (passes: number): unknown => runStream(stream, workers, { ...b.arrays, elements, passes, straight });
  run(1);
  const best = shortest(run, { samples, sampleSeconds, now });
  const moved = stream === "update" || stream === "updateLines" ? 2 : streamArrays[stream];
  return (4 * elements * moved) / best;
}

/**
 * Beyond the caches of one core it matters along how many fronts a walk goes, and which is best depends on the
 * processor.
 */
const frontsMatter = 2 ** 20;

/**
 * All walks over one working set, copy and triad by the better of two roads. What a whole stream gets, its lines get at
 * least.
 */
export function rates(b: Bench, workers: Pool, bytes: number, effort: object): Record<Walk, number> {
  const rate = (walk: Walk): number => bandwidthAt(b, walk, workers, bytes, effort);
  const eitherWay = (walk: "copy" | "triad"): number =>
    bytes < frontsMatter
      ? rate(walk)
      : Math.max(rate(walk), bandwidthAt(b, walk, workers, bytes, { ...effort, straight: true }));
  const [read, copy, triad, update] = [rate("read"), eitherWay("copy"), eitherWay("triad"), rate("update")];
  return {
    read,
    lines: Math.max(read, rate("lines")),
    copy,
    copyLines: Math.max(copy, rate("copyLines")),
    triad,
    triadLines: Math.max(triad, rate("triadLines")),
    update,
    updateLines: Math.max(update, rate("updateLines")),
  };
}

const line = 64;

/**
 * Seconds for one load that waits for the load before it, over a random cycle through every cache line of `bytes`.
 * Overwrites array x.
 */
export function latencyAt(
  b: Bench,
  bytes: number,
  { samples = 3, sampleSeconds = 3e-3, now = wallClock } = {},
): number {
  const { at, values } = b.arrays.x;
  const lines = Math.floor(bytes / line);
  const words = new Uint32Array(values.buffer as ArrayBuffer, at, lines * (line / 4));
  cycle(lines, (from, to) => {
    words[from * (line / 4)] = at + to * line;
  });
  let position = at;
  const chase = (steps: number): void => {
    position = b.space.kernels.chase(position, steps);
  };
  const best = shortest(chase, { samples, sampleSeconds, now, most: 2 ** 28, grain: 8 });
  values.fill(1, 0, lines * (line / 4));
  return best;
}

/** Links 0 … n-1 into one random cycle (Sattolo's shuffle), in no order that a prefetcher could guess. */
export function cycle(n: number, link: (from: number, to: number) => void): void {
  const order = new Uint32Array(n).map((_, i) => i);
  let state = 88172645;
  for (let i = n - 1; i > 0; i--) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const j = (state >>> 0) % i;
    const kept = order[i]!;
    order[i] = order[j]!;
    order[j] = kept;
  }
  for (let i = 0; i < n; i++) link(order[i]!, order[i + 1 < n ? i + 1 : 0]!);
}
