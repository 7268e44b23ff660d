// The measured machine as one plain object, for `--json` and for a file: the Device with its peak by roof, without the
// curve's bulk unless asked for.
import type { Level } from "../roofline.js";
import type { CurveRow } from "./curve.js";
import type { Machine } from "./machine.js";

/** A measured machine as one plain object. */
export interface MachineReport {
  /** Of this machine as a device. */
  readonly id: string;
  /** The processor, and how many threads. */
  readonly name: string;
  /** Always "cpu". */
  readonly kind: string;
  /** Threads of the figures that are not `oneThread`. */
  readonly threads: number;
  /** FLOP/s by roof: javascript, wasm, native where there is one, and fp32, the largest. */
  readonly peakFlops: Readonly<Record<string, number>>;
  /** Byte/s of main memory. */
  readonly bandwidth: number;
  /** Bytes of main memory. */
  readonly memory?: number;
  /** Levels of memory, innermost first. */
  readonly levels: readonly Level[];
  /** The same machine through one thread. */
  readonly oneThread: {
    /** FLOP/s by roof. */
    readonly peakFlops: Readonly<Record<string, number>>;
    /** Byte/s of main memory. */
    readonly bandwidth: number;
    /** Levels of memory, innermost first. */
    readonly levels: readonly Level[];
  };
  /** Interquartile range over the median of a fixed piece of arithmetic, timed while the machine was measured. */
  readonly noise: number;
  /** How long measuring took. */
  readonly seconds: number;
  /** What a reader must know to read the figures, a sentence each. */
  readonly notes: readonly string[];
  /** In one sentence, what contradicts itself in these figures; absent when nothing does. */
  readonly refusal?: string;
  /** Every point of the sweep, where it was asked for. */
  readonly curve?: readonly CurveRow[];
}

/** What `npx ridgepoint machine --json` prints. SI units; `curve: true` adds every point of the sweep. */
export function machineReport(machine: Machine, { curve = false }: { curve?: boolean } = {}): MachineReport {
  const figures = ({ peakFlops, roofs, bandwidth, levels }: Machine["oneThread"]) => ({
    peakFlops: { ...(peakFlops as Record<string, number>), ...roofs },
    bandwidth,
    levels,
  });
  const { id, name, kind, threads, memory, noise, seconds, notes, oneThread, refusal } = machine;
  return {
    id,
    name,
    kind,
    threads,
    ...figures(machine),
    memory,
    oneThread: figures(oneThread),
    noise,
    seconds,
    notes,
    ...(refusal === undefined ? {} : { refusal }),
    ...(curve ? { curve: machine.curve } : {}),
  };
}
