// How well each count of a model orders the times that were measured.
import { peakFlops, type Device } from "../roofline.js";
import { spearman, spearmanInterval, type BootstrapOptions } from "./spearman.js";
import type { TimmRow, TimmRun } from "./timm/rows.js";

/** One count against one run. */
export interface CountRank {
  /** The run that measured. */
  readonly run: TimmRun;
  /** "parameters", "multiply-adds", "activations" or "roofline". */
  readonly count: string;
  /** Spearman's correlation of the count with the time of an image. */
  readonly value: number;
  /** Where its bootstrap interval begins. */
  readonly low: number;
  /** Where it ends. */
  readonly high: number;
}

/**
 * The least seconds an image that the counts of a row allow on `device` in fp16: its FLOPs at the peak, or each
 * activation written once and read once, two bytes each, whichever takes longer.
 */
export const secondsFromCounts = ({ macs, activations }: TimmRow, device: Device): number =>
  Math.max((2 * macs) / peakFlops(device, "fp16"), (4 * activations) / device.bandwidth);

/**
 * Spearman's correlation, with its bootstrap interval, of each count with the time an image that `run` measured, over
 * the rows that it has; the roofline's (`secondsFromCounts`) where a `device` is given.
 */
export function countRanks(
  rows: readonly TimmRow[],
  run: TimmRun,
  { device, ...bootstrap }: { readonly device?: Device | undefined } & BootstrapOptions = {},
): CountRank[] {
  const able = rows.filter(({ imagesPerSecond }) => imagesPerSecond[run] !== undefined);
  const times = able.map(({ imagesPerSecond }) => 1 / imagesPerSecond[run]!);
  const counts: [string, (row: TimmRow) => number][] = [
    ["parameters", ({ params }) => params],
    ["multiply-adds", ({ macs }) => macs],
    ["activations", ({ activations }) => activations],
  ];
  if (device) counts.push(["roofline", (row) => secondsFromCounts(row, device)]);
  return counts.map(([count, of]) => {
    const values = able.map(of);
    const [low, high] = spearmanInterval(values, times, bootstrap);
    return { run, count, value: spearman(values, times), low, high };
  });
}
