// Families whose latent attention reads positions that an indexer chose: DeepSeek-V3.2 and GLM-5. Defaults are those of
// the configuration classes of transformers 5.24.
import type { DecoderConfig } from "../../models/decoderConfig.js";
import { maxLayers } from "../../models/decoderDefaults.js";
import { behindDense, latent } from "./deepSeek.js";
import type { Family } from "./family.js";
import type { Fields } from "./fields.js";
import { numbers } from "./llama.js";

/** The list `name` as one of `kinds` for each layer, where the file has it. */
function perLayer(f: Fields, name: string, layers: number, kinds: readonly string[]): readonly unknown[] | undefined {
  const types = f.list(name, maxLayers);
  if (types === undefined) return undefined;
  if (types.length < layers || types.some((type) => !kinds.includes(type as string)))
    f.refuse(name, `a list of ${layers} of ${kinds.join(", ")}`);
  return types.slice(0, layers);
}

/** Latent attention of compressed queries behind an indexer, and experts behind dense layers. */
function indexed(f: Fields, sharedLayers: (layers: number) => number[]): DecoderConfig {
  const c = latent(f);
  const { numHiddenLayers: layers } = c;
  if (c.mla!.qLoraRank === undefined) f.refuse("q_lora_rank", "a rank (the indexer reads the compressed queries)");
  const [indexHeadDim, least] = [f.size("index_head_dim"), c.mla!.qkRopeHeadDim];
  if (indexHeadDim < least) f.refuse("index_head_dim", `at least qk_rope_head_dim ${least}`);
  perLayer(f, "layer_types", layers, ["indexed_attention", "deepseek_sparse_attention"]);
  const feeds = perLayer(f, "mlp_layer_types", layers, ["dense", "sparse"]);
  const sparse = behindDense(f, c, true);
  const shared = sharedLayers(layers);
  return {
    ...sparse,
    indexer: {
      indexTopk: f.size("index_topk"),
      indexNHeads: f.size("index_n_heads"),
      indexHeadDim,
      ...(shared.length > 0 ? { sharedLayers: shared } : {}),
    },
    ...(feeds && sparse.moe
      ? { moe: { ...sparse.moe, denseLayers: numbers(layers).filter((i) => feeds[i] === "dense") } }
      : {}),
  };
}

/**
 * Layers that use the choice of the layer before: by `indexer_types`, else by the letters of `index_topk_pattern`, else
 * all behind the first `index_skip_topk_offset` but every `index_topk_freq`-th.
 */
function sharedLayers(f: Fields, layers: number): number[] {
  const rule = sharingRule(f, layers);
  const shared = numbers(layers).filter(rule);
  if (shared[0] === 0)
    f.refuse(
      f.has("indexer_types") ? "indexer_types" : "index_topk_pattern",
      "full at the first layer (there is no choice before it to share)",
    );
  return shared;
}

function sharingRule(f: Fields, layers: number): (i: number) => boolean {
  const frequency = f.optional("index_topk_freq") ?? 1;
  const offset = f.count("index_skip_topk_offset", 2);
  const pattern = f.raw("index_topk_pattern");
  const types = perLayer(f, "indexer_types", layers, ["full", "shared"]);
  if (types) return (i) => types[i] === "shared";
  if (typeof pattern === "string") {
    if (!/^[FS]+$/.test(pattern) || pattern.length < layers)
      f.refuse("index_topk_pattern", `${layers} letters F (full) or S (shared)`);
    return (i) => pattern[i] === "S";
  }
  const listed = perLayer(f, "index_topk_pattern", layers, ["full", "shared"]);
  if (listed) return (i) => listed[i] === "shared";
  return (i) => Math.max(i - offset + 1, 0) % frequency !== 0;
}

/** Fields that change no size: how positions turn, what prediction of further tokens shares. */
function idle(f: Fields): void {
  for (const name of ["indexer_rope_interleave", "index_share_for_mtp_iteration", "moe_router_dtype"]) f.raw(name);
}

const small = { kv_lora_rank: 512, qk_rope_head_dim: 64, index_topk: 2048, index_head_dim: 128 };
const experts = {
  n_routed_experts: 256,
  n_shared_experts: 1,
  num_experts_per_tok: 8,
  moe_intermediate_size: 2048,
  first_k_dense_replace: 3,
};

/** model_type -> family. */
export const indexedFamilies: Readonly<Record<string, Family>> = {
  deepseek_v32: {
    defaults: {
      ...small,
      ...experts,
      vocab_size: 129280,
      intermediate_size: 18432,
      num_attention_heads: 128,
      q_lora_rank: 1536,
      v_head_dim: 128,
      qk_nope_head_dim: 128,
      index_n_heads: 64,
    },
    fixed: { mlp_bias: false },
    read: (f) => indexed(f, () => []),
  },
  glm_moe_dsa: {
    defaults: {
      ...small,
      ...experts,
      vocab_size: 154880,
      intermediate_size: 12288,
      num_attention_heads: 64,
      q_lora_rank: 2048,
      v_head_dim: 256,
      qk_nope_head_dim: 192,
      index_n_heads: 32,
    },
    fixed: { mlp_bias: false },
    read(f) {
      idle(f);
      return indexed(f, (layers) => sharedLayers(f, layers));
    },
  },
};
