// What tensor names and shapes tell about a model: its family, and the sizes that are certain. Head sizes are told only
// where a norm of that width shows them.
import type { FileTensor } from "./tensorFile.js";

export interface Told {
  architecture?: string;
  config?: Record<string, unknown>;
}

/**
 * A family is known by tensors that only it has; the first row whose patterns all occur wins, so the special stand
 * before the general. `#` is a layer number.
 */
const families: readonly (readonly [name: string, ...needs: readonly string[]])[] = [
  [
    "deepseek_v3",
    "model.layers.#.self_attn.kv_a_proj_with_mqa.weight",
    "model.layers.#.mlp.gate.e_score_correction_bias",
  ],
  ["deepseek_v2", "model.layers.#.self_attn.kv_a_proj_with_mqa.weight"],
  ["mixtral", "model.layers.#.block_sparse_moe.gate.weight"],
  ["qwen3_moe", "model.layers.#.self_attn.q_norm.weight", "model.layers.#.mlp.experts.#.gate_proj.weight"],
  ["gemma3_text", "model.layers.#.self_attn.q_norm.weight", "model.layers.#.pre_feedforward_layernorm.weight"],
  ["gemma2", "model.layers.#.pre_feedforward_layernorm.weight"],
  ["qwen3", "model.layers.#.self_attn.q_norm.weight"],
  ["phi3", "model.layers.#.self_attn.qkv_proj.weight", "model.layers.#.mlp.gate_up_proj.weight"],
  ["qwen2", "model.layers.#.self_attn.q_proj.bias", "model.layers.#.mlp.gate_proj.weight"],
  ["phi", "model.layers.#.self_attn.q_proj.bias", "model.layers.#.mlp.fc1.weight"],
  ["llama", "model.layers.#.self_attn.q_proj.weight", "model.layers.#.mlp.gate_proj.weight"],
  [
    "whisper",
    "model.encoder.layers.#.self_attn.q_proj.weight",
    "model.decoder.layers.#.encoder_attn.q_proj.weight",
    "model.encoder.conv#.weight",
  ],
  ["t5", "encoder.block.#.layer.#.SelfAttention.q.weight"],
  ["gpt2", "h.#.attn.c_attn.weight"],
  ["gpt2", "transformer.h.#.attn.c_attn.weight"],
  ["distilbert", "transformer.layer.#.attention.q_lin.weight"],
  ["distilbert", "distilbert.transformer.layer.#.attention.q_lin.weight"],
  ["roberta", "roberta.encoder.layer.#.attention.self.query.weight"],
  ["bert", "encoder.layer.#.attention.self.query.weight"],
  ["bert", "bert.encoder.layer.#.attention.self.query.weight"],
  ["vit", "encoder.layers.encoder_layer_#.self_attention.in_proj_weight"],
  ["vit", "blocks.#.attn.qkv.weight"],
  ["vit", "vit.encoder.layer.#.attention.attention.query.weight"],
  ["swin", "features.#.#.attn.relative_position_bias_table"],
  ["resnet", "layer#.#.conv#.weight", "fc.weight"],
  ["efficientnet", "features.#.#.block.#.fc#.weight", "classifier.#.weight"],
];

/**
 * The family of `tensors` by their names, and a configuration for decoders whose head size is told by their query norm.
 */
export function architectureFromNames(tensors: readonly FileTensor[]): Told {
  const patterns = new Set(tensors.map(({ name }) => name.replace(/\d+/g, "#")));
  // A multimodal file or an adapter may put its own prefix before the decoder; only the plain name is trusted.
  const family = families.find(([, ...needs]) => needs.every((p) => patterns.has(p)))?.[0];
  if (family === undefined) return {};
  const config = family === "qwen3" || family === "gemma3_text" ? decoderConfig(family, tensors) : undefined;
  return { architecture: family, ...(config ? { config } : {}) };
}

/** Every size of a decoder whose q_norm shows the width of a head; undefined where a tensor is missing. */
function decoderConfig(family: string, tensors: readonly FileTensor[]): Record<string, unknown> | undefined {
  const shapes = new Map(tensors.map((t) => [t.name, t.shape]));
  const size = (name: string, dimension: number): number | undefined => shapes.get(name)?.[dimension];
  const at = "model.layers.0.";
  const headDim = size(`${at}self_attn.q_norm.weight`, 0);
  const hidden = size("model.embed_tokens.weight", 1);
  const vocab = size("model.embed_tokens.weight", 0);
  const q = size(`${at}self_attn.q_proj.weight`, 0);
  const kv = size(`${at}self_attn.k_proj.weight`, 0);
  const intermediate = size(`${at}mlp.gate_proj.weight`, 0);
  if (!headDim || !hidden || !vocab || !q || !kv || !intermediate || q % headDim !== 0 || kv % headDim !== 0)
    return undefined;
  const layers = new Set(tensors.flatMap(({ name }) => /^model\.layers\.(\d+)\./.exec(name)?.[1] ?? [])).size;
  return {
    model_type: family,
    hidden_size: hidden,
    intermediate_size: intermediate,
    num_hidden_layers: layers,
    num_attention_heads: q / headDim,
    num_key_value_heads: kv / headDim,
    head_dim: headDim,
    vocab_size: vocab,
    tie_word_embeddings: !shapes.has("lm_head.weight"),
    attention_bias: shapes.has(`${at}self_attn.q_proj.bias`),
  };
}
