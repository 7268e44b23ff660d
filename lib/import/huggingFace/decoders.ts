// Hugging Face's fields -> DecoderConfig, one function a family. Field names and defaults are those of transformers'
// configuration classes.
import { parseDType } from "../../dtype.js";
import type { ActivationKind } from "../../ops/index.js";
import { everyNth, maxLayers, type DecoderConfig } from "../../models/decoderConfig.js";
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

function activationOf(f: Fields, otherwise: string, ...names: string[]): ActivationKind {
  const name = names.find((n) => f.has(n)) ?? names[0]!;
  const value = f.text(name) ?? otherwise;
  return Object.hasOwn(activations, value)
    ? activations[value]!
    : f.refuse(name, `one of ${Object.keys(activations).join(", ")}`);
}

/** The format that the checkpoint is stored in. */
function dtypeOf(f: Fields): string | undefined {
  const name = f.has("torch_dtype") ? "torch_dtype" : "dtype";
  const value = f.text(name);
  return value === undefined || value === "auto" ? undefined : parseDType(`${who}: ${name}`, value);
}

function layerCount(f: Fields, ...names: string[]): number {
  const n = f.size(...names);
  if (n > maxLayers)
    f.refuse(
      names.find((name) => f.has(name))!,
      `at most ${maxLayers} layers`,
    );
  return n;
}

/** Sizes and switches that most families share. */
function llama(f: Fields, tiedByDefault = false): DecoderConfig {
  const heads = f.size("num_attention_heads");
  const attentionBias = f.flag("attention_bias", false);
  const quantization = quantizationOf(f);
  const dtype = dtypeOf(f);
  return {
    vocabulary: f.size("vocab_size"),
    width: f.size("hidden_size"),
    layers: layerCount(f, "num_hidden_layers"),
    heads,
    kvHeads: f.optional("num_key_value_heads") ?? heads,
    headDim: f.optional("head_dim"),
    hidden: f.size("intermediate_size"),
    activation: activationOf(f, "silu", "hidden_act", "hidden_activation"),
    qkvBias: attentionBias,
    outBias: attentionBias,
    mlpBias: f.flag("mlp_bias", false),
    tied: f.flag("tie_word_embeddings", tiedByDefault),
    ...(quantization ? { quantization } : {}),
    ...(dtype ? { dtype } : {}),
  };
}

const numbers = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** Layers that see the whole context, by `layer_types` where the file has them, else by `rule`. */
function windowed(f: Fields, config: DecoderConfig, rule: (layers: number) => number[] | undefined): DecoderConfig {
  const window = f.optional("sliding_window");
  if (window === undefined) return config;
  const types = f.list("layer_types", maxLayers);
  const fullLayers = types
    ? numbers(config.layers).filter((i) => types[i] !== "sliding_attention")
    : rule(config.layers);
  return fullLayers && fullLayers.length >= config.layers
    ? config
    : { ...config, window, ...(fullLayers ? { fullLayers } : {}) };
}

const always = (): undefined => undefined;
/** Qwen's window is off unless asked for, and only above max_window_layers. */
const qwenWindow = (f: Fields, c: DecoderConfig): DecoderConfig =>
  f.flag("use_sliding_window", false) ? windowed(f, c, (n) => numbers(Math.min(n, f.count("max_window_layers")))) : c;

/** Layers without experts, by Qwen's two rules. */
function denseByStep(f: Fields, layers: number): number[] {
  const step = f.optional("decoder_sparse_step") ?? 1;
  const only = f.list("mlp_only_layers", maxLayers) ?? [];
  return numbers(layers).filter((i) => only.includes(i) || (i + 1) % step !== 0);
}

function experts(f: Fields): { experts: number; topK: number } {
  const n = f.size("num_experts", "num_local_experts", "n_routed_experts");
  const topK = f.size("num_experts_per_tok");
  if (topK > n) f.refuse("num_experts_per_tok", `at most the ${n} experts`);
  return { experts: n, topK };
}

