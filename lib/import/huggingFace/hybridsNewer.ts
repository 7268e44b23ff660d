// LFM2, Qwen3-Next and Qwen3.5 of transformers 5.24: short convolutions or the gated delta rule among attention layers.
import type { DecoderConfig, DecoderMoe } from "../../models/decoderConfig.js";
import { maxLayers } from "../../models/decoderDefaults.js";
import type { HybridConfig, HybridLayer } from "../../models/stateSpaceConfig.js";
import type { Family } from "./family.js";
import type { Fields } from "./fields.js";
import { experts, llama, numbers } from "./llama.js";
import { alike, listedLayers, siluOnly } from "./stateSpaceFields.js";
import { repeated } from "./unread.js";

function lfm2(f: Fields): HybridConfig {
  const c = lfm2Decoder(f, "block_ff_dim");
  const conv: HybridLayer = { mixer: "shortConv", feed: "dense" };
  const attention: HybridLayer = { mixer: "attention", feed: "dense" };
  const full = f.list("full_attn_idxs", maxLayers);
  const byIndex = full && numbers(c.numHiddenLayers).map((i) => (full.includes(i) ? attention : conv));
  return {
    decoder: { ...c, intermediateSize: adjusted(f, c.intermediateSize) },
    layers: listedLayers(f, { conv, full_attention: attention }) ?? byIndex ?? alike(c.numHiddenLayers, attention),
    shortConv: { convKernel: f.size("conv_L_cache"), bias: f.flag("conv_bias", false) },
  };
}

function lfm2Decoder(f: Fields, ...intermediate: string[]): DecoderConfig {
  const c = llama(f);
  repeated(f, c.hiddenSize, "block_dim", "conv_dim", "conv_dim_out");
  repeated(f, c.numAttentionHeads, "num_heads");
  return {
    ...c,
    hiddenAct: "silu",
    qkvBias: false,
    outBias: false,
    mlpBias: false,
    queryKeyNorm: "head",
    intermediateSize: f.optional(...intermediate) ?? c.intermediateSize,
    tieWordEmbeddings: f.flag("tie_embedding", f.flag("tie_word_embeddings", true)),
  };
}

/** Two thirds of the width, times a factor, rounded up. */
function adjusted(f: Fields, width: number): number {
  if (!f.flag("block_auto_adjust_ff_dim", true)) return width;
  const share = Math.trunc((2 * width) / 3);
  const factor = f.raw("block_ffn_dim_multiplier");
  if (factor === undefined) return share;
  if (typeof factor !== "number" || !(factor > 0 && factor < 1e3))
    return f.refuse("block_ffn_dim_multiplier", "a positive number");
  const multiple = f.size("block_multiple_of");
  return multiple * Math.ceil(Math.trunc(factor * share) / multiple);
}

function lfm2Moe(f: Fields): HybridConfig {
  const c = lfm2Decoder(f, "intermediate_size");
  const n = f.count("num_dense_layers");
  const mixers = listedLayers(f, { conv: { mixer: "shortConv" }, full_attention: { mixer: "attention" } });
  if (mixers === undefined) return f.refuse("layer_types", "a list of conv, full_attention");
  return {
    decoder: { ...c, moe: { ...experts(f), moeIntermediateSize: f.size("moe_intermediate_size") } },
    layers: mixers.map((layer, i) => ({ ...layer, feed: i < n ? "dense" : "sparse" })),
    shortConv: { convKernel: f.size("conv_L_cache"), bias: f.flag("conv_bias", false) },
  };
}

const lfm2Common = {
  vocab_size: 65536,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  num_key_value_heads: 8,
  tie_word_embeddings: true,
  conv_bias: false,
  conv_L_cache: 3,
};

/** How LFM2's files begin training, and what they repeat of the positions. */
const ofLfm2 = "block_mlp_init_scale block_out_init_scale block_use_xavier_init conv_use_xavier_init theta use_pos_enc";

