// Jamba, Bamba, Falcon-H1 and Granite's hybrid of transformers 5.24: attention in some layers, or beside Mamba-2 in
// all.
import type { DecoderConfig } from "../../models/decoderConfig.js";
import { maxLayers } from "../../models/decoderDefaults.js";
import type { HybridConfig, HybridLayer } from "../../models/stateSpaceConfig.js";
import type { Family } from "./family.js";
import type { Fields } from "./fields.js";
import { experts, llama, numbers } from "./llama.js";
import { alike, listedLayers, mambaOfHybrid, rankOf, siluOnly } from "./stateSpaceFields.js";

const hybridDefaults = {
  hidden_size: 4096,
  intermediate_size: 14336,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  hidden_act: "silu",
  tie_word_embeddings: false,
  attention_bias: false,
  mlp_bias: false,
};
const mamba2Defaults = {
  mamba_n_heads: 128,
  mamba_d_head: "auto",
  mamba_n_groups: 1,
  mamba_d_state: 256,
  mamba_d_conv: 4,
  mamba_expand: 2,
  mamba_chunk_size: 256,
  mamba_conv_bias: true,
  mamba_proj_bias: false,
};

/** The width of Mamba where it is a multiple of the stream. */
const expanded = (f: Fields): number => f.size("mamba_expand") * f.size("hidden_size");

function jamba(f: Fields): HybridConfig {
  const c = { ...llama(f), rotaryDim: 0, qkvBias: false, outBias: false, mlpBias: false };
  const every = (period: string, offset: string) => {
    const [n, at] = [f.size(period), f.count(offset)];
    if (at >= n) f.refuse(offset, `below ${period} ${n}`);
    return (i: number): boolean => i % n === at;
  };
  const attends = every("attn_layer_period", "attn_layer_offset");
  const routed = every("expert_layer_period", "expert_layer_offset");
  const { numExperts, numExpertsPerTok } = experts(f);
  siluOnly(f, "hidden_act");
  return {
    decoder: { ...c, moe: { numExperts, numExpertsPerTok, moeIntermediateSize: c.intermediateSize } },
    layers: numbers(c.numHiddenLayers).map((i) => ({
      mixer: attends(i) ? "attention" : "mamba",
      feed: routed(i) && numExperts > 1 ? "sparse" : "dense",
    })),
    mamba: {
      intermediateSize: expanded(f),
      stateSize: f.size("mamba_d_state"),
      convKernel: f.size("mamba_d_conv"),
      timeStepRank: rankOf(f, "mamba_dt_rank"),
      useBias: f.flag("mamba_proj_bias", false),
      useConvBias: f.flag("mamba_conv_bias", true),
      innerNorms: "scaled",
    },
  };
}

/** The half of a head that Bamba turns. */
const halfTurned = (f: Fields, c: DecoderConfig): number => {
  const headDim = c.headDim ?? Math.floor(c.hiddenSize / c.numAttentionHeads);
  const inner = f.inner("rope_parameters");
  return Math.floor(headDim * (inner ?? f).fraction(0.5, "partial_rotary_factor"));
};

function bamba(f: Fields): HybridConfig {
  const c = llama(f);
  const attends = f.list("attn_layer_indices", maxLayers) ?? [];
  if (f.has("layer_types") || f.has("layers_block_type"))
    f.refuse(f.has("layer_types") ? "layer_types" : "layers_block_type", "absent (attn_layer_indices says it)");
  return {
    decoder: { ...c, rotaryDim: halfTurned(f, c) },
    layers: numbers(c.numHiddenLayers).map((i) => ({
      mixer: attends.includes(i) ? "attention" : "mamba2",
      feed: "dense",
    })),
    mamba2: mambaOfHybrid(f, expanded(f)),
  };
}

function falconH1(f: Fields): HybridConfig {
  const c = llama(f);
  const mixer = mambaOfHybrid(f, f.optional("mamba_d_ssm") ?? expanded(f));
  return {
    decoder: c,
    layers: alike(c.numHiddenLayers, { mixer: "parallel", feed: "dense" }),
    mamba2: { ...mixer, outBias: f.flag("projectors_bias", false), norm: f.flag("mamba_rms_norm", false) },
  };
}

function graniteHybrid(f: Fields): HybridConfig {
  const shared = f.size("shared_intermediate_size");
  const c = { ...llama(f), mlpBias: false, ...(f.text("position_embedding_type") === "rope" ? {} : { rotaryDim: 0 }) };
  const dense = f.count("num_local_experts") === 0;
  const feed = dense ? "dense" : "sparse";
  const mamba: HybridLayer = { mixer: "mamba2", feed };
  const attention: HybridLayer = { mixer: "attention", feed };
  const kinds = { mamba, linear_attention: mamba, attention, full_attention: attention };
  const moe = () => ({
    ...experts(f),
    moeIntermediateSize: c.intermediateSize,
    numSharedExperts: 1,
    sharedExpertIntermediateSize: shared,
  });
  return {
    decoder: dense ? { ...c, intermediateSize: shared } : { ...c, moe: moe() },
    layers: listedLayers(f, kinds) ?? alike(c.numHiddenLayers, mamba),
    mamba2: mambaOfHybrid(f, expanded(f)),
  };
}

/** model_type -> family. */
export const attentionHybrids: Readonly<Record<string, Family<HybridConfig>>> = {
  jamba: {
    defaults: {
      ...hybridDefaults,
      num_key_value_heads: 8,
      vocab_size: 65536,
      num_experts: 16,
      num_experts_per_tok: 2,
      expert_layer_period: 2,
      expert_layer_offset: 1,
      attn_layer_period: 8,
      attn_layer_offset: 4,
      mamba_d_state: 16,
      mamba_d_conv: 4,
      mamba_expand: 2,
      mamba_dt_rank: "auto",
      mamba_conv_bias: true,
      mamba_proj_bias: false,
    },
    fixed: { mamba_inner_layernorms: true },
    read: jamba,
  },
  bamba: {
    defaults: { ...hybridDefaults, ...mamba2Defaults, num_key_value_heads: 8, vocab_size: 128000 },
    read: bamba,
  },
  falcon_h1: {
    defaults: {
      ...hybridDefaults,
      ...mamba2Defaults,
      num_key_value_heads: 8,
      vocab_size: 128000,
      mamba_d_ssm: 1024,
    },
    idle:
      "mamba_expand mamba_norm_before_gate mamba_use_mlp attention_in_multiplier attention_out_multiplier " +
      "key_multiplier lm_head_multiplier mlp_multipliers ssm_in_multiplier ssm_multipliers ssm_out_multiplier",
    read: falconH1,
  },
  granitemoehybrid: {
    defaults: {
      ...hybridDefaults,
      ...mamba2Defaults,
      vocab_size: 32000,
      intermediate_size: 11008,
      num_local_experts: 8,
      num_experts_per_tok: 2,
      shared_intermediate_size: 1024,
    },
    fixed: { normalization_function: "rmsnorm" },
    read: graniteHybrid,
  },
};
