// A measured kernel under the roofs of the machine that ran it: predicted beside measured, by the level of memory that
// its data fit.
import { nativeMissing, kernelPoints, type Measurement, type KernelPoint, type Stream } from "../kernels/index.js";
import type { Walk } from "../kernels/kernel.js";
import { arithmeticIntensity, bytesMoved } from "../op.js";
import type { Machine } from "./machine.js";
import { beatsBound, boundsBeaten } from "./invariants.js";
import { measure } from "./measure.js";
import { pause, reporter, wallClock, type RunOptions } from "./progress.js";
import { raiseBandwidth, raiseRoof } from "./raise.js";

/** One kernel on the hierarchical roofline. */
export interface PlacedRow {
  /** Of the point. */
  readonly name: string;
  /** FLOP/byte. */
  readonly arithmeticIntensity: number;
  /** Median seconds for one run. */
  readonly seconds: number;
  /** FLOP/s reached. */
  readonly flopsPerSecond: number;
  /** Byte/s of compulsory traffic. */
  readonly bytesPerSecond: number;
  /** Lower bound: computing and moving overlap. */
  readonly predictedSeconds: number;
  /** Upper bound of a perfect kernel: they do not. */
  readonly upperSeconds: number;
  /** predictedSeconds / seconds: the share of what the machine allows that was reached. */
  readonly ratio: number;
  /** Which of the two takes longer: computing or moving. */
  readonly bound: "compute" | "memory";
  /** The innermost level that holds the data. */
  readonly level: string;
  /** Byte/s that its working set was measured at. */
  readonly bandwidth: number;
  /** Interquartile range of the samples over their median. */
  readonly spread: number;
}

const byLines: Readonly<Record<Stream, Walk>> = {
  read: "lines",
  lines: "lines",
  copy: "copyLines",
  triad: "triadLines",
  update: "updateLines",
};

/** What `measurePoints` gives. */
export interface PlacedPoints {
  /** One for each point that was measured. */
  readonly rows: readonly PlacedRow[];
  /** The machine, with ceilings raised where a kernel came above them. */
  readonly machine: Machine;
  /** In one sentence, why there are no rows: ONNX Runtime is not here. */
  readonly missing?: string;
  /** In one sentence, why the rows must not be believed, or are not all. */
  readonly refusal?: string;
}

/**
 * Where `measurement` stands on `machine`: max(flops / roof of its engine, bytes / bandwidth) against the measured
 * time. The bandwidth is that of the kernel's own stream (by lines, where it is native) at its working set (compulsory
 * bytes), read from the measured curve: the fastest of all working sets of at least 0.7 times the size.
 */
export function place(measurement: Measurement, machine: Machine, name: string = measurement.kernel): PlacedRow {
  const { cost, engine, threads, seconds, spread } = measurement;
  // Native code's vectors may be wider than WebAssembly's: what bounds it is how fast the lines move.
  const walk = engine === "native" ? byLines[measurement.stream] : measurement.stream;
  const device = threads > 1 ? machine : machine.oneThread;
  const bytes = bytesMoved(cost);
  const roof = engine === "native" ? device.peakFlops.fp32! : (device.roofs[engine] ?? device.peakFlops.fp32!);
  const rows = machine.curve.filter((row) => row.threads === (threads > 1 ? machine.threads : 1));
  const largest = Math.max(...rows.map((row) => row.bytes));
  const asLarge = rows.filter((row) => row.bytes >= Math.min(0.7 * bytes, largest));
  const bandwidth = Math.max(...asLarge.map((row) => row[walk]));
  const computeSeconds = cost.flops / roof;
  const memorySeconds = bytes / bandwidth;
  const predictedSeconds = Math.max(computeSeconds, memorySeconds);
  const level = device.levels.find((each) => bytes <= each.bytes) ?? device.levels.at(-1)!;
  return {
    name,
    arithmeticIntensity: arithmeticIntensity(cost),
    seconds,
    flopsPerSecond: cost.flops / seconds,
    bytesPerSecond: bytes / seconds,
    predictedSeconds,
    upperSeconds: computeSeconds + memorySeconds,
    ratio: predictedSeconds / seconds,
    bound: computeSeconds > memorySeconds ? "compute" : "memory",
    level: level.level,
    bandwidth,
    spread,
  };
}

