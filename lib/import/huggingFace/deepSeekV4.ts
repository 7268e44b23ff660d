// DeepSeek-V4: one compressed key for all heads, experts in every layer, several residual streams. Defaults are those
// of the configuration class of transformers 5.24; the authors' own files name some fields otherwise.
import type { CompressedKind, DecoderCompressed } from "../../models/compressedConfig.js";
import { compressedKinds } from "../../models/compressedConfig.js";
import type { DecoderConfig } from "../../models/decoderConfig.js";
import { maxLayers } from "../../models/decoderDefaults.js";
import type { Family } from "./family.js";
import { who, type Fields } from "./fields.js";
import { experts, numbers, sizes } from "./llama.js";

const [sliding, sparse, heavy] = compressedKinds as readonly [CompressedKind, CompressedKind, CompressedKind];
const byRatio: ReadonlyMap<unknown, CompressedKind> = new Map([
  [0, sliding],
  [4, sparse],
  [128, heavy],
]);

/** The kind of each layer: by `layer_types`, else `compress_ratios`, else two that read all entries, then in turn. */
function layerTypes(f: Fields, layers: number): CompressedKind[] {
  const types = f.list("layer_types", maxLayers);
  const ratios = f.list("compress_ratios", maxLayers);
  if (types) {
    if (types.length < layers || types.some((type) => !compressedKinds.includes(type as CompressedKind)))
      f.refuse("layer_types", `a list of ${layers} of ${compressedKinds.join(", ")}`);
    return types.slice(0, layers) as CompressedKind[];
  }
  if (ratios) {
    if (ratios.length < layers || ratios.some((ratio) => !byRatio.has(ratio)))
      f.refuse("compress_ratios", `a list of ${layers} of ${[...byRatio.keys()].join(", ")}`);
    return ratios.slice(0, layers).map((ratio) => byRatio.get(ratio)!);
  }
  return numbers(layers).map((i) => (i < 2 || i % 2 === 0 ? heavy : sparse));
}

/** Layers whose experts are looked up: by `mlp_layer_types`, else the first `num_hash_layers`. */
function hashLayers(f: Fields, layers: number): number[] {
  const first = f.count("num_hash_layers", 3);
  const types = f.list("mlp_layer_types", maxLayers);
  if (types === undefined) return numbers(Math.min(first, layers));
  if (types.length < layers || types.some((type) => type !== "hash_moe" && type !== "moe"))
    f.refuse("mlp_layer_types", `a list of ${layers} of hash_moe, moe`);
  return numbers(layers).filter((i) => types[i] === "hash_moe");
}

/** Positions that an entry stands for, which a field of its own may say too. */
function rates(f: Fields): Pick<DecoderCompressed, "sparseRate" | "heavyRate"> {
  const given = f.inner("compress_rates");
  const rateOf = (kind: CompressedKind, own: string, otherwise: number): number =>
    f.optional(own) ?? (given ? given.size(kind) : otherwise);
  return { sparseRate: rateOf(sparse, "compress_rate_csa", 4), heavyRate: rateOf(heavy, "compress_rate_hca", 128) };
}

/** The rotated part of a head: `partial_rotary_factor` of it, else what an older file says. */
function rotaryDim(f: Fields, headDim: number): number {
  const named = f.optional("qk_rope_head_dim") ?? headDim / 8;
  return Math.floor(headDim * f.fraction(named / headDim, "partial_rotary_factor"));
}

function compressed(f: Fields): DecoderConfig {
  const moeIntermediateSize = f.size("moe_intermediate_size", "intermediate_size");
  const c = sizes(f.over({ intermediate_size: moeIntermediateSize }));
  const layers = c.numHiddenLayers;
  const headDim = f.size("head_dim");
  const oGroups = f.size("o_groups");
  const width = c.numAttentionHeads * headDim;
  if (width % oGroups !== 0) f.refuse("o_groups", `a divisor of ${width}, the width of all heads`);
  const mlpBias = f.flag("mlp_bias", false);
  return {
    ...c,
    intermediateSize: moeIntermediateSize,
    headDim,
    rotaryDim: rotaryDim(f, headDim),
    slidingWindow: f.size("sliding_window"),
    mlpBias,
    ...unpriced(c),
    compressed: {
      qLoraRank: f.size("q_lora_rank"),
      oGroups,
      oLoraRank: f.size("o_lora_rank"),
      layerTypes: layerTypes(f, layers),
      ...rates(f),
      indexTopk: f.size("index_topk"),
      indexNHeads: f.size("index_n_heads"),
      indexHeadDim: f.size("index_head_dim"),
      hcMult: f.size("hc_mult"),
      hcSinkhornIters: f.count("hc_sinkhorn_iters", 20),
      hashLayers: hashLayers(f, layers),
    },
    moe: {
      ...experts(f),
      moeIntermediateSize,
      numSharedExperts: 1,
      routerBias: true,
      ...(mlpBias ? { expertBias: "shared" as const } : {}),
    },
  };
}

/** Which matrices a method takes, and the formats of experts and scales, differ from file to file: no bytes. */
function unpriced({ quantization }: DecoderConfig): Pick<DecoderConfig, "quantization"> {
  if (quantization === undefined) return {};
  const must = "quantization_config must be absent for the bytes of DeepSeek-V4 to be known";
  const words = `${who}: ${must}, got ${quantization.method}; weightDtype (--weight-dtype) sets them`;
  return { quantization: { ...quantization, weightDtype: "", unpriced: quantization.unpriced ?? words } };
}

const family: Family = {
  defaults: {
    vocab_size: 129280,
    moe_intermediate_size: 2048,
    num_attention_heads: 64,
    num_key_value_heads: 1,
    head_dim: 512,
    q_lora_rank: 1024,
    num_experts_per_tok: 6,
    n_routed_experts: 256,
    hc_mult: 4,
    sliding_window: 128,
    o_groups: 8,
    o_lora_rank: 1024,
    index_n_heads: 64,
    index_head_dim: 128,
    index_topk: 512,
  },
  fixed: { n_shared_experts: 1, num_key_value_heads: 1, attention_bias: false },
  read: (f) => {
    for (const name of ["compress_rope_theta", "expert_dtype"]) f.raw(name);
    return compressed(f);
  },
};

/** model_type -> family; the authors' reference code names it "deepseek_ref" in files of the same fields. */
export const deepSeekV4s: Readonly<Record<string, Family>> = { deepseek_v4: family };
