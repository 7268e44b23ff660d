// Where a model's work, bytes and time go, by what kind of op they go to.
import type { Model } from "../model.js";
import type { Op } from "../op.js";
import { estimate, type Device } from "../roofline.js";

/** The parts, from what multiplies to what only moves. */
export const timeParts = ["conv and linear", "depthwise conv", "attention", "no multiply-adds"] as const;

/** One of `timeParts`. */
export type TimePart = (typeof timeParts)[number];

/** The part that `op` belongs to: by its contraction; a fused kernel by that of the op which leads it. */
export function timePart({ kind, macs, attributes = {} }: Op): TimePart {
  if (macs === 0) return "no multiply-adds";
  if (!kind.startsWith("conv") && !kind.startsWith("linear")) return "attention";
  return kind.startsWith("conv") && (attributes["groups"] as number) > 1 ? "depthwise conv" : "conv and linear";
}

/** The share of each part in the sum of `of` over the ops of `model`; of nothing but zeros every share is 0. */
export function shareByPart(model: Model, of: (op: Op) => number): Record<TimePart, number> {
  const sums = summed(model, ({ op }) => of(op));
  const total = Object.values(sums).reduce((sum, part) => sum + part, 0);
  return mapped((part) => (total === 0 ? 0 : sums[part] / total));
}

/**
 * The least seconds that the ops of each part of `model` take on `device`, one after another: `estimate`'s bounds,
 * summed by part. Throws a RangeError for a dtype that the device does not list.
 */
export function timeByPart(model: Model, device: Device, dtype: string): Record<TimePart, number> {
  const { ops } = estimate(model, device, dtype);
  return summed(model, (_, i) => ops[i]!.seconds);
}

/** What `timeBars` takes beside the model. */
export interface TimeBarsOptions {
  /** The name of the bar. */
  readonly bar: string;
  /** What the bounds are of. */
  readonly device: Device;
  /** In which the device computes. */
  readonly dtype: string;
  /** Seconds an image that were measured. */
  readonly measured: number;
}

/**
 * A bar of seconds an image for `stackedBarChart`: `timeByPart`'s bounds, divided by the model's batch, and on top of
 * them what was measured beyond their sum (none where it was less).
 */
export function timeBars(
  model: Model,
  { bar, device, dtype, measured }: TimeBarsOptions,
): { bar: string; part: TimePart | "measured, beyond the bound"; value: number }[] {
  const batch = Number(model.workload["batch"] ?? 1);
  const seconds = timeByPart(model, device, dtype);
  const parts = timeParts.map((part) => ({ bar, part, value: seconds[part] / batch }));
  const beyond = measured - parts.reduce((sum, { value }) => sum + value, 0);
  return [...parts, { bar, part: "measured, beyond the bound", value: Math.max(0, beyond) }];
}

const mapped = (of: (part: TimePart) => number): Record<TimePart, number> =>
  Object.fromEntries(timeParts.map((part) => [part, of(part)])) as Record<TimePart, number>;

function summed({ nodes }: Model, of: (node: Model["nodes"][number], i: number) => number): Record<TimePart, number> {
  const sums = mapped(() => 0);
  nodes.forEach((node, i) => {
    sums[timePart(node.op)] += of(node, i);
  });
  return sums;
}
