// How many cache lines are on their way at once: one chain of loads that wait for each other, then several side by
// side.
import { positiveIntegers, shown } from "../../check.js";
import { workspace, workspaceBytes, type Floats } from "../../kernels/wasm/workspace.js";
import { cycle } from "../curve.js";
import { pause, reporter, wallClock, type RunOptions } from "../progress.js";
import { sweepOf, type Sweep } from "./experiment.js";
import { passesFor } from "./ways.js";

/** Chains of loads through one working set, side by side. */
export interface ChainsRow {
  /** Chains that are followed in turn; a load waits for the one before it in its own chain. */
  readonly chains: number;
  /** Bytes of the working set. */
  readonly bytes: number;
  /** Seconds for one line: of one chain, the latency. */
  readonly secondsPerLine: number;
  /** Byte/s, 64 a line. */
  readonly bytesPerSecond: number;
  /** Lines on their way at once, by Little's law: the latency of one chain over `secondsPerLine`. */
  readonly inFlight: number;
}

const line = 64;
/** Loads of one pass at least: a few milliseconds of one chain, within which a machine that others use stays quiet. */
const fewestLoads = 2 ** 14;

const defaultChains = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32];

/** By how much a time may contradict the others, as two passes of this kind differ on a machine that others use. */
const tolerance = 0.25;

/**
 * Follows one random cycle through every cache line of `bytes` (default 64 MiB, beyond most caches), in one chain and
 * in several that begin at equal distances: the best of seven passes each (of three where the clock is coarse), in
 * rounds. Every pass takes the next stretch of the cycle, so that none finds what another left in a cache. WebAssembly,
 * one thread. `refusal` says where the budget ended, or where more lines were on their way than there were chains.
 */
export async function measureChains({
  chains = defaultChains,
  bytes = 2 ** 26,
  ...options
}: { chains?: readonly number[]; bytes?: number } & RunOptions = {}): Promise<Sweep<ChainsRow>> {
  positiveIntegers("measureChains", { bytes, ...Object.fromEntries(chains.map((n) => [`chains ${n}`, n])) });
  if (chains[0] !== 1) throw new RangeError(`measureChains: chains must begin with 1, got ${shown(chains[0])}`);
  const lines = Math.floor(bytes / line);
  const most = Math.max(...chains);
  if (lines < most) throw new RangeError(`measureChains: bytes must hold ${most} lines of ${line}, got ${bytes}`);
  const { signal, now = wallClock, budgetSeconds = 10 } = options;
  const report = reporter(options);
  const start = now();
  const { place, walk } = walkOf(lines, most);
  const best = chains.map(() => Infinity);
  let at = 0;
  const stretch = (count: number, steps: number): void => {
    for (let chain = 0; chain < count; chain++) place(chain, (at + chain * steps) % lines);
    at = (at + count * steps) % lines;
  };
  const across = (loads: number): void => {
    stretch(most, Math.ceil(loads / most));
    walk(most, Math.ceil(loads / most));
  };
  const { rounds, steps } = passesFor(now, across, fewestLoads);
  for (let round = 0; round < 3 * rounds; round++)
    for (const [i, count] of chains.entries()) {
      report((round * chains.length + i) / (3 * rounds * chains.length), `${count} chains`);
      await pause(signal);
      if (now() - start > budgetSeconds) break;
      const each = Math.ceil(steps / count);
      stretch(count, each);
      const begin = now();
      walk(count, each);
      const seconds = now() - begin;
      if (seconds > 0) best[i] = Math.min(best[i]!, seconds / (count * each));
    }
  report(1, "done");
  const latency = best[0]!;
  const rows = chains
    .map((count, i) => ({ chains: count, bytes, secondsPerLine: best[i]! }))
    .filter((row) => row.secondsPerLine < Infinity)
    .map((row) => ({
      ...row,
      bytesPerSecond: line / row.secondsPerLine,
      inFlight: latency / row.secondsPerLine,
    }));
  if (rows.length < chains.length) return sweepOf(rows, chains.length, budgetSeconds);
  const refusal = chainsContradict(rows);
  return refusal === undefined ? { rows } : { rows, refusal };
}

/** A random cycle through `lines` lines: `place` sets a chain to a place on it, `walk` follows the first `count`. */
function walkOf(
  lines: number,
  chains: number,
): { place: (chain: number, place: number) => void; walk: (count: number, steps: number) => void } {
  const counts = [lines * (line / 4), chains];
  const space = workspace(workspaceBytes(...counts));
  const [data, slots] = counts.map((count) => space.floats(count)) as [Floats, Floats];
  const words = new Uint32Array((space.memory as { buffer: ArrayBuffer }).buffer);
  const addresses = new Uint32Array(lines);
  let place = 0;
  cycle(lines, (from, to) => {
    addresses[place++] = data.at + from * line;
    words[(data.at + from * line) / 4] = data.at + to * line;
  });
  return {
    place: (chain, at) => {
      words[slots.at / 4 + chain] = addresses[at]!;
    },
    walk: (count, steps) => {
      // One chain needs no slot, whose store and load would count where lines are near.
      if (count === 1) space.kernels.chase(words[slots.at / 4]!, steps);
      else space.kernels.chaseMany(slots.at, count, steps);
    },
  };
}

/** More lines than chains cannot be on their way, and another chain costs nothing. */
export function chainsContradict(rows: readonly ChainsRow[]): string | undefined {
  const many = rows.find(({ chains, inFlight }) => inFlight > chains * (1 + tolerance));
  if (many) return `${many.chains} chains came out to have ${many.inFlight.toFixed(1)} lines on their way`;
  const slow = rows.find(({ inFlight }) => inFlight < 1 - tolerance);
  if (slow) return `${slow.chains} chains came out ${(1 / slow.inFlight).toFixed(2)} times as slow a line as one`;
  return undefined;
}
