// Gemma's families: a scaled embedding, and from version 2 on windows in turn with the whole context.
import type { DecoderConfig } from "../../models/decoderConfig.js";
import { everyNth } from "../../models/decoderDefaults.js";
import type { Fields } from "./fields.js";
import { activationOf, llama, windowed } from "./llama.js";

export function gemma(f: Fields): DecoderConfig {
  const c = llama(f, true);
  const hiddenAct = activationOf(f, "gelu_pytorch_tanh", "hidden_activation", "hidden_act");
  return { ...c, headDim: c.headDim ?? 256, hiddenAct, embeddingScale: true };
}

export function gemma2(f: Fields): DecoderConfig {
  const config: DecoderConfig = {
    ...gemma(f),
    norms: 4,
    attnLogitSoftcapping: f.has("attn_logit_softcapping"),
    finalLogitSoftcapping: f.has("final_logit_softcapping"),
  };
  return windowed(f, config, (numHiddenLayers) => everyNth(2, numHiddenLayers));
}

export function gemma3(f: Fields): DecoderConfig {
  const config: DecoderConfig = { ...gemma(f), norms: 4, queryKeyNorm: "head" };
  return windowed(f, config, (numHiddenLayers) => {
    const pattern = f.optional("sliding_window_pattern", "_sliding_window_pattern") ?? 6;
    return everyNth(pattern, numHiddenLayers);
  });
}
