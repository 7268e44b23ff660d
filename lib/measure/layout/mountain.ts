// The memory mountain: useful bandwidth over working set and stride. One stride of it is the stride sweep.
import { positiveIntegers } from "../../check.js";
import * as walks from "../../kernels/walks.js";
import { shortest } from "../clock.js";
import { pause, reporter, wallClock, type RunOptions } from "../progress.js";
import { sweepOf, twins, type Language, type Sweep } from "./experiment.js";

/** A strided read of one working set. */
export interface MountainRow {
  /** What ran the loops: WebAssembly or JavaScript. */
  readonly language: Language;
  /** Spanned by the walk. */
  readonly bytes: number;
  /** fp32 values from one read to the next. */
  readonly stride: number;
  /** Byte/s of the values that were used. */
  readonly bytesPerSecond: number;
  /** Seconds for each of them. */
  readonly secondsPerValue: number;
}

const fewestValues = 4;
const defaultStrides = [1, 2, 4, 8, 16, 32, 64, 128];
const defaultBytes = [14, 16, 18, 20, 22, 24, 26].map((power) => 2 ** power);

/**
 * Reads every `stride`-th fp32 of `bytes`, repeatedly, for each pair: the best of five passes. A line of 64 bytes holds
 * 16 values, so bandwidth falls to a sixteenth by stride 16 and beyond it to what one page after another gives. Points
 * that the budget does not reach are left out, and `refusal` says so.
 */
export async function measureMountain({
  strides = defaultStrides,
  bytes = defaultBytes,
  languages = ["wasm", "javascript"],
  ...options
}: {
  strides?: readonly number[];
  bytes?: readonly number[];
  languages?: readonly Language[];
} & RunOptions = {}): Promise<Sweep<MountainRow>> {
  positiveIntegers("measureMountain", {
    ...Object.fromEntries(strides.map((s) => [`stride ${s}`, s])),
    ...Object.fromEntries(bytes.map((b) => [`bytes ${b}`, b])),
  });
  const {
    space,
    arrays: [x],
  } = twins(Math.max(...bytes) / 4);
  const { signal, now = wallClock, budgetSeconds = 20 } = options;
  const report = reporter(options);
  const start = now();
  const rows: MountainRow[] = [];
  const total = bytes.length * languages.length;
  const points =
    bytes
      .flatMap((set) => strides.map((stride) => Math.floor(set / 4 / stride)))
      .filter((values) => values >= fewestValues).length * languages.length;
  for (const [i, set] of bytes.entries())
    for (const [j, language] of languages.entries()) {
      report((i * languages.length + j) / total, `${Math.round(set / 1024)} KiB, ${language}`);
      for (const stride of strides) {
        await pause(signal);
        if (now() - start > budgetSeconds) return sweepOf(rows, points, budgetSeconds);
        const values = Math.floor(set / 4 / stride);
        if (values < fewestValues) continue;
        const walk =
          language === "wasm"
            ? (passes: number) => space.kernels.strided(x!.wasm.at, values, stride, passes)
            : (passes: number) => walks.strided(x!.javascript, 0, values, stride, passes);
        walk(1);
        const secondsPerValue = shortest(walk, { samples: 5, sampleSeconds: 1e-3, now }) / values;
        rows.push({ language, bytes: set, stride, bytesPerSecond: 4 / secondsPerValue, secondsPerValue });
      }
    }
  report(1, "done");
  return sweepOf(rows, points, budgetSeconds);
}

/** The stride sweep: one row of the mountain, at a working set beyond the caches unless told otherwise. */
export const measureStrides = ({
  bytes = 2 ** 26,
  ...options
}: { strides?: readonly number[]; bytes?: number; languages?: readonly Language[] } & RunOptions = {}): Promise<
  Sweep<MountainRow>
> => measureMountain({ ...options, bytes: [bytes] });
