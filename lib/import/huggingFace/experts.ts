// Families with routed experts in Llama's block. Defaults are those of the configuration classes of transformers 5.24.
import type { DecoderConfig } from "../../models/decoderConfig.js";
import { everyNth, maxLayers } from "../../models/decoderDefaults.js";
import type { Family } from "./family.js";
import type { Fields } from "./fields.js";
import {
  always,
  attentionBias,
  experts,
  noRope,
  numbers,
  partial,
  scaled,
  sizes,
  unwindowed,
  windowed,
} from "./llama.js";

/** `c` with experts as wide as its feed-forward in every layer. */
const everywhere = (f: Fields, c: DecoderConfig): DecoderConfig => ({
  ...c,
  moe: { ...experts(f), moeIntermediateSize: c.intermediateSize },
});

const grouped = (f: Fields): DecoderConfig => ({ ...sizes(f), ...attentionBias(f) });

export function graniteMoeShared(f: Fields): DecoderConfig {
  const c = everywhere(f, { ...grouped(f), ...scaled });
  const width = f.count("shared_intermediate_size");
  return width === 0 ? c : { ...c, moe: { ...c.moe!, numSharedExperts: 1, sharedExpertIntermediateSize: width } };
}

/** Experts and a shared one in turn with dense layers of a width of their own. */
function llama4(f: Fields): DecoderConfig {
  const c = unwindowed(f, { ...grouped(f), ...noRope(f) });
  f.optional("attention_chunk_size");
  const sparse = f.list("moe_layers", maxLayers);
  const step = f.optional("interleave_moe_layer_step") ?? 1;
  const isSparse = (i: number) => (sparse ? sparse.includes(i) : (i + 1) % step === 0);
  return {
    ...c,
    intermediateSize: f.size("intermediate_size_mlp"),
    ...(f.flag("use_qk_norm", true) ? { queryKeyNorm: "plain" as const } : {}),
    moe: {
      ...experts(f),
      moeIntermediateSize: c.intermediateSize,
      numSharedExperts: 1,
      denseLayers: numbers(c.numHiddenLayers).filter((i) => !isSparse(i)),
    },
  };
}

function gptOss(f: Fields): DecoderConfig {
  const c = everywhere(f, { ...grouped(f), mlpBias: true, attentionSinks: true });
  return windowed(f, c, (layers) => everyNth(2, layers));
}

function minimaxM2(f: Fields): DecoderConfig {
  const c = everywhere(f, { ...sizes(f), queryKeyNorm: "all" });
  const rotaryDim = f.optional("rotary_dim");
  if (f.list("attn_type_list", maxLayers)?.some((type) => type !== 1))
    f.refuse("attn_type_list", "a list of 1 (attention over every position)");
  if (f.count("shared_intermediate_size") !== 0) f.refuse("shared_intermediate_size", "0 (no shared expert)");
  return { ...c, ...(rotaryDim === undefined ? partial(f) : { rotaryDim }), moe: { ...c.moe!, routerBias: true } };
}

/** Every `moe_layer_interval`-th layer from a first to a last one; each expert's score is corrected by a parameter. */
function ernieMoe(f: Fields): DecoderConfig {
  if (f.flag("use_bias", false)) f.refuse("use_bias", "false (biases beside experts are not counted)");
  const c = sizes(f);
  const last = f.raw("moe_layer_end_index") === -1 ? c.numHiddenLayers - 1 : f.count("moe_layer_end_index");
  const [first, interval] = [f.count("moe_layer_start_index"), f.size("moe_layer_interval")];
  const numExpertsPerTok = f.size("moe_k");
  const numExperts = f.size("moe_num_experts");
  if (numExpertsPerTok > numExperts) f.refuse("moe_k", `at most the ${numExperts} experts`);
  return {
    ...c,
    moe: {
      numExperts,
      numExpertsPerTok,
      moeIntermediateSize: f.size("moe_intermediate_size"),
      numSharedExperts: f.count("moe_num_shared_experts"),
      routerBias: "parameter",
      denseLayers: numbers(c.numHiddenLayers).filter((i) => (i + 1) % interval !== 0 || i < first || i > last),
    },
  };
}

