// Attention over a window of positions and over entries that stand for several earlier ones (DeepSeek-V4): the core
// only. Keys are the values, and one head of them serves all queries.
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { attendedPairs, keysSeen } from "./attended.js";
import { gradientOf, partialGradientOf, tensorAt } from "./gradient.js";
import { keysBefore } from "./indexScore.js";
import { defineLayer, type BackwardOptions } from "./layer.js";
import type { Precision, PrecisionOptions } from "./precision.js";
import { flag, optional, size } from "./shapeKeys.js";
import { softmaxBackwardFlops, softmaxFlops } from "./softmax.js";

export interface CompressedAttentionShape extends PrecisionOptions {
  /** Samples (default 1). */
  batch?: number;
  /** New positions of each sample: queries. */
  tokens: number;
  /** Positions so far, the new ones included (default `tokens`). */
  context?: number;
  /** Heads of the queries. */
  heads: number;
  /** Width of a head, and of a key. */
  headDim: number;
  /** Positions in sight as they are, the own one included. */
  window: number;
  /** Positions that an entry stands for (default: there are no entries). */
  rate?: number;
  /** Entries that each query reads, chosen by an indexer (indexScore; default all that are closed). */
  topk?: number;
  /** Whether the scores never leave the chip (default true). */
  fused?: boolean;
}

const withDefaults = ({
  batch = 1,
  tokens,
  context = tokens,
  heads,
  headDim,
  window,
  rate,
  topk,
  fused = true,
}: CompressedAttentionShape) => ({
  batch,
  tokens,
  context,
  heads,
  headDim,
  window,
  rate: rate ?? null,
  topk: topk ?? null,
  fused,
});

type Attributes = ReturnType<typeof withDefaults>;

/** Entries so far, those that are read at most, and the pairs of a query and one that it reads. */
function entriesOf({ tokens, context, rate, topk }: Attributes) {
  if (rate === null) return { entries: 0, read: 0, pairs: 0 };
  const entries = Math.floor(context / rate);
  const all = keysBefore({ tokens, context, stride: rate });
  if (topk === null || topk >= entries) return { entries, read: entries, pairs: all };
  // Queries from rate · (topk + 1) - 1 on have more entries than they read.
  const full = Math.max(0, context - Math.max(rate * (topk + 1) - 1, context - tokens));
  const short = tokens - full;
  const pairs = (short === 0 ? 0 : keysBefore({ tokens: short, context: context - full, stride: rate })) + full * topk;
  return { entries, read: Math.min(entries, tokens * topk), pairs };
}

/** Scores of all heads, dense, and those of pairs that a query reads. */
function scoresOf(a: Attributes): { dense: number; seen: number } {
  const { batch, heads, tokens, context, window } = a;
  const { entries, pairs } = entriesOf(a);
  const seen = attendedPairs({ tokens, context, causal: true, window }) + pairs;
  return { dense: batch * heads * tokens * (context + entries), seen: batch * heads * seen };
}

const scoresTensor = (a: Attributes, dtype: TensorSpec["dtype"]): TensorSpec => ({
  name: "scores",
  shape: [a.batch, a.heads, a.tokens, a.context + entriesOf(a).entries],
  dtype,
});

function forward(shape: CompressedAttentionShape, p: Precision) {
  const attributes = withDefaults(shape);
  const { batch, tokens, context, heads, headDim, window, rate, topk, fused } = attributes;
  if (context < tokens)
    throw new RangeError(`compressedAttention: context must include the ${tokens} tokens, got ${context}`);
  if (topk !== null && rate === null)
    throw new RangeError(`compressedAttention: topk must stand beside rate, got no rate`);
  const { entries, read } = entriesOf(attributes);
  const keys = (name: string, n: number, reached: number): TensorSpec => ({
    name,
    shape: [batch, 1, n, headDim],
    dtype: p.kvDtype,
    ...(reached < n ? { elements: batch * reached * headDim } : {}),
  });
  const q: TensorSpec = { name: "q", shape: [batch, heads, tokens, headDim], dtype: p.dtype };
  const chosen: TensorSpec[] =
    topk === null ? [] : [{ name: "indices", shape: [batch, tokens, Math.min(topk, entries)], dtype: "int32" }];
  const scores = scoresTensor(attributes, p.dtype);
  const spilled = fused ? [] : [scores, { ...scores, name: "probabilities" }];
  const { dense, seen } = scoresOf(attributes);
  const reached = keysSeen({ tokens, context, causal: true, window });
  return {
    inputs: [
      q,
      keys("k", context, reached),
      ...(rate === null ? [] : [keys("entries", entries, read)]),
      ...chosen,
      ...spilled,
    ],
    weights: [{ name: "sinks", shape: [heads], dtype: "fp32" as const }],
    outputs: [{ ...q, name: "y" }, ...spilled],
    macs: 2 * dense * headDim,
    exactMacs: 2 * seen * headDim,
    extras: { softmax: softmaxFlops * dense },
    transcendentals: dense,
    attributes,
  };
}

/** As attention's: four products, and a fifth where a fused kernel computes the scores again. */
function backward(op: Op & { readonly attributes: Attributes }, { inputGradient }: Required<BackwardOptions>): Op[] {
  const { headDim, fused, rate } = op.attributes;
  const q = tensorAt(op, "inputs", 0);
  const y = tensorAt(op, "outputs", 0);
  const operands = op.inputs.slice(0, rate === null ? 2 : 3);
  const { dense, seen } = scoresOf(op.attributes);
  const dims = (fused ? 5 : 4) * headDim;
  const scores = scoresTensor(op.attributes, q.dtype);
  const p: TensorSpec = { ...scores, name: "probabilities" };
  const [dp, ds] = [gradientOf(p), gradientOf(scores)];
  return [
    {
      kind: "compressedAttention.backward",
      inputs: [...operands, gradientOf(y), ...(fused ? [y] : [p, p, dp, ds, ds])],
      weights: [],
      outputs: [
        ...(inputGradient ? operands.map((t) => partialGradientOf(t, q.dtype)) : []),
        gradientOf(tensorAt(op, "weights", 0)),
        ...(fused ? [] : [dp, ds]),
      ],
      macs: dense * dims,
      exactMacs: seen * dims,
      extras: { softmax: fused ? 4 * dense + 2 * elementCount(y.shape) : softmaxBackwardFlops * dense },
      transcendentals: fused ? dense : 0,
      attributes: op.attributes,
    },
  ];
}

/**
 * softmax(Q Kᵀ / √headDim) K over the positions of a causal window and the entries closed before the query: macs =
 * batch · heads · tokens · (context + entries) · 2 headDim, dense, entries = floor(context / rate); exactMacs only the
 * pairs in the window and the (at most topk) entries that a query reads. Shapes: q and y [batch, heads, tokens,
 * headDim], k [batch, 1, context, headDim], entries [batch, 1, entries, headDim]. Bytes: keys in sight once, of chosen
 * entries at most tokens · topk. Softmax 5 FLOPs a dense score; a learned sink of each head takes part in it at no
 * cost. Neglected: scale, mask, putting keys and entries together. (DeepSeek-V4, section 2.3)
 */
export const compressedAttention = defineLayer({
  kind: "compressedAttention",
  about: "attention over a window and entries for earlier positions",
  shapeKeys: {
    batch: optional(size),
    tokens: size,
    context: optional(size),
    heads: size,
    headDim: size,
    window: size,
    rate: optional(size),
    topk: optional(size),
    fused: flag,
  },
  example: { tokens: 16, heads: 4, headDim: 16, window: 4, rate: 4 },
  forward,
  backward,
});
