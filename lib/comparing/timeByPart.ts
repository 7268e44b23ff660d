// Where a model's time goes, by what kind of op it is, from the roofline's lower bounds.
import type { Model } from "../model.js";
import type { Op } from "../op.js";
import { estimate, type Device } from "../roofline.js";

/** The parts, from what multiplies to what only moves. */
export const timeParts = ["conv and linear", "depthwise conv", "attention", "all else"] as const;

/** One of `timeParts`. */
export type TimePart = (typeof timeParts)[number];

/** The part that `op` belongs to: by its contraction; a fused kernel by that of the op which leads it. */
export function timePart({ kind, macs, attributes = {} }: Op): TimePart {
  if (macs === 0) return "all else";
  if (!kind.startsWith("conv") && !kind.startsWith("linear")) return "attention";
  return kind.startsWith("conv") && (attributes["groups"] as number) > 1 ? "depthwise conv" : "conv and linear";
}

/**
 * The least seconds that the ops of each part of `model` take on `device`, one after another: `estimate`'s bounds,
 * summed by part. Throws a RangeError for a dtype that the device does not list.
 */
export function timeByPart(model: Model, device: Device, dtype: string): Record<TimePart, number> {
  const { ops } = estimate(model, device, dtype);
  const sums = Object.fromEntries(timeParts.map((part) => [part, 0])) as Record<TimePart, number>;
  model.nodes.forEach(({ op }, i) => {
    sums[timePart(op)] += ops[i]!.seconds;
  });
  return sums;
}
