// A model's totals as one plain record: what `--json` prints.
import { modelCost, type Model } from "../model.js";
import { arithmeticIntensity, type Cost } from "../op.js";

export { arithmeticIntensity };

export interface Totals extends Cost { readonly arithmeticIntensity: number }

export function modelTotals(model: Model): Totals {
  const c = modelCost(model);
  return { ...c, arithmeticIntensity: arithmeticIntensity(c) };
}
