// Families whose layers differ in the sizes of their attention or feed-forward: MiMo-V2, Step-3.5, Nemotron-NAS.
// Defaults are those of the configuration classes of transformers 5.24; Nemotron-NAS is read as its published class
// reads it.
import type { DecoderConfig, DecoderLayerConfig } from "../../models/decoderConfig.js";
import { maxLayers, windowOf } from "../../models/decoderDefaults.js";
import { denseByType } from "./behindDense.js";
import type { Family } from "./family.js";
import { fieldsOf, type Fields } from "./fields.js";
import { activationOf, attentionBias, experts, layerCount, numbers, sizes, stored, windowed } from "./llama.js";

/** Refuses a list of the file's own that does not say of each layer what is counted. */
function agrees(f: Fields, name: string, counted: (i: number) => unknown, layers: number): void {
  const list = f.list(name, maxLayers);
  if (list === undefined) return;
  const other = numbers(layers).find((i) => list[i] !== counted(i));
  if (other !== undefined) f.refuse(name, `${String(counted(other))} at layer ${other}, as the layers' types say`);
}

/** The rotated part of a head in layers of `type`, where rotations are told by type. */
function rotaryOf(f: Fields, type: string, headDim: number, otherwise: number): number {
  const share = f.inner("rope_parameters")?.inner(type)?.fraction(otherwise, "partial_rotary_factor") ?? otherwise;
  return Math.floor(headDim * share);
}

/** Layers with a window have twice the key/value heads, and sinks. */
function mimoV2(f: Fields): DecoderConfig {
  const own = { ...sizes(f), vHeadDim: f.size("v_head_dim"), valueScale: true };
  const everySixth = (n: number): number[] => numbers(n).filter((i) => i === 0 || (i + 1) % 6 === 0);
  const c = windowed(f, { ...own, qkvBias: f.flag("attention_bias", false) }, everySixth);
  const n = c.numHiddenLayers;
  const isSliding = (i: number): boolean => windowOf(c, i) !== undefined;
  const before = f.optional("sliding_window_size");
  const denseLayers = denseByType(f, n);
  const kvHeads = c.numKeyValueHeads!;
  for (const [name, size] of [
    ["swa_num_attention_heads", c.numAttentionHeads],
    ["swa_num_key_value_heads", 2 * kvHeads],
    ["swa_head_dim", c.headDim!],
    ["swa_v_head_dim", own.vHeadDim],
  ] as const)
    if ((f.optional(name) ?? size) !== size) f.refuse(name, `${size}`);
  agrees(f, "hybrid_layer_pattern", (i) => Number(isSliding(i)), n);
  agrees(f, "moe_layer_freq", (i) => Number(!denseLayers.includes(i)), n);
  f.raw("attention_chunk_size");
  f.raw("attention_value_scale");
  f.raw("swa_rope_theta");
  const layers = numbers(n).map((i): DecoderLayerConfig => {
    const type = isSliding(i) ? "sliding_attention" : "full_attention";
    const rotaryDim = rotaryOf(f, type, c.headDim!, 0.334);
    return isSliding(i) ? { numKeyValueHeads: 2 * kvHeads, attentionSinks: true, rotaryDim } : { rotaryDim };
  });
  return {
    ...c,
    ...(before !== undefined && c.slidingWindow !== undefined ? { slidingWindow: before + 1 } : {}),
    layers,
    moe: { ...experts(f), moeIntermediateSize: f.size("moe_intermediate_size"), routerBias: true, denseLayers },
  };
}

/** Fields of Step's that change no size: factors, limits, and the kinds of layers that predict further ahead. */
const unsized =
  "moe_router_scaling_factor swiglu_limits swiglu_limits_shared mtp_layer_types mtp_mlp_layer_types " +
  "partial_rotary_factors";

