// Looking rows up in a table.
import { positiveIntegers } from "../check.js";
import { parseDType, type DType } from "../dtype.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { gradientOf } from "./gradient.js";
import { precision, weightTensors, type PrecisionOptions } from "./precision.js";
import { merged } from "./shape.js";

export interface EmbeddingShape extends PrecisionOptions {
  tokens?: number;
  numEmbeddings: number;
  embeddingDim: number;
  indexDtype?: DType | string;
}

/**
 * Embedding: no FLOPs. The whole table is parameters, only the rows are read: one a token, at most all of them (repeated tokens are taken as
 * distinct).
 * Shapes: indices [tokens] (int64 unless `indexDtype`), weight [numEmbeddings, embeddingDim], y [tokens, embeddingDim]. An output projection is a
 * linear, even when tied.
 * Backward: adds dy to the rows, one FLOP an element; the rows that no token names are not written.
 */
export function embedding(shape: EmbeddingShape, options: PrecisionOptions = {}): Op {
  const { tokens = 1, numEmbeddings, embeddingDim, indexDtype = "int64", ...rest } = merged("embedding", shape, options);
  const p = precision("embedding", rest, ["tokens", "numEmbeddings", "embeddingDim", "indexDtype"]);
  positiveIntegers("embedding", { tokens, numEmbeddings, embeddingDim });
  const indices: TensorSpec = { name: "indices", shape: [tokens], dtype: parseDType("embedding", indexDtype) };
  const rows = Math.min(tokens, numEmbeddings);
  const weights = weightTensors("weight", [numEmbeddings, embeddingDim], p).map((w) => ({ ...w, elements: rows * w.shape[1]! }));
  const y: TensorSpec = { name: "y", shape: [tokens, embeddingDim], dtype: p.dtype };
  const attributes = { tokens, numEmbeddings, embeddingDim, indexDtype: indices.dtype };
  return {
    kind: "embedding",
    inputs: [indices],
    weights,
    outputs: [y],
    macs: 0,
    extras: {},
    attributes,
    backward: () => [
      {
        kind: "embedding.weightGradient",
        inputs: [indices, gradientOf(y)],
        weights: [],
        outputs: [{ ...gradientOf(weights[0]!, p.dtype), elements: rows * embeddingDim }],
        macs: 0,
        extras: { embedding: elementCount(y.shape) },
        attributes,
      },
    ],
  };
}
