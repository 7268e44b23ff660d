// What a model keeps between calls at its own workload, as lines of a ledger. What it keeps at any other lives in
// kvCache.ts.
import type { Model } from "../model.js";
import type { ComposedModel } from "../models/composed.js";
import { newState } from "../ops/state.js";
import { kvCacheBytes } from "./kvCache.js";

/** Bytes by line; what a model does not have is absent. */
export interface Cached {
  /** Keys and values of the whole batch. */
  readonly kvCache?: number;
  /** States of the recurrent layers of the whole batch. */
  readonly state?: number;
}

/**
 * Bytes that `model` keeps between calls at its own workload, as kvCacheBytes has them. A pass that nothing continues
 * (an encoder's, or an encoder-decoder's in prefill) keeps nothing.
 */
export function cachedBytes(model: Model): Cached {
  if ("text" in model) return cachedBytes((model as ComposedModel).text);
  if ("decoder" in model) return { kvCache: kvCacheBytes(model).total };
  const writes = model.nodes.some(({ op }) => op.outputs.some(({ name }) => name === newState));
  if (model.workload.phase !== "decode" && !writes) return {};
  const { total, state } = kvCacheBytes(model);
  return { ...(total > 0 ? { kvCache: total } : {}), ...(state > 0 ? { state } : {}) };
}