/**
 * Measures `points` (default all: linear at many batches, conv, attention, norms …) one after another and places each
 * on `machine`. Where a ceiling is beaten by more than 3%, it and the kernel are measured again, up to three times: the
 * faster ceiling and the slower kernel count. `machine` is returned with its ceilings raised. Without ONNX Runtime
 * there are no rows and `missing` says why. Points that the budget does not reach are left out; then, and where a bound
 * is still beaten, `refusal` says so. Throws MeasurementRefused where a kernel cannot be measured for noise.
 */
export async function measurePoints(
  machine: Machine,
  { points = kernelPoints, ...options }: { points?: readonly KernelPoint[] } & RunOptions = {},
): Promise<PlacedPoints> {
  const missing = await nativeMissing();
  if (missing) return { rows: [], machine, missing };
  const { budgetSeconds = 60, signal, now = wallClock } = options;
  const report = reporter(options);
  const start = now();
  const timed = ({ kernel, shape }: KernelPoint, seconds: number): Promise<Measurement> =>
    measure(kernel, shape, {
      rounds: 9,
      budgetSeconds: Math.min(2, seconds),
      warmUpSeconds: 0.05,
      sampleSeconds: 4e-3,
      signal,
      now,
    });
  const measured: Measured[] = [];
  for (const [i, point] of points.entries()) {
    const left = budgetSeconds - (now() - start);
    if (left <= 0) break;
    report(i / points.length, point.name);
    await pause(signal);
    measured.push({ point, measurement: await timed(point, left) });
  }
  let raised = machine;
  for (let again = 0; again < 3; again++) {
    const ceilings = raised;
    const beaten = measured.filter((one) => placed(one, ceilings).ratio > beatsBound);
    if (beaten.length === 0) break;
    const byMemory = beaten.filter((one) => placed(one, ceilings).bound === "memory");
    const sizes = byMemory.map(({ measurement }) => bytesMoved(measurement.cost));
    report(0.99, "ceilings, again");
    await pause(signal);
    // Or the kernel's baseline was disturbed, and too much was taken off: of two measurements the slower counts.
    for (const one of beaten) {
      const more = await timed(one.point, 1);
      if (more.seconds > one.measurement.seconds) one.measurement = more;
    }
    if (byMemory.length < beaten.length) raised = await raiseRoof(raised, { signal, now });
    raised = await raiseBandwidths(raised, sizes, now);
  }
  report(1, "done");
  const rows = measured.map((one) => placed(one, raised));
  const refusal =
    measured.length < points.length
      ? `the budget of ${budgetSeconds} s ended after ${measured.length} of ${points.length} kernels`
      : boundsBeaten(rows);
  return { rows, machine: raised, ...(refusal === undefined ? {} : { refusal }) };
}

/** A point and its slowest measurement so far. */
interface Measured {
  readonly point: KernelPoint;
  measurement: Measurement;
}

const placed = ({ point, measurement }: Measured, machine: Machine): PlacedRow =>
  place(measurement, machine, point.name);

/** Bandwidths at working sets of `sizes`: one measurement at the largest does for all that are nearly as large. */
async function raiseBandwidths(machine: Machine, sizes: readonly number[], now: () => number): Promise<Machine> {
  let raised = machine;
  let left = sizes;
  while (left.length > 0) {
    const largest = Math.max(...left);
    raised = await raiseBandwidth(raised, largest, { now });
    left = left.filter((bytes) => bytes < 0.7 * largest);
  }
  return raised;
}
