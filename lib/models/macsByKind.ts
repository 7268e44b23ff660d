// The contractions of a model split the way papers and PyTorch's dispatcher split them.
import type { Model } from "../model.js";
import type { Op } from "../op.js";

/** Multiply-adds by what multiplies what. */
export interface MacsByKind {
  /** Convolutions. */
  readonly conv: number;
  /** An activation and a learned matrix. */
  readonly linear: number;
  /** Two activations: the products of attention. */
  readonly bmm: number;
}

/**
 * Which of the three an op's contraction is: a convolution, a product with a weight matrix, or a batched product of two
 * activations.
 */
function contractionKind({ kind, weights }: Op): keyof MacsByKind {
  if (kind.startsWith("conv")) return "conv";
  return weights.some((w) => w.shape.length > 1) || kind.startsWith("linear") ? "linear" : "bmm";
}

/**
 * MACs of `model` in convolutions, linear layers and batched matrix products (attention's QKᵀ and AV); the three add
 * up to its macs.
 */
export function macsByKind(model: Model): MacsByKind {
  const split = { conv: 0, linear: 0, bmm: 0 };
  for (const { op } of model.nodes) split[contractionKind(op)] += op.macs;
  return split;
}
