// Gemma's families: a scaled embedding, and from version 2 on windows in turn with the whole context. Defaults are
// those of the configuration classes of transformers 5.24.
import type { DecoderConfig } from "../../models/decoderConfig.js";
import { everyNth } from "../../models/decoderDefaults.js";
import type { Family } from "./family.js";
import type { Fields } from "./fields.js";
import { activationOf, attentionBias, sizes, windowed } from "./llama.js";

function gemma(f: Fields): DecoderConfig {
  const hiddenAct = activationOf(f, "gelu_pytorch_tanh", "hidden_activation", "hidden_act");
  const bidirectional = f.flag("use_bidirectional_attention", false) ? { causal: false } : {};
  return { ...sizes(f), ...attentionBias(f), hiddenAct, embeddingScale: true, ...bidirectional };
}

const capped = (f: Fields): DecoderConfig => ({
  ...gemma(f),
  norms: 4,
  attnLogitSoftcapping: f.has("attn_logit_softcapping"),
  finalLogitSoftcapping: f.has("final_logit_softcapping"),
});

function gemma3(f: Fields): DecoderConfig {
  const pattern = f.optional("sliding_window_pattern", "_sliding_window_pattern") ?? 6;
  return windowed(f, { ...capped(f), queryKeyNorm: "head" }, (layers) => everyNth(pattern, layers));
}

const first = { vocab_size: 256000, head_dim: 256, tie_word_embeddings: true };
const later = {
  ...first,
  intermediate_size: 9216,
  num_attention_heads: 8,
  num_key_value_heads: 4,
  sliding_window: 4096,
};

/** model_type -> family. */
export const gemmas: Readonly<Record<string, Family>> = {
  gemma: {
    defaults: { ...first, intermediate_size: 24576, num_attention_heads: 16, num_key_value_heads: 16 },
    read: gemma,
  },
  gemma2: {
    defaults: { ...later, attn_logit_softcapping: 50, final_logit_softcapping: 30 },
    read: (f) => windowed(f, capped(f), (layers) => everyNth(2, layers)),
  },
  vaultgemma: {
    defaults: { ...later, attn_logit_softcapping: 50, final_logit_softcapping: 30 },
    fixed: { use_bidirectional_attention: false },
    read: (f) => windowed(f, { ...capped(f), norms: 2 }, (layers) => everyNth(2, layers)),
  },
  gemma3_text: { defaults: { ...later, vocab_size: 262208 }, read: gemma3 },
};
