// Families of GPT-2's kind: layer norms, biases, and a feed-forward of two matrices.
import type { DecoderConfig } from "../../models/decoderConfig.js";
import type { Fields } from "./fields.js";
import { activationOf, always, dtypeOf, layerCount, llama, partial, windowed } from "./llama.js";
import { quantizationOf } from "./quantization.js";

const classic = { gated: false, norm: "layer", qkvBias: true, outBias: true, mlpBias: true } as const;

export function gpt2(f: Fields): DecoderConfig {
  const hiddenSize = f.size("n_embd", "hidden_size");
  return {
    ...classic,
    fusedProjections: true,
    hiddenSize,
    vocabSize: f.size("vocab_size"),
    learnedPositions: true,
    maxPositionEmbeddings: f.size("n_positions", "n_ctx"),
    numHiddenLayers: layerCount(f, "n_layer", "num_hidden_layers"),
    numAttentionHeads: f.size("n_head", "num_attention_heads"),
    intermediateSize: f.optional("n_inner") ?? 4 * hiddenSize,
    hiddenAct: activationOf(f, "gelu_new", "activation_function"),
    tieWordEmbeddings: f.flag("tie_word_embeddings", true),
    dtype: dtypeOf(f) ?? "fp32",
    quantization: quantizationOf(f),
  };
}

export function neoX(f: Fields): DecoderConfig {
  const parallelResidual = f.flag("use_parallel_residual", true);
  const bias = f.flag("attention_bias", true);
  return {
    ...llama(f),
    ...classic,
    qkvBias: bias,
    outBias: bias,
    fusedProjections: true,
    hiddenAct: activationOf(f, "gelu", "hidden_act"),
    ...(parallelResidual ? { parallelResidual, norms: 2 as const } : {}),
    ...partial(f, 0.25),
  };
}

export function opt(f: Fields): DecoderConfig {
  const hiddenSize = f.size("hidden_size");
  const wordEmbedProjDim = f.optional("word_embed_proj_dim") ?? hiddenSize;
  const after = !f.flag("do_layer_norm_before", true);
  const bias = f.flag("enable_bias", true);
  if (after) f.refuse("do_layer_norm_before", "true (norms behind the halves of a layer are not counted for OPT)");
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
    tieWordEmbeddings: f.flag("tie_word_embeddings", true),
    finalNorm: !f.flag("_remove_final_layer_norm", false),
    quantization: quantizationOf(f),
    dtype: dtypeOf(f),
    ...(wordEmbedProjDim === hiddenSize ? {} : { wordEmbedProjDim }),
  };
}

export function phi(f: Fields): DecoderConfig {
  const config: DecoderConfig = {
    ...llama(f),
    ...classic,
    hiddenAct: activationOf(f, "gelu_new", "hidden_act"),
    parallelResidual: true,
    headBias: true,
    ...partial(f, 0.5),
  };
  if (f.flag("qk_layernorm", false)) f.refuse("qk_layernorm", "false (not counted)");
  return config;
}

export function starcoder2(f: Fields): DecoderConfig {
  const bias = f.flag("use_bias", true);
  const config: DecoderConfig = {
    ...llama(f, true),
    ...classic,
    qkvBias: bias,
    outBias: bias,
    mlpBias: bias,
    hiddenAct: activationOf(f, "gelu_pytorch_tanh", "hidden_act"),
  };
  return windowed(f, config, always);
}
