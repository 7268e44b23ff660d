// One decoder over several devices, each layer's matrices split between them (Megatron's column, then row division).
import { divides, positiveIntegers } from "../check.js";
import { bytesOf, parseDType } from "../dtype.js";
import type { Model, Node } from "../model.js";
import { storedBytes } from "../op.js";
import { withDefaults } from "../models/decoderDefaults.js";
import { decoderOf, kvCacheBytes } from "./kvCache.js";

/** What falls on one of several devices. */
export interface TensorParallel {
  /** Devices. */
  readonly devices: number;
  /** Bytes of weights on each. */
  readonly weightBytes: number;
  /** Bytes of cache for a position on each. */
  readonly kvPerToken: number;
  /** All-reduces in one forward pass. */
  readonly allReduces: number;
  /** Bytes that one of them sums. */
  readonly allReduceBytes: number;
  /** Bytes that a device sends in one forward pass, all layers, by ring all-reduce. */
  readonly sentPerStep: number;
}

/**
 * Divides `model` over `devices`: projections, experts, embedding and output layer by devices; norms, routers and the
 * down-projections of latent attention whole on each; keys and values by numKeyValueHeads, repeated when there are
 * fewer of them than devices. Two all-reduces a layer, each of tokens · hiddenSize activations; a ring sends
 * 2 (n - 1) / n of those bytes. Neglects the gathering of logits. Throws a RangeError when devices do not divide
 * numAttentionHeads. (arXiv 1909.08053)
 */
export function tensorParallel(model: Model, devices: number): TensorParallel {
  const config = withDefaults("tensorParallel", decoderOf("tensorParallel", model));
  const { numAttentionHeads, numKeyValueHeads, numHiddenLayers, hiddenSize, mla } = config;
  positiveIntegers("tensorParallel", { devices });
  divides("tensorParallel", "devices", devices, "numAttentionHeads", numAttentionHeads);
  if (!mla && numKeyValueHeads >= devices)
    divides("tensorParallel", "devices", devices, "numKeyValueHeads", numKeyValueHeads);
  if (!mla && numKeyValueHeads < devices)
    divides("tensorParallel", "numKeyValueHeads", numKeyValueHeads, "devices", devices);
  const kvShare = mla ? 1 : 1 / Math.min(devices, numKeyValueHeads);
  const {
    batch = 1,
    tokens = 1,
    dtype = "bf16",
  } = model.workload as { batch?: number; tokens?: number; dtype?: string };
  const weights = model.nodes.reduce(
    (n, node) =>
      n +
      (node.sharedWeights === undefined
        ? node.op.weights.reduce(
            (m, w) =>
              m + storedBytes(w) * share(node, w.name ?? "", { devices, kvShare, numAttentionHeads, numKeyValueHeads }),
            0,
          )
        : 0),
    0,
  );
  const allReduces = devices === 1 ? 0 : 2 * numHiddenLayers;
  const allReduceBytes = bytesOf(batch * tokens * hiddenSize, parseDType("tensorParallel", dtype));
  return {
    devices,
    weightBytes: Math.ceil(weights),
    kvPerToken: kvCacheBytes(model).perToken * kvShare,
    allReduces,
    allReduceBytes,
    sentPerStep: (allReduces * allReduceBytes * 2 * (devices - 1)) / devices,
  };
}

interface Division {
  devices: number;
  kvShare: number;
  numAttentionHeads: number;
  numKeyValueHeads: number;
}

function share(
  { path }: Node,
  weight: string,
  { devices, kvShare, numAttentionHeads, numKeyValueHeads }: Division,
): number {
  const part = path.slice(path.lastIndexOf("/") + 1);
  if (/norm|^(q_a|kv_a)_proj$|shared_gate|embed_positions|project_(in|out)/.test(part) || weight.startsWith("router"))
    return 1;
  // The bias of a row-divided matrix is added once, after the sum.
  if (weight === "bias" && /^(o|down)_proj$/.test(part)) return 1;
  if (part === "k_proj" || part === "v_proj") return kvShare;
  if (part === "qkv_proj")
    return (numAttentionHeads / devices + 2 * numKeyValueHeads * kvShare) / (numAttentionHeads + 2 * numKeyValueHeads);
  return 1 / devices;
}
