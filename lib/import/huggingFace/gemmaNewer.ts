// Gemma 3n and Gemma 4: layers of different sizes, inputs of each layer, keys and values that layers share. Defaults
// are those of the configuration classes of transformers 5.24.
import type { DecoderConfig, DecoderLayerConfig } from "../../models/decoderConfig.js";
import { everyNth, keysOf, maxLayers } from "../../models/decoderDefaults.js";
import type { Family } from "./family.js";
import type { Fields } from "./fields.js";
import { activationOf, attentionBias, layerCount, numbers, stored } from "./llama.js";

type Sizes = Readonly<Record<number, DecoderLayerConfig>>;

/** Fields of both, with a feed-forward of `intermediateSize`. */
function shared(f: Fields, intermediateSize: number, fullAttentionLayers: readonly number[]): DecoderConfig {
  const numHiddenLayers = layerCount(f, "num_hidden_layers");
  const window = { slidingWindow: f.size("sliding_window"), fullAttentionLayers };
  const width = f.count("hidden_size_per_layer_input");
  const vocabSizePerLayerInput = f.size("vocab_size_per_layer_input");
  return {
    vocabSize: f.size("vocab_size"),
    hiddenSize: f.size("hidden_size"),
    numHiddenLayers,
    numAttentionHeads: f.size("num_attention_heads"),
    numKeyValueHeads: f.size("num_key_value_heads"),
    headDim: f.size("head_dim"),
    intermediateSize,
    hiddenAct: activationOf(f, "gelu_pytorch_tanh", "hidden_activation"),
    ...attentionBias(f),
    embeddingScale: true,
    norms: 4,
    queryKeyNorm: "head",
    valueNorm: true,
    finalLogitSoftcapping: f.has("final_logit_softcapping"),
    ...(fullAttentionLayers.length < numHiddenLayers ? window : {}),
    ...(width === 0 ? {} : { hiddenSizePerLayerInput: width, vocabSizePerLayerInput }),
    ...stored(f),
  };
}

/** Layers that see the whole context, by `layer_types` or every `n`-th. */
function fullLayers(f: Fields, n: number): number[] {
  const layers = layerCount(f, "num_hidden_layers");
  const types = f.list("layer_types", maxLayers);
  if (types === undefined) return everyNth(n, layers);
  if (types.length !== layers || types.some((type) => type !== "full_attention" && type !== "sliding_attention"))
    f.refuse("layer_types", `a list of ${layers} of full_attention, sliding_attention`);
  return numbers(layers).filter((i) => types[i] === "full_attention");
}

/** `c` whose last layers read keys and values of earlier ones. */
function sharing(f: Fields, c: DecoderConfig): DecoderConfig {
  const config = { ...c, numKvSharedLayers: f.count("num_kv_shared_layers") };
  const must = "fewer than the layers, and leave one of each kind of layer_types";
  if (config.numKvSharedLayers >= c.numHiddenLayers) f.refuse("num_kv_shared_layers", must);
  try {
    numbers(c.numHiddenLayers).forEach((i) => keysOf(config, i));
  } catch {
    f.refuse("num_kv_shared_layers", must);
  }
  return config;
}

/** What single layers have in place of the sizes of all: given layer by layer, or for all that see everything. */
function ownSizes(f: Fields, full: readonly number[], keysAsValues: boolean): Sizes {
  const headDim = f.size("global_head_dim");
  const numKeyValueHeads = f.optional("num_global_key_value_heads");
  const heads = keysAsValues && numKeyValueHeads !== undefined ? { numKeyValueHeads } : {};
  const global = Object.fromEntries(full.map((i) => [i, { headDim, ...heads }]));
  return f.names().includes("per_layer_config") ? givenSizes(f, layerCount(f, "num_hidden_layers")) : global;
}

function givenSizes(f: Fields, layers: number): Sizes {
  const given = f.inner("per_layer_config");
  if (given === undefined) return {};
  return Object.fromEntries(
    given.names().map((i) => {
      const layer = given.inner(i);
      if (layer === undefined || !/^\d+$/.test(i) || Number(i) >= layers)
        return given.refuse(i, `sizes of one of the ${layers} layers`);
      const sizes = { headDim: layer.optional("head_dim"), numKeyValueHeads: layer.optional("num_key_value_heads") };
      const [unknown] = layer.unread();
      if (unknown !== undefined) layer.refuse(unknown, "left out (a layer has a head_dim and num_key_value_heads)");
      return [i, Object.fromEntries(Object.entries(sizes).filter(([, n]) => n !== undefined))];
    }),
  );
}

/** The share of a head that layers which see everything turn. */
function globalShare(f: Fields): number {
  const rope = f.inner("rope_parameters");
  if (rope === undefined) return 0.25;
  const full = rope.inner("full_attention");
  return full?.text("rope_type") === "proportional" ? full.fraction(1, "partial_rotary_factor") : 1;
}

