// Scaled dot-product attention: the core only (Q Kᵀ, softmax, A V). Projections are linear ops around it.
import { divides, positiveIntegers } from "../check.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { attendedPairs, keysSeen } from "./attended.js";
import { gradientOf, type BackwardOptions } from "./gradient.js";
import { precision, type PrecisionOptions } from "./precision.js";
import { booleans, merged } from "./shape.js";
import { softmaxBackwardFlops, softmaxFlops } from "./softmax.js";

/**
 * `tokens`: new positions (queries); `context`: positions attended to, the new ones included (default tokens).
 * `kvHeads`: 1 is MQA, fewer than heads GQA. `causal`: the last query sees the whole context, each earlier one position
 * less. `window`: positions in sight, the own one included; without `causal`, to both sides. `fused`: the scores never
 * leave the chip. `softcap`: scores are bent by c · tanh(s / c). `sharedKv`: V is a part of K and read with it
 * (absorbed MLA).
 */
export interface AttentionShape extends PrecisionOptions {
  batch?: number;
  tokens: number;
  context?: number;
  heads: number;
  kvHeads?: number;
  headDim: number;
  vHeadDim?: number;
  causal?: boolean;
  window?: number;
  fused?: boolean;
  softcap?: boolean;
  sharedKv?: boolean;
}

const keys = [
  "batch",
  "tokens",
  "context",
  "heads",
  "kvHeads",
  "headDim",
  "vHeadDim",
  "causal",
  "window",
  "fused",
  "softcap",
  "sharedKv",
];

/**
 * Attention core: macs = batch · heads · tokens · context · (headDim + vHeadDim), dense; exactMacs counts only the
 * pairs that the mask lets through. Softmax 5 FLOPs and one exponential per dense score. Shapes: q [batch, heads,
 * tokens, headDim], k and v [batch, kvHeads, context, …], y [batch, heads, tokens, vHeadDim]. The scale 1/√headDim,
 * the mask and a row's saved statistics are neglected. Bytes: q, k, v once, k and v at `kvDtype` and only the keys in
 * sight of some query; new keys and values are written by their projections, not here. Unfused: scores and
 * probabilities are each written and read once. Backward: four products, 2.0 · macs, when unfused; a fused kernel
 * computes Q Kᵀ again, 2.5 · macs at equal head sizes. Throws when kvHeads does not divide heads, or a mask has
 * fewer keys than queries. (arXiv 1706.03762, 2205.14135, 2307.08691)
 */
export function attention(shape: AttentionShape, options: PrecisionOptions = {}): Op {
  const {
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
    ...rest
  } = merged("attention", shape, options);
  const p = precision("attention", rest, keys);
  positiveIntegers("attention", {
    batch,
    tokens,
    context,
    heads,
    kvHeads,
    headDim,
    vHeadDim,
    ...(window === undefined ? {} : { window }),
  });
  divides("attention", "kvHeads", kvHeads, "heads", heads);
  booleans("attention", { causal, fused, softcap, sharedKv });
  if ((causal || window !== undefined) && context < tokens)
    throw new RangeError(
      `attention: context must include the ${tokens} tokens under a causal mask or a window, got ${context}`,
    );
  if (sharedKv && vHeadDim > headDim)
    throw new RangeError(`attention: vHeadDim must be at most headDim ${headDim} with sharedKv, got ${vHeadDim}`);
  const seen = keysSeen({ tokens, context, causal, window });
  const kv = (name: string, dim: number): TensorSpec => ({
    name,
    shape: [batch, kvHeads, context, dim],
    dtype: p.kvDtype,
    ...(seen < context ? { elements: batch * kvHeads * seen * dim } : {}),
  });
  const q: TensorSpec = { name: "q", shape: [batch, heads, tokens, headDim], dtype: p.dtype };
  const k = kv("k", headDim);
  const v = kv("v", vHeadDim);
  const y: TensorSpec = { name: "y", shape: [batch, heads, tokens, vHeadDim], dtype: p.dtype };
  const scores: TensorSpec = { name: "scores", shape: [batch, heads, tokens, context], dtype: p.dtype };
  const spilled = fused ? [] : [scores, { ...scores, name: "probabilities" }];
  const rows = batch * heads;
  const dense = rows * tokens * context;
  const masked = causal || window !== undefined;
  const pairs = masked ? rows * attendedPairs({ tokens, context, causal, window }) : dense;
  const operands = sharedKv ? [q, k] : [q, k, v];
  const attributes = {
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
  };
  const op: Op = {
    kind: "attention",
    inputs: [...operands, ...spilled],
    weights: [],
    outputs: [y, ...spilled],
    macs: dense * (headDim + vHeadDim),
    ...(masked ? { exactMacs: pairs * (headDim + vHeadDim) } : {}),
    extras: { softmax: softmaxFlops * dense, ...(softcap ? { softcap: 3 * dense } : {}) },
    transcendentals: (softcap ? 2 : 1) * dense,
    attributes,
  };

  const backward = ({ inputGradient = true }: BackwardOptions = {}): Op[] => {
    if (!inputGradient) return [];
    const gradients = operands.map((t) => ({
      ...gradientOf(t, p.dtype),
      ...(t.elements === undefined ? {} : { elements: t.elements }),
    }));
    const dims = 2 * (headDim + vHeadDim) + (fused ? headDim : 0);
    // Unfused, the probabilities are read back and Σ dP P summed. Fused, exp(s - L) again from the row's log-sum L,
    // and Σ dY y instead: 2 + 2 a score, 2 an output.
    const softmaxWork = fused ? 4 * dense + 2 * rows * tokens * vHeadDim : softmaxBackwardFlops * dense;
    const probabilities = { ...scores, name: "probabilities" };
    // Unfused: dV = Pᵀ dY reads P; dP = dY Vᵀ is written; the softmax gradient reads P and dP and writes dS; dQ and
    // dK each read dS.
    const reads = fused
      ? [y]
      : [probabilities, probabilities, gradientOf(probabilities), gradientOf(scores), gradientOf(scores)];
    const writes = fused ? [] : [gradientOf(probabilities), gradientOf(scores)];
    return [
      {
        kind: "attention.backward",
        inputs: [...operands, gradientOf(y), ...reads],
        weights: [],
        outputs: [...gradients, ...writes],
        macs: dense * dims,
        ...(masked ? { exactMacs: pairs * dims } : {}),
        extras: { softmax: softmaxWork, ...(softcap ? { softcap: 3 * dense } : {}) },
        transcendentals: fused ? dense : 0,
        attributes,
      },
    ];
  };
  return { ...op, backward };
}

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
