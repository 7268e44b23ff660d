// What one sequence keeps between calls, read from the ops of a model that was not made of a decoder's configuration:
// keys and values of each attention, and the states that recurrent layers hand on.
import type { Model } from "../model.js";
import { hybridDecoder } from "../models/stateSpace.js";
import type { HybridConfig } from "../models/stateSpaceConfig.js";
import type { DType } from "../dtype.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";
import type { OpOf } from "../ops/index.js";
import { newState } from "../ops/state.js";

/** Elements that one sequence keeps. */
export interface Kept {
  /** Keys and values of one position. */
  readonly perPosition: number;
  /** Keys and values of all positions, windows capped, those of a source among them. */
  readonly elements: number;
  /** States of the recurrent layers. */
  readonly state: number;
  /** Format that the model keeps them in, where its ops say so. */
  readonly dtype?: DType;
}

/** Of a sequence of `context` positions; undefined for a model that nothing continues. */
export function keptByOps(model: Model, context: number): Kept | undefined {
  const { hybrid } = model as { hybrid?: HybridConfig };
  const run = hybrid === undefined ? model : hybridDecoder(hybrid, { phase: "decode", context });
  const { phase, batch = 1 } = run.workload as { phase?: string; batch?: number };
  const states = run.nodes.flatMap(({ op }) => op.outputs.filter(({ name }) => name === newState));
  if (phase !== "decode" && states.length === 0) return undefined;
  const caches = model.nodes.flatMap(({ op }) => cachedOf(op));
  let perPosition = 0;
  let elements = 0;
  for (const { op } of run.nodes) {
    const kept = sum(cachedOf(op));
    if (kept === 0) continue;
    const { context: own, window, causal } = op.attributes as OpOf<"attention">["attributes"];
    // What sees all of its positions reads a source, which the text does not lengthen.
    perPosition += causal ? kept / own : 0;
    elements += causal ? (kept / own) * Math.min(context, window ?? context) : kept;
  }
  return {
    perPosition: perPosition / batch,
    elements: elements / batch,
    state: sum(states) / batch,
    dtype: [...caches, ...states][0]?.dtype,
  };
}

/** Keys and values that an attention reads. */
function cachedOf({ kind, inputs, attributes }: Op): readonly TensorSpec[] {
  if (kind !== "attention") return [];
  return inputs.slice(1, (attributes as OpOf<"attention">["attributes"]).sharedKv ? 2 : 3);
}

const sum = (tensors: readonly TensorSpec[]): number => tensors.reduce((n, { shape }) => n + elementCount(shape), 0);
