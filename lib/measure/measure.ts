// One kernel at one shape: its time beside the cost of its op.
import { MeasurementRefused, type Kernel, type Measurement } from "../kernels/index.js";
import { bytesMoved, cost } from "../op.js";
import { formatTime } from "../units.js";
import { rounds, summary, type RoundOptions } from "./rounds.js";

/** How a kernel is timed; default 11 rounds in two seconds. */
export type MeasureOptions = RoundOptions;

/**
 * Times `kernel` at `shape`: warm-up until stable, calibrated repeats, disturbed samples discarded; the median, the
 * samples and the op's cost. `doubt` says in a sentence when the samples spread over more than a fifth of their median.
 * Seconds; FLOP/s; byte/s of compulsory traffic. Throws MeasurementRefused where every sample was disturbed, or where a
 * slope's baseline took longer than the work that holds it.
 */
export async function measure<Shape>(
  kernel: Kernel<Shape>,
  shape: Shape,
  options: MeasureOptions = {},
): Promise<Measurement> {
  const args = await kernel.prepare(shape);
  try {
    const { samples, kept, discarded } = await rounds(
      { [kernel.name]: { run: () => kernel.run(args), ...kernel.slope?.(args) } },
      { rounds: 11, budgetSeconds: 2, ...options },
    );
    if (kept === 0)
      throw new MeasurementRefused(
        `measure: this machine is too noisy now: all of ${discarded} samples of ${kernel.name} were disturbed`,
      );
    const measured = measurement(kernel, shape, samples[kernel.name]!);
    if (measured.seconds > 0) return measured;
    const got = `${kernel.name} came out to take ${formatTime(measured.seconds)}, its baseline more than the whole`;
    throw new MeasurementRefused(`measure: this machine is too noisy now: ${got}`);
  } finally {
    await kernel.release?.(args);
  }
}

/** The Measurement that `samples` (seconds per run of the op) make of a kernel. */
export function measurement<Shape>(kernel: Kernel<Shape>, shape: Shape, samples: readonly number[]): Measurement {
  const op = kernel.op(shape);
  const c = cost(op);
  const { seconds, best, spread } = summary(samples);
  const spreads = `the middle half of the samples spreads over ${Math.round(100 * spread)} % of their median`;
  return {
    kernel: kernel.name,
    engine: kernel.engine,
    stream: kernel.stream,
    threads: kernel.threads ?? (shape as { threads?: number }).threads ?? 1,
    op,
    cost: c,
    seconds,
    best,
    spread,
    samples,
    flopsPerSecond: c.flops / seconds,
    bytesPerSecond: bytesMoved(c) / seconds,
    ...(spread > 0.2 ? { doubt: `${kernel.name}: ${spreads}` } : {}),
  };
}
