// A table of vectors, looked up by index.
import { positiveIntegers, record } from "../check.js";
import type { Op } from "../op.js";
import { precision, type PrecisionOptions } from "./precision.js";

export interface EmbeddingShape extends PrecisionOptions { tokens?: number; vocabulary: number; features: number; indexDtype?: "int64" | "int32" }

/** One row of the table for each token: 0 FLOPs, the rows are read (not the table), params = vocabulary · features. Shapes: indices [tokens], table [vocabulary, features], y [tokens, features]. */
export function embedding(shape: EmbeddingShape, options: PrecisionOptions = {}): Op {
  record("embedding", "shape", shape);
  const { tokens = 1, vocabulary, features, indexDtype = "int64", ...rest } = shape;
  const { dtype, weightDtype } = precision("embedding", { ...rest, ...options });
  positiveIntegers("embedding", { tokens, vocabulary, features });
  return {
    kind: "embedding",
    inputs: [{ name: "indices", shape: [tokens], dtype: indexDtype }],
    weights: [{ name: "table", shape: [vocabulary, features], dtype: weightDtype, elements: tokens * features }],
    outputs: [{ name: "y", shape: [tokens, features], dtype }],
    macs: 0, extras: {}, attributes: { tokens, vocabulary, features },
    // The gradient of a row is the sum of the gradients of the tokens that chose it: one addition per element.
    backward: () => [{ kind: "embedding.backward", inputs: [{ name: "dY", shape: [tokens, features], dtype }], weights: [], outputs: [{ name: "dTable", shape: [vocabulary, features], dtype: weightDtype, elements: tokens * features }], macs: 0, extras: { embedding: tokens * features } }],
  };
}
