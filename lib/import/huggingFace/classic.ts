// Families with layer norms, biases, or a feed-forward of two matrices, under Llama's names of sizes. Defaults are
// those of the configuration classes of transformers 5.24.
import type { DecoderConfig } from "../../models/decoderConfig.js";
import { everyNth } from "../../models/decoderDefaults.js";
import type { Family } from "./family.js";
import type { Fields } from "./fields.js";
import {
  activationOf,
  always,
  attentionBias,
  layerCount,
  partial,
  rotatedInWindows,
  sizes,
  stored,
  ungroupedSizes,
  windowed,
} from "./llama.js";

export const classic = { gated: false, norm: "layer", qkvBias: true, outBias: true, mlpBias: true } as const;

function neoX(f: Fields): DecoderConfig {
  const parallelResidual = f.flag("use_parallel_residual", true);
  return {
    ...ungroupedSizes(f),
    ...classic,
    ...attentionBias(f),
    fusedProjections: true,
    hiddenAct: activationOf(f, "gelu", "hidden_act"),
    ...(parallelResidual ? { parallelResidual, norms: 2 as const } : {}),
    ...partial(f, 0.25),
  };
}

function opt(f: Fields): DecoderConfig {
  const hiddenSize = f.size("hidden_size");
  const wordEmbedProjDim = f.optional("word_embed_proj_dim") ?? hiddenSize;
  const normsBefore = f.flag("do_layer_norm_before", true);
  const bias = f.flag("enable_bias", true);
  return {
    ...classic,
    qkvBias: bias,
    outBias: bias,
    mlpBias: bias,
    hiddenSize,
    vocabSize: f.size("vocab_size"),
    numHiddenLayers: layerCount(f, "num_hidden_layers"),
    numAttentionHeads: f.size("num_attention_heads"),
    intermediateSize: f.size("ffn_dim"),
    learnedPositions: true,
    maxPositionEmbeddings: f.size("max_position_embeddings") + 2,
    positionOffset: 2,
    hiddenAct: activationOf(f, "relu", "activation_function"),
    normAffine: f.flag("layer_norm_elementwise_affine", true),
    ...(normsBefore ? {} : { norms: "post" as const }),
    finalNorm: !f.flag("_remove_final_layer_norm", false) && normsBefore,
    ...stored(f),
    ...(wordEmbedProjDim === hiddenSize ? {} : { wordEmbedProjDim }),
  };
}

const bioGpt = (f: Fields): DecoderConfig => ({
  ...ungroupedSizes(f),
  ...classic,
  hiddenAct: activationOf(f, "gelu", "hidden_act"),
  learnedPositions: true,
  maxPositionEmbeddings: f.size("max_position_embeddings") + 2,
  positionOffset: 2,
  embeddingScale: f.flag("scale_embedding", true),
});

const phi = (f: Fields): DecoderConfig => ({
  ...sizes(f),
  ...classic,
  hiddenAct: activationOf(f, "gelu_new", "hidden_act"),
  parallelResidual: true,
  headBias: true,
  ...(f.flag("qk_layernorm", false) ? { queryKeyNorm: "layer" as const } : {}),
  ...partial(f, 0.5),
});

function starcoder2(f: Fields): DecoderConfig {
  const bias = f.flag("use_bias", true);
  const hiddenAct = activationOf(f, "gelu_pytorch_tanh", "hidden_act");
  return windowed(f, { ...sizes(f), ...classic, qkvBias: bias, outBias: bias, mlpBias: bias, hiddenAct }, always);
}

const nemotron = (f: Fields): DecoderConfig => ({
  ...sizes(f),
  ...attentionBias(f),
  gated: false,
  norm: "layer",
  mlpBias: f.flag("mlp_bias", false),
  ...partial(f, 0.5),
});

/** Attention and feed-forward behind one layer norm without bias. */
const cohere = (f: Fields): DecoderConfig => ({
  ...sizes(f),
  ...attentionBias(f),
  norm: "layer",
  normBias: false,
  parallelResidual: true,
  logitScale: true,
  ...(f.flag("use_qk_norm", false) ? { queryKeyNorm: "perHead" as const } : {}),
});

const persimmon = (f: Fields): DecoderConfig => ({
  ...ungroupedSizes(f),
  ...classic,
  fusedProjections: true,
  ...(f.flag("qk_layernorm", true) ? { queryKeyNorm: "layer" as const } : {}),
  ...partial(f, 0.5),
});

const command = { vocab_size: 256000, intermediate_size: 22528, num_attention_heads: 64, tie_word_embeddings: true };

/** model_type -> family. */
export const classics: Readonly<Record<string, Family>> = {
  gpt_neox: {
    defaults: { vocab_size: 50432, num_attention_heads: 64, intermediate_size: 24576, attention_bias: true },
    read: neoX,
  },
  opt: {
    defaults: {
      vocab_size: 50272,
      ffn_dim: 3072,
      num_attention_heads: 12,
      max_position_embeddings: 2048,
      tie_word_embeddings: true,
    },
    read: opt,
  },
  biogpt: {
    defaults: {
      vocab_size: 42384,
      num_attention_heads: 16,
      intermediate_size: 4096,
      max_position_embeddings: 1024,
      tie_word_embeddings: true,
    },
    read: bioGpt,
  },
  phi: { defaults: { vocab_size: 51200, intermediate_size: 8192, num_attention_heads: 32 }, read: phi },
  starcoder2: {
    defaults: {
      vocab_size: 49152,
      intermediate_size: 12288,
      num_attention_heads: 24,
      num_key_value_heads: 2,
      tie_word_embeddings: true,
    },
    fixed: { mlp_type: "default", norm_type: "layer_norm" },
    read: starcoder2,
  },
  nemotron: {
    defaults: { vocab_size: 256000, intermediate_size: 24576, num_attention_heads: 48, hidden_act: "relu2" },
    read: nemotron,
  },
  cohere: { defaults: command, read: cohere },
  cohere2: {
    defaults: { ...command, sliding_window: 4096 },
    fixed: {
      order_of_interleaved_layers: "local_attn_first",
      position_embedding_type: "rope_gptj",
      use_embedding_sharing: true,
      use_gated_activation: true,
      use_parallel_block: true,
      use_parallel_embedding: true,
    },
    read(f) {
      const pattern = f.optional("sliding_window_pattern") ?? 4;
      return rotatedInWindows(windowed(f, cohere(f), (layers) => everyNth(pattern, layers)));
    },
  },
  persimmon: {
    defaults: { vocab_size: 262144, intermediate_size: 16384, num_attention_heads: 64, hidden_act: "relu2" },
    read: persimmon,
  },
};
