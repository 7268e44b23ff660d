// Scaled dot-product attention: the core only (Q Kᵀ, softmax, A V). Projections are linear ops around it.
import { divides, positiveIntegers } from "../check.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { attendedPairs, keysSeen } from "./attended.js";
import { gradientOf, partialGradientOf, tensorAt } from "./gradient.js";
import { defineLayer, type BackwardOptions } from "./layer.js";
import type { Precision, PrecisionOptions } from "./precision.js";
import { flag, optional, size } from "./shapeKeys.js";
import { softmaxBackwardFlops, softmaxFlops } from "./softmax.js";

export interface AttentionShape extends PrecisionOptions {
  /** Samples (default 1). */
  batch?: number;
  /** New positions of each sample: queries. */
  tokens: number;
  /** Positions attended to, the new ones included (default `tokens`). */
  context?: number;
  /** Heads of the queries. */
  heads: number;
  /** Heads of keys and values; 1 is MQA, fewer than `heads` GQA (default `heads`). */
  kvHeads?: number;
  /** Width of a head's query and key. */
  headDim: number;
  /** Width of a head's value (default `headDim`). */
  vHeadDim?: number;
  /** Whether the last query sees the whole context and each earlier one position less (default false). */
  causal?: boolean;
  /** Positions in sight, the own one included; without `causal`, to both sides (default all). */
  window?: number;
  /** Whether the scores never leave the chip (default true). */
  fused?: boolean;
  /** Whether scores are bent by c · tanh(s / c) (default false). */
  softcap?: boolean;
  /** Whether V is a part of K and read with it, as in absorbed MLA (default false). */
  sharedKv?: boolean;
  /** Positions that each query reads, chosen by an indexer (indexScore) among those in sight (default all). */
  topk?: number;
}

const withDefaults = ({
  batch = 1,
  tokens,
  context = tokens,
  heads,
  kvHeads = heads,
  headDim,
  vHeadDim = headDim,
  causal = false,
  window,
  fused = true,
  softcap = false,
  sharedKv = false,
  topk,
}: AttentionShape) => ({
  batch,
  tokens,
  context,
  heads,
  kvHeads,
  headDim,
  vHeadDim,
  causal,
  window: window ?? null,
  fused,
  softcap,
  sharedKv,
  ...(topk === undefined ? {} : { topk }),
});

type Attributes = ReturnType<typeof withDefaults>;

function refuse(attributes: Attributes): void {
  const { tokens, context, heads, kvHeads, headDim, vHeadDim, causal, window, sharedKv, topk } = attributes;
  divides("attention", "kvHeads", kvHeads, "heads", heads);
  if (topk !== undefined && window !== null)
    throw new RangeError(`attention: topk must be left out beside a window, got ${topk}`);
  if ((causal || window !== null) && context < tokens)
    throw new RangeError(
      `attention: context must include the ${tokens} tokens under a causal mask or a window, got ${context}`,
    );
  if (sharedKv && vHeadDim > headDim)
    throw new RangeError(`attention: vHeadDim must be at most headDim ${headDim} with sharedKv, got ${vHeadDim}`);
}

/** Scores of all heads, dense, and those that the mask lets through (absent without a mask). */
function scoresOf(attributes: Attributes): { dense: number; seen?: number } {
  const { batch, heads, tokens, context, causal, window, topk } = attributes;
  const rows = batch * heads;
  const dense = rows * tokens * context;
  if (!causal && window === null && topk === undefined) return { dense };
  return { dense, seen: rows * attendedPairs({ tokens, context, causal, window: window ?? undefined, topk }) };
}

/** The scores as a tensor. */
const scoresTensor = ({ batch, heads, tokens, context }: Attributes, dtype: TensorSpec["dtype"]): TensorSpec => ({
  name: "scores",
  shape: [batch, heads, tokens, context],
  dtype,
});

function forward(shape: AttentionShape, p: Precision) {
  const attributes = withDefaults(shape);
  refuse(attributes);
  const { batch, tokens, context, heads, kvHeads, headDim, vHeadDim, causal, window, fused, softcap, topk } =
    attributes;
  const reached = keysSeen({ tokens, context, causal, window: window ?? undefined, topk });
  const kv = (name: string, dim: number): TensorSpec => ({
    name,
    shape: [batch, kvHeads, context, dim],
    dtype: p.kvDtype,
    ...(reached < context ? { elements: batch * kvHeads * reached * dim } : {}),
  });
  const q: TensorSpec = { name: "q", shape: [batch, heads, tokens, headDim], dtype: p.dtype };
  const y: TensorSpec = { name: "y", shape: [batch, heads, tokens, vHeadDim], dtype: p.dtype };
  const operands = attributes.sharedKv ? [q, kv("k", headDim)] : [q, kv("k", headDim), kv("v", vHeadDim)];
  const chosen: TensorSpec[] =
    topk === undefined
      ? []
      : [{ name: "indices", shape: [batch, tokens, Math.min(topk, context)], dtype: "int32" as const }];
  const scores = scoresTensor(attributes, p.dtype);
  const spilled = fused ? [] : [scores, { ...scores, name: "probabilities" }];
  const { dense, seen } = scoresOf(attributes);
  return {
    inputs: [...operands, ...chosen, ...spilled],
    weights: [],
    outputs: [y, ...spilled],
    macs: dense * (headDim + vHeadDim),
    ...(seen === undefined ? {} : { exactMacs: seen * (headDim + vHeadDim) }),
    extras: { softmax: softmaxFlops * dense, ...(softcap ? { softcap: 3 * dense } : {}) },
    transcendentals: (softcap ? 2 : 1) * dense,
    attributes,
  };
}

