// DeepSeek's families: latent attention, and routed experts behind some dense layers. Defaults are those of the
// configuration classes of transformers 5.24.
import type { DecoderConfig, DecoderMla } from "../../models/decoderConfig.js";
import type { Family } from "./family.js";
import type { Fields } from "./fields.js";
import { attentionBias, experts, numbers, scaled, sizes } from "./llama.js";

/** Sizes of a decoder with latent attention. */
export function latent(f: Fields): DecoderConfig {
  const qLoraRank = f.optional("q_lora_rank");
  const mla: DecoderMla = {
    kvLoraRank: f.size("kv_lora_rank"),
    qkNopeHeadDim: f.size("qk_nope_head_dim"),
    qkRopeHeadDim: f.size("qk_rope_head_dim"),
    vHeadDim: f.size("v_head_dim"),
    ...(qLoraRank === undefined ? {} : { qLoraRank }),
  };
  const c = sizes(f);
  const width = mla.qkNopeHeadDim + mla.qkRopeHeadDim;
  if ((f.optional("qk_head_dim") ?? width) !== width)
    f.refuse("qk_head_dim", `${width}, the sum of qk_nope_head_dim and qk_rope_head_dim`);
  return { ...c, ...attentionBias(f), numKeyValueHeads: c.numAttentionHeads, headDim: mla.vHeadDim, mla };
}

/**
 * `c` with DeepSeek's experts in all layers but the first: `routerBias` of version 3 corrects the choice of experts.
 */
export function behindDense(f: Fields, c: DecoderConfig, routerBias: boolean): DecoderConfig {
  if (!f.has("n_routed_experts")) return c;
  if ((f.optional("moe_layer_freq") ?? 1) !== 1)
    f.refuse("moe_layer_freq", "1 (experts in every layer behind the first)");
  const moeIntermediateSize = f.size("moe_intermediate_size");
  const shared = f.count("n_shared_experts");
  // The shared experts are one matrix, with one bias.
  const biased = c.mlpBias === true && shared > 0;
  return {
    ...c,
    moe: {
      ...experts(f),
      moeIntermediateSize,
      numSharedExperts: biased ? 1 : shared,
      ...(biased ? { sharedExpertIntermediateSize: shared * moeIntermediateSize } : {}),
      ...(c.mlpBias === true ? { expertBias: "shared" as const } : {}),
      routerBias,
      denseLayers: numbers(Math.min(c.numHiddenLayers, f.count("first_k_dense_replace"))),
    },
  };
}

const whole = { kv_lora_rank: 512, qk_nope_head_dim: 128, qk_rope_head_dim: 64, v_head_dim: 128 };
const small = { ...whole, q_lora_rank: 1536 };

/** model_type -> family. */
export const deepSeeks: Readonly<Record<string, Family>> = {
  deepseek_v2: {
    defaults: {
      ...small,
      vocab_size: 102400,
      intermediate_size: 11008,
      num_attention_heads: 32,
      n_routed_experts: 64,
      n_shared_experts: 2,
      moe_intermediate_size: 1407,
    },
    read: (f) => behindDense(f, { ...latent(f), mlpBias: f.flag("mlp_bias", false) }, false),
  },
  deepseek_v3: {
    defaults: {
      ...small,
      vocab_size: 129280,
      intermediate_size: 18432,
      num_attention_heads: 128,
      n_routed_experts: 256,
      n_shared_experts: 1,
      num_experts_per_tok: 8,
      moe_intermediate_size: 2048,
      first_k_dense_replace: 3,
    },
    read: (f) => behindDense(f, latent(f), true),
  },
  sarvam_mla: {
    defaults: {
      ...whole,
      vocab_size: 262144,
      intermediate_size: 16384,
      num_attention_heads: 64,
      n_routed_experts: 128,
      n_shared_experts: 1,
      num_experts_per_tok: 8,
      moe_intermediate_size: 2048,
      first_k_dense_replace: 1,
    },
    read: (f) => behindDense(f, latent(f), true),
  },
  youtu: {
    defaults: {
      ...small,
      vocab_size: 128256,
      intermediate_size: 6144,
      num_attention_heads: 16,
      tie_word_embeddings: true,
    },
    read(f) {
      f.raw("embedding_initializer_range");
      return latent(f);
    },
  },
  minicpm3: {
    defaults: {
      vocab_size: 73448,
      intermediate_size: 6400,
      num_attention_heads: 40,
      kv_lora_rank: 256,
      q_lora_rank: 768,
      qk_nope_head_dim: 64,
      qk_rope_head_dim: 32,
      tie_word_embeddings: true,
    },
    read: (f) => ({ ...latent(f), ...scaled, mlpBias: f.flag("mlp_bias", false) }),
  },
};
