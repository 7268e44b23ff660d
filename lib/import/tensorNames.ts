// Where a tensor of a file stands in a decoder: names of GGUF and of Hugging Face as "path#tensor" of the model.
import type { DecoderConfig } from "../models/index.js";

/** What is stored in a file beside parameters: rotary tables, causal masks. */
export const isBuffer = (name: string): boolean =>
  /(^|\.)rope_(freqs|factors_(long|short))\.weight$|rotary_emb\./.test(name) ||
  /\.(attn|attention)\.(masked_)?bias$/.test(name);

const attention: Readonly<Record<string, string>> = {
  attn_q: "q_proj",
  attn_k: "k_proj",
  attn_v: "v_proj",
  attn_qkv: "qkv_proj",
  attn_output: "o_proj",
  attn_q_norm: "q_norm",
  attn_k_norm: "k_norm",
  attn_q_a: "q_a_proj",
  attn_q_a_norm: "q_a_norm",
  attn_q_b: "q_b_proj",
  attn_kv_a_mqa: "kv_a_proj",
  attn_kv_a_norm: "kv_a_norm",
  attn_kv_b: "kv_b_proj",
  attn_k_b: "kv_b_proj",
  attn_v_b: "kv_b_proj",
  c_attn: "qkv_proj",
  query_key_value: "qkv_proj",
  c_proj: "o_proj",
  dense: "o_proj",
  out_proj: "o_proj",
  kv_a_proj_with_mqa: "kv_a_proj",
  q_a_layernorm: "q_a_norm",
  kv_a_layernorm: "kv_a_norm",
  q_layernorm: "q_norm",
  k_layernorm: "k_norm",
};
const feedForward: Readonly<Record<string, string>> = {
  ffn_gate: "gate_proj",
  ffn_up: "up_proj",
  ffn_down: "down_proj",
  c_fc: "up_proj",
  fc1: "up_proj",
  fc2: "down_proj",
  c_proj: "down_proj",
  dense_h_to_4h: "up_proj",
  dense_4h_to_h: "down_proj",
  ffn_gate_inp_shexp: "shared_gate",
  shared_expert_gate: "shared_gate",
};
const norms: Readonly<Record<string, string>> = {
  attn_norm: "input_norm",
  ln_1: "input_norm",
  input_layernorm: "input_norm",
  self_attn_layer_norm: "input_norm",
  ln_2: "post_attention_norm",
  final_layer_norm: "post_attention_norm",
  post_attention_layernorm: "post_attention_norm",
  post_attention_norm: "post_attention_norm",
  pre_feedforward_layernorm: "pre_mlp_norm",
  post_feedforward_layernorm: "post_mlp_norm",
  post_ffw_norm: "post_mlp_norm",
  ffn_norm: "post_attention_norm",
};
const outer: Readonly<Record<string, string>> = {
  token_embd: "embed_tokens",
  wte: "embed_tokens",
  embed_in: "embed_tokens",
  embed_tokens: "embed_tokens",
  position_embd: "embed_positions",
  wpe: "embed_positions",
  embed_positions: "embed_positions",
  output_norm: "norm",
  norm: "norm",
  ln_f: "norm",
  final_layer_norm: "norm",
  final_layernorm: "norm",
  output: "lm_head",
  lm_head: "lm_head",
  embed_out: "lm_head",
  project_in: "project_in",
  project_out: "project_out",
};
const own = (names: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(names, name) ? names[name] : undefined;

/** "path#tensor" in a decoder of `config`, undefined for a name that is not known. */
export function placeOf(name: string, config: DecoderConfig): string | undefined {
  const bare = name.replace(/^((language_model|model|transformer|decoder|backbone|gpt_neox)\.)+/, "");
  const inLayer = /^(?:blk|layers|h)\.(\d+)\.(.+)$/.exec(bare);
  const parts = (inLayer ? inLayer[2]! : bare).split(".");
  // What stands beside a packed matrix (scales, zeros, an order) belongs to it.
  const tensor = parts.at(-1) === "bias" ? "bias" : "weight";
  if (!inLayer) {
    const path = own(outer, parts[0]!);
    if (path === undefined) return undefined;
    return `${path}#${path === "embed_positions" ? "b" : tensor}`;
  }
  const inside = partOf(parts, tensor, config);
  if (inside === undefined) return undefined;
  // GGUF calls the matrix in the place of attention by the name of attention's own output.
  const linear = config.layers?.[Number(inLayer[1])]?.attention === "linear";
  return `layers.${inLayer[1]}/${linear ? inside.replace("attention/o_proj#", "attention/linear#") : inside}`;
}

function partOf(parts: readonly string[], tensor: string, config: DecoderConfig): string | undefined {
  const [first, second = ""] = parts as [string, string?];
  if (/^(self_attn|attn|attention)$/.test(first)) return `attention/${own(attention, second) ?? second}#${tensor}`;
  if (first.startsWith("attn_") && first !== "attn_norm") {
    const path = own(attention, first);
    return path && `attention/${path}#${tensor}`;
  }
  const norm = own(norms, first);
  if (norm !== undefined) return `${normOf(norm, first, config)}#${tensor}`;
  const expert = expertOf(parts);
  if (expert !== undefined) return `mlp/experts#${expert}`;
  const path = first === "mlp" ? (own(feedForward, second) ?? second) : own(feedForward, first);
  if (path === undefined) return undefined;
  const both = path === "up_proj" && config.fusedProjections && config.gated !== false;
  return `mlp/${both ? "gate_up_proj" : path}#${tensor}`;
}

/** One name means two places, by how many norms a layer has. */
function normOf(norm: string, name: string, { norms: count }: DecoderConfig): string {
  if (count === 4 && name === "ffn_norm") return "pre_mlp_norm";
  return count === "after" && norm === "post_attention_norm" ? "attention_norm" : norm;
}

/** The part of an experts' op that a name means. */
function expertOf(parts: readonly string[]): string | undefined {
  const name = parts.join(".");
  if (/^(ffn_gate_inp\.|(mlp|block_sparse_moe)\.(gate|router)\.weight)/.test(name)) return "router.weight";
  if (/exp_probs_b|e_score_correction_bias/.test(name)) return "router.correctionBias";
  const gguf = /^ffn_(gate|up|down)(_exps|_shexp|\.\d+)\./.exec(name);
  if (gguf) return `${gguf[2] === "_shexp" ? "shared" : "experts"}.${gguf[1] === "down" ? "down" : "up"}`;
  const theirs = /^(?:mlp|block_sparse_moe)\.(experts\.\d+|shared_experts?)\.(\w+)\./.exec(name);
  if (!theirs) return undefined;
  const down = /^(down_proj|w2)$/.test(theirs[2]!);
  return `${theirs[1]!.startsWith("shared") ? "shared" : "experts"}.${down ? "down" : "up"}`;
}
