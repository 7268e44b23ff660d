// The backward pass of an op, by its kind.
import { shown } from "../check.js";
import type { Op } from "../op.js";
import { layerOfKind } from "./byKind.js";
import type { BackwardOptions } from "./layer.js";

/**
 * The ops of the backward pass of `op`, computed from its data by its kind; `inputGradient: false` for a first layer.
 * Empty where nothing is differentiated. Throws a RangeError for an op that no layer made, or that is no longer one.
 */
export function backward(op: Op, { inputGradient = true }: BackwardOptions = {}): readonly Op[] {
  const layer = layerOfKind.get(op.kind);
  if (layer === undefined || op.attributes === undefined)
    throw new RangeError(`backward: op must be a layer's, whose gradient is known, got one of kind ${shown(op.kind)}`);
  return layer.backward(op as Parameters<typeof layer.backward>[0], { inputGradient });
}
