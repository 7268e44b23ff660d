// Families with routed experts that put known parts together anew. Defaults are those of the configuration classes of
// transformers 5.24.
import type { DecoderConfig } from "../../models/decoderConfig.js";
import { everyNth, maxLayers } from "../../models/decoderDefaults.js";
import { denseByType } from "./behindDense.js";
import { behindDense } from "./deepSeek.js";
import { graniteMoeShared } from "./experts.js";
import type { Family } from "./family.js";
import type { Fields } from "./fields.js";
import { attentionBias, experts, numbers, off, partial, rotatedInWindows, sizes, windowed } from "./llama.js";
import { granite, inGraniteWindows } from "./recent.js";

/** A gate of each element behind attention, norms on both sides of each half, rotation in windows alone. */
function afmoe(f: Fields): DecoderConfig {
  const own: DecoderConfig = { ...sizes(f), ...attentionBias(f), queryKeyNorm: "head", norms: 4 };
  const interval = f.size("global_attn_every_n_layers");
  const c = windowed(f, own, (n) => everyNth(interval, n));
  const all = numbers(c.numHiddenLayers);
  const shared = f.count("num_shared_experts");
  f.raw("route_scale");
  return {
    ...rotatedInWindows(c),
    ...(c.slidingWindow === undefined ? { noRopeLayers: all } : {}),
    attentionGate: "elements",
    embeddingScale: f.flag("mup_enabled", false),
    moe: {
      ...experts(f),
      moeIntermediateSize: f.size("moe_intermediate_size"),
      numSharedExperts: shared,
      routerBias: "parameter",
      denseLayers: numbers(Math.min(c.numHiddenLayers, f.count("num_dense_layers"))),
    },
  };
}

function hyV3(f: Fields): DecoderConfig {
  const c: DecoderConfig = { ...sizes(f), ...attentionBias(f), queryKeyNorm: "head" };
  off(f, "mlp_bias");
  f.raw("enable_moe_fp32_combine");
  const denseLayers = denseByType(f, c.numHiddenLayers);
  if (f.has("first_k_dense_replace") && denseLayers.join() !== numbers(f.count("first_k_dense_replace")).join())
    f.refuse("first_k_dense_replace", "the layers without experts, as mlp_layer_types says");
  return {
    ...c,
    moe: {
      ...experts(f),
      moeIntermediateSize: f.size("moe_intermediate_size"),
      numSharedExperts: f.count("num_shared_experts"),
      routerBias: true,
      denseLayers,
    },
  };
}

/** Qwen3's experts; layers told by kind. */
function mellum(f: Fields): DecoderConfig {
  const c = windowed(f, { ...sizes(f), ...attentionBias(f), queryKeyNorm: "head" }, numbers);
  const denseLayers = denseByType(f, c.numHiddenLayers, []);
  for (const name of ["mtp_layer_types", "mtp_mlp_layer_types"]) f.list(name, maxLayers);
  return { ...c, moe: { ...experts(f), moeIntermediateSize: f.size("moe_intermediate_size"), denseLayers } };
}

/** GLM's experts in every layer. */
const solar = (f: Fields): DecoderConfig => ({
  ...sizes(f),
  qkvBias: f.flag("attention_bias", false),
  ...partial(f),
  moe: {
    ...experts(f),
    moeIntermediateSize: f.size("moe_intermediate_size"),
    numSharedExperts: f.count("n_shared_experts"),
    routerBias: true,
  },
});

function sarvamMoe(f: Fields): DecoderConfig {
  const qkvBias = f.flag("attention_bias", f.flag("use_qkv_bias", false));
  const c = behindDense(f, { ...sizes(f), qkvBias, ...partial(f) }, true);
  return f.flag("use_qk_norm", true) ? { ...c, queryKeyNorm: "head" } : c;
}

const wide = { num_attention_heads: 64, moe_intermediate_size: 1024, n_shared_experts: 1, n_routed_experts: 128 };

/** model_type -> family. */
export const recentExperts: Readonly<Record<string, Family>> = {
  granitemoe_swa: {
    defaults: { ...granite, num_local_experts: 8, num_experts_per_tok: 2, sliding_window: 128 },
    read: (f) => inGraniteWindows(f, graniteMoeShared(f)),
  },
  afmoe: {
    defaults: {
      vocab_size: 200192,
      intermediate_size: 6144,
      moe_intermediate_size: 1408,
      num_dense_layers: 1,
      num_attention_heads: 16,
      head_dim: 128,
      num_experts: 64,
      num_experts_per_tok: 6,
      num_shared_experts: 2,
      global_attn_every_n_layers: 4,
      sliding_window: 1024,
    },
    read: afmoe,
  },
  hy_v3: {
    defaults: {
      vocab_size: 120832,
      intermediate_size: 13312,
      num_attention_heads: 64,
      num_key_value_heads: 8,
      head_dim: 128,
      num_experts: 192,
      num_experts_per_tok: 8,
      num_shared_experts: 1,
      moe_intermediate_size: 1536,
    },
    read: hyV3,
  },
  mellum: {
    defaults: {
      vocab_size: 98304,
      intermediate_size: 7168,
      num_attention_heads: 32,
      num_key_value_heads: 4,
      head_dim: 128,
      sliding_window: 1024,
      num_experts: 64,
      num_experts_per_tok: 8,
      moe_intermediate_size: 896,
    },
    read: mellum,
  },
  solar_open: {
    // Of no layer: all have experts.
    defaults: {
      ...wide,
      vocab_size: 196608,
      intermediate_size: 1,
      moe_intermediate_size: 1280,
      num_key_value_heads: 8,
      num_experts_per_tok: 8,
      head_dim: 128,
    },
    read: solar,
  },
  sarvam_moe: {
    defaults: {
      ...wide,
      vocab_size: 262144,
      intermediate_size: 8192,
      num_key_value_heads: 4,
      num_experts_per_tok: 6,
      first_k_dense_replace: 1,
      head_dim: 64,
    },
    read: sarvamMoe,
  },
};
