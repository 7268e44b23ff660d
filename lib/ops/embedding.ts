// Looking rows up in a table.
import { positiveIntegers } from "../check.js";
import { parseDType, type DType } from "../dtype.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { gradientOf } from "./gradient.js";
import { precision, weightTensors, type PrecisionOptions } from "./precision.js";
import { leading, merged } from "./shape.js";

export interface EmbeddingShape extends PrecisionOptions {
  batch?: number;
  tokens?: number;
  numEmbeddings: number;
  embeddingDim: number;
  indexDtype?: DType | string;
}

/**
 * Embedding: no FLOPs. The whole table is parameters, only the rows are read: one a token, at most all of them
 * (repeated tokens are taken as distinct). Shapes: indices [tokens] (int64 unless `indexDtype`), weight [numEmbeddings,
 * embeddingDim], y [tokens, embeddingDim] (`batch` before tokens or in their place). An output projection is a linear,
 * even when tied. Backward: adds dy to the rows, one FLOP an element; the rows that no token names are not written.
 */
export function embedding(shape: EmbeddingShape, options: PrecisionOptions = {}): Op {
  const {
    batch,
    tokens,
    numEmbeddings,
    embeddingDim,
    indexDtype = "int64",
    ...rest
  } = merged("embedding", shape, options);
  const p = precision("embedding", rest, ["batch", "tokens", "numEmbeddings", "embeddingDim", "indexDtype"]);
  positiveIntegers("embedding", { numEmbeddings, embeddingDim });
  const leads = leading("embedding", batch, tokens);
  const indices: TensorSpec = { name: "indices", shape: leads.sizes, dtype: parseDType("embedding", indexDtype) };
  const rows = Math.min(leads.rows, numEmbeddings);
  const weights = weightTensors("weight", [numEmbeddings, embeddingDim], p).map((w) => ({
    ...w,
    elements: rows * w.shape[1]!,
  }));
  const y: TensorSpec = { name: "y", shape: [...leads.sizes, embeddingDim], dtype: p.dtype };
  const attributes = {
    ...(batch === undefined ? {} : { batch }),
    tokens: leads.rows,
    numEmbeddings,
    embeddingDim,
    indexDtype: indices.dtype,
  };
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
