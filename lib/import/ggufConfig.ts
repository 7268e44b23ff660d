// A GGUF file's hyperparameters as a Hugging Face configuration, so that the same decoder can count it. No file access.
import { shown } from "../check.js";
import type { FileTensor } from "./tensorFile.js";

/** GGUF's architecture -> Hugging Face's model_type, for decoders that differ in nothing that costs. */
const modelTypes: Readonly<Record<string, string>> = {
  llama: "llama",
  qwen2: "qwen2",
  qwen3: "qwen3",
  qwen3moe: "qwen3_moe",
  gemma2: "gemma2",
  gemma3: "gemma3_text",
  phi3: "phi3",
  gpt2: "gpt2",
  deepseek2: "deepseek_v3",
  deci: "nemotron-nas",
};

/** A configuration, or why there is none. */
interface Told {
  config?: Record<string, unknown>;
  why?: string;
}

/** The configuration that `metadata` and `tensors` tell, or why they do not tell one. */
export function configFromGguf(metadata: Readonly<Record<string, unknown>>, tensors: readonly FileTensor[]): Told {
  const architecture = metadata["general.architecture"];
  if (typeof architecture !== "string" || !Object.hasOwn(modelTypes, architecture))
    return {
      why: `general.architecture must be one of ${Object.keys(modelTypes).join(", ")}, got ${shown(architecture)}`,
    };
  try {
    const config = configOf(architecture, metadata, tensors);
    return config === undefined
      ? { why: "hidden size, layers, heads, vocabulary and widths must be there" }
      : { config };
  } catch (error) {
    if (error instanceof Uneven) return { why: error.message };
    throw error;
  }
}

/** A size that each layer has of its own, which no configuration can say. */
class Uneven extends Error {}

function configOf(
  architecture: string,
  metadata: Readonly<Record<string, unknown>>,
  tensors: readonly FileTensor[],
): Record<string, unknown> | undefined {
  const number = numbersOf(metadata, architecture);
  const shapes = new Map(tensors.map((t) => [t.name, t.shape]));
  if (architecture === "deci") return unequalConfig(metadata, number, shapes);
  const hidden = number("embedding_length");
  const layers = number("block_count");
  const heads = number("attention.head_count");
  const vocab = shapes.get("token_embd.weight")?.[0] ?? number("vocab_size");
  if (!hidden || !layers || !heads || !vocab) return undefined;
  const sizes: Sizes = { hidden, layers, heads, vocab };
  if (architecture === "gpt2") return gpt2Config(sizes, number, shapes);
  const common = commonConfig(architecture, sizes, number, shapes);
  if (architecture === "deepseek2") return latentConfig(common, number, shapes);
  const headDim = number("attention.key_length") ?? hidden / heads;
  const experts = number("expert_count");
  if (experts) return expertsConfig(architecture, experts, { ...common, head_dim: headDim }, number);
  return common.intermediate_size ? { ...common, head_dim: headDim } : undefined;
}

/** The sizes of each of `layers` layers, 0 where a layer has none: a list, or one number for all. */
function perLayer(metadata: Readonly<Record<string, unknown>>, key: string, layers: number): readonly number[] {
  const value = metadata[key];
  const list: readonly unknown[] = Array.isArray(value) ? value : new Array<unknown>(layers).fill(value);
  const sizes = list.filter((n): n is number => typeof n === "number" && Number.isInteger(n) && n >= 0);
  if (sizes.length !== list.length || sizes.length !== layers)
    throw new Uneven(`${key} must be a size of each of ${layers} layers, got ${shown(value)}`);
  return sizes;
}

/** Widths of Nemotron-NAS are multiples of this; its configuration says a factor. */
const widthUnit = 256;

/** Nemotron-NAS: without heads a layer has no attention, without those of keys a matrix in its place. */
function unequalConfig(
  metadata: Readonly<Record<string, unknown>>,
  number: Numbers,
  shapes: Shapes,
): Record<string, unknown> | undefined {
  const hidden = number("embedding_length");
  const layers = number("block_count");
  const vocab = shapes.get("token_embd.weight")?.[0] ?? number("vocab_size");
  if (!hidden || !layers || !vocab || layers > 1000) return undefined;
  const [heads, kvHeads, widths] = ["attention.head_count", "attention.head_count_kv", "feed_forward_length"].map(
    (key) => perLayer(metadata, `deci.${key}`, layers),
  ) as [readonly number[], readonly number[], readonly number[]];
  const most = Math.max(...heads);
  const other = heads.find((n) => n !== 0 && n !== most);
  if (most === 0 || other !== undefined)
    throw new Uneven(`deci.attention.head_count must be 0 or the same in every layer, got ${shown(heads)}`);
  const odd = widths.find((n) => n % widthUnit !== 0);
  if (odd !== undefined)
    throw new Uneven(`deci.feed_forward_length must be multiples of ${widthUnit} in every layer, got ${odd}`);
  const uneven = kvHeads.find((n) => n > 0 && most % n !== 0);
  if (uneven !== undefined)
    throw new Uneven(`deci.attention.head_count_kv must divide the ${most} heads in every layer, got ${uneven}`);
  const attention = (i: number): Record<string, unknown> => {
    if (heads[i] === 0) return { no_op: true };
    return kvHeads[i] === 0 ? { replace_with_linear: true } : { n_heads_in_group: most / kvHeads[i]! };
  };
  // The factor is rounded up to a unit: half a unit less is surely the same width.
  const feedForward = (n: number): Record<string, unknown> =>
    n === 0 ? { no_op: true } : { ffn_mult: (1.5 * (n - widthUnit / 2)) / hidden };
  return {
    model_type: "nemotron-nas",
    hidden_size: hidden,
    num_hidden_layers: layers,
    num_attention_heads: most,
    head_dim: number("attention.key_length") ?? hidden / most,
    vocab_size: vocab,
    tie_word_embeddings: !shapes.has("output.weight"),
    block_configs: widths.map((n, i) => ({ attention: attention(i), ffn: feedForward(n) })),
  };
}

