// Decoder families that put known parts together anew. Defaults are those of the configuration classes of transformers
// 5.24.
import type { DecoderConfig } from "../../models/decoderConfig.js";
import { maxLayers } from "../../models/decoderDefaults.js";
import type { Family } from "./family.js";
import type { Fields } from "./fields.js";
import {
  activationOf,
  attentionBias,
  layerCount,
  llama,
  numbers,
  off,
  scaled,
  sizes,
  stored,
  windowed,
} from "./llama.js";

/** Llama, under the names of the first EXAONE. */
function exaone(f: Fields): DecoderConfig {
  const heads = f.size("num_attention_heads");
  return {
    vocabSize: f.size("vocab_size"),
    hiddenSize: f.size("hidden_size"),
    numHiddenLayers: layerCount(f, "num_hidden_layers", "num_layers"),
    numAttentionHeads: heads,
    numKeyValueHeads: f.optional("num_key_value_heads") ?? heads,
    headDim: f.optional("head_dim"),
    intermediateSize: f.size("intermediate_size"),
    hiddenAct: activationOf(f, "silu", "hidden_act", "activation_function"),
    ...stored(f),
    ...attentionBias(f),
    mlpBias: f.flag("mlp_bias", false),
  };
}

/** Llama with all of its biases or none. */
function internLm3(f: Fields): DecoderConfig {
  const bias = f.flag("attention_bias", f.flag("qkv_bias", false));
  if (f.flag("mlp_bias", f.flag("bias", false)) !== bias) f.refuse("mlp_bias", `${bias}, as attention_bias is`);
  return { ...sizes(f), qkvBias: bias, outBias: bias, mlpBias: bias };
}

function iQuestCoder(f: Fields): DecoderConfig {
  off(f, "use_sliding_window");
  if (f.has("clip_qkv")) f.refuse("clip_qkv", "null");
  return llama(f);
}

/** Layers that see the whole context first of every four, a sink for each head; a base of 0 rotates nothing. */
export function inGraniteWindows(f: Fields, c: DecoderConfig): DecoderConfig {
  const bases = f.list("layer_rope_theta", maxLayers) ?? [];
  const noRopeLayers = numbers(c.numHiddenLayers).filter((i) => bases[i] === 0);
  const everyFourth = (layers: number): number[] => numbers(layers).filter((i) => i % 4 === 0);
  return { ...windowed(f, { ...c, attentionSinks: true }, everyFourth), noRopeLayers };
}

/** Sinusoidal positions, which have no parameters; their sum with the embedding is not counted. */
const xglm = (f: Fields): DecoderConfig => ({
  vocabSize: f.size("vocab_size"),
  hiddenSize: f.size("d_model", "hidden_size"),
  numHiddenLayers: layerCount(f, "num_layers", "num_hidden_layers"),
  numAttentionHeads: f.size("attention_heads", "num_attention_heads"),
  intermediateSize: f.size("ffn_dim"),
  hiddenAct: activationOf(f, "gelu", "activation_function"),
  gated: false,
  norm: "layer",
  qkvBias: true,
  outBias: true,
  mlpBias: true,
  rotaryDim: 0,
  embeddingScale: f.flag("scale_embedding", true),
  ...stored(f),
});

export const granite = { vocab_size: 32000, intermediate_size: 11008, num_attention_heads: 32 };

/** model_type -> family. */
export const recents: Readonly<Record<string, Family>> = {
  exaone: {
    defaults: { vocab_size: 102400, intermediate_size: 14336, num_attention_heads: 32, num_key_value_heads: 8 },
    read: exaone,
  },
  internlm3: {
    defaults: {
      vocab_size: 128512,
      intermediate_size: 10240,
      num_attention_heads: 32,
      num_key_value_heads: 2,
      head_dim: 128,
    },
    read: internLm3,
  },
  iquestcoder: {
    defaults: {
      vocab_size: 76800,
      intermediate_size: 27648,
      num_attention_heads: 40,
      num_key_value_heads: 8,
      head_dim: 128,
    },
    read: iQuestCoder,
  },
  jais2: {
    defaults: {
      vocab_size: 150272,
      intermediate_size: 26624,
      num_attention_heads: 26,
      hidden_act: "relu2",
      attention_bias: true,
      mlp_bias: true,
    },
    read: (f) => ({ ...llama(f), norm: "layer", gated: false }),
  },
  hyperclovax: {
    defaults: granite,
    read: (f) => ({ ...llama(f), ...scaled, norms: f.flag("use_post_norm", true) ? 4 : 2 }),
  },
  granite_swa: {
    defaults: {
      vocab_size: 100352,
      intermediate_size: 8192,
      num_attention_heads: 20,
      num_key_value_heads: 4,
      sliding_window: 128,
      tie_word_embeddings: true,
    },
    read: (f) => inGraniteWindows(f, { ...llama(f), ...scaled }),
  },
  xglm: {
    defaults: {
      vocab_size: 256008,
      d_model: 1024,
      ffn_dim: 4096,
      num_layers: 24,
      attention_heads: 16,
      tie_word_embeddings: true,
    },
    read: xglm,
  },
};