function hunyuanMoe(f: Fields): DecoderConfig {
  const c: DecoderConfig = { ...grouped(f), queryKeyNorm: "head" };
  const numExperts = f.size("num_experts", "num_local_experts");
  const numExpertsPerTok = f.size("moe_topk", "num_experts_per_tok");
  if (numExpertsPerTok > numExperts) f.refuse("moe_topk", `at most the ${numExperts} experts`);
  return { ...c, moe: { numExperts, numExpertsPerTok, moeIntermediateSize: c.intermediateSize, numSharedExperts: 1 } };
}

/** Its router picks two experts, whatever the file says. */
function phiMoe(f: Fields): DecoderConfig {
  if (f.size("num_experts_per_tok") !== 2) f.refuse("num_experts_per_tok", "2 (the router of Phi's experts picks two)");
  const c = everywhere(f, windowed(f, grouped(f), always));
  return { ...c, norm: "layer", headBias: f.flag("lm_head_bias", false) };
}

const granite = {
  vocab_size: 32000,
  intermediate_size: 11008,
  num_attention_heads: 32,
  num_local_experts: 8,
  num_experts_per_tok: 2,
};
const mixtral = { ...granite, intermediate_size: 14336, num_key_value_heads: 8 };

/** model_type -> family. */
export const expertFamilies: Readonly<Record<string, Family>> = {
  mixtral: { defaults: mixtral, read: (f) => everywhere(f, windowed(f, sizes(f), always)) },
  phimoe: {
    defaults: { ...mixtral, vocab_size: 32064, intermediate_size: 6400, num_local_experts: 16 },
    read: phiMoe,
  },
  granitemoe: { defaults: granite, read: (f) => everywhere(f, { ...grouped(f), ...scaled }) },
  granitemoeshared: { defaults: granite, read: graniteMoeShared },
  olmoe: {
    defaults: {
      vocab_size: 50304,
      intermediate_size: 2048,
      num_attention_heads: 16,
      num_experts: 64,
      num_experts_per_tok: 8,
    },
    read: (f) => everywhere(f, { ...grouped(f), queryKeyNorm: "all" }),
  },
  flex_olmo: {
    defaults: { ...granite, vocab_size: 100352, num_local_experts: 7, num_experts_per_tok: 5 },
    read: (f) => everywhere(f, { ...grouped(f), norms: "after", queryKeyNorm: "all" }),
  },
  gpt_oss: {
    defaults: {
      vocab_size: 201088,
      intermediate_size: 2880,
      num_attention_heads: 64,
      num_key_value_heads: 8,
      head_dim: 64,
      attention_bias: true,
      sliding_window: 128,
      num_local_experts: 128,
      num_experts_per_tok: 4,
    },
    read: gptOss,
  },
  llama4_text: {
    defaults: {
      vocab_size: 202048,
      intermediate_size: 8192,
      intermediate_size_mlp: 16384,
      num_attention_heads: 40,
      num_key_value_heads: 8,
      head_dim: 128,
      num_local_experts: 16,
      num_experts_per_tok: 1,
    },
    read: llama4,
  },
  minimax_m2: {
    defaults: {
      vocab_size: 200064,
      intermediate_size: 1536,
      num_attention_heads: 48,
      num_key_value_heads: 8,
      head_dim: 128,
      num_local_experts: 256,
      num_experts_per_tok: 8,
    },
    fixed: { use_qk_norm: true, qk_norm_type: "per_layer", use_routing_bias: true },
    read: minimaxM2,
  },
  ernie4_5_moe: {
    defaults: {
      vocab_size: 103424,
      intermediate_size: 12288,
      num_attention_heads: 20,
      num_key_value_heads: 4,
      moe_intermediate_size: 1536,
      moe_num_experts: 64,
      moe_k: 6,
      moe_num_shared_experts: 2,
      moe_layer_start_index: 1,
      moe_layer_end_index: -1,
      moe_layer_interval: 1,
      tie_word_embeddings: true,
    },
    fixed: { use_rmsnorm: true },
    read: ernieMoe,
  },
  hunyuan_v1_moe: {
    defaults: { vocab_size: 290943, intermediate_size: 11008, num_attention_heads: 32, num_experts: 1, moe_topk: 1 },
    read: hunyuanMoe,
  },
};
