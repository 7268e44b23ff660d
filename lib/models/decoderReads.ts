// Which ops of a decoder read which: the edges that liveness follows. They follow from the names of the ops, which
// decoder.ts and its parts give.
import type { FullConfig } from "./decoderDefaults.js";

/**
 * What is alive between the ops: the residual stream, the input of a half, and what attention and feed-forward hold
 * between.
 */
type Role =
  | "stream"
  | "input"
  | "q"
  | "turnedQ"
  | "k"
  | "turnedK"
  | "v"
  | "latent"
  | "core"
  | "gate"
  | "up"
  | "inner"
  | "attended"
  | "fed"
  | "sharedGate";
interface Rule {
  reads: readonly Role[];
  makes: readonly Role[];
}

const step = (reads: string, makes: string): Rule => ({
  reads: reads.split(" ") as Role[],
  makes: makes.split(" ") as Role[],
});

const rules: Readonly<Record<string, Rule>> = {
  input_norm: step("stream", "input"),
  pre_mlp_norm: step("stream", "input"),
  attention_norm: step("attended", "attended"),
  post_mlp_norm: step("fed", "fed"),
  qkv_proj: step("input", "q k v"),
  q_proj: step("input", "q"),
  k_proj: step("input", "k"),
  v_proj: step("input", "v"),
  q_a_proj: step("input", "q"),
  q_a_norm: step("q", "q"),
  q_b_proj: step("q", "q"),
  q_norm: step("q", "q"),
  k_norm: step("k", "k"),
  q_rope: step("q", "turnedQ"),
  k_rope: step("k", "turnedK"),
  kv_a_proj: step("input", "k latent"),
  kv_a_norm: step("latent", "latent"),
  kv_b_proj: step("latent", "v"),
  "kv_b_proj.key": step("q", "q"),
  "kv_b_proj.value": step("core", "core"),
  core: step("q turnedQ k turnedK v latent", "core"),
  o_proj: step("core", "attended"),
  add_attention: step("stream attended", "stream"),
  gate_proj: step("input", "gate"),
  gate_up_proj: step("input", "gate up"),
  up_proj: step("input", "up"),
  activation: step("gate", "inner"),
  gate: step("inner up", "inner"),
  down_proj: step("inner", "fed"),
  experts: step("input", "fed"),
  shared_gate: step("input", "sharedGate"),
  shared_gate_sigmoid: step("sharedGate", "sharedGate"),
  shared_gate_mul: step("fed sharedGate", "fed"),
  add_mlp: step("stream fed", "stream"),
};

/**
 * For each op of a layer, in order, which ops of the layer it reads, by index; -1 is the node before the layer. A role
 * that nothing has made is not read.
 */
export function layerReads(paths: readonly string[], config: FullConfig): number[][] {
  const whole = config.mla === undefined && config.rotaryDim === config.headDim;
  const held = new Map<Role, number>([
    ["stream", -1],
    ["input", -1],
  ]);
  return paths.map((path, i) => {
    const name = path.slice(path.lastIndexOf("/") + 1);
    const { reads, makes } = ruleOf(name, config, held);
    const from = reads.flatMap((role) => held.get(role) ?? []);
    for (const role of makes) held.set(role, i);
    // What has been turned as a whole replaces what it was turned from; a rotated part stands beside the rest.
    if (whole && name === "q_rope") held.delete("q");
    if (name === "k_rope" && (whole || config.mla)) held.delete("k");
    if (name === "add_attention" && !config.parallelResidual) held.set("input", i);
    return [...new Set(from)];
  });
}

function ruleOf(name: string, { norms, gated, mla }: FullConfig, held: ReadonlyMap<Role, number>): Rule {
  // The norm of this name stands behind attention in Gemma, before the feed-forward elsewhere.
  if (name === "post_attention_norm") return norms === 4 ? rules.attention_norm! : rules.pre_mlp_norm!;
  if (name === "activation" && !gated) return step("up", "inner");
  // Keys and values of every head were made of the latent, which is not read again.
  if (mla && name === "core" && held.has("v")) return step("q turnedQ turnedK v", "core");
  return Object.hasOwn(rules, name) ? rules[name]! : step("stream", "stream");
}
