// What part of a model falls on one of several devices: each layer's matrices split between them (tensor parallel), or
// whole experts (expert parallel).
import { divides, positiveIntegers, shown } from "../check.js";
import type { Model, Node } from "../model.js";
import type { TensorSpec } from "../op.js";
import { layerConfig, withDefaults, type FullConfig } from "../models/decoderDefaults.js";
import { decoderOf } from "./kvCache.js";

/** How many devices share the work, by what they divide; default 1 each. Together they are the product. */
export interface Parallel {
  /** Devices that split each matrix. */
  tensor?: number;
  /** Devices that each hold some of the routed experts, and run a batch of their own. */
  expert?: number;
  /** Devices that each run a batch of their own. */
  data?: number;
}

/** The parts that one device holds, from 0 to 1. */
export interface Division {
  /** Of a weight. */
  readonly weight: (node: Node, weight: TensorSpec) => number;
  /** Of what a node makes and keeps. */
  readonly activation: (node: Node) => number;
  /** Of the keys and values. */
  readonly kv: number;
}

/** What one device holds of `model`. Throws a RangeError for devices among which it cannot be divided. */
export function divisionOf(who: string, model: Model, { tensor = 1, expert = 1 }: Parallel = {}): Division {
  positiveIntegers(who, { devices: tensor, "expert-parallel devices": expert });
  if (tensor === 1 && expert === 1) return { weight: () => 1, activation: () => 1, kv: 1 };
  const config = withDefaults(who, decoderOf(who, model));
  const { mla, moe } = config;
  if (config.compressed && tensor > 1)
    throw new RangeError(`${who}: devices must be 1 where keys are compressed (DeepSeek-V4), got ${tensor}`);
  const layers = kindsOf(config);
  for (const { numAttentionHeads, numKeyValueHeads } of layers) {
    divides(who, "devices", tensor, "numAttentionHeads", numAttentionHeads);
    if (!mla && numKeyValueHeads >= tensor) divides(who, "devices", tensor, "numKeyValueHeads", numKeyValueHeads);
    if (!mla && numKeyValueHeads < tensor) divides(who, "numKeyValueHeads", numKeyValueHeads, "devices", tensor);
  }
  if (expert > 1 && !moe)
    throw new RangeError(`${who}: expert-parallel devices must be 1 without routed experts, got ${shown(expert)}`);
  if (moe) divides(who, "expert-parallel devices", expert, "numExperts", moe.numExperts);
  const { numAttentionHeads, numKeyValueHeads } = layers[0]!;
  const kv = mla ? 1 : 1 / Math.min(tensor, numKeyValueHeads);
  const other = mla ? undefined : layers.find((layer) => Math.min(tensor, layer.numKeyValueHeads) !== 1 / kv);
  if (other !== undefined)
    throw new RangeError(
      `${who}: devices must be at most the fewest numKeyValueHeads where layers differ in them, got ${tensor}`,
    );
  const qkv = (numAttentionHeads / tensor + 2 * numKeyValueHeads * kv) / (numAttentionHeads + 2 * numKeyValueHeads);
  return {
    weight: (node, weight) =>
      isWhole(node) ? 1 : weightShare(lastPart(node), weight, { tensor, kv, qkv }) / (isExperts(weight) ? expert : 1),
    activation: (node) => (isWhole(node) ? 1 : activationShare(lastPart(node), { tensor, kv, qkv })),
    kv,
  };
}

/** The kinds of layers that have attention, each once. */
function kindsOf(config: FullConfig): readonly FullConfig[] {
  const kinds = new Map<string, FullConfig>();
  config.layers?.forEach((own, i) => {
    if (own.attention === undefined) kinds.set(JSON.stringify(own), layerConfig(config, i));
  });
  return kinds.size > 0 ? [...kinds.values()] : [config];
}

interface Shares {
  tensor: number;
  kv: number;
  qkv: number;
}

/** What each device holds whole. */
const wholeParts = [
  /norm|^(q_a|kv_a)_proj$|shared_gate|embed_positions|project_(in|out)/,
  /^(linear|latent_\w+)$|router|per_layer_|layer_scalar|altup_|_coefs$|^linear_(left|right)$|^correct_output_scale$/,
];

const lastPart = ({ path }: Node): string => path.slice(path.lastIndexOf("/") + 1);
/** An indexer runs on every device, so that all choose alike. */
const isWhole = ({ path }: Node): boolean => path.includes("/indexer/");
const isExperts = ({ name }: TensorSpec): boolean => name?.startsWith("experts.") === true;

function weightShare(part: string, weight: TensorSpec, { tensor, kv, qkv }: Shares): number {
  const whole = wholeParts.some((pattern) => pattern.test(part));
  if (whole || weight.name?.startsWith("router")) return 1;
  // The bias of a row-divided matrix is added once, after the sum.
  if (weight.name === "bias" && /^(o|down)_proj$/.test(part)) return 1;
  if (part === "k_proj" || part === "v_proj") return kv;
  return part === "qkv_proj" ? qkv : 1 / tensor;
}

/** What column-divided matrices make is divided; the residual stream, its norms and sums are whole on each device. */
function activationShare(part: string, { tensor, kv, qkv }: Shares): number {
  if (/^(k_proj|v_proj|kv_proj|k_norm|v_norm|k_rope|v_scale)$/.test(part)) return kv;
  if (part === "qkv_proj") return qkv;
  const ofHeads = /^(q_proj|q_norm|q_rope|q_b_proj|kv_b_proj.*|core|g_proj|gate_activation)$/;
  const ofFeedForward = /^(gate_proj|up_proj|gate_up_proj|activation|gate|threshold)$/;
  const ofOutput = /^(lm_head|logit_softcap)$/;
  return [ofHeads, ofFeedForward, ofOutput].some((divided) => divided.test(part)) ? 1 / tensor : 1;
}