function gemma4(f: Fields): DecoderConfig {
  const layers = layerCount(f, "num_hidden_layers");
  // The last layer sees everything, whatever the file says.
  const full = [...new Set([...fullLayers(f, 6), layers - 1])];
  const bidirectional = f.raw("use_bidirectional_attention");
  if (bidirectional !== undefined && bidirectional !== false && bidirectional !== "vision")
    f.refuse("use_bidirectional_attention", '"vision" (text alone is causal) or null');
  const c = sharing(f, { ...shared(f, f.size("intermediate_size"), full), layerScalar: true });
  const keysAsValues = f.flag("attention_k_eq_v", false);
  const given = ownSizes(f, full, keysAsValues);
  const share = globalShare(f);
  const wide = f.flag("use_double_wide_mlp", false);
  const own = numbers(layers).map((i): DecoderLayerConfig => {
    const headDim = given[i]?.headDim ?? c.headDim!;
    return {
      ...given[i],
      ...(full.includes(i) ? { rotaryDim: 2 * Math.floor((share * headDim) / 2), keysAsValues } : {}),
      ...(wide && keysOf(c, i) !== i ? { intermediateSize: 2 * c.intermediateSize } : {}),
    };
  });
  const config: DecoderConfig = { ...c, layers: own };
  return f.flag("enable_moe_block", false) ? { ...config, moe: expertsBeside(f) } : withoutExperts(f, config);
}

function expertsBeside(f: Fields): NonNullable<DecoderConfig["moe"]> {
  const numExperts = f.size("num_experts");
  const numExpertsPerTok = f.size("top_k_experts");
  if (numExpertsPerTok > numExperts) f.refuse("top_k_experts", `at most the ${numExperts} experts`);
  return { numExperts, numExpertsPerTok, moeIntermediateSize: f.size("moe_intermediate_size"), besideDense: true };
}

/** `c` of a file that may tell sizes of experts that it does not have. */
function withoutExperts(f: Fields, c: DecoderConfig): DecoderConfig {
  for (const name of ["num_experts", "top_k_experts", "moe_intermediate_size"]) f.raw(name);
  return c;
}

function gemma3n(f: Fields): DecoderConfig {
  const layers = layerCount(f, "num_hidden_layers");
  const widths = feedForwardWidths(f, layers);
  const c = sharing(f, shared(f, widths[0]!, fullLayers(f, 5)));
  if (c.hiddenSizePerLayerInput === undefined) f.refuse("hidden_size_per_layer_input", "at least 1");
  if (!f.flag("altup_correct_scale", true)) f.refuse("altup_correct_scale", "true");
  f.raw("altup_coef_clip");
  const numInputs = f.size("altup_num_inputs");
  if (f.count("altup_active_idx") >= numInputs) f.refuse("altup_active_idx", `below the ${numInputs} inputs`);
  const own = widths.map((intermediateSize) => ({ intermediateSize }));
  const must = "quantization_config must be absent for the bytes of a decoder with several streams to be known";
  const { quantization } = c;
  const unpriced = `${must}, got ${quantization?.method}; weightDtype (--weight-dtype) sets them`;
  return {
    ...c,
    layers: own,
    altup: { numInputs, laurelRank: f.size("laurel_rank") },
    thresholdLayers: sparseLayers(f, layers),
    ...(quantization === undefined ? {} : { quantization: { unpriced, ...quantization } }),
  };
}

/** One width for all layers, or a list. */
function feedForwardWidths(f: Fields, layers: number): readonly number[] {
  if (typeof f.raw("intermediate_size") === "number") return numbers(layers).map(() => f.size("intermediate_size"));
  const widths = f.list("intermediate_size", maxLayers);
  const isSize = (n: unknown) => typeof n === "number" && Number.isInteger(n) && n >= 1 && n <= 1e9;
  if (widths?.length !== layers || !widths.every(isSize))
    return f.refuse("intermediate_size", `a width, or a list of ${layers} widths`);
  return widths as readonly number[];
}

/** Layers whose gate has a threshold: by default the first ten of more. */
function sparseLayers(f: Fields, layers: number): number[] {
  const shares = f.list("activation_sparsity_pattern", maxLayers);
  if (shares === undefined) return layers > 10 ? numbers(10) : [];
  const isShare = (n: unknown) => typeof n === "number" && n >= 0 && n < 1;
  if (shares.length !== layers || !shares.every(isShare))
    f.refuse("activation_sparsity_pattern", `a list of ${layers} numbers from 0 to below 1`);
  return numbers(layers).filter((i) => (shares[i] as number) > 0);
}

const both = {
  num_attention_heads: 8,
  head_dim: 256,
  sliding_window: 512,
  vocab_size_per_layer_input: 262144,
  hidden_size_per_layer_input: 256,
  tie_word_embeddings: true,
};

/** model_type -> family. */
export const newerGemmas: Readonly<Record<string, Family>> = {
  gemma3n_text: {
    defaults: {
      ...both,
      vocab_size: 262400,
      intermediate_size: 16384,
      num_key_value_heads: 2,
      final_logit_softcapping: 30,
      num_kv_shared_layers: 15,
      altup_num_inputs: 4,
      laurel_rank: 64,
    },
    read: gemma3n,
  },
  gemma4_text: {
    defaults: {
      ...both,
      vocab_size: 262144,
      intermediate_size: 9216,
      num_key_value_heads: 4,
      global_head_dim: 512,
    },
    read: gemma4,
  },
};