/** Gated DeltaNet, and attention with a gate in every n-th layer. */
function qwen(f: Fields, feedOf: (i: number) => HybridLayer["feed"], moe?: () => DecoderMoe): HybridConfig {
  const c = { ...llama(f), mlpBias: false, queryKeyNorm: "head" as const };
  const headDim = c.headDim ?? f.refuse("head_dim", "the width of a head");
  const share = (f.inner("rope_parameters") ?? f).fraction(0.25, "partial_rotary_factor");
  const delta: HybridLayer = { mixer: "gatedDeltaNet" };
  const attention: HybridLayer = { mixer: "attention" };
  const n = f.size("full_attention_interval");
  const mixers =
    listedLayers(f, { linear_attention: delta, full_attention: attention }) ??
    numbers(c.numHiddenLayers).map((i) => ((i + 1) % n === 0 ? attention : delta));
  const layers = mixers.map((layer, i) => ({ ...layer, feed: feedOf(i) }));
  const [numKeyHeads, numValueHeads] = [f.size("linear_num_key_heads"), f.size("linear_num_value_heads")];
  if (numValueHeads % numKeyHeads !== 0)
    f.refuse("linear_num_value_heads", `a multiple of linear_num_key_heads ${numKeyHeads}`);
  siluOnly(f, "hidden_act");
  // What newer files say of the gates, and the class has whatever they say.
  siluOnly(f, "output_gate_type");
  if (!f.flag("attn_output_gate", true)) f.refuse("attn_output_gate", "true");
  return {
    decoder: {
      ...c,
      rotaryDim: Math.floor(headDim * share),
      ...(moe && layers.some(({ feed }) => feed === "sparse") ? { moe: moe() } : {}),
    },
    layers,
    attentionGate: true,
    gatedDeltaNet: {
      numKeyHeads,
      numValueHeads,
      keyHeadDim: f.size("linear_key_head_dim"),
      valueHeadDim: f.size("linear_value_head_dim"),
      convKernel: f.size("linear_conv_kernel_dim"),
    },
  };
}

const gatedExperts = (f: Fields) => (): DecoderMoe => ({
  ...experts(f),
  moeIntermediateSize: f.size("moe_intermediate_size"),
  numSharedExperts: 1,
  sharedExpertIntermediateSize: f.size("shared_expert_intermediate_size"),
  sharedExpertGate: true,
});

function qwen3Next(f: Fields): HybridConfig {
  const dense = f.list("mlp_only_layers", maxLayers) ?? [];
  const step = f.size("decoder_sparse_step");
  const none = f.count("num_experts") === 0;
  const feedOf = (i: number) => (none || dense.includes(i) || (i + 1) % step !== 0 ? "dense" : "sparse");
  return qwen(f, feedOf, gatedExperts(f));
}

const qwenDefaults = {
  num_attention_heads: 16,
  hidden_act: "silu",
  tie_word_embeddings: false,
  attention_bias: false,
  head_dim: 256,
  linear_conv_kernel_dim: 4,
  linear_key_head_dim: 128,
  linear_value_head_dim: 128,
  linear_num_key_heads: 16,
  linear_num_value_heads: 32,
  full_attention_interval: 4,
};
const qwenMoeDefaults = {
  hidden_size: 2048,
  num_key_value_heads: 2,
  moe_intermediate_size: 512,
  shared_expert_intermediate_size: 512,
};

/** model_type -> family. */
export const newerHybrids: Readonly<Record<string, Family<HybridConfig>>> = {
  lfm2: {
    defaults: {
      ...lfm2Common,
      hidden_size: 2560,
      intermediate_size: 12288,
      block_multiple_of: 256,
      block_ffn_dim_multiplier: 1,
      block_auto_adjust_ff_dim: true,
    },
    fixed: { block_use_swiglu: true },
    idle: ofLfm2,
    read: lfm2,
  },
  lfm2_moe: {
    defaults: {
      ...lfm2Common,
      hidden_size: 2048,
      intermediate_size: 7168,
      moe_intermediate_size: 1792,
      num_dense_layers: 2,
      num_experts: 32,
      num_experts_per_tok: 4,
    },
    idle: `${ofLfm2} use_expert_bias`,
    read: lfm2Moe,
  },
  qwen3_next: {
    defaults: {
      ...qwenDefaults,
      ...qwenMoeDefaults,
      vocab_size: 151936,
      intermediate_size: 5632,
      num_hidden_layers: 48,
      decoder_sparse_step: 1,
      num_experts_per_tok: 10,
      num_experts: 512,
    },
    read: qwen3Next,
  },
  qwen3_5_text: {
    defaults: {
      ...qwenDefaults,
      vocab_size: 248320,
      hidden_size: 4096,
      intermediate_size: 12288,
      num_hidden_layers: 32,
      num_key_value_heads: 4,
    },
    read: (f) => qwen(f, () => "dense"),
  },
  qwen3_5_moe_text: {
    defaults: {
      ...qwenDefaults,
      ...qwenMoeDefaults,
      vocab_size: 248320,
      intermediate_size: 1,
      num_hidden_layers: 40,
      num_experts_per_tok: 8,
      num_experts: 256,
    },
    read: (f) => qwen(f, () => "sparse", gatedExperts(f)),
  },
};
