// Scale, bias and ReLU in three passes and in one: the same arithmetic, three times the bytes.
import { positiveIntegers } from "../check.js";
import { workspace, workspaceBytes } from "../kernels/wasm/workspace.js";
import { bestSeconds, type Part } from "./parts.js";
import { pause, reporter, wallClock, type RunOptions } from "./progress.js";

/** max(scale · x + bias, 0) over an array of fp32 in place, by so many passes. */
export interface FusionRow {
  /** Bytes of the array. */
  readonly bytes: number;
  /** Three, one for each operation; or one for all. */
  readonly passes: 1 | 3;
  /** Bytes read and written for each element. */
  readonly bytesPerElement: number;
  /** Seconds for all passes. */
  readonly seconds: number;
  /** Byte/s read and written. */
  readonly bytesPerSecond: number;
  /** Its time over that of one pass over as many bytes. */
  readonly ratio: number;
}

/** What fusing gained, at several sizes. */
export interface Fusion {
  /** One pass and three, size by size. */
  readonly rows: readonly FusionRow[];
  /** In one sentence, why the rows are not all, or must not be believed; absent when they are sound. */
  readonly refusal?: string;
}

const grain = 32;
/** What is computed stays near 1 however often it is. */
const [factor, bias, zero] = [0.999, 0.001, 0];

/** By how much three passes may take more than three times as long as one, as best times differ on a busy machine. */
const tolerance = 0.25;

/**
 * Scale, bias and ReLU over arrays of `sizes` bytes (default 16 KiB, in a first cache, and 64 MiB, beyond most), in
 * three passes and in one: the best times of each pass, part by part. Sizes are rounded down to 128 bytes.
 * WebAssembly, one thread. `refusal` says where the budget ended, or where the times cannot be.
 */
export async function measureFusion({
  sizes = [2 ** 14, 2 ** 26],
  ...options
}: { sizes?: readonly number[] } & RunOptions = {}): Promise<Fusion> {
  positiveIntegers("measureFusion", Object.fromEntries(sizes.map((n) => [`size ${n}`, n])));
  const small = sizes.find((size) => size < 4 * grain);
  if (small !== undefined) throw new RangeError(`measureFusion: size must be at least 128, got ${small}`);
  const { signal, now = wallClock, budgetSeconds = 6 } = options;
  const report = reporter(options);
  const start = now();
  const rows: FusionRow[] = [];
  for (const [i, size] of sizes.entries()) {
    report(i / sizes.length, `${size} bytes`);
    await pause(signal);
    if (now() - start > budgetSeconds) break;
    const elements = grain * Math.floor(size / 4 / grain);
    const seconds = worksOn(elements).map((parts) =>
      parts.reduce((sum, part) => sum + bestSeconds(part, { elements, grain, now }), 0),
    );
    for (const [j, passes] of ([1, 3] as const).entries())
      rows.push({
        bytes: 4 * elements,
        passes,
        bytesPerElement: 8 * passes,
        seconds: seconds[j]!,
        bytesPerSecond: (elements * 8 * passes) / seconds[j]!,
        ratio: seconds[j]! / seconds[0]!,
      });
  }
  report(1, "done");
  const refusal =
    rows.length < 2 * sizes.length
      ? `the budget of ${budgetSeconds} s ended after ${rows.length / 2} of ${sizes.length} sizes`
      : fusionContradicts(rows);
  return { rows, ...(refusal === undefined ? {} : { refusal }) };
}

/** One pass, then three. */
function worksOn(elements: number): Part[][] {
  const space = workspace(workspaceBytes(elements));
  const { at, values } = space.floats(elements);
  const { kernels } = space;
  values.fill(1);
  return [
    [(from, count) => kernels.scaleBiasRelu(at + 4 * from, count, factor, bias, zero)],
    [
      (from, count) => kernels.scale(at + 4 * from, count, factor),
      (from, count) => kernels.addBias(at + 4 * from, count, bias),
      (from, count) => kernels.rectify(at + 4 * from, count, zero),
    ],
  ];
}

/** Each of three passes moves what one moves, and computes less: three take from one to three times as long as one. */
export function fusionContradicts(rows: readonly FusionRow[]): string | undefined {
  const wrong = rows.find(({ ratio, passes }) => ratio < 1 - tolerance || ratio > passes * (1 + tolerance));
  if (wrong === undefined) return undefined;
  return `${wrong.passes} passes over ${wrong.bytes} bytes came out ${wrong.ratio.toFixed(2)} times as long as one`;
}
