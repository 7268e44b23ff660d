// The core of attention: scores, softmax, values. The projections around it are linear layers.
import { divides, positiveIntegers, record, shown } from "../check.js";
import type { Op, TensorSpec } from "../op.js";
import { precision, type PrecisionOptions } from "./precision.js";

export interface AttentionShape extends PrecisionOptions {
  batch?: number; tokens: number; context?: number; heads: number; kvHeads?: number; headDim: number; valueDim?: number;
  causal?: boolean; window?: number; fused?: boolean;
}

/** FLOPs of a softmax per element: subtract the maximum, find it, exponentiate, sum, divide. */
export const softmaxFlopsPerElement = 5;

/**
 * softmax(Q Kᵀ) V: macs = batch · heads · tokens · context · (headDim + valueDim), dense; exactMacs counts the pairs that `causal` and `window` leave.
 * `tokens` are the queries, `context` (default tokens) the keys, the queries' own included; the causal mask is aligned to the last key.
 * kvHeads < heads is GQA, 1 is MQA. Shapes: q [batch, heads, tokens, headDim], k and v [batch, kvHeads, context, ·] at kvDtype, read once.
 * Unfused, the scores are written, read and written by the softmax, and read again; `fused` never moves them. `window` keeps the last `window` keys of each query.
 */
export function attention(shape: AttentionShape, options: PrecisionOptions = {}): Op {
  record("attention", "shape", shape);
  const { batch = 1, tokens, context = tokens, heads, kvHeads = heads, headDim, valueDim = headDim, causal = false, window, fused = false, ...rest } = shape;
  const { dtype, kvDtype } = precision("attention", { ...rest, ...options });
  positiveIntegers("attention", { batch, tokens, context, heads, kvHeads, headDim, valueDim });
  if (window !== undefined) positiveIntegers("attention", { window });
  divides("attention", "kvHeads", kvHeads, "heads", heads);
  if (causal && context < tokens) throw new RangeError(`attention: context must be at least tokens ${tokens} when causal, got ${shown(context)}`);
  const pairs = visiblePairs({ tokens, context, causal, window });
  // With a window, keys before the first query's window are never touched.
  const keysRead = window === undefined ? context : Math.min(context, window + tokens - 1);
  const rows = batch * heads * tokens;
  const q: TensorSpec = { name: "q", shape: [batch, heads, tokens, headDim], dtype };
  const k: TensorSpec = { name: "k", shape: [batch, kvHeads, keysRead, headDim], dtype: kvDtype };
  const v: TensorSpec = { name: "v", shape: [batch, kvHeads, keysRead, valueDim], dtype: kvDtype };
  const o: TensorSpec = { name: "o", shape: [batch, heads, tokens, valueDim], dtype };
  const scores: TensorSpec = { name: "scores", shape: [batch, heads, tokens, context], dtype, elements: 2 * rows * context };
  const macs = rows * context * (headDim + valueDim);
  return {
    kind: "attention",
    inputs: fused ? [q, k, v] : [q, k, v, scores],
    weights: [],
    outputs: fused ? [o] : [o, scores],
    macs,
    ...(pairs === tokens * context ? {} : { exactMacs: batch * heads * pairs * (headDim + valueDim) }),
    extras: { scale: rows * context, softmax: softmaxFlopsPerElement * rows * context },
    transcendentals: rows * context,
    attributes: { batch, tokens, context, heads, kvHeads, headDim, valueDim, causal, window, fused },
  };
}

/** Query-key pairs that the mask leaves: query i (of `tokens`, aligned to the end) sees keys up to context − tokens + i, at most the last `window` of them. */
export function visiblePairs({ tokens, context, causal, window }: { tokens: number; context: number; causal: boolean; window?: number }): number {
  if (!causal && window === undefined) return tokens * context;
  const first = causal ? context - tokens + 1 : context, width = Math.min(window ?? context, context);
  if (!causal) return tokens * width;
  // first + 0, first + 1, …, context keys, each capped at width.
  const growing = Math.max(0, Math.min(tokens, width - first));
  return growing * first + (growing * (growing - 1)) / 2 + (tokens - growing) * width;
}
