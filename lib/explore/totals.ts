// A model's totals as plain records: what `--json` prints.
import { modelCost, type Model } from "../model.js";
import { arithmeticIntensity, type Cost } from "../op.js";
import { memoryLedger, weightBytes } from "../serving/index.js";

export interface Totals extends Cost {
  readonly arithmeticIntensity: number;
}

export function modelTotals(model: Model): Totals {
  const c = modelCost(model);
  return { ...c, arithmeticIntensity: arithmeticIntensity(c) };
}

/**
 * What stands in memory by line, bytes: memoryLedger's lines, activations of an inference as `peakActivations`. In
 * `notComputed` the reason for which only the weights are known.
 */
export interface Memory {
  readonly lines: Readonly<Record<string, number>>;
  readonly notComputed?: string;
}

export function modelMemory(model: Model): Memory {
  try {
    const named = model.workload.phase === "train" ? "activations" : "peakActivations";
    const lines = Object.entries(memoryLedger(model)).map(([line, n]) => [line === "activations" ? named : line, n]);
    return { lines: Object.fromEntries(lines) as Record<string, number> };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { lines: { weights: weightBytes(model) }, notComputed: error.message };
  }
}
