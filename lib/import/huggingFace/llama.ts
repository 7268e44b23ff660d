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
  relu2: "reluSquared",
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

/** Sizes that most families share, without a bias anywhere. */
export function sizes(
  f: Fields,
  hiddenAct: ActivationKind = activationOf(f, "silu", "hidden_act", "hidden_activation"),
): DecoderConfig {
  const heads = f.size("num_attention_heads");
  const numKeyValueHeads = f.optional("num_key_value_heads") ?? heads;
  if (heads % numKeyValueHeads !== 0 && !f.names().includes("num_key_value_heads"))
    f.refuse(
      "num_key_value_heads",
      `given, as the class's default does not divide the ${heads} of num_attention_heads`,
    );
  return {
    vocabSize: f.size("vocab_size"),
    hiddenSize: f.size("hidden_size"),
    numHiddenLayers: layerCount(f, "num_hidden_layers"),
    numAttentionHeads: heads,
    numKeyValueHeads,
    headDim: f.optional("head_dim"),
    intermediateSize: f.size("intermediate_size"),
    hiddenAct,
    ...stored(f),
  };
}

/** Sizes of a class that does not read `head_dim`: the heads share the width evenly. */
export function evenSizes(f: Fields): DecoderConfig {
  const c = sizes(f);
  const width = c.hiddenSize / c.numAttentionHeads;
  return (c.headDim ?? width) === width ? c : f.refuse("head_dim", `${width}, the width by its heads`);
}

/** Sizes of a class that does not read `num_key_value_heads` either: every head has its own keys and values. */
export function ungroupedSizes(f: Fields): DecoderConfig {
  const c = evenSizes(f);
  const heads = c.numAttentionHeads;
  return c.numKeyValueHeads === heads ? c : f.refuse("num_key_value_heads", `the ${heads} of num_attention_heads`);
}

/** What every family has: how the file stores the weights, and whether the output layer is the embedding's. */
export function stored(f: Fields): Pick<DecoderConfig, "tieWordEmbeddings" | "quantization" | "dtype"> {
  const quantization = quantizationOf(f);
  const dtype = dtypeOf(f);
  return {
    tieWordEmbeddings: f.flag("tie_word_embeddings", false),
    ...(quantization ? { quantization } : {}),
    ...(dtype ? { dtype } : {}),
  };
}

/** Biases of all four projections of attention, by one switch. */
export function attentionBias(f: Fields): Pick<DecoderConfig, "qkvBias" | "outBias"> {
  const bias = f.flag("attention_bias", false);
  return { qkvBias: bias, outBias: bias };
}

/** Sizes and switches of Llama's configuration class. */
export const llama = (f: Fields): DecoderConfig => ({
  ...sizes(f),
  ...attentionBias(f),
  mlpBias: f.flag("mlp_bias", false),
});

/** Refuses a switch that is on: what it adds is not counted. */
export function off(f: Fields, ...names: string[]): void {
  for (const name of names) if (f.flag(name, false)) f.refuse(name, "false (what it adds is not counted)");
}

/** 0, 1, … below n. */
export const numbers = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

const attentionTypes = ["full_attention", "sliding_attention", "chunked_attention"];

/** The kind of attention of each layer, where the file tells it. */
function layerTypes(f: Fields, layers: number): readonly unknown[] | undefined {
  const types = f.list("layer_types", maxLayers);
  if (types === undefined) return undefined;
  if (types.length < layers || types.some((type) => !attentionTypes.includes(type as string)))
    f.refuse("layer_types", `a list of ${layers} of ${attentionTypes.join(", ")}`);
  return types;
}

/** Layers that see the whole context, by `layer_types` where the file has them, else by `rule`. */
export function windowed(
  f: Fields,
  config: DecoderConfig,
  rule: (layers: number) => number[] | undefined,
): DecoderConfig {
  const types = layerTypes(f, config.numHiddenLayers);
  const slidingWindow = f.optional("sliding_window");
  if (slidingWindow === undefined) return config;
  const fullAttentionLayers = types
    ? numbers(config.numHiddenLayers).filter((i) => types[i] !== "sliding_attention")
    : rule(config.numHiddenLayers);
  if (fullAttentionLayers === undefined) return { ...config, slidingWindow };
  return fullAttentionLayers.length >= config.numHiddenLayers
    ? config
    : { ...config, slidingWindow, fullAttentionLayers };
}

/** `config` of a file that may tell the kinds of its layers without having a window in use. */
export function unwindowed(f: Fields, config: DecoderConfig): DecoderConfig {
  layerTypes(f, config.numHiddenLayers);
  return config;
}

/** `config` with positions rotated only in the layers that have a window; without a window, in all. */
export function rotatedInWindows(config: DecoderConfig): DecoderConfig {
  return config.slidingWindow === undefined ? config : { ...config, noRopeLayers: config.fullAttentionLayers ?? [] };
}

/** Layers without rotation: where `no_rope_layers` has a 0, by default every `no_rope_layer_interval`-th. */
export function noRope(f: Fields): Pick<DecoderConfig, "noRopeLayers"> {
  const layers = layerCount(f, "num_hidden_layers");
  const switches = f.list("no_rope_layers", maxLayers);
  const interval = f.optional("no_rope_layer_interval") ?? 4;
  if (switches && switches.length > 0 && switches.length < layers)
    f.refuse("no_rope_layers", `a list of ${layers} of 0, 1`);
  const off = (i: number) => (switches && switches.length > 0 ? switches[i] === 0 : (i + 1) % interval === 0);
  return { noRopeLayers: numbers(layers).filter(off) };
}

/** Granite's constants, which are multiplied in whatever they are. */
export const scaled = { embeddingScale: true, residualScale: true, logitScale: true } as const;

/** A rule by which every layer has the window. */
export const always = (): undefined => undefined;

/** Routed experts, and how many of them see a token. */
export function experts(f: Fields): { numExperts: number; numExpertsPerTok: number } {
  const numExperts = f.size("num_experts", "num_local_experts", "n_routed_experts");
  const numExpertsPerTok = f.size("num_experts_per_tok", "experts_per_token");
  if (numExpertsPerTok > numExperts) f.refuse("num_experts_per_tok", `at most the ${numExperts} experts`);
  return { numExperts, numExpertsPerTok };
}

/** A share of each head is rotated. transformers 5 writes it among `rope_parameters`. */
export function partial(f: Fields, otherwise = 1): { rotaryDim?: number } {
  const inner = f.inner("rope_parameters");
  const share = inner?.has("partial_rotary_factor")
    ? inner.fraction(otherwise, "partial_rotary_factor")
    : f.fraction(otherwise, "partial_rotary_factor", "rotary_pct");
  if (share === 1) return {};
  const headDim = f.optional("head_dim") ?? Math.floor(f.size("hidden_size") / f.size("num_attention_heads"));
  return { rotaryDim: Math.floor(headDim * share) };
}
