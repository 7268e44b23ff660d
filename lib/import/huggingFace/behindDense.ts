// Families that have DeepSeek's experts behind dense layers, beside attention of their own. Defaults are those of the
// configuration classes of transformers 5.24.
import type { DecoderConfig } from "../../models/decoderConfig.js";
import { everyNth, maxLayers } from "../../models/decoderDefaults.js";
import { behindDense, latent } from "./deepSeek.js";
import type { Family } from "./family.js";
import type { Fields } from "./fields.js";
import { attentionBias, experts, numbers, partial, sizes, windowed } from "./llama.js";

/** Layers without experts, by the kind of each layer's feed-forward; by default `otherwise`, only the first. */
export function denseByType(f: Fields, layers: number, otherwise = [0]): number[] {
  const types = f.list("mlp_layer_types", maxLayers);
  if (types === undefined) return otherwise;
  if (types.length < layers || types.some((type) => type !== "dense" && type !== "sparse"))
    f.refuse("mlp_layer_types", `a list of ${layers} of dense, sparse`);
  return numbers(layers).filter((i) => types[i] === "dense");
}

function glm4MoeLite(f: Fields): DecoderConfig {
  const c = behindDense(f, latent(f), true);
  if (f.has("first_k_dense_replace") && f.count("first_k_dense_replace") !== 1)
    f.refuse("first_k_dense_replace", "1 (mlp_layer_types tells which layers are dense)");
  return c.moe ? { ...c, moe: { ...c.moe, denseLayers: denseByType(f, c.numHiddenLayers) } } : c;
}

function glm4Moe(f: Fields): DecoderConfig {
  const c: DecoderConfig = { ...sizes(f), qkvBias: f.flag("attention_bias", false), ...partial(f, 0.5) };
  return behindDense(f, f.flag("use_qk_norm", false) ? { ...c, queryKeyNorm: "head" } : c, true);
}

function dots1(f: Fields): DecoderConfig {
  const c = windowed(f, { ...sizes(f), ...attentionBias(f), queryKeyNorm: "head" }, numbers);
  return behindDense(f, c, true);
}

function exaoneMoe(f: Fields): DecoderConfig {
  const attended = windowed(f, { ...sizes(f), queryKeyNorm: "head" }, (layers) =>
    everyNth(f.optional("sliding_window_pattern") ?? layers + 1, layers),
  );
  const first = f.count("first_k_dense_replace");
  const denseLayers = f.has("mlp_layer_types") ? denseByType(f, attended.numHiddenLayers) : numbers(first);
  return {
    ...attended,
    moe: {
      ...experts(f),
      moeIntermediateSize: f.size("moe_intermediate_size"),
      numSharedExperts: f.count("num_shared_experts"),
      routerBias: true,
      denseLayers,
    },
  };
}

/** model_type -> family. */
export const behindDenseFamilies: Readonly<Record<string, Family>> = {
  glm4_moe_lite: {
    defaults: {
      vocab_size: 154880,
      intermediate_size: 10240,
      num_attention_heads: 20,
      n_routed_experts: 64,
      n_shared_experts: 1,
      num_experts_per_tok: 4,
      moe_intermediate_size: 1536,
      kv_lora_rank: 512,
      q_lora_rank: 768,
      qk_nope_head_dim: 192,
      qk_rope_head_dim: 64,
      v_head_dim: 256,
    },
    read: glm4MoeLite,
  },
  glm4_moe: {
    defaults: {
      vocab_size: 151552,
      intermediate_size: 10944,
      num_attention_heads: 96,
      num_key_value_heads: 8,
      moe_intermediate_size: 1408,
      n_routed_experts: 128,
      n_shared_experts: 1,
      num_experts_per_tok: 8,
      first_k_dense_replace: 1,
    },
    read: glm4Moe,
  },
  glm4v_moe_text: {
    defaults: {
      vocab_size: 151424,
      intermediate_size: 10944,
      num_attention_heads: 96,
      num_key_value_heads: 8,
      moe_intermediate_size: 1408,
      n_routed_experts: 128,
      n_shared_experts: 1,
      num_experts_per_tok: 8,
      first_k_dense_replace: 1,
      attention_bias: true,
    },
    read: glm4Moe,
  },
  dots1: {
    defaults: {
      vocab_size: 152064,
      intermediate_size: 10944,
      num_attention_heads: 32,
      num_key_value_heads: 32,
      moe_intermediate_size: 1408,
      sliding_window: 4096,
    },
    read: dots1,
  },
  exaone_moe: {
    defaults: {
      vocab_size: 102400,
      intermediate_size: 16384,
      num_attention_heads: 32,
      num_key_value_heads: 32,
      sliding_window: 4096,
      sliding_window_pattern: 4,
      first_k_dense_replace: 1,
      moe_intermediate_size: 1024,
      num_experts: 64,
      num_experts_per_tok: 8,
      num_shared_experts: 1,
    },
    read: exaoneMoe,
  },
};
