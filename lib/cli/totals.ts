// A model's totals as plain records: what `--json` prints.
import { modelCost, type Model } from "../model.js";
import { arithmeticIntensity, type Cost } from "../op.js";
import { kvCacheBytes, peakActivationBytes, weightBytes } from "../serving/index.js";

export interface Totals extends Cost {
  readonly arithmeticIntensity: number;
}

export function modelTotals(model: Model): Totals {
  const c = modelCost(model);
  return { ...c, arithmeticIntensity: arithmeticIntensity(c) };
}

/**
 * What stands in memory, bytes: all weights, the cache of a decoder, the activations alive at once (not in training,
 * where they depend on what is recomputed).
 */
export interface Memory {
  readonly weights: number;
  readonly kvCache?: number;
  readonly peakActivations?: number;
}

export const modelMemory = (model: Model): Memory => ({
  weights: weightBytes(model),
  ...("decoder" in model ? { kvCache: kvCacheBytes(model).total } : {}),
  ...(model.workload.phase === "train" ? {} : { peakActivations: peakActivationBytes(model) }),
});
