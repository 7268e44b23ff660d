// Qwen's families: a window that is off unless asked for, and experts in some of the layers. Defaults are those of the
// configuration classes of transformers 5.24.
import type { DecoderConfig } from "../../models/decoderConfig.js";
import { maxLayers } from "../../models/decoderDefaults.js";
import type { Family } from "./family.js";
import { who, type Fields } from "./fields.js";
import { attentionBias, evenSizes, experts, numbers, sizes, unwindowed, windowed } from "./llama.js";

/** Qwen's window is off unless asked for, and only above max_window_layers. */
function qwenWindow(f: Fields, config: DecoderConfig): DecoderConfig {
  if (f.flag("use_sliding_window", false))
    return windowed(f, config, (layers) => numbers(Math.min(layers, f.count("max_window_layers"))));
  return unwindowed(f, config);
}

/** Layers without experts, by Qwen's two rules. */
function denseByStep(f: Fields, layers: number): number[] {
  const step = f.optional("decoder_sparse_step") ?? 1;
  const only = f.list("mlp_only_layers", maxLayers) ?? [];
  return numbers(layers).filter((i) => only.includes(i) || (i + 1) % step !== 0);
}

function qwen2(f: Fields): DecoderConfig {
  // transformers' class has the biases whatever this says; a GGUF file says that they are there.
  f.flag("attention_bias", true);
  return qwenWindow(f, { ...sizes(f), qkvBias: true });
}

/** The text of Qwen2-VL, whose heads share the width. */
function qwen2Vision(f: Fields): DecoderConfig {
  evenSizes(f);
  return qwen2(f);
}

/** In which format a quantized file keeps the layers that predict further ahead is not known. */
function mimo(f: Fields): DecoderConfig {
  const { quantization, ...c } = qwen2(f);
  const numMtpLayers = f.count("num_nextn_predict_layers");
  if (quantization === undefined) return { ...c, numMtpLayers };
  const must = `${who}: num_nextn_predict_layers must be 0 for the bytes of a quantized file to be known`;
  const unpriced = `${must}, got ${numMtpLayers}; weightDtype (--weight-dtype) sets them`;
  return { ...c, numMtpLayers, quantization: numMtpLayers > 0 ? { unpriced, ...quantization } : quantization };
}

function qwen2Moe(f: Fields): DecoderConfig {
  const c = qwenWindow(f, { ...sizes(f), qkvBias: f.flag("qkv_bias", true), outBias: false });
  return {
    ...c,
    moe: {
      ...experts(f),
      moeIntermediateSize: f.size("moe_intermediate_size"),
      numSharedExperts: 1,
      sharedExpertIntermediateSize: f.size("shared_expert_intermediate_size"),
      sharedExpertGate: true,
      denseLayers: denseByStep(f, c.numHiddenLayers),
    },
  };
}

const qwen3 = (f: Fields): DecoderConfig => qwenWindow(f, { ...sizes(f), ...attentionBias(f), queryKeyNorm: "head" });

function qwen3Moe(f: Fields): DecoderConfig {
  const c = qwen3(f);
  const denseLayers = denseByStep(f, c.numHiddenLayers);
  return { ...c, moe: { ...experts(f), moeIntermediateSize: f.size("moe_intermediate_size"), denseLayers } };
}

const large = { vocab_size: 151936, intermediate_size: 22016, num_attention_heads: 32, num_key_value_heads: 32 };
const small = {
  vocab_size: 151936,
  intermediate_size: 5632,
  num_attention_heads: 16,
  num_key_value_heads: 16,
  moe_intermediate_size: 1408,
};
const vision = { vocab_size: 152064, intermediate_size: 29568, num_attention_heads: 64, num_key_value_heads: 8 };
const windows = { sliding_window: 4096, max_window_layers: 28 };

/** model_type -> family. */
export const qwens: Readonly<Record<string, Family>> = {
  qwen2: { defaults: { ...large, ...windows }, read: qwen2 },
  // Qwen2 with layers that predict further ahead, which its class keeps and does not run.
  mimo: {
    defaults: { ...large, ...windows },
    fixed: { attention_bias: true },
    read: mimo,
  },
  qwen2_moe: {
    defaults: {
      ...small,
      ...windows,
      shared_expert_intermediate_size: 5632,
      num_experts: 60,
      num_experts_per_tok: 4,
    },
    read: qwen2Moe,
  },
  // The text of a model that sees: its `text_config`.
  qwen2_vl_text: { defaults: { ...vision, ...windows, max_window_layers: 80 }, read: qwen2Vision },
  qwen2_5_vl_text: { defaults: { ...vision, ...windows, max_window_layers: 80 }, read: qwen2Vision },
  qwen3_vl_text: { defaults: { ...large, head_dim: 128 }, read: qwen3 },
  qwen3_vl_moe_text: {
    defaults: { ...small, num_experts: 60, num_experts_per_tok: 4, tie_word_embeddings: true },
    read: qwen3Moe,
  },
  qwen3: { defaults: { ...large, ...windows, head_dim: 128 }, read: qwen3 },
  qwen3_moe: {
    defaults: {
      vocab_size: 151936,
      intermediate_size: 6144,
      num_attention_heads: 32,
      num_key_value_heads: 4,
      sliding_window: 4096,
      moe_intermediate_size: 768,
      num_experts: 128,
      num_experts_per_tok: 8,
    },
    fixed: { use_qk_norm: true },
    read: qwen3Moe,
  },
};