function deepSeek(f: Fields, routerBias: boolean): DecoderConfig {
  const c = llama(f);
  const first = f.count("first_k_dense_replace");
  const every = f.optional("moe_layer_freq") ?? 1;
  const shared = f.count("n_shared_experts");
  const queryRank = f.optional("q_lora_rank");
  const mla = {
    rank: f.size("kv_lora_rank"),
    nope: f.size("qk_nope_head_dim"),
    rope: f.size("qk_rope_head_dim"),
    value: f.size("v_head_dim"),
    ...(queryRank === undefined ? {} : { queryRank }),
  };
  const latent: DecoderConfig = { ...c, kvHeads: c.heads, headDim: mla.value, mla };
  if (!f.has("n_routed_experts")) return latent;
  return {
    ...latent,
    moe: {
      ...experts(f),
      hidden: f.size("moe_intermediate_size"),
      sharedExperts: shared,
      routerBias,
      denseLayers: numbers(c.layers).filter((i) => i < first || i % every !== 0),
    },
  };
}

function gemma(f: Fields): DecoderConfig {
  const c = llama(f, true);
  return {
    ...c,
    headDim: c.headDim ?? 256,
    activation:
      f.has("hidden_activation") || f.has("hidden_act")
        ? activationOf(f, "gelu_pytorch_tanh", "hidden_activation", "hidden_act")
        : "geluTanh",
    embeddingScale: true,
  };
}

function phi3(f: Fields): DecoderConfig {
  return windowed(f, { ...llama(f), fused: true, ...partial(f) }, always);
}

/** A share of each head is rotated. */
function partial(f: Fields, otherwise = 1): { rotary?: number } {
  const share = f.fraction(otherwise, "partial_rotary_factor", "rotary_pct");
  if (share === 1) return {};
  return {
    rotary: Math.floor(
      (f.optional("head_dim") ?? Math.floor(f.size("hidden_size") / f.size("num_attention_heads"))) * share,
    ),
  };
}

const classic = { gated: false, norm: "layer", qkvBias: true, outBias: true, mlpBias: true } as const;

function gpt2(f: Fields): DecoderConfig {
  const width = f.size("n_embd", "hidden_size");
  return {
    ...classic,
    fused: true,
    width,
    vocabulary: f.size("vocab_size"),
    positions: f.size("n_positions", "n_ctx"),
    layers: layerCount(f, "n_layer", "num_hidden_layers"),
    heads: f.size("n_head", "num_attention_heads"),
    hidden: f.optional("n_inner") ?? 4 * width,
    activation: activationOf(f, "gelu_new", "activation_function"),
    tied: f.flag("tie_word_embeddings", true),
    dtype: dtypeOf(f) ?? "fp32",
    quantization: quantizationOf(f),
  };
}

function neoX(f: Fields): DecoderConfig {
  const parallel = f.flag("use_parallel_residual", true);
  const bias = f.flag("attention_bias", true);
  return {
    ...llama(f),
    ...classic,
    qkvBias: bias,
    outBias: bias,
    fused: true,
    activation: activationOf(f, "gelu", "hidden_act"),
    ...(parallel ? { parallel, norms: 2 as const } : {}),
    ...partial(f, 0.25),
  };
}

function opt(f: Fields): DecoderConfig {
  const width = f.size("hidden_size");
  const projected = f.optional("word_embed_proj_dim") ?? width;
  const after = !f.flag("do_layer_norm_before", true);
  const bias = f.flag("enable_bias", true);
  if (after) f.refuse("do_layer_norm_before", "true (norms behind the halves of a layer are not counted for OPT)");
  return {
    ...classic,
    qkvBias: bias,
    outBias: bias,
    mlpBias: bias,
    width,
    vocabulary: f.size("vocab_size"),
    layers: layerCount(f, "num_hidden_layers"),
    heads: f.size("num_attention_heads"),
    hidden: f.size("ffn_dim"),
    positions: f.size("max_position_embeddings") + 2,
    positionOffset: 2,
    activation: activationOf(f, "relu", "activation_function"),
    tied: f.flag("tie_word_embeddings", true),
    finalNorm: !f.flag("_remove_final_layer_norm", false),
    quantization: quantizationOf(f),
    dtype: dtypeOf(f),
    ...(projected === width ? {} : { projected }),
  };
}