/**
 * Unfused, the probabilities are read back and Σ dP P summed: dV = Pᵀ dY reads P; dP = dY Vᵀ is written; the softmax
 * gradient reads P and dP and writes dS; dQ and dK each read dS. Fused, exp(s - L) again from the row's log-sum L, and
 * Σ dY y instead: 2 + 2 a score, 2 an output.
 */
function backward(op: Op & { readonly attributes: Attributes }, { inputGradient }: Required<BackwardOptions>): Op[] {
  if (!inputGradient) return [];
  const { batch, heads, tokens, headDim, vHeadDim, fused, softcap, sharedKv } = op.attributes;
  const q = tensorAt(op, "inputs", 0);
  const y = tensorAt(op, "outputs", 0);
  tensorAt(op, "inputs", sharedKv ? 1 : 2);
  const operands = op.inputs.slice(0, sharedKv ? 2 : 3);
  const { dense, seen } = scoresOf(op.attributes);
  const dims = 2 * (headDim + vHeadDim) + (fused ? headDim : 0);
  const work = fused ? 4 * dense + 2 * batch * heads * tokens * vHeadDim : softmaxBackwardFlops * dense;
  const scores = scoresTensor(op.attributes, q.dtype);
  const p: TensorSpec = { ...scores, name: "probabilities" };
  const [dp, ds] = [gradientOf(p), gradientOf(scores)];
  return [
    {
      kind: "attention.backward",
      inputs: [...operands, gradientOf(y), ...(fused ? [y] : [p, p, dp, ds, ds])],
      weights: [],
      outputs: [...operands.map((t) => partialGradientOf(t, q.dtype)), ...(fused ? [] : [dp, ds])],
      macs: dense * dims,
      ...(seen === undefined ? {} : { exactMacs: seen * dims }),
      extras: { softmax: work, ...(softcap ? { softcap: 3 * dense } : {}) },
      transcendentals: fused ? dense : 0,
      attributes: op.attributes,
    },
  ];
}

/**
 * Attention core: macs = batch · heads · tokens · context · (headDim + vHeadDim), dense; exactMacs counts only the
 * pairs that the mask lets through. Softmax 5 FLOPs and one exponential per dense score. Shapes: q [batch, heads,
 * tokens, headDim], k and v [batch, kvHeads, context, …], y [batch, heads, tokens, vHeadDim]. The scale 1/√headDim,
 * the mask and a row's saved statistics are neglected. Bytes: q, k, v once, k and v at `kvDtype` and only the keys in
 * sight of some query; new keys and values are written by their projections, not here. Unfused: scores and
 * probabilities are each written and read once. Backward: four products, 2.0 · macs, when unfused; a fused kernel
 * computes Q Kᵀ again, 2.5 · macs at equal head sizes. With topk, exactMacs counts the chosen pairs, and bytes at most
 * tokens · topk keys and their places. Throws when kvHeads does not divide heads, or a mask has fewer keys than
 * queries. (arXiv 1706.03762, 2205.14135, 2307.08691)
 */
export const attention = defineLayer({
  kind: "attention",
  about: "softmax(Q Kᵀ / √headDim) V",
  shapeKeys: {
    batch: optional(size),
    tokens: size,
    context: optional(size),
    heads: size,
    kvHeads: optional(size),
    headDim: size,
    vHeadDim: optional(size),
    causal: flag,
    window: optional(size),
    fused: flag,
    softcap: flag,
    sharedKv: flag,
    topk: optional(size),
  },
  example: { tokens: 512, heads: 12, headDim: 64 },
  forward,
  backward,
});

/** Elements that `shape`'s keys and values occupy, all heads: what a cache holds for this layer. */
export function kvElements({
  batch = 1,
  tokens,
  context = tokens,
  heads,
  kvHeads = heads,
  headDim,
  vHeadDim = headDim,
  window,
  sharedKv = false,
}: AttentionShape): number {
  positiveIntegers("kvElements", { batch, context, kvHeads, headDim, vHeadDim, window: window ?? context });
  return elementCount([batch, kvHeads, Math.min(context, window ?? context), sharedKv ? headDim : headDim + vHeadDim]);
}
