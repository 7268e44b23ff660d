// Families of GPT's kind: layer norms, biases, a feed-forward of two matrices, and names of sizes of their own.
// Defaults are those of the configuration classes of transformers 5.24.
import type { DecoderConfig } from "../../models/decoderConfig.js";
import { classic } from "./classic.js";
import type { Family } from "./family.js";
import type { Fields } from "./fields.js";
import { activationOf, layerCount, off, stored } from "./llama.js";

/** Sizes under GPT-2's names. */
function gpt2Sizes(f: Fields) {
  const hiddenSize = f.size("n_embd", "hidden_size");
  return {
    hiddenSize,
    vocabSize: f.size("vocab_size"),
    numHiddenLayers: layerCount(f, "n_layer", "num_hidden_layers"),
    numAttentionHeads: f.size("n_head", "num_attention_heads"),
    intermediateSize: f.optional("n_inner") ?? 4 * hiddenSize,
    hiddenAct: activationOf(f, "gelu_new", "activation_function"),
    ...stored(f),
  };
}

const learnedTable = (f: Fields) =>
  ({ learnedPositions: true, maxPositionEmbeddings: f.size("n_positions", "max_position_embeddings") }) as const;

function gpt2(f: Fields): DecoderConfig {
  const crossed = f.flag("add_cross_attention", false) ? { addCrossAttention: true } : {};
  return { ...classic, dtype: "fp32", ...gpt2Sizes(f), ...learnedTable(f), fusedProjections: true, ...crossed };
}

function gptBigCode(f: Fields): DecoderConfig {
  off(f, "add_cross_attention");
  const config = gpt2(f);
  const numKeyValueHeads = f.flag("multi_query", true) ? 1 : config.numAttentionHeads;
  if ((f.optional("num_key_value_heads") ?? numKeyValueHeads) !== numKeyValueHeads)
    f.refuse("num_key_value_heads", `${numKeyValueHeads}, as multi_query says`);
  return { ...config, numKeyValueHeads };
}

/** GPT-J and CodeGen: one norm for both halves, side by side; biases of the feed-forward and the output layer alone. */
const gptJ = (f: Fields): DecoderConfig => ({
  ...classic,
  ...gpt2Sizes(f),
  qkvBias: false,
  outBias: false,
  headBias: true,
  parallelResidual: true,
  rotaryDim: f.size("rotary_dim"),
});

/** Global and local layers in turn, as often as `attention_types` says. */
function gptNeo(f: Fields): DecoderConfig {
  const hiddenSize = f.size("hidden_size");
  const numHiddenLayers = layerCount(f, "num_layers", "num_hidden_layers");
  const local = { slidingWindow: f.size("window_size"), fullAttentionLayers: globalLayers(f, numHiddenLayers) };
  return {
    ...classic,
    qkvBias: false,
    hiddenSize,
    numHiddenLayers,
    vocabSize: f.size("vocab_size"),
    numAttentionHeads: f.size("num_heads", "num_attention_heads"),
    intermediateSize: f.optional("intermediate_size") ?? 4 * hiddenSize,
    hiddenAct: activationOf(f, "gelu_new", "activation_function"),
    learnedPositions: true,
    maxPositionEmbeddings: f.size("max_position_embeddings"),
    ...(local.fullAttentionLayers.length < numHiddenLayers ? local : {}),
    ...stored(f),
  };
}

function globalLayers(f: Fields, layers: number): number[] {
  const must = `pairs of names ("global", "local") and times for ${layers} layers, such as [[["global", "local"], 12]]`;
  const pairs = f.list("attention_types", layers) ?? [[["global", "local"], 12]];
  const kinds: unknown[] = [];
  for (const pair of pairs) {
    const [names, times] = Array.isArray(pair) ? (pair as unknown[]) : [];
    if (!Array.isArray(names) || typeof times !== "number" || !(times >= 0 && times <= layers))
      return f.refuse("attention_types", must);
    for (let i = 0; i < times; i++) kinds.push(...(names.slice(0, layers) as unknown[]));
  }
  if (kinds.length !== layers || kinds.some((kind) => kind !== "global" && kind !== "local"))
    f.refuse("attention_types", must);
  const told = f.list("attention_layers", layers) ?? kinds;
  if (kinds.some((kind, i) => told[i] !== kind)) f.refuse("attention_layers", "as attention_types says");
  return kinds.flatMap((kind, i) => (kind === "global" ? [i] : []));
}

const half = { vocab_size: 50400, n_head: 16, rotary_dim: 64 };

/** model_type -> family. */
export const gpts: Readonly<Record<string, Family>> = {
  gpt2: { defaults: { vocab_size: 50257, n_head: 12, n_positions: 1024, tie_word_embeddings: true }, read: gpt2 },
  gpt_bigcode: {
    defaults: {
      vocab_size: 50257,
      n_head: 12,
      n_positions: 1024,
      activation_function: "gelu_pytorch_tanh",
      tie_word_embeddings: true,
    },
    read: gptBigCode,
  },
  gptj: { defaults: half, read: gptJ },
  codegen: { defaults: half, read: (f) => ({ ...gptJ(f), fusedProjections: true }) },
  gpt_neo: {
    defaults: {
      vocab_size: 50257,
      num_heads: 16,
      window_size: 256,
      max_position_embeddings: 2048,
      tie_word_embeddings: true,
    },
    read: gptNeo,
  },
};
