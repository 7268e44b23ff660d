// Measured figures -> a Device, with where they come from and what a reader must know to read them.
import { host } from "../kernels/host/host.js";
import { nativeMissing } from "../kernels/index.js";
import { fusedMultiplyAdd } from "../kernels/wasm/workspace.js";
import type { Device, Level, Source } from "../roofline.js";
import { formatTime } from "../units.js";
import { manySteps, stepOf } from "./clock.js";
import type { Roofs } from "./peaks.js";
import { noiseOf } from "./quantile.js";
import { memoryHere, type Session } from "./session.js";
import { processorName } from "./thisMachine.js";

/** This machine as a Device. */
export interface MeasuredDevice extends Device {
  /** A measured machine is a processor. */
  readonly kind: "cpu";
  /** Levels of memory, innermost first, main memory last. */
  readonly levels: readonly Level[];
  /** What each engine can compute here, FLOP/s. */
  readonly roofs: Roofs;
}

/**
 * The Device that `levels` and `roofs` make, through `threads` threads. Its bandwidth is the largest of read, lines,
 * copy and triad in the last level.
 */
export function device(id: string, threads: number, levels: readonly Required<Level>[], roofs: Roofs): MeasuredDevice {
  const dram = levels.at(-1)!;
  const model = processorName();
  const through = `${threads} thread${threads === 1 ? "" : "s"}`;
  const where = `measured on ${model}, ${host().place}, ${through}`;
  const measured = (note: string): Source => ({ text: where, status: "measured", note });
  return {
    id,
    name: `${model}, ${through}`,
    kind: "cpu",
    peakFlops: { fp32: Math.max(...Object.values(roofs)) },
    roofs,
    bandwidth: Math.max(dram.read, dram.lines, dram.copy, dram.triad),
    ...(memoryHere() === undefined ? {} : { memory: memoryHere() }),
    levels,
    sources: {
      "peakFlops.fp32": measured(
        roofs.native === undefined
          ? "WebAssembly SIMD multiply-adds"
          : "the largest of the three roofs; native is ONNX Runtime's MatMul with a constant operand",
      ),
      bandwidth: measured("the largest of read, lines, copy and triad beyond the caches, counted as STREAM does"),
      ...(memoryHere() === undefined ? {} : { memory: { text: `the ${host().system}`, status: "read" as const } }),
    },
  };
}

/** What a reader must know of any machine measured here, a sentence each. */
export async function notes({ now, probes }: Pick<Session, "now" | "probes">): Promise<string[]> {
  const { engine, lacks } = host();
  const arithmetic = fusedMultiplyAdd()
    ? "has fused multiply-add (relaxed SIMD)"
    : `multiplies, then adds: this ${engine}`;
  return [
    `WebAssembly ${arithmetic}; its vectors are 16 bytes wide.`,
    "Read counts the bytes that are loaded, 16 at a time. Lines counts the whole cache lines that are touched, of " +
      "which only a part is loaded: memory moves whole lines, and native code with wider vectors needs fewer loads " +
      "for them.",
    "Copy and triad are counted as STREAM does. A store to a line outside the cache reads the line first, so that " +
      "memory moves 3/2 of what copy counts and 4/3 of what triad counts; update, in place, has no such read.",
    "The JavaScript roof is fp64 on one thread, whatever the number of cores.",
    ...[await nativeMissing()].filter((sentence) => sentence !== undefined),
    ...lacks,
    ...coarseClock(stepOf(now)),
    ...(lacks.length > 0 ? unsteady(noiseOf(probes)) : []),
  ];
}

/** A step from which on the clock, and no longer the work, decides how long a sample is. */
const coarse = 1e-6;

function coarseClock(step: number): string[] {
  if (step <= coarse) return [];
  const error = `none is off by more than ${100 / manySteps} %`;
  return [
    `The clock moves in steps of ${formatTime(step)} here; samples are ${manySteps} of them and longer: ${error}.`,
  ];
}

/** Where the system does not tell what else it does, only the probe shows it. */
function unsteady(noise: number): string[] {
  const spread = `the middle half of its times spreads over ${Math.round(100 * noise)} % of their median`;
  return noise > 0.2 ? [`Other work disturbed a fixed piece of arithmetic, again and again: ${spread}.`] : [];
}
