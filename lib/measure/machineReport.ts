// The measured machine as one plain object, for `--json` and for a file: the Device with its peak by roof, without the
// curve's bulk unless asked for.
import type { Level } from "../roofline.js";
import type { CurveRow } from "./curve.js";
import type { Machine } from "./machine.js";

export interface MachineReport {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly threads: number;
  /** FLOP/s by roof: javascript, wasm, native where there is one, and fp32, the largest. */
  readonly peakFlops: Readonly<Record<string, number>>;
  readonly bandwidth: number;
  readonly memory?: number;
  readonly levels: readonly Level[];
  readonly oneThread: {
    readonly peakFlops: Readonly<Record<string, number>>;
    readonly bandwidth: number;
    readonly levels: readonly Level[];
  };
  readonly noise: number;
  readonly seconds: number;
  readonly notes: readonly string[];
  /** In one sentence, what contradicts itself in these figures; absent when nothing does. */
  readonly refusal?: string;
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
