// The three regimes of one kernel: a pass over an array in place, whose arithmetic and whose size are turned up. What
// decides is the memory, then the units; where the array is small, it is the call.
import { positiveIntegers, shown } from "../check.js";
import { workspace, workspaceBytes } from "../kernels/wasm/workspace.js";
import { formatTime } from "../units.js";
import type { Machine } from "./machine.js";
import { bestSeconds } from "./parts.js";
import { pause, reporter, wallClock, type RunOptions } from "./progress.js";

/** A pass over an array of fp32, in place. */
export interface RegimeRow {
  /** Bytes of the array: read once, and written once. */
  readonly bytes: number;
  /** Multiply-adds on each element. */
  readonly multiplyAdds: number;
  /** Seconds for one call. */
  readonly seconds: number;
  /** FLOP/s reached, two a multiply-add. */
  readonly flopsPerSecond: number;
  /** Byte/s read and written. */
  readonly bytesPerSecond: number;
}

/** What turning up one and the other came to. */
export interface Regimes {
  /** More and more arithmetic on an array beyond the caches. */
  readonly arithmetic: readonly RegimeRow[];
  /** One multiply-add an element, on larger and larger arrays. */
  readonly sizes: readonly RegimeRow[];
  /** Multiply-adds an element at which the slope of the most meets the time of the least. */
  readonly arithmeticKnee: number;
  /** Multiply-adds an element at the ridge of `machine`, by its WebAssembly roof and its update; absent without one. */
  readonly predictedKnee?: number;
  /** Seconds for a call on the smallest array. */
  readonly callSeconds: number;
  /** Bytes that the fastest of the sizes reads and writes in so much time. */
  readonly callKnee: number;
  /** In one sentence, why the figures are not all, or must not be believed; absent when they are sound. */
  readonly refusal?: string;
}

const grain = 48;
// a·x + b tends to b / (1 - a) = 1: no overflow, no denormal, whatever the number of passes.
const a = 0.999;
const b = 0.001;

/** By how much a time may fall where there is more to do: what best times differ by on a machine that others use. */
const tolerance = 0.2;

const defaultSizes = [1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144].map((n) => n * 4 * grain);

/**
 * Passes over `bytes` (default 64 MiB) with each number of `multiplyAdds` an element, then over arrays of `sizes` with
 * one: the best of several calls each. Sizes are rounded down to 192 bytes. WebAssembly, one thread. `machine` says
 * where its ridge puts the knee. `refusal` says where the budget ended, or where more work came out to take less time.
 */
export async function measureRegimes({
  bytes = 2 ** 26,
  multiplyAdds = [1, 2, 4, 6, 8, 12, 16, 24, 32, 48, 64],
  sizes = defaultSizes,
  machine,
  ...options
}: {
  bytes?: number;
  multiplyAdds?: readonly number[];
  sizes?: readonly number[];
  machine?: Machine;
} & RunOptions = {}): Promise<Regimes> {
  positiveIntegers("measureRegimes", {
    bytes,
    ...Object.fromEntries(multiplyAdds.map((n) => [`multiplyAdds ${n}`, n])),
    ...Object.fromEntries(sizes.map((n) => [`size ${n}`, n])),
  });
  const smallest = Math.min(bytes, ...sizes);
  if (smallest < 4 * grain) throw new RangeError(`measureRegimes: sizes must be at least 192, got ${shown(smallest)}`);
  if (multiplyAdds.length === 0 || sizes.length === 0)
    throw new RangeError("measureRegimes: multiplyAdds and sizes must hold one at least, got none");
  const { signal, now = wallClock, budgetSeconds = 12 } = options;
  const report = reporter(options);
  const start = now();
  const points = [
    ...multiplyAdds.map((count) => ({ bytes, multiplyAdds: count })),
    ...sizes.map((size) => ({ bytes: size, multiplyAdds: 1 })),
  ];
  const most = Math.floor(Math.max(bytes, ...sizes) / 4);
  const space = workspace(workspaceBytes(most));
  const { at, values } = space.floats(most);
  values.fill(1);
  const rows: RegimeRow[] = [];
  for (const [i, point] of points.entries()) {
    report(i / points.length, `${point.multiplyAdds} multiply-adds on ${point.bytes} bytes`);
    await pause(signal);
    if (now() - start > budgetSeconds) break;
    const elements = grain * Math.floor(point.bytes / 4 / grain);
    const part = (from: number, count: number): void =>
      space.kernels.multiplyAdds(at + 4 * from, count, point.multiplyAdds, a, b);
    const seconds = bestSeconds(part, { elements, grain, now });
    rows.push({
      bytes: 4 * elements,
      multiplyAdds: point.multiplyAdds,
      seconds,
      flopsPerSecond: (2 * elements * point.multiplyAdds) / seconds,
      bytesPerSecond: (8 * elements) / seconds,
    });
  }
  report(1, "done");
  const arithmetic = rows.slice(0, multiplyAdds.length);
  const ofSizes = rows.slice(multiplyAdds.length);
  const refusal =
    rows.length < points.length
      ? `the budget of ${budgetSeconds} s ended after ${rows.length} of ${points.length} points`
      : (lessForMore(arithmetic) ?? lessForMore(ofSizes));
  const update = machine?.oneThread.levels.at(-1)?.update;
  return {
    arithmetic,
    sizes: ofSizes,
    ...kneesOf(arithmetic, ofSizes),
    // A multiply-add is two FLOP, an element eight bytes.
    ...(machine && update ? { predictedKnee: ((machine.oneThread.roofs.wasm / update) * 8) / 2 } : {}),
    ...(refusal === undefined ? {} : { refusal }),
  };
}

function kneesOf(
  arithmetic: readonly RegimeRow[],
  sizes: readonly RegimeRow[],
): Pick<Regimes, "arithmeticKnee" | "callSeconds" | "callKnee"> {
  const [least, most] = [arithmetic[0], arithmetic.at(-1)];
  const callSeconds = sizes[0]?.seconds ?? NaN;
  return {
    arithmeticKnee: least && most ? (least.seconds * most.multiplyAdds) / most.seconds : NaN,
    callSeconds,
    callKnee: callSeconds * Math.max(...sizes.map(({ bytesPerSecond }) => bytesPerSecond)),
  };
}

/** More work in the same place takes no less time. */
export function lessForMore(rows: readonly RegimeRow[]): string | undefined {
  const less = rows.findIndex(({ seconds }, i) => seconds < (1 - tolerance) * (rows[i - 1]?.seconds ?? 0));
  const [before, after] = [rows[less - 1], rows[less]];
  if (before === undefined || after === undefined) return undefined;
  const of = ({ multiplyAdds, bytes }: RegimeRow): string => `${multiplyAdds} multiply-adds on ${bytes} bytes`;
  return `${of(after)} came out to take ${formatTime(after.seconds)}, ${of(before)} ${formatTime(before.seconds)}`;
}