function phi(f: Fields): DecoderConfig {
  const c = llama(f);
  return {
    ...c,
    ...classic,
    activation: activationOf(f, "gelu_new", "hidden_act"),
    parallel: true,
    headBias: true,
    ...partial(f, 0.5),
    ...(f.flag("qk_layernorm", false) ? f.refuse("qk_layernorm", "false (not counted)") : {}),
  };
}

/** model_type -> configuration. */
export const decoderFamilies: Readonly<Record<string, (f: Fields) => DecoderConfig>> = {
  llama: (f) => ({ ...llama(f) }),
  mistral: (f) => windowed(f, llama(f), always),
  ministral: (f) => windowed(f, llama(f), always),
  mixtral: (f) => {
    const c = windowed(f, llama(f), always);
    return { ...c, moe: { ...experts(f), hidden: c.hidden } };
  },
  qwen2: (f) => qwenWindow(f, { ...llama(f), qkvBias: true, outBias: false }),
  qwen2_moe: (f) => {
    const c = qwenWindow(f, { ...llama(f), qkvBias: f.flag("qkv_bias", true), outBias: false });
    return {
      ...c,
      moe: {
        ...experts(f),
        hidden: f.size("moe_intermediate_size"),
        sharedExperts: 1,
        sharedHidden: f.size("shared_expert_intermediate_size"),
        sharedGate: true,
        denseLayers: denseByStep(f, c.layers),
      },
    };
  },
  qwen3: (f) => {
    const c = llama(f);
    return qwenWindow(f, { ...c, headDim: c.headDim ?? 128, queryKeyNorm: "head" });
  },
  qwen3_moe: (f) => {
    const c = llama(f);
    return qwenWindow(f, {
      ...c,
      queryKeyNorm: "head",
      moe: { ...experts(f), hidden: f.size("moe_intermediate_size"), denseLayers: denseByStep(f, c.layers) },
    });
  },
  gemma: (f) => gemma(f),
  gemma2: (f) =>
    windowed(
      f,
      {
        ...gemma(f),
        norms: 4,
        attentionSoftcap: f.has("attn_logit_softcapping"),
        logitSoftcap: f.has("final_logit_softcapping"),
      },
      (n) => everyNth(2, n),
    ),
  gemma3_text: (f) =>
    windowed(f, { ...gemma(f), norms: 4, queryKeyNorm: "head" }, (n) =>
      everyNth(f.optional("sliding_window_pattern", "_sliding_window_pattern") ?? 6, n),
    ),
  deepseek_v2: (f) => deepSeek(f, false),
  deepseek_v3: (f) => deepSeek(f, (f.text("topk_method") ?? "noaux_tc") === "noaux_tc"),
  smollm3: (f) => llama(f, true),
  phi3,
  phi,
  gpt2,
  gpt_neox: neoX,
  opt,
  olmo: (f) => ({ ...llama(f), norm: "layer", normAffine: false }),
  olmo2: (f) => ({ ...llama(f), norms: "after", queryKeyNorm: "all" }),
  granite: (f) => llama(f),
  stablelm: (f) => ({
    ...llama(f),
    norm: "layer",
    qkvBias: f.flag("use_qkv_bias", false),
    outBias: false,
    ...partial(f, 0.25),
  }),
  starcoder2: (f) => {
    const bias = f.flag("use_bias", true);
    return windowed(
      f,
      {
        ...llama(f, true),
        ...classic,
        qkvBias: bias,
        outBias: bias,
        mlpBias: bias,
        activation: activationOf(f, "gelu_pytorch_tanh", "hidden_act"),
      },
      always,
    );
  },
};

/** `family`'s reading of `fields`, or an error that names the field. */
export const decoderConfigOf = (family: string, fields: Fields): DecoderConfig => decoderFamilies[family]!(fields);
