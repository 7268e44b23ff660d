// Decoder-only language models by name: data only, merged into the registry.
import { decoder, type DecoderModel, type DecoderOptions } from "./decoder.js";
import type { DecoderConfig } from "./decoderConfig.js";
import { deepSeeks } from "./decoderDeepSeek.js";
import { gemmas } from "./decoderGemma.js";
import { llamas, mistrals, phis } from "./decoderLlama.js";
import { qwens } from "./decoderQwen.js";
import { gpt2s } from "./gpt2.js";

export const decoderConfigs: Readonly<Record<string, DecoderConfig>> = {
  ...gpt2s,
  ...llamas,
  ...mistrals,
  ...qwens,
  ...gemmas,
  ...deepSeeks,
  ...phis,
};

/** Names in use beside the short ones -> short name. */
export const decoderAliases: Readonly<Record<string, string>> = {
  "Meta-Llama-3-8B": "Llama-3-8B",
  "Meta-Llama-3-70B": "Llama-3-70B",
  "Meta-Llama-3.1-8B": "Llama-3.1-8B",
  "Meta-Llama-3.1-70B": "Llama-3.1-70B",
  "Meta-Llama-3.1-405B": "Llama-3.1-405B",
  "Llama-2-7b-hf": "Llama-2-7B",
  "Llama-2-13b-hf": "Llama-2-13B",
  "Llama-2-70b-hf": "Llama-2-70B",
  "Mistral-7B": "Mistral-7B-v0.1",
  "Mixtral-8x7B-v0.1": "Mixtral-8x7B",
  "Mixtral-8x22B-v0.1": "Mixtral-8x22B",
  TinyLlama: "TinyLlama-1.1B",
  "TinyLlama-1.1B-v1.0": "TinyLlama-1.1B",
  "Phi-3-mini": "Phi-3-mini-4k",
  "Phi-3-mini-4k-instruct": "Phi-3-mini-4k",
  "Gemma-3-4B": "Gemma-3-4B(text)",
  "Gemma-3-12B": "Gemma-3-12B(text)",
  "Gemma-3-27B": "Gemma-3-27B(text)",
  SmolLM2: "SmolLM2-1.7B",
  "gpt2-small": "gpt2",
};

/**
 * "meta-llama/Llama-3.1-8B-Instruct" -> "meta-llama/Llama-3.1-8B": tuning leaves the shape as it is. But for
 * Mixtral-8x22B-Instruct, whose vocabulary is larger than its base's.
 */
export const withoutTuning = (name: string): string =>
  /8x22b/i.test(name) ? name : name.slice(0, 200).replace(/[-_](instruct|chat|it|pt|base|hf|2507)(?=[-_]|$)/gi, "");

type DecoderFactory = (options?: DecoderOptions) => DecoderModel;

export const decoderModels: Readonly<Record<string, DecoderFactory>> = Object.fromEntries(
  Object.entries(decoderConfigs).map(([name, config]): [string, DecoderFactory] => [
    name,
    (options) => decoder(config, options, name, `config.json of ${name} on huggingface.co`),
  ]),
);