/** Layers with a window may have query heads of their own; a gate for each head behind all. */
function step(f: Fields): DecoderConfig {
  const kvHeads = f.size("num_key_value_heads", "num_attention_groups");
  const own: DecoderConfig = { ...sizes(f), ...attentionBias(f), numKeyValueHeads: kvHeads };
  const c = windowed(f, { ...own, mlpBias: f.flag("mlp_bias", false), queryKeyNorm: "head" }, numbers);
  const n = c.numHiddenLayers;
  const types = f.list("layer_types", maxLayers) ?? [];
  if (c.slidingWindow === undefined && types.slice(0, n).includes("sliding_attention"))
    f.refuse("sliding_window", "the window of the sliding_attention layers");
  const gating = f.raw("gating");
  if (gating !== true && gating !== "per-head") f.refuse("gating", "true (a gate for each head)");
  const heads = c.numAttentionHeads;
  for (const name of unsized.split(" ")) f.raw(name);
  const sliding = f.optional("num_sliding_attention_heads") ?? legacyHeads(f, c) ?? heads;
  const written = f.inner("per_layer_config");
  const denseLayers = denseByType(f, n, legacyDense(f, n));
  if (f.has("first_k_dense_replace") && denseLayers.join() !== numbers(f.count("first_k_dense_replace")).join())
    f.refuse("first_k_dense_replace", "the layers without experts, as mlp_layer_types says");
  if (c.mlpBias) f.refuse("mlp_bias", "false (biases beside experts are not counted)");
  const numExperts = f.size("n_routed_experts", "num_experts", "moe_num_experts");
  const numExpertsPerTok = f.size("num_experts_per_tok", "moe_top_k");
  if (numExpertsPerTok > numExperts) f.refuse("num_experts_per_tok", `at most the ${numExperts} experts`);
  return {
    ...c,
    attentionGate: "heads",
    layers: numbers(n).map((i) => {
      const windowed = windowOf(c, i) !== undefined;
      const rotaryDim = rotaryOf(f, windowed ? "sliding_attention" : "full_attention", c.headDim!, 1);
      return { rotaryDim, numAttentionHeads: written ? writtenHeads(written, i, c) : windowed ? sliding : heads };
    }),
    moe: {
      numExperts,
      numExpertsPerTok,
      moeIntermediateSize: f.size("moe_intermediate_size"),
      numSharedExperts: 1,
      sharedExpertIntermediateSize: f.size("share_expert_dim", "share_expert_dims"),
      routerBias: true,
      denseLayers,
    },
  };
}

/** Query heads of layers with a window, as older files tell them. */
function legacyHeads(f: Fields, c: DecoderConfig): number | undefined {
  const setting = f.inner("attention_other_setting");
  if (setting === undefined) return undefined;
  for (const [name, size] of [
    ["num_attention_groups", c.numKeyValueHeads!],
    ["head_dim", c.headDim!],
  ] as const)
    if ((setting.optional(name) ?? size) !== size) setting.refuse(name, `${size}, as in the other layers`);
  return setting.optional("num_attention_heads");
}

/** Query heads of layer `i` as transformers writes them: what a layer has of its own. */
function writtenHeads(written: Fields, i: number, c: DecoderConfig): number {
  const own = written.inner(String(i));
  const heads = own?.optional("num_attention_heads") ?? c.numAttentionHeads;
  for (const name of own?.unread() ?? []) own!.refuse(name, "absent (not counted)");
  return heads;
}

/** Layers without experts, as older files list those with; by default the first three. */
function legacyDense(f: Fields, layers: number): number[] {
  const listed = f.raw("moe_layers_enum");
  if (listed === undefined) return numbers(Math.min(3, layers));
  const text = typeof listed === "string" && listed.length <= 10_000 ? listed.split(",") : undefined;
  const sparse = (text ?? f.list("moe_layers_enum", maxLayers)!).map(Number);
  if (sparse.some((i) => !Number.isInteger(i))) f.refuse("moe_layers_enum", "the numbers of layers");
  return numbers(layers).filter((i) => !sparse.includes(i));
}

/** The width of a feed-forward that is `ffn_mult` times the stream's, two thirds of it, in units of 256. */
const widthOf = (ffn: Fields, hiddenSize: number): number => {
  const factor = ffn.raw("ffn_mult");
  if (typeof factor !== "number" || !(factor > 0 && factor < 1e3)) return ffn.refuse("ffn_mult", "a positive number");
  return 256 * Math.ceil(Math.trunc((2 * factor * hiddenSize) / 3) / 256);
};

