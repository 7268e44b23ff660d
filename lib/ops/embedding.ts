// Looking rows up in a table.
import { parseDType, type DType } from "../dtype.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { gradientOf, partialGradientOf, tensorAt } from "./gradient.js";
import { defineLayer } from "./layer.js";
import { weightTensors, type Precision, type PrecisionOptions } from "./precision.js";
import { leading } from "./shape.js";
import { dtypeName, optional, size } from "./shapeKeys.js";

export interface EmbeddingShape extends PrecisionOptions {
  /** Samples, before the tokens or in their place (default none). */
  batch?: number;
  /** Indices of each sample (default 1). */
  tokens?: number;
  /** Rows of the table. */
  numEmbeddings: number;
  /** Width of a row. */
  embeddingDim: number;
  /** Format of an index (default int64). */
  indexDtype?: DType | string;
}

function forward({ batch, tokens, numEmbeddings, embeddingDim, indexDtype = "int64" }: EmbeddingShape, p: Precision) {
  const lead = leading("embedding", batch, tokens);
  const dtype = parseDType("embedding", indexDtype);
  const rows = Math.min(lead.rows, numEmbeddings);
  const weights = weightTensors("weight", [numEmbeddings, embeddingDim], p);
  const y: TensorSpec = { name: "y", shape: [...lead.sizes, embeddingDim], dtype: p.dtype };
  return {
    inputs: [{ name: "indices", shape: lead.sizes, dtype }],
    weights: weights.map((w) => ({ ...w, elements: rows * w.shape[1]! })),
    outputs: [y],
    macs: 0,
    extras: {},
    attributes: {
      ...(batch === undefined ? {} : { batch }),
      tokens: lead.rows,
      numEmbeddings,
      embeddingDim,
      indexDtype: dtype,
    },
  };
}

function gradient(op: Op): Op {
  const y = tensorAt(op, "outputs", 0);
  return {
    kind: "embedding.weightGradient",
    inputs: [tensorAt(op, "inputs", 0), gradientOf(y)],
    weights: [],
    outputs: [partialGradientOf(tensorAt(op, "weights", 0), y.dtype)],
    macs: 0,
    extras: { embedding: elementCount(y.shape) },
    attributes: op.attributes,
  };
}

/**
 * Embedding: no FLOPs. The whole table is parameters, only the rows are read: one a token, at most all of them
 * (repeated tokens are taken as distinct). Shapes: indices [tokens] (int64 unless `indexDtype`), weight [numEmbeddings,
 * embeddingDim], y [tokens, embeddingDim] (`batch` before tokens or in their place). An output projection is a linear,
 * even when tied. Backward: adds dy to the rows, one FLOP an element; the rows that no token names are not written.
 */
export const embedding = defineLayer({
  kind: "embedding",
  about: "rows of a table, by their indices",
  shapeKeys: {
    batch: optional(size),
    tokens: optional(size),
    numEmbeddings: size,
    embeddingDim: size,
    indexDtype: dtypeName,
  },
  example: { tokens: 8, numEmbeddings: 1000, embeddingDim: 64 },
  forward,
  backward: (op) => [gradient(op)],
});
