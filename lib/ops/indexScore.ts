// The scores by which an indexer chooses the positions that attention reads (DeepSeek-V3.2's lightning indexer). Its
// projections are linear ops around it.
import type { TensorSpec } from "../op.js";
import { attendedPairs } from "./attended.js";
import { defineLayer } from "./layer.js";
import type { Precision, PrecisionOptions } from "./precision.js";
import { flag, optional, size } from "./shapeKeys.js";

export interface IndexScoreShape extends PrecisionOptions {
  /** Samples (default 1). */
  batch?: number;
  /** New positions of each sample: queries. */
  tokens: number;
  /** Positions so far, the new ones included (default `tokens`). */
  context?: number;
  /** Heads of the queries; the key is shared by them. */
  heads: number;
  /** Width of a query and of the key. */
  headDim: number;
  /** Places that are chosen for each query. */
  topk: number;
  /** Whether no query scores a later position (default true). */
  causal?: boolean;
  /** Positions that one key stands for, complete ones only (DeepSeek-V4: 4; default 1). */
  stride?: number;
  /** Whether heads are summed element by element (DeepSeek-V4), which makes no macs, else by a product (default). */
  elementwiseSum?: boolean;
  /** Whether the scores never leave the chip (default true). */
  fused?: boolean;
}

function forward(shape: IndexScoreShape, { dtype, kvDtype }: Precision) {
  const { batch = 1, tokens, context = tokens, heads, headDim, topk, causal = true, stride = 1 } = shape;
  const { elementwiseSum = false, fused = true } = shape;
  if (context < tokens) throw new RangeError(`indexScore: context must include the ${tokens} tokens, got ${context}`);
  const keys = Math.floor(context / stride);
  const pairs = batch * tokens * keys;
  const seen = causal ? batch * keysBefore({ tokens, context, stride }) : pairs;
  const tensor = (name: string, dims: number[], of = dtype): TensorSpec => ({ name, shape: dims, dtype: of });
  const spilled = fused
    ? []
    : [tensor("headScores", [batch, tokens, heads, keys]), tensor("scores", [batch, tokens, keys])];
  const perPair = heads * (elementwiseSum ? headDim : headDim + 1);
  return {
    inputs: [
      tensor("q", [batch, tokens, heads, headDim]),
      tensor("k", [batch, keys, headDim], kvDtype),
      tensor("weights", [batch, tokens, heads]),
      ...spilled,
    ],
    weights: [],
    outputs: [tensor("indices", [batch, tokens, Math.min(topk, keys)], "int32"), ...spilled],
    macs: pairs * perPair,
    ...(causal ? { exactMacs: seen * perPair } : {}),
    extras: { relu: pairs * heads, ...(elementwiseSum ? { mul: pairs * heads, add: pairs * heads } : {}) },
    attributes: { batch, tokens, context, heads, headDim, topk, causal, stride, elementwiseSum, fused },
  };
}

/** Pairs of a query and a key whose positions are all known to it: query p has floor((p + 1) / stride). */
export function keysBefore({ tokens, context, stride }: { tokens: number; context: number; stride: number }): number {
  if (stride === 1) return attendedPairs({ tokens, context, causal: true });
  // Σ floor(n / stride) for n up to m.
  const upTo = (m: number): number => {
    const whole = Math.floor(m / stride);
    return (stride * whole * (whole - 1)) / 2 + whole * (m - stride * whole + 1);
  };
  return upTo(context) - upTo(context - tokens);
}

/**
 * Σ over heads of w[h] · relu(q[h] · k), and the places of the topk largest: macs = batch · tokens · keys · heads ·
 * (headDim + 1), dense; exactMacs only for the keys before the query. keys = floor(context / stride). Shapes: q [batch,
 * tokens, heads, headDim], k [batch, keys, headDim] at `kvDtype`, weights [batch, tokens, heads], indices [batch,
 * tokens, topk]. One FLOP a score for relu; summed element by element, the sum's are extras. Neglected: scaling, the
 * mask, choosing the largest. No gradient passes: places have none. (DeepSeek-V3.2: arXiv 2512.02556)
 */
export const indexScore = defineLayer({
  kind: "indexScore",
  about: "places of the topk largest Σ w[h] relu(q[h] · k)",
  shapeKeys: {
    batch: optional(size),
    tokens: size,
    context: optional(size),
    heads: size,
    headDim: size,
    topk: size,
    causal: flag,
    stride: optional(size),
    elementwiseSum: flag,
    fused: flag,
  },
  example: { tokens: 8, heads: 4, headDim: 16, topk: 4 },
  forward,
  backward: () => [],
});
