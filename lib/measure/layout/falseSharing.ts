// Two threads, each adding to a counter of its own: when the counters lie on one cache line, the line travels between
// the cores at every addition.
import { positiveIntegers } from "../../check.js";
import { cores, pool } from "../../kernels/pool.js";
import { workspace, workspaceBytes } from "../../kernels/wasm/workspace.js";
import { compare, type CompareOptions } from "../compare.js";
import type { Sweep } from "./experiment.js";

/** Counters at one distance. */
export interface FalseSharingRow {
  /** Bytes from one counter to the next. */
  readonly distance: number;
  /** Threads, each with a counter of its own. */
  readonly threads: number;
  /** Seconds for one addition of one thread. */
  readonly secondsPerAddition: number;
  /** Interquartile range of the samples over their median. */
  readonly spread: number;
  /** Its time over that of the farthest distance; NaN when the machine was too noisy. */
  readonly ratio: number;
}

/**
 * `threads` counters at several distances, each thread adding one to its own by atomic operations. The farthest
 * distance is the reference. With one thread there is nobody to share a line with: `refusal` says so. Seconds for one
 * addition of one thread.
 */
export async function measureFalseSharing({
  threads = Math.min(2, cores()),
  distances = [256, 128, 64, 32, 16, 4],
  ...options
}: { threads?: number; distances?: readonly number[] } & CompareOptions = {}): Promise<Sweep<FalseSharingRow>> {
  positiveIntegers("measureFalseSharing", {
    threads,
    ...Object.fromEntries(distances.map((d) => [`distance ${d}`, d])),
  });
  const steps = 100_000;
  const far = Math.max(...distances);
  const space = workspace(workspaceBytes((threads * far) / 4 + 16));
  const { at } = space.floats((threads * far) / 4 + 16);
  const workers = await pool(space, { threads });
  try {
    const alone = threads === 1 ? "one thread has nobody to share a cache line with" : undefined;
    const ordered = [...distances].sort((a, b) => b - a);
    const { rows, refusal } = await compare(
      Object.fromEntries(
        ordered.map((distance) => [
          `${distance} bytes apart`,
          () => workers.run("count", (thread) => [at + thread * distance, steps]),
        ]),
      ),
      { rounds: 11, budgetSeconds: 4, sampleSeconds: 2e-3, maxSpread: 0.5, same: false, ...options },
    );
    const reason = alone ?? refusal;
    return {
      ...(reason ? { refusal: reason } : {}),
      rows: rows.map(({ seconds, spread, speedup }, i) => ({
        distance: ordered[i]!,
        threads,
        secondsPerAddition: seconds / steps,
        spread,
        ratio: speedup === undefined ? NaN : 1 / speedup,
      })),
    };
  } finally {
    workers.close();
  }
}
