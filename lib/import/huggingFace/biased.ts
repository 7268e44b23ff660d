// Families whose scores carry a bias by distance (ALiBi) instead of a rotation or a table, and Falcon, which has it in
// one of its forms. The bias has no parameters; its sum with the scores is not counted. Defaults are those of the
// configuration classes of transformers 5.24.
import type { DecoderConfig } from "../../models/decoderConfig.js";
import type { Family } from "./family.js";
import type { Fields } from "./fields.js";
import { activationOf, layerCount, off, stored } from "./llama.js";

const wide = { gated: false, norm: "layer", fusedProjections: true } as const;

function bloom(f: Fields): DecoderConfig {
  const hiddenSize = f.size("hidden_size", "n_embed");
  return {
    ...wide,
    hiddenSize,
    vocabSize: f.size("vocab_size"),
    numHiddenLayers: layerCount(f, "n_layer", "num_hidden_layers"),
    numAttentionHeads: f.size("n_head", "num_attention_heads"),
    intermediateSize: 4 * hiddenSize,
    hiddenAct: "geluTanh",
    qkvBias: true,
    outBias: true,
    mlpBias: true,
    embeddingNorm: true,
    rotaryDim: 0,
    ...stored(f),
  };
}

function mpt(f: Fields): DecoderConfig {
  const hiddenSize = f.size("d_model", "hidden_size");
  const attention = f.inner("attn_config");
  if (attention) {
    off(attention, "qk_ln", "prefix_lm");
    if (!attention.flag("alibi", true)) attention.refuse("alibi", "true (learned positions are not counted)");
    const type = attention.text("attn_type") ?? "multihead_attention";
    if (type !== "multihead_attention") attention.refuse("attn_type", '"multihead_attention"');
    if (attention.has("kv_n_heads")) attention.refuse("kv_n_heads", "left out (grouped heads are not counted)");
  }
  for (const unused of ["expansion_ratio", "embedding_fraction", "learned_pos_emb", "norm_type"]) f.raw(unused);
  if (!f.flag("no_bias", true)) f.refuse("no_bias", "true (biases are not counted)");
  return {
    ...wide,
    hiddenSize,
    vocabSize: f.size("vocab_size"),
    numHiddenLayers: layerCount(f, "n_layers", "num_hidden_layers"),
    numAttentionHeads: f.size("n_heads", "num_attention_heads"),
    // Whatever `expansion_ratio` says: transformers' layer has four times the width.
    intermediateSize: 4 * hiddenSize,
    hiddenAct: "gelu",
    normBias: false,
    rotaryDim: 0,
    ...stored(f),
  };
}

/** One norm for both halves (Falcon 7B), one for each (40B), or the halves one behind the other (RW). */
function falcon(f: Fields): DecoderConfig {
  const hiddenSize = f.size("hidden_size");
  const numAttentionHeads = f.size("num_attention_heads");
  const bias = f.flag("bias", false);
  const grouped = f.flag("new_decoder_architecture", false);
  const inParallel = f.flag("parallel_attn", true);
  const parallelResidual = grouped || inParallel;
  const [kvHeads, oneHead] = [f.optional("num_kv_heads") ?? numAttentionHeads, f.flag("multi_query", true)];
  const normsInParallel = f.optional("num_ln_in_parallel_attn") ?? (grouped ? 2 : 1);
  if (normsInParallel > 2) f.refuse("num_ln_in_parallel_attn", "1 or 2");
  return {
    ...wide,
    hiddenSize,
    numAttentionHeads,
    vocabSize: f.size("vocab_size"),
    numHiddenLayers: layerCount(f, "num_hidden_layers"),
    numKeyValueHeads: grouped ? kvHeads : oneHead ? 1 : numAttentionHeads,
    intermediateSize: f.optional("ffn_hidden_size") ?? 4 * hiddenSize,
    hiddenAct: activationOf(f, "gelu", "activation"),
    qkvBias: bias,
    outBias: bias,
    mlpBias: bias,
    parallelResidual,
    ...(parallelResidual ? { norms: grouped && normsInParallel === 2 ? 2 : 1 } : {}),
    ...(f.flag("alibi", false) ? { rotaryDim: 0 } : {}),
    ...stored(f),
  };
}

/** model_type -> family. */
export const biasedFamilies: Readonly<Record<string, Family>> = {
  bloom: { defaults: { vocab_size: 250880, n_head: 8, tie_word_embeddings: true }, read: bloom },
  mpt: {
    defaults: { vocab_size: 50368, n_heads: 16, tie_word_embeddings: true },
    read: mpt,
  },
  falcon: { defaults: { vocab_size: 65024, num_attention_heads: 71, tie_word_embeddings: true }, read: falcon },
};
