// Multi-head latent attention taken apart into the ops that run, in either of its forms: the one decomposition that the
// layer, the models and the tools' conventions share.
import type { Op } from "../op.js";
import { attention } from "./attention.js";
import { groupedLinear } from "./groupedLinear.js";
import type { BackwardOptions, Layer } from "./layer.js";
import { linear } from "./linear.js";
import { rmsNorm } from "./norm.js";
import { intoCache, type PrecisionOptions } from "./precision.js";
import { rope } from "./rope.js";

/** Sizes and switches of a latent attention, all of them given. */
export interface LatentAttention {
  /** Samples. */
  batch: number;
  /** New positions of each sample. */
  tokens: number;
  /** Positions attended to, the new ones included. */
  context: number;
  /** Width of x and of y. */
  hiddenSize: number;
  /** Heads. */
  heads: number;
  /** Rank of the compressed queries; null: they are not compressed. */
  qLoraRank: number | null;
  /** Rank of the latent that keys and values come from. */
  kvLoraRank: number;
  /** Width of a head's query and key that is not turned. */
  qkNopeHeadDim: number;
  /** Width of a head's query and key that is turned. */
  qkRopeHeadDim: number;
  /** Width of a head's value. */
  vHeadDim: number;
  /** Whether keys and values of every head are made, or the latent is read itself. */
  form: "expanded" | "absorbed";
  /** Whether each query sees no later position. */
  causal: boolean;
  /** Whether the scores never leave the chip. */
  fused: boolean;
  /** Whether the projections from and to the hidden size have a bias (default false). */
  bias?: boolean;
  /** Positions that each query reads, chosen by an indexer (default all). */
  topk?: number;
}

/** One op of it, with its backward pass. */
export interface LatentPart {
  /** DeepSeek's name for its module. */
  readonly path: string;
  readonly op: Op;
  /** Paths of the parts that it reads; "x" is what enters the layer. */
  readonly reads: readonly string[];
  readonly backward: (options: Required<BackwardOptions>) => readonly Op[];
}

function part<Kind extends string, Shape, Attributes>(
  path: string,
  layer: Layer<Kind, Shape, Attributes>,
  shape: Shape,
  options: PrecisionOptions,
  reads: readonly string[],
): LatentPart {
  const op = layer(shape, options);
  return { path, op, reads, backward: (wanted) => layer.backward(op, wanted) };
}

/**
 * The ops in order: query, latent, rotations, keys and values (of every head from the latent, or each half of that
 * matrix on the query's and the output's side), core, output. (arXiv 2405.04434)
 */
export function mlaParts(shape: LatentAttention, options: PrecisionOptions): LatentPart[] {
  const { batch, tokens, context, hiddenSize, heads, qLoraRank, kvLoraRank, causal, fused, bias = false, topk } = shape;
  const { qkNopeHeadDim: nope, qkRopeHeadDim: rotaryDim, vHeadDim, form } = shape;
  const rows = batch * tokens;
  const project = (path: string, from: string, inFeatures: number, outFeatures: number, withBias = false) =>
    part(path, linear, { tokens: rows, inFeatures, outFeatures, bias: withBias }, options, [from]);
  const norm = (path: string, from: string, normalizedShape: number) =>
    part(path, rmsNorm, { tokens: rows, normalizedShape }, options, [from]);
  const queries = heads * (nope + rotaryDim);
  const query =
    qLoraRank === null
      ? [project("q_proj", "x", hiddenSize, queries)]
      : [
          project("q_a_proj", "x", hiddenSize, qLoraRank, bias),
          norm("q_a_norm", "q_a_proj", qLoraRank),
          project("q_b_proj", "q_a_norm", qLoraRank, queries),
        ];
  const q = query.at(-1)!.path;
  const latentNorm = norm("kv_a_norm", "kv_a_proj", kvLoraRank);
  const latent = [
    project("kv_a_proj", "x", hiddenSize, kvLoraRank + rotaryDim, bias),
    { ...latentNorm, op: intoCache(latentNorm.op, options) },
    part("q_rope", rope, { tokens: rows, heads, rotaryDim }, options, [q]),
    part("k_rope", rope, { tokens: rows, heads: 1, rotaryDim, cached: true }, options, ["kv_a_proj"]),
  ];
  const scores = { batch, tokens, context, heads, causal, fused, ...(topk === undefined ? {} : { topk }) };
  const perHead = { groups: heads, tokens: rows };
  const absorbed = () => {
    const key = { ...perHead, inFeatures: nope, outFeatures: kvLoraRank, transposed: true };
    const value = { ...perHead, inFeatures: kvLoraRank, outFeatures: vHeadDim };
    const core = { ...scores, kvHeads: 1, headDim: kvLoraRank + rotaryDim, vHeadDim: kvLoraRank, sharedKv: true };
    return [
      part("kv_b_proj.key", groupedLinear, key, options, [q]),
      part("core", attention, core, options, ["kv_b_proj.key", "q_rope", "k_rope", "kv_a_norm"]),
      part("kv_b_proj.value", groupedLinear, value, options, ["core"]),
    ];
  };
  const expanded = () => [
    project("kv_b_proj", "kv_a_norm", kvLoraRank, heads * (nope + vHeadDim)),
    part("core", attention, { ...scores, headDim: nope + rotaryDim, vHeadDim }, options, [
      q,
      "q_rope",
      "k_rope",
      "kv_b_proj",
    ]),
  ];
  const core = form === "absorbed" ? absorbed() : expanded();
  return [...query, ...latent, ...core, project("o_proj", core.at(-1)!.path, heads * vHeadDim, hiddenSize, bias)];
}
