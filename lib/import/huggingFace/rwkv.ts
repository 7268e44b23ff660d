// RWKV-4 of transformers 5.24: config.json -> RwkvConfig.
import type { RwkvConfig } from "../../models/rwkv.js";
import type { Family } from "./family.js";
import type { Fields } from "./fields.js";
import { dtypeOf, layerCount } from "./llama.js";

function read(f: Fields): RwkvConfig {
  if (f.has("quantization_config")) f.refuse("quantization_config", "absent (not counted for RWKV)");
  const hiddenSize = f.size("hidden_size");
  return {
    vocabSize: f.size("vocab_size"),
    hiddenSize,
    numHiddenLayers: layerCount(f, "num_hidden_layers"),
    attentionHiddenSize: f.optional("attention_hidden_size") ?? hiddenSize,
    intermediateSize: f.optional("intermediate_size") ?? 4 * hiddenSize,
    tieWordEmbeddings: f.flag("tie_word_embeddings", false),
    dtype: dtypeOf(f),
  };
}

export const rwkvFamily: Family<RwkvConfig> = {
  defaults: { vocab_size: 50277, hidden_size: 4096, num_hidden_layers: 32, tie_word_embeddings: false },
  idle: "context_length rescale_every",
  read,
};
