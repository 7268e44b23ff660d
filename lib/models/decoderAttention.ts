// The attention half of a decoder layer: projections, norms of queries and keys, rotary embedding, the core; with
// grouped heads or a latent cache.
import { attention, linear, rmsNorm, type PrecisionOptions } from "../ops/index.js";
import type { FullConfig } from "./decoderDefaults.js";
import { dtypeOf, intoCache, kvDtypeOf, perHead, rope, type Part } from "./decoderParts.js";

/** `absorbed`: MLA reads its latent cache itself (decode); else keys and values of every head are made from it. */
export interface AttentionPlace {
  batch: number;
  tokens: number;
  context: number;
  window?: number;
  fusedAttention: boolean;
  absorbed: boolean;
}

/** The ops of self-attention on [batch · tokens, width]; paths are below "attention". */
export const attentionParts = (config: FullConfig, place: AttentionPlace, p: PrecisionOptions): Part[] =>
  config.mla ? latentAttention(config, place, p) : groupedAttention(config, place, p);

function groupedAttention(
  config: FullConfig,
  { batch, tokens, context, window, fusedAttention }: AttentionPlace,
  p: PrecisionOptions,
): Part[] {
  const {
    hiddenSize: width,
    numAttentionHeads: heads,
    numKeyValueHeads: kvHeads,
    headDim,
    rotaryDim: rotary,
    qkvBias: bias = false,
    outBias = false,
    queryKeyNorm,
  } = config;
  const rows = batch * tokens;
  const project = (outFeatures: number) => linear({ tokens: rows, inFeatures: width, outFeatures, bias }, p);
  const parts: Part[] = [];
  const [q, kv] = [heads * headDim, kvHeads * headDim];
  if (config.fusedProjections)
    parts.push({ path: "qkv_proj", op: splitOutputs(project(q + 2 * kv), [q, kv, kv], rotary === 0, p) });
  else {
    const value = intoCache(project(kv), p);
    const key = queryKeyNorm || rotary > 0 ? project(kv) : value;
    parts.push({ path: "q_proj", op: project(q) }, { path: "k_proj", op: key }, { path: "v_proj", op: value });
  }
  if (queryKeyNorm) {
    const norm = (count: number) =>
      rmsNorm(
        queryKeyNorm === "all"
          ? { tokens: rows, normalizedShape: count * headDim }
          : { tokens: rows * count, normalizedShape: headDim },
        p,
      );
    parts.push(
      { path: "q_norm", op: norm(heads) },
      { path: "k_norm", op: rotary > 0 ? norm(kvHeads) : intoCache(norm(kvHeads), p) },
    );
  }
  if (rotary > 0)
    parts.push(
      { path: "q_rope", op: rope({ rows, heads, rotary }, p) },
      { path: "k_rope", op: rope({ rows, heads: kvHeads, rotary }, p, true) },
    );
  const core = {
    batch,
    tokens,
    context,
    heads,
    kvHeads,
    headDim,
    causal: true,
    window,
    fused: fusedAttention,
    softcap: config.attnLogitSoftcapping ?? false,
  };
  parts.push(
    { path: "core", op: attention(core, p) },
    { path: "o_proj", op: linear({ tokens: rows, inFeatures: q, outFeatures: width, bias: outBias }, p) },
  );
  return parts;
}

/**
 * A fused projection's output as its three tensors where keys and values are cached in another format; without a
 * rotation the keys are written here too.
 */
function splitOutputs(op: Part["op"], widths: readonly number[], keysToo: boolean, p: PrecisionOptions): Part["op"] {
  if (dtypeOf(p) === kvDtypeOf(p)) return op;
  const y = op.outputs[0]!;
  const names = ["q", "k", "v"];
  const outputs = widths.map((n, i) => ({
    ...y,
    name: names[i]!,
    shape: [y.shape[0]!, n],
    dtype: i === 2 || (i === 1 && keysToo) ? kvDtypeOf(p) : y.dtype,
  }));
  return { ...op, outputs };
}

/** Multi-head latent attention, op by op; its sums are those of ops/mla. (arXiv 2405.04434) */
function latentAttention(
  { hiddenSize: width, numAttentionHeads: heads, mla, qkvBias: bias = false }: FullConfig,
  { batch, tokens, context, fusedAttention, absorbed }: AttentionPlace,
  p: PrecisionOptions,
): Part[] {
  const { qLoraRank: queryRank, kvLoraRank: rank, qkNopeHeadDim: nope, qkRopeHeadDim: rotary, vHeadDim: value } = mla!;
  const rows = batch * tokens;
  const project = (inFeatures: number, outFeatures: number, withBias = false) =>
    linear({ tokens: rows, inFeatures, outFeatures, bias: withBias }, p);
  const norm = (normalizedShape: number) => rmsNorm({ tokens: rows, normalizedShape }, p);
  const query: Part[] =
    queryRank === undefined
      ? [{ path: "q_proj", op: project(width, heads * (nope + rotary)) }]
      : [
          { path: "q_a_proj", op: project(width, queryRank, bias) },
          { path: "q_a_norm", op: norm(queryRank) },
          { path: "q_b_proj", op: project(queryRank, heads * (nope + rotary)) },
        ];
  const latent: Part[] = [
    { path: "kv_a_proj", op: project(width, rank + rotary, bias) },
    { path: "kv_a_norm", op: intoCache(norm(rank), p) },
    { path: "q_rope", op: rope({ rows, heads, rotary }, p) },
    { path: "k_rope", op: rope({ rows, heads: 1, rotary }, p, true) },
  ];
  const shape = { batch, tokens, context, heads, causal: true, fused: fusedAttention };
  const core: Part[] = absorbed
    ? [
        { path: "kv_b_proj.key", op: perHead({ heads, tokens: rows, k: nope, n: rank }, p) },
        {
          path: "core",
          op: attention({ ...shape, kvHeads: 1, headDim: rank + rotary, vHeadDim: rank, sharedKv: true }, p),
        },
        { path: "kv_b_proj.value", op: perHead({ heads, tokens: rows, k: rank, n: value }, p) },
      ]
    : [
        { path: "kv_b_proj", op: project(rank, heads * (nope + value)) },
        { path: "core", op: attention({ ...shape, headDim: nope + rotary, vHeadDim: value }, p) },
      ];
  return [...query, ...latent, ...core, { path: "o_proj", op: project(heads * value, width, bias) }];
}