/** A layer of `block_configs`. */
function block(f: Fields, i: number, heads: number, hiddenSize: number): DecoderLayerConfig {
  const at = f.list("block_configs", maxLayers)![i];
  if (typeof at !== "object" || at === null) return f.refuse("block_configs", "a list of objects");
  const both = fieldsOf(at as Record<string, unknown>, `block_configs.${i}.`);
  const attention = both.inner("attention") ?? both.refuse("attention", "an object");
  const ffn = both.inner("ffn") ?? both.refuse("ffn", "an object");
  const group = attention.optional("n_heads_in_group") ?? 1;
  if (heads % group !== 0) attention.refuse("n_heads_in_group", `a divisor of the ${heads} heads`);
  const [mixing, feeding] = [insteadOf(attention), insteadOf(ffn)];
  if (mixing === undefined && !attention.has("n_heads_in_group")) attention.refuse("n_heads_in_group", "a size");
  const own: DecoderLayerConfig = {
    ...(mixing ? { attention: mixing } : { numKeyValueHeads: heads / group }),
    ...(feeding ? { feedForward: feeding } : { intermediateSize: widthOf(ffn, hiddenSize) }),
  };
  ffn.raw("ffn_mult");
  for (const part of [both, attention, ffn]) for (const name of part.unread()) part.refuse(name, "null (not counted)");
  return own;
}

/** What stands in place of half a layer. */
function insteadOf(part: Fields): "none" | "linear" | undefined {
  if (part.flag("no_op", false)) return "none";
  return part.flag("replace_with_linear", false) ? "linear" : undefined;
}

function nemotronNas(f: Fields): DecoderConfig {
  const [heads, hiddenSize] = [f.size("num_attention_heads"), f.size("hidden_size")];
  const n = layerCount(f, "num_hidden_layers");
  const blocks = f.list("block_configs", maxLayers) ?? f.refuse("block_configs", "a list of layers");
  if (blocks.length !== n) f.refuse("block_configs", `a list of num_hidden_layers ${n}`);
  const layers = numbers(n).map((i) => block(f, i, heads, hiddenSize));
  for (const name of ["attention_bias", "mlp_bias"]) if (f.flag(name, false)) f.refuse(name, "false (not counted)");
  for (const name of ["intermediate_size", "num_key_value_heads"])
    if (f.has(name)) f.refuse(name, "null (block_configs says it)");
  return {
    vocabSize: f.size("vocab_size"),
    hiddenSize,
    numHiddenLayers: n,
    numAttentionHeads: heads,
    headDim: f.optional("head_dim"),
    // Of no layer: each has its own.
    intermediateSize: 1,
    hiddenAct: activationOf(f, "silu", "hidden_act"),
    ...stored(f),
    layers,
  };
}

/** model_type -> family. */
export const unequals: Readonly<Record<string, Family>> = {
  mimo_v2_flash: {
    defaults: {
      vocab_size: 152576,
      intermediate_size: 16384,
      num_attention_heads: 64,
      num_key_value_heads: 4,
      moe_intermediate_size: 2048,
      num_experts_per_tok: 8,
      n_routed_experts: 256,
      head_dim: 192,
      v_head_dim: 128,
      sliding_window: 129,
    },
    fixed: { add_swa_attention_sink_bias: true, partial_rotary_factor: 0.334 },
    read: mimoV2,
  },
  step3p5: {
    defaults: {
      vocab_size: 128815,
      intermediate_size: 11264,
      num_attention_heads: 64,
      num_key_value_heads: 8,
      head_dim: 128,
      num_experts_per_tok: 8,
      n_routed_experts: 288,
      moe_intermediate_size: 1280,
      share_expert_dim: 1280,
      gating: true,
    },
    fixed: { n_shared_experts: 1, use_moe_router_bias: true },
    read: step,
  },
  "nemotron-nas": { defaults: { vocab_size: 128256, num_attention_heads: 32 }, read: nemotronNas },
};
