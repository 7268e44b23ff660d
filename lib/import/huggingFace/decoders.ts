// Hugging Face's fields -> DecoderConfig, one function a family. Field names and defaults are those of transformers'
// configuration classes.
import type { DecoderConfig } from "../../models/decoderConfig.js";
import { gpt2, neoX, opt, phi, starcoder2 } from "./classic.js";
import { deepSeek } from "./deepSeek.js";
import type { Fields } from "./fields.js";
import { gemma, gemma2, gemma3 } from "./gemma.js";
import { always, experts, llama, partial, windowed } from "./llama.js";
import { qwen2, qwen2Moe, qwen3, qwen3Moe } from "./qwen.js";

function phi3(f: Fields): DecoderConfig {
  return windowed(f, { ...llama(f), fusedProjections: true, ...partial(f) }, always);
}

function mixtral(f: Fields): DecoderConfig {
  const c = windowed(f, llama(f), always);
  return { ...c, moe: { ...experts(f), moeIntermediateSize: c.intermediateSize } };
}

function stableLm(f: Fields): DecoderConfig {
  return {
    ...llama(f),
    norm: "layer",
    qkvBias: f.flag("use_qkv_bias", false),
    outBias: false,
    ...partial(f, 0.25),
  };
}

/** model_type -> configuration. */
export const decoderFamilies: Readonly<Record<string, (f: Fields) => DecoderConfig>> = {
  llama: (f) => llama(f),
  mistral: (f) => windowed(f, llama(f), always),
  ministral: (f) => windowed(f, llama(f), always),
  mixtral,
  qwen2,
  qwen2_moe: qwen2Moe,
  qwen3,
  qwen3_moe: qwen3Moe,
  gemma,
  gemma2,
  gemma3_text: gemma3,
  deepseek_v2: (f) => deepSeek(f, false),
  deepseek_v3: (f) => deepSeek(f, (f.text("topk_method") ?? "noaux_tc") === "noaux_tc"),
  smollm3: (f) => llama(f, true),
  phi3,
  phi,
  gpt2,
  gpt_neox: neoX,
  opt,
  olmo: (f) => ({ ...llama(f), norm: "layer", normAffine: false }),
  olmo2: (f) => ({ ...llama(f), norms: "after", queryKeyNorm: "all" }),
  granite: (f) => llama(f),
  stablelm: stableLm,
  starcoder2,
};

/** `family`'s reading of `fields`, or an error that names the field. */
export const decoderConfigOf = (family: string, fields: Fields): DecoderConfig => decoderFamilies[family]!(fields);
