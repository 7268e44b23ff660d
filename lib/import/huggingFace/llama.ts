// Fields that most decoder families share, under the names and defaults of Llama's configuration class.
import { parseDType } from "../../dtype.js";
import type { ActivationKind } from "../../ops/index.js";
import type { DecoderConfig } from "../../models/decoderConfig.js";
import { maxLayers } from "../../models/decoderDefaults.js";
import { who, type Fields } from "./fields.js";
import { quantizationOf } from "./quantization.js";

const activations: Readonly<Record<string, ActivationKind>> = {
  silu: "silu",
  swish: "silu",
  gelu: "gelu",
  gelu_new: "geluTanh",
  gelu_fast: "geluTanh",
  gelu_pytorch_tanh: "geluTanh",
  gelu_python: "gelu",
  quick_gelu: "quickGelu",
  relu: "relu",
  tanh: "tanh",
};

export function activationOf(f: Fields, otherwise: string, ...names: string[]): ActivationKind {
  const name = names.find((n) => f.has(n)) ?? names[0]!;
  const value = f.text(name) ?? otherwise;
  if (!Object.hasOwn(activations, value)) return f.refuse(name, `one of ${Object.keys(activations).join(", ")}`);
  return activations[value]!;
}

/** The format that the checkpoint is stored in. */
export function dtypeOf(f: Fields): string | undefined {
  const name = f.has("torch_dtype") ? "torch_dtype" : "dtype";
  const value = f.text(name);
  return value === undefined || value === "auto" ? undefined : parseDType(`${who}: ${name}`, value);
}

export function layerCount(f: Fields, ...names: string[]): number {
  const n = f.size(...names);
  const given = names.find((name) => f.has(name))!;
  if (n > maxLayers) f.refuse(given, `at most ${maxLayers} layers`);
  return n;
}

/** Sizes and switches that most families share. */
export function llama(f: Fields, tiedByDefault = false): DecoderConfig {
  const heads = f.size("num_attention_heads");
  const attentionBias = f.flag("attention_bias", false);
  const quantization = quantizationOf(f);
  const dtype = dtypeOf(f);
  return {
    vocabSize: f.size("vocab_size"),
    hiddenSize: f.size("hidden_size"),
    numHiddenLayers: layerCount(f, "num_hidden_layers"),
    numAttentionHeads: heads,
    numKeyValueHeads: f.optional("num_key_value_heads") ?? heads,
    headDim: f.optional("head_dim"),
    intermediateSize: f.size("intermediate_size"),
    hiddenAct: activationOf(f, "silu", "hidden_act", "hidden_activation"),
    qkvBias: attentionBias,
    outBias: attentionBias,
    mlpBias: f.flag("mlp_bias", false),
    tieWordEmbeddings: f.flag("tie_word_embeddings", tiedByDefault),
    ...(quantization ? { quantization } : {}),
    ...(dtype ? { dtype } : {}),
  };
}

/** 0, 1, … below n. */
export const numbers = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** Layers that see the whole context, by `layer_types` where the file has them, else by `rule`. */
export function windowed(
  f: Fields,
  config: DecoderConfig,
  rule: (layers: number) => number[] | undefined,
): DecoderConfig {
  const slidingWindow = f.optional("sliding_window");
  if (slidingWindow === undefined) return config;
  const types = f.list("layer_types", maxLayers);
  const fullAttentionLayers = types
    ? numbers(config.numHiddenLayers).filter((i) => types[i] !== "sliding_attention")
    : rule(config.numHiddenLayers);
  if (fullAttentionLayers === undefined) return { ...config, slidingWindow };
  return fullAttentionLayers.length >= config.numHiddenLayers
    ? config
    : { ...config, slidingWindow, fullAttentionLayers };
}

/** A rule by which every layer has the window. */
export const always = (): undefined => undefined;

/** Routed experts, and how many of them see a token. */
export function experts(f: Fields): { numExperts: number; numExpertsPerTok: number } {
  const numExperts = f.size("num_experts", "num_local_experts", "n_routed_experts");
  const numExpertsPerTok = f.size("num_experts_per_tok");
  if (numExpertsPerTok > numExperts) f.refuse("num_experts_per_tok", `at most the ${numExperts} experts`);
  return { numExperts, numExpertsPerTok };
}

/** A share of each head is rotated. */
export function partial(f: Fields, otherwise = 1): { rotaryDim?: number } {
  const share = f.fraction(otherwise, "partial_rotary_factor", "rotary_pct");
  if (share === 1) return {};
  const headDim = f.optional("head_dim") ?? Math.floor(f.size("hidden_size") / f.size("num_attention_heads"));
  return { rotaryDim: Math.floor(headDim * share) };
}
