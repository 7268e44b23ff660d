// What a model keeps between calls for the positions that it has seen: keys and values, and the states of recurrent
// layers. What a decoder's cache occupies at any context lives in kvCache.ts.
import { bytesOf } from "../dtype.js";
import type { Model } from "../model.js";
import type { ComposedModel } from "../models/composed.js";
import { elementCount, storedBytes, type Op } from "../op.js";
import type { OpOf } from "../ops/index.js";
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
 * Bytes that `model` keeps between calls at its own workload. A decoder's follow from its configuration, those of other
 * models from their ops: keys and values of each attention, windows capped, and the states that are written. A pass
 * that nothing continues (an encoder's, or an encoder-decoder's in prefill) keeps nothing.
 */
export function cachedBytes(model: Model): Cached {
  if ("text" in model) return cachedBytes((model as ComposedModel).text);
  if ("decoder" in model) return { kvCache: kvCacheBytes(model).total };
  const sum = (of: (op: Op) => number): number => model.nodes.reduce((n, { op }) => n + of(op), 0);
  const state = sum(stateBytes);
  const continues = model.workload.phase === "decode" || state > 0;
  const kvCache = continues ? sum(keysAndValues) : 0;
  return { ...(kvCache > 0 ? { kvCache } : {}), ...(state > 0 ? { state } : {}) };
}

/** Keys and values of an attention at its context. */
function keysAndValues(op: Op): number {
  if (op.kind !== "attention") return 0;
  const { context, window, sharedKv } = op.attributes as OpOf<"attention">["attributes"];
  const share = Math.min(context, window ?? context) / context;
  const operands = op.inputs.slice(1, sharedKv ? 2 : 3);
  return operands.reduce((n, t) => n + bytesOf(elementCount(t.shape) * share, t.dtype), 0);
}

/** What a recurrent layer hands to the next call. */
const stateBytes = ({ outputs }: Op): number =>
  outputs.filter(({ name }) => name === newState).reduce((n, t) => n + storedBytes(t), 0);
