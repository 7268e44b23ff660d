// How fast a decoder can be on a device: the roofline of its two phases.
import type { DType } from "../dtype.js";
import { modelCost, type Model } from "../model.js";
import { estimate, type Device, type Estimate } from "../roofline.js";
import { again } from "./again.js";

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
