// How many lines one set of a cache holds, read from the clock: addresses that share a set push each other out as soon
// as there is one too many.
import { positiveIntegers, shown } from "../../check.js";
import { workspace, workspaceBytes } from "../../kernels/wasm/workspace.js";
import { sampleOf, stepOf } from "../clock.js";
import { cycle } from "../curve.js";
import { sweepOf, type Sweep } from "./experiment.js";
import { pause, reporter, wallClock, type RunOptions } from "../progress.js";

/** A cycle through addresses. */
export interface WaysRow {
  /** Bytes from one address to the next. */
  readonly distance: number;
  /** Addresses in the cycle, each on a cache line of its own. */
  readonly lines: number;
  /** Seconds for one load that waits for the load before it. */
  readonly seconds: number;
}

const defaultLines = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20, 24, 28, 32, 40, 48];

/** Loads that one pass follows at least. */
const fewestSteps = 2 ** 16;

/**
 * Latency of a random cycle through `lines` addresses, `distance` bytes apart: the best of seven passes each (of three
 * where the clock is coarse), in rounds over all points, so that one disturbance spoils no point's seven. 4096 bytes
 * apart, all fall into one set of a first cache of 64 sets and 64-byte lines, so the step of that curve is the number
 * of ways. WebAssembly, one thread. Distances are multiples of 4. `refusal` says where the budget ended before the last
 * point, or where the first distance's curve has no step to read.
 */
export async function measureWays({
  distances = [4096, 2048, 4096 + 64],
  lines = defaultLines,
  ...options
}: { distances?: readonly number[]; lines?: readonly number[] } & RunOptions = {}): Promise<Sweep<WaysRow>> {
  positiveIntegers("measureWays", {
    ...Object.fromEntries(distances.map((d) => [`distance ${d}`, d])),
    ...Object.fromEntries(lines.map((n) => [`lines ${n}`, n])),
  });
  for (const distance of distances)
    if (distance % 4 !== 0)
      throw new RangeError(`measureWays: distance must be a multiple of 4 bytes, got ${shown(distance)}`);
  const { signal, now = wallClock, budgetSeconds = 10 } = options;
  const report = reporter(options);
  const start = now();
  const points = distances.flatMap((distance) => lines.map((count) => ({ distance, lines: count })));
  const best = points.map(() => Infinity);
  const values = (Math.max(...distances) * Math.max(...lines)) / 4 + 16;
  const space = workspace(workspaceBytes(values));
  const { at } = space.floats(values);
  const words = new Uint32Array((space.memory as { buffer: ArrayBuffer }).buffer);
  const { rounds, steps } = passesFor(now, (count) => {
    words[at / 4] = at;
    space.kernels.chase(at, count);
  });
  for (let round = 0; round < rounds; round++)
    for (const [i, { distance, lines: count }] of points.entries()) {
      report((round * points.length + i) / (rounds * points.length), `${distance} bytes apart`);
      await pause(signal);
      if (now() - start > budgetSeconds) break;
      cycle(count, (from, to) => {
        words[(at + from * distance) / 4] = at + to * distance;
      });
      const begin = now();
      space.kernels.chase(at, steps);
      const seconds = now() - begin;
      if (seconds > 0) best[i] = Math.min(best[i]!, seconds);
    }
  report(1, "done");
  const rows = points
    .map((point, i) => ({ ...point, seconds: best[i]! / steps }))
    .filter((row) => row.seconds < Infinity);
  if (rows.length < points.length) return sweepOf(rows, points.length, budgetSeconds);
  const flat = noStep(rows.filter(({ distance }) => distance === distances[0]));
  return flat === undefined ? { rows } : { rows, refusal: flat };
}

/** How many passes there are, and how many loads one follows, for the clock to see it. */
export function passesFor(
  now: () => number,
  chase: (count: number) => void,
  fewest = fewestSteps,
): { rounds: number; steps: number } {
  const coarse = stepOf(now) > 2e-4;
  const target = sampleOf(0, now) / (coarse ? 2.5 : 1);
  let steps = fewest;
  const seconds = (): number => {
    const begin = now();
    chase(steps);
    return now() - begin;
  };
  while (seconds() < target && steps < 2 ** 26) steps *= 2;
  return { rounds: coarse ? 3 : 7, steps };
}

/**
 * Why a curve from few lines to many shows no number of ways; undefined where it does, or where it is a single point.
 */
function noStep(curve: readonly WaysRow[]): string | undefined {
  const [first, last] = [curve[0], curve.at(-1)];
  if (first === undefined || last === undefined || last.lines <= first.lines) return undefined;
  if (last.seconds > 1.3 * first.seconds) return undefined;
  return `${last.lines} lines in a circle came out no slower than ${first.lines}: there is no step to read`;
}
