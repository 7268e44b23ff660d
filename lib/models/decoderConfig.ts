// What tells one decoder-only language model from another: sizes and switches. Figures of named models are in
// decoderLlama.ts and its neighbours.
import { divides, nonNegativeIntegers, positiveIntegers, record, shown } from "../check.js";
import type { ActivationKind, PrecisionOptions } from "../ops/index.js";

/**
 * Routed experts in place of the dense feed-forward, but in `denseLayers`. `hidden`: of one expert; `sharedGate`: a
 * sigmoid gate on the shared expert (Qwen2-MoE).
 */
export interface DecoderMoe {
  experts: number;
  topK: number;
  hidden: number;
  sharedExperts?: number;
  sharedHidden?: number;
  routerBias?: boolean;
  sharedGate?: boolean;
  denseLayers?: readonly number[];
}

/**
 * Multi-head latent attention: ranks of the compressed query (none: not compressed) and of keys and values; a head's
 * key is `nope` + `rope` wide, its value `value`.
 */
export interface DecoderMla {
  queryRank?: number;
  rank: number;
  nope: number;
  rope: number;
  value: number;
}

/**
 * How a file stores the projections and experts. Embedding, output layer, router and norms stay at the activations'
 * dtype. `block`: weights per scale, [rows, columns].
 */
export interface Quantization {
  method: string;
  weightDtype: string;
  groupSize?: number;
  block?: readonly [number, number];
  scaleDtype?: string;
  zeroPoints?: boolean;
}

/**
 * `hidden`: width of the dense feed-forward; `gated`: three matrices (SwiGLU, GeGLU), else two; `fused`: q, k, v in one
 * matrix, and gate, up in one. `norms`: per layer, 2 before attention and feed-forward, 4 also behind each (Gemma), 1
 * for both (`parallel`), "after" only behind each (OLMo 2). `queryKeyNorm`: none, one of head width shared by the heads
 * (Qwen3), or one over all heads (OLMo 2). `rotary`: rotated part of a head, 0 for none. `window`: positions in sight,
 * but in `fullLayers`. `positions`: rows of a learned position table, `positionOffset` of them unused (OPT). `head`:
 * whether there is an output layer. `projected`: width of the embedding when it differs from `width`, with a projection
 * at both ends (OPT-350M).
 */
export interface DecoderConfig {
  vocabulary: number;
  width: number;
  layers: number;
  heads: number;
  kvHeads?: number;
  headDim?: number;
  hidden: number;
  gated?: boolean;
  fused?: boolean;
  activation?: ActivationKind;
  parallel?: boolean;
  norm?: "rms" | "layer";
  normBias?: boolean;
  normAffine?: boolean;
  norms?: 1 | 2 | 4 | "after";
  finalNorm?: boolean;
  queryKeyNorm?: "head" | "all";
  qkvBias?: boolean;
  outBias?: boolean;
  mlpBias?: boolean;
  headBias?: boolean;
  head?: boolean;
  tied?: boolean;
  rotary?: number;
  positions?: number;
  positionOffset?: number;
  projected?: number;
  embeddingScale?: boolean;
  embeddingNorm?: boolean;
  window?: number;
  fullLayers?: readonly number[];
  attentionSoftcap?: boolean;
  logitSoftcap?: boolean;
  moe?: DecoderMoe;
  mla?: DecoderMla;
  quantization?: Quantization;
  dtype?: string;
}

export type FullConfig = DecoderConfig &
  Required<
    Pick<
      DecoderConfig,
      "kvHeads" | "headDim" | "gated" | "activation" | "norm" | "norms" | "rotary" | "tied" | "finalNorm"
    >
  >;

/** The deepest model that is written out layer by layer; the deepest published one has 126. */
export const maxLayers = 1000;

/** `config` with its defaults. Throws when a size is no positive integer, or heads do not divide. */
export function completed(who: string, config: DecoderConfig): FullConfig {
  record(who, "config", config);
  const { vocabulary, width, layers, heads, kvHeads = heads, hidden, moe, mla } = config;
  positiveIntegers(who, { vocabulary, width, layers, heads, kvHeads, hidden });
  if (layers > maxLayers) throw new RangeError(`${who}: layers must be at most ${maxLayers}, got ${layers}`);
  divides(who, "kvHeads", kvHeads, "heads", heads);
  if (config.headDim === undefined) divides(who, "heads", heads, "width", width);
  const headDim = config.headDim ?? width / heads;
  const rotary = config.rotary ?? (config.positions === undefined ? headDim : 0);
  positiveIntegers(who, { headDim });
  nonNegativeIntegers(who, { rotary });
  if (rotary > headDim) throw new RangeError(`${who}: rotary must be at most headDim ${headDim}, got ${shown(rotary)}`);
  for (const [name, n] of Object.entries({
    window: config.window,
    positions: config.positions,
    projected: config.projected,
  }))
    if (n !== undefined) positiveIntegers(who, { [name]: n });
  if (moe) {
    positiveIntegers(who, { "moe.experts": moe.experts, "moe.topK": moe.topK, "moe.hidden": moe.hidden });
    nonNegativeIntegers(who, { "moe.sharedExperts": moe.sharedExperts ?? 0 });
  }
  if (mla)
    positiveIntegers(who, {
      "mla.rank": mla.rank,
      "mla.nope": mla.nope,
      "mla.rope": mla.rope,
      "mla.value": mla.value,
      ...(mla.queryRank === undefined ? {} : { "mla.queryRank": mla.queryRank }),
    });
  const {
    gated = true,
    norm = "rms",
    norms = config.parallel ? 1 : 2,
    activation = "silu",
    tied = false,
    finalNorm = true,
  } = config;
  return { ...config, kvHeads, headDim, rotary, gated, norm, norms, activation, tied, finalNorm };
}

/** The window of layer `i`, undefined where it sees the whole context. */
export const windowOf = ({ window, fullLayers }: DecoderConfig, i: number): number | undefined =>
  window === undefined || fullLayers?.includes(i) ? undefined : window;

/** Whether layer `i` has routed experts. */
export const isSparse = ({ moe }: DecoderConfig, i: number): boolean =>
  moe !== undefined && !moe.denseLayers?.includes(i);

/**
 * Elements that layer `i` caches for a position: keys and values of its key/value heads, or the latent and the shared
 * rotary key.
 */
export function cachedElements(config: DecoderConfig): number {
  const { kvHeads, headDim, mla } = completed("cachedElements", config);
  return mla ? mla.rank + mla.rope : 2 * kvHeads * headDim;
}

/** Every `n`-th layer of `layers`, counted from the first: [n - 1, 2n - 1, …]. */
export const everyNth = (n: number, layers: number): number[] =>
  Array.from({ length: Math.floor(layers / n) }, (_, i) => (i + 1) * n - 1);

/**
 * The precision of the projections, and that of embedding, output layer and router. What the caller asks for wins over
 * what the configuration stores.
 */
export function precisions(
  config: DecoderConfig,
  given: PrecisionOptions,
): { body: PrecisionOptions; ends: PrecisionOptions; block?: readonly [number, number]; scaleDtype?: string } {
  const ends = { ...given, dtype: given.dtype ?? config.dtype ?? "bf16" };
  const q = config.quantization;
  if (!q || given.weightDtype !== undefined) return { body: ends, ends };
  const { weightDtype, groupSize, scaleDtype, zeroPoints, block } = q;
  return {
    ends,
    block,
    scaleDtype,
    body: { ...ends, weightDtype, ...(block ? {} : { groupSize, scaleDtype, zeroPoints }) },
  };
}
