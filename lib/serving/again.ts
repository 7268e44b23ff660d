// The same model for another workload: a decoder is made again from its configuration.
import { shown } from "../check.js";
import type { Model } from "../model.js";
import { decoder, type DecoderModel, type DecoderOptions } from "../models/decoder.js";
import type { Phase } from "../models/index.js";
import { precisionKeys, type PrecisionOptions } from "../ops/precision.js";
import { decoderOf } from "./kvCache.js";

/** What the model's tensors were asked to be stored as; what its configuration says itself is left to that. */
function precisionOf({ workload }: Model, quantized: boolean): PrecisionOptions {
  const asked = precisionKeys.filter((key) => workload[key] !== undefined && !(quantized && key === "weightDtype"));
  return Object.fromEntries(asked.map((key) => [key, workload[key]]));
}

/** The same decoder for another workload. */
export function again(model: Model, options: DecoderOptions): DecoderModel {
  const config = decoderOf("serving", model);
  const { sourceTokens } = model.workload as DecoderOptions;
  const kept = { ...precisionOf(model, config.quantization !== undefined), sourceTokens };
  return decoder(config, { ...kept, ...options }, model.name);
}

/** A workload, where it is not the model's own. */
export interface OtherWorkload {
  /** What the model does. */
  phase?: Phase;
  /** Sequences. */
  batch?: number;
  /** Positions of each; in prefill and training all of them are new. */
  context?: number;
  /** Whether attention's scores never leave the chip. */
  fusedAttention?: boolean;
}

/**
 * `model` at another workload; itself where nothing differs. Throws a RangeError for a model that is not made from a
 * decoder's configuration: it must be made for its workload.
 */
export function atWorkload(who: string, model: Model, asked: OtherWorkload): Model {
  const own = model.workload as { phase?: Phase; batch?: number; tokens?: number; context?: number; logits?: "all" };
  const fused =
    model.nodes.find(({ op }) => /^(attention|compressedAttention)$/.test(op.kind))?.op.attributes?.fused === true;
  const differs = (Object.keys(asked) as (keyof OtherWorkload)[]).find((key) => {
    const is = key === "fusedAttention" ? fused : key === "phase" ? (own.phase ?? "prefill") : own[key];
    return asked[key] !== undefined && asked[key] !== is;
  });
  if (differs === undefined) return model;
  if (!("decoder" in model))
    throw new RangeError(
      `${who}: ${differs} must be the model's own unless it is a decoder, got ${shown(asked[differs])}; ` +
        `give ${differs} when the model is made`,
    );
  const { phase = own.phase ?? "prefill", batch = own.batch, context = own.context } = asked;
  const samePhase = phase === own.phase;
  const tokens = phase === "decode" ? (samePhase ? own.tokens : 1) : asked.context || !samePhase ? context : own.tokens;
  const fusedAttention = asked.fusedAttention ?? (samePhase ? fused : undefined);
  return again(model, { phase, batch, tokens, context, logits: own.logits, fusedAttention });
}
