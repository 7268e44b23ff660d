// The size of what contractions write, which tracks run time on accelerators better than FLOPs do.
import type { Model } from "../model.js";
import { elementCount, type Op } from "../op.js";

/**
 * Elements that the contractions of `model` write: outputs of convolutions and linear layers, attention's scores and
 * its result, fused or not. This is the "activations" column of Radosavovic et al. 2020 (arXiv 2003.13678) and of
 * timm's tables. Norms, activation functions and pools are left out.
 */
export const activationCount = (model: Model): number =>
  model.nodes.reduce((n, { op }) => n + (op.macs > 0 ? written(op) : 0), 0);

function written({ kind, outputs, attributes }: Op): number {
  if (kind !== "attention") return elementCount(outputs[0]!.shape);
  const { batch, heads, tokens, context } = attributes as Record<"batch" | "heads" | "tokens" | "context", number>;
  return batch * heads * tokens * context + elementCount(outputs[0]!.shape);
}
