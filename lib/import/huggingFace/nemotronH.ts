// Nemotron-H of transformers 5.24: layers that are one thing each, Mamba-2, attention, experts or a feed-forward.
import type { DecoderMoe } from "../../models/decoderConfig.js";
import { maxLayers } from "../../models/decoderDefaults.js";
import type { HybridConfig, HybridLayer } from "../../models/stateSpaceConfig.js";
import type { Family } from "./family.js";
import type { Fields } from "./fields.js";
import { experts, llama } from "./llama.js";
import { groupsOf, layersOf, siluOnly } from "./stateSpaceFields.js";
import { repeated } from "./unread.js";

function read(f: Fields): HybridConfig {
  const layers = nemotronLayers(f);
  const act = f.text("mlp_hidden_act");
  if (act !== "relu2") f.refuse("mlp_hidden_act", '"relu2"');
  const sparse = layers.some(({ feed }) => feed === "sparse");
  const mlpBias = f.flag("mlp_bias", false);
  if (sparse && mlpBias) f.refuse("mlp_bias", "false beside experts (not counted)");
  const numHeads = f.size("mamba_num_heads");
  const headDim = f.size("head_dim");
  repeated(f, headDim, "attention_head_dim");
  siluOnly(f, "mamba_hidden_act");
  return {
    decoder: {
      ...llama(f),
      numHiddenLayers: layers.length,
      headDim,
      rotaryDim: 0,
      qkvBias: false,
      outBias: false,
      mlpBias,
      gated: false,
      hiddenAct: "reluSquared",
      tieWordEmbeddings: false,
      ...(sparse ? { moe: nemotronExperts(f) } : {}),
    },
    layers,
    mamba2: {
      numHeads,
      headDim: f.size("mamba_head_dim"),
      stateSize: f.size("ssm_state_size"),
      nGroups: groupsOf(f, f.has("mamba_n_groups") ? "mamba_n_groups" : "n_groups", numHeads),
      convKernel: f.size("mamba_d_conv", "conv_kernel"),
      chunkSize: f.size("mamba_chunk_size", "chunk_size"),
      useBias: f.flag("use_bias", false),
      useConvBias: f.flag("mamba_conv_bias", f.flag("use_conv_bias", true)),
    },
  };
}

function nemotronExperts(f: Fields): DecoderMoe {
  const latentSize = f.optional("moe_latent_size");
  return {
    ...experts(f),
    moeIntermediateSize: f.size("moe_intermediate_size"),
    numSharedExperts: 1,
    sharedExpertIntermediateSize: f.size("moe_shared_expert_intermediate_size"),
    ...(latentSize === undefined ? {} : { latentSize }),
  };
}

/** The layers, each one thing, by name or by a letter each. */
function nemotronLayers(f: Fields): HybridLayer[] {
  const mamba: HybridLayer = { mixer: "mamba2" };
  const attention: HybridLayer = { mixer: "attention" };
  const [moe, mlp]: HybridLayer[] = [{ feed: "sparse" }, { feed: "dense" }];
  const names = f.list("layer_types", maxLayers) ?? f.list("layers_block_type", maxLayers);
  const kinds = { mamba, linear_attention: mamba, attention, full_attention: attention, moe: moe!, mlp: mlp! };
  if (names !== undefined && names.length > 0) return layersOf(f, names, kinds);
  const pattern = f.text("hybrid_override_pattern") ?? "ME*-";
  if (pattern.length === 0 || pattern.length > maxLayers || !/^[ME*-]+$/.test(pattern))
    return f.refuse("hybrid_override_pattern", "a letter of M, E, *, - for each layer");
  return layersOf(f, [...pattern], { M: mamba, E: moe!, "*": attention, "-": mlp! });
}

export const nemotronH: Family<HybridConfig> = {
  defaults: {
    vocab_size: 131072,
    hidden_size: 4096,
    num_hidden_layers: 4,
    num_attention_heads: 32,
    num_key_value_heads: 8,
    head_dim: 128,
    intermediate_size: 21504,
    mlp_hidden_act: "relu2",
    ssm_state_size: 128,
    mamba_num_heads: 128,
    mamba_head_dim: 64,
    n_groups: 8,
    conv_kernel: 4,
    chunk_size: 128,
    n_routed_experts: 8,
    num_experts_per_tok: 2,
    moe_intermediate_size: 7688,
    moe_shared_expert_intermediate_size: 7688,
  },
  idle:
    "expand n_shared_experts moe_shared_expert_overlap mtp_hybrid_override_pattern mtp_layers_block_type " +
    "time_step_rank",
  read,
};
