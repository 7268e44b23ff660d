// One decoder over several devices, each layer's matrices split between them (Megatron's column, then row division).
import { bytesOf, parseDType } from "../dtype.js";
import type { Model } from "../model.js";
import { storedBytes } from "../op.js";
import { divisionOf } from "./division.js";
import { decoderOf, kvCacheBytes } from "./kvCache.js";
import { weightTensorsOf } from "./memory.js";

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
 * Divides `model` over `devices`: projections, experts, embedding and output layer by devices; norms, routers, indexers
 * and the down-projections of latent attention whole on each; keys and values by numKeyValueHeads, repeated when there
 * are fewer of them than devices. Two all-reduces a layer (one for each half that is divided, a third beside attention
 * to a source), each of tokens · hiddenSize activations; a ring sends 2 (n - 1) / n of those bytes. Neglects the
 * gathering of logits. Throws a RangeError when devices do not divide numAttentionHeads. (arXiv 1909.08053)
 */
export function tensorParallel(model: Model, devices: number): TensorParallel {
  const { numHiddenLayers, hiddenSize, layers = [], addCrossAttention } = decoderOf("tensorParallel", model);
  const division = divisionOf("tensorParallel", model, { tensor: devices });
  const {
    batch = 1,
    tokens = 1,
    sourceTokens,
    dtype = "bf16",
  } = model.workload as { batch?: number; tokens?: number; sourceTokens?: number; dtype?: string };
  const halves = addCrossAttention && sourceTokens ? 3 : 2;
  const weights = weightTensorsOf(model).reduce(
    (n, { node, tensor }) => n + storedBytes(tensor) * division.weight(node, tensor),
    0,
  );
  const whole = layers.flatMap(({ attention, feedForward }) => [attention, feedForward]).filter((half) => half);
  const allReduces = devices === 1 ? 0 : halves * numHiddenLayers - whole.length;
  const allReduceBytes = bytesOf(batch * tokens * hiddenSize, parseDType("tensorParallel", dtype));
  return {
    devices,
    weightBytes: Math.ceil(weights),
    kvPerToken: kvCacheBytes(model).perToken * division.kv,
    allReduces,
    allReduceBytes,
    sentPerStep: (allReduces * allReduceBytes * 2 * (devices - 1)) / devices,
  };
}
