// Does it fit, and how fast can it be: memory and roofline of a decoder on a device.
import { positiveIntegers, shown } from "../check.js";
import type { DType } from "../dtype.js";
import { modelCost, type Model } from "../model.js";
import { decoder, type DecoderModel } from "../models/decoder.js";
import { precisionKeys, type PrecisionOptions } from "../ops/precision.js";
import { estimate, type Device, type Estimate } from "../roofline.js";
import { decoderOf, kvCacheBytes } from "./kvCache.js";
import { peakActivationBytes, weightBytes } from "./memory.js";

/** Whether a decoder fits on a device, in bytes. */
export interface Fit {
  /** Whether `needed` is at most `memory`. */
  readonly ok: boolean;
  /** Weights as stored. */
  readonly weights: number;
  /** The cache of the whole batch. */
  readonly kvCache: number;
  /** Activations of a decode step. */
  readonly activations: number;
  /** Their sum. */
  readonly needed: number;
  /** What the device has. */
  readonly memory: number;
  /** `memory` - `needed`; negative when it does not fit. */
  readonly headroom: number;
  /** The largest batch at this context; 0 when not even one sequence fits. */
  readonly maxBatch: number;
  /**
   * The longest context at this batch; 0 when there is none, Infinity when the cache stops growing before memory ends.
   */
  readonly maxContext: number;
}

/** What the model's tensors were asked to be stored as; what its configuration says itself is left to that. */
function precisionOf({ workload }: Model, quantized: boolean): PrecisionOptions {
  const asked = precisionKeys.filter((key) => workload[key] !== undefined && !(quantized && key === "weightDtype"));
  return Object.fromEntries(asked.map((key) => [key, workload[key]]));
}

/** The same decoder for another workload. */
function again(model: Model, options: object): DecoderModel {
  const config = decoderOf("serving", model);
  return decoder(config, { ...precisionOf(model, config.quantization !== undefined), ...options }, model.name);
}

/**
 * Weights + KV cache + activations of a decode step against the device's memory, at `batch` sequences of `context`
 * positions (default the model's own). Neglects the runtime's own memory, fragmentation and the larger activations of
 * an unchunked prefill. Throws a RangeError for a device whose memory is not known.
 */
export function fits(
  model: Model,
  device: Device,
  {
    batch = Number(model.workload.batch ?? 1),
    context = Number(model.workload.context ?? 1),
  }: { batch?: number; context?: number } = {},
): Fit {
  decoderOf("fits", model);
  positiveIntegers("fits", { batch, context });
  const { memory } = device;
  if (memory === undefined) throw new RangeError(`fits: device must have a known memory, got ${shown(device.id)}`);
  const weights = weightBytes(model);
  const perRow = peakActivationBytes(again(model, { phase: "decode", batch: 1, tokens: 1, context: 1 }));
  const cache = (positions: number): number => kvCacheBytes(model, { context: positions, batch: 1 }).perSequence;
  const kvCache = batch * cache(context);
  const activations = batch * perRow;
  const needed = weights + kvCache + activations;
  const room = memory - weights;
  const contextFits = (positions: number): boolean => batch * (cache(positions) + perRow) <= room;
  return {
    ok: needed <= memory,
    weights,
    kvCache,
    activations,
    needed,
    memory,
    headroom: memory - needed,
    maxBatch: Math.max(0, Math.floor(room / (cache(context) + perRow))),
    maxContext: largest(contextFits),
  };
}

/** The largest positive integer that `holds`, for a condition that once false stays false. */
function largest(holds: (n: number) => boolean): number {
  const limit = 2 ** 40;
  if (!holds(1)) return 0;
  if (holds(limit)) return Infinity;
  let low = 1;
  let high = limit;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** A step's bounds, and what they allow. */
export interface Throughput extends Estimate {
  /** New positions of the whole batch per second, at most. */
  readonly tokensPerSecond: number;
}

/**
 * Upper bounds on tokens per second by the roofline: `prefill` of `context` tokens a sequence (output layer on the last
 * one), `decode` of one token a sequence that attends to `context`. tokens / s = batch · tokens / max(flops / peak,
 * bytes / bandwidth); weights, cache and activations are read once a step. Peak at `dtype` (default the model's).
 * Neglects all else.
 */
export function tokensPerSecond(
  model: Model,
  device: Device,
  options: { batch?: number; context?: number; dtype?: DType | string } = {},
): { prefill: Throughput; decode: Throughput } {
  const {
    batch = Number(model.workload.batch ?? 1),
    context = Number(model.workload.context ?? 1),
    dtype = String(model.workload.dtype ?? "bf16"),
  } = options;
  const bound = (options: object, tokens: number): Throughput => {
    const e = estimate(modelCost(again(model, { batch, context, ...options })), device, dtype);
    return { ...e, tokensPerSecond: (batch * tokens) / e.seconds };
  };
  return {
    prefill: bound({ phase: "prefill", tokens: context, logits: "last" }, context),
    decode: bound({ phase: "decode", tokens: 1 }, 1),
  };
}