/** Sizes that every decoder has. */
interface Sizes {
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  readonly vocab: number;
}
/** A positive number of the metadata, by its key behind the architecture's name. */
type Numbers = (key: string) => number | undefined;
type Shapes = ReadonlyMap<string, readonly number[]>;

function numbersOf(metadata: Readonly<Record<string, unknown>>, architecture: string): Numbers {
  return (key) => {
    const value = metadata[`${architecture}.${key}`];
    // A list has one entry a layer; only equal ones fit a configuration.
    if (typeof value === "object" && !(Array.isArray(value) && value.every((v) => v === value[0])))
      throw new Uneven(`${architecture}.${key} must be the same in every layer, got ${shown(value)}`);
    const one: unknown = Array.isArray(value) ? value[0] : value;
    return typeof one === "number" && one > 0 ? one : undefined;
  };
}

function gpt2Config({ hidden, layers, heads, vocab }: Sizes, number: Numbers, shapes: Shapes): Record<string, unknown> {
  return {
    model_type: "gpt2",
    n_embd: hidden,
    n_layer: layers,
    n_head: heads,
    n_inner: number("feed_forward_length") ?? 4 * hidden,
    n_positions: shapes.get("position_embd.weight")?.[0] ?? number("context_length"),
    vocab_size: vocab,
    tie_word_embeddings: !shapes.has("output.weight"),
  };
}

function commonConfig(
  architecture: string,
  { hidden, layers, heads, vocab }: Sizes,
  number: Numbers,
  shapes: Shapes,
): Record<string, unknown> {
  const intermediate = number("feed_forward_length");
  const positions = number("context_length");
  const slidingWindow = number("attention.sliding_window");
  return {
    model_type: architecture === "llama" && number("expert_count") ? "mixtral" : modelTypes[architecture],
    hidden_size: hidden,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: number("attention.head_count_kv") ?? heads,
    vocab_size: vocab,
    tie_word_embeddings: !shapes.has("output.weight"),
    attention_bias: shapes.has("blk.0.attn_q.bias"),
    ...(intermediate ? { intermediate_size: intermediate } : {}),
    ...(positions ? { max_position_embeddings: positions } : {}),
    ...(slidingWindow ? { sliding_window: slidingWindow } : {}),
  };
}

function expertsConfig(
  architecture: string,
  experts: number,
  common: Record<string, unknown>,
  number: Numbers,
): Record<string, unknown> | undefined {
  const intermediate = number("feed_forward_length");
  const width = number("expert_feed_forward_length") ?? intermediate;
  const used = number("expert_used_count");
  if (!width || !used) return undefined;
  const routed = { ...common, num_experts_per_tok: used };
  // Mixtral under llama's name: its experts take the place of the feed-forward.
  if (architecture === "llama") return { ...routed, num_local_experts: experts, intermediate_size: width };
  return {
    ...routed,
    num_experts: experts,
    moe_intermediate_size: width,
    intermediate_size: intermediate ?? width,
    decoder_sparse_step: 1,
    mlp_only_layers: [],
  };
}

/**
 * DeepSeek's latent attention: key_length holds both parts of a head's key, unless the converted file keeps the
 * expanded ones as key_length_mla.
 */
function latentConfig(
  common: Record<string, unknown>,
  number: Numbers,
  shapes: Shapes,
): Record<string, unknown> | undefined {
  const rope = number("rope.dimension_count");
  const latent = number("attention.kv_lora_rank");
  const q = number("attention.q_lora_rank");
  const key = number("attention.key_length_mla") ?? number("attention.key_length");
  const value = number("attention.value_length_mla") ?? number("attention.value_length");
  const experts = number("expert_count");
  const used = number("expert_used_count");
  const width = number("expert_feed_forward_length");
  if (!rope || !latent || !key || !value || !experts || !used || !width || !common.intermediate_size) return undefined;
  const config = { ...common };
  delete config.attention_bias;
  // Version 3 corrects its router by a bias; version 2 has none.
  const corrected = [...shapes.keys()].some((n) => n.includes("exp_probs_b"));
  return {
    ...config,
    model_type: corrected ? "deepseek_v3" : "deepseek_v2",
    num_key_value_heads: common.num_attention_heads,
    q_lora_rank: q ?? null,
    kv_lora_rank: latent,
    qk_rope_head_dim: rope,
    qk_nope_head_dim: key - rope,
    v_head_dim: value,
    n_routed_experts: experts,
    num_experts_per_tok: used,
    n_shared_experts: number("expert_shared_count") ?? 0,
    moe_intermediate_size: width,
    first_k_dense_replace: number("leading_dense_block_count") ?? 0,
    moe_layer_freq: 1,
  };
}
