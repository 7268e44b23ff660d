// Mamba, Falcon Mamba and Mamba-2 of transformers 5.24: config.json -> HybridConfig. A record's defaults are those of
// the family's configuration class; null stays null, which says that there is none.
import type { DecoderConfig } from "../../models/decoderConfig.js";
import type { HybridConfig, MambaMixer } from "../../models/stateSpaceConfig.js";
import type { Family } from "./family.js";
import type { Fields } from "./fields.js";
import { attentionHybrids } from "./hybrids.js";
import { dtypeOf, layerCount } from "./llama.js";
import { newerHybrids } from "./hybridsNewer.js";
import { nemotronH } from "./nemotronH.js";
import { quantizationOf } from "./quantization.js";
import { alike, groupsOf, rankOf, siluOnly } from "./stateSpaceFields.js";
import { repeated } from "./unread.js";

/** Sizes of a decoder without attention or feed-forward: those are of no layer. */
function stream(f: Fields): DecoderConfig {
  return {
    vocabSize: f.size("vocab_size"),
    hiddenSize: f.size("hidden_size"),
    numHiddenLayers: layerCount(f, "num_hidden_layers"),
    numAttentionHeads: 1,
    intermediateSize: 1,
    tieWordEmbeddings: f.flag("tie_word_embeddings", false),
    quantization: quantizationOf(f),
    dtype: dtypeOf(f),
  };
}

const mambaDefaults = {
  vocab_size: 50280,
  hidden_size: 768,
  state_size: 16,
  num_hidden_layers: 32,
  expand: 2,
  conv_kernel: 4,
  use_bias: false,
  use_conv_bias: true,
  hidden_act: "silu",
  time_step_rank: "auto",
  tie_word_embeddings: true,
};

function mamba(f: Fields, innerNorms?: MambaMixer["innerNorms"]): HybridConfig {
  const decoder = stream(f);
  const intermediateSize = f.optional("intermediate_size") ?? f.size("expand") * decoder.hiddenSize;
  siluOnly(f, "hidden_act");
  repeated(f, decoder.hiddenSize, "d_model");
  repeated(f, decoder.numHiddenLayers, "n_layer");
  repeated(f, intermediateSize, "d_inner");
  return {
    decoder,
    layers: alike(decoder.numHiddenLayers, { mixer: "mamba" }),
    mamba: {
      intermediateSize,
      stateSize: f.size("state_size"),
      convKernel: f.size("conv_kernel"),
      timeStepRank: rankOf(f, "time_step_rank"),
      useBias: f.flag("use_bias", false),
      useConvBias: f.flag("use_conv_bias", true),
      innerNorms,
    },
  };
}

function mamba2(f: Fields): HybridConfig {
  const decoder = stream(f);
  const [numHeads, headDim] = [f.size("num_heads"), f.size("head_dim")];
  const width = f.size("expand") * decoder.hiddenSize;
  if (numHeads * headDim !== width) f.refuse("num_heads", `expand · hidden_size ${width} over head_dim ${headDim}`);
  siluOnly(f, "hidden_act");
  return {
    decoder,
    layers: alike(decoder.numHiddenLayers, { mixer: "mamba2" }),
    mamba2: {
      numHeads,
      headDim,
      stateSize: f.size("state_size"),
      nGroups: groupsOf(f, "n_groups", numHeads),
      convKernel: f.size("conv_kernel"),
      chunkSize: f.size("chunk_size"),
      useBias: f.flag("use_bias", false),
      useConvBias: f.flag("use_conv_bias", true),
    },
  };
}

const mamba2Defaults = {
  num_heads: 128,
  head_dim: 64,
  vocab_size: 32768,
  hidden_size: 4096,
  state_size: 128,
  num_hidden_layers: 64,
  expand: 2,
  conv_kernel: 4,
  n_groups: 8,
  use_bias: false,
  use_conv_bias: true,
  hidden_act: "silu",
  chunk_size: 256,
  tie_word_embeddings: false,
};

/** What Mamba's files keep of its first code, and the width's factor beside the width. */
const ofMamba = "expand fused_add_norm pad_vocab_size_multiple";

/** model_type -> family. */
export const hybridFamilies: Readonly<Record<string, Family<HybridConfig>>> = {
  mamba: { defaults: mambaDefaults, fixed: { rms_norm: true }, idle: ofMamba, read: (f) => mamba(f) },
  falcon_mamba: { defaults: mambaDefaults, idle: ofMamba, read: (f) => mamba(f, "plain") },
  mamba2: {
    defaults: mamba2Defaults,
    fixed: { rms_norm: true },
    idle: "time_step_rank norm_before_gate time_step_init_scheme",
    read: mamba2,
  },
  ...attentionHybrids,
  ...newerHybrids,
  nemotron_h: nemotronH,
};
