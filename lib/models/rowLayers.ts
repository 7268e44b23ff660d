// Layers over the last axis of what flows: norms, linear layers, embeddings and attention, as calls that record their
// op.
import { attention, avgPool, embedding, layerNorm, linear, matmul, rmsNorm, rope } from "../ops/index.js";
import type { AttentionShape, MatmulShape } from "../ops/index.js";
import { flatten, plane, rows, type Activation, type Mark, type Sheet } from "./sheet.js";

/** The core between projections; `reads`: queries, keys and values, those of a cache left out. */
type AttentionCall = (path: string, shape: AttentionShape, reads: readonly Activation[], mark?: Mark) => Activation;

/** An embedding's table, and what is looked up in it. */
export interface TableShape {
  /** Sequences. */
  batch: number;
  /** Positions of each. */
  tokens: number;
  /** Rows of the table. */
  numEmbeddings: number;
  /** Width of a row. */
  embeddingDim: number;
}

/** Options of a layer norm: over which axis, whether anything is learned and whether a shift is (default both). */
type NormMark = Mark & { axis?: 1; affine?: boolean; bias?: boolean };

/** What is turned: heads, elements of each, and positions of a sequence (default all). */
export interface Turned {
  heads: number;
  rotaryDim: number;
  tokens?: number;
}

/** The calls for layers over rows, written on `sheet`. */
export function rowLayers({ put, make, fusedAttention }: Sheet) {
  /** The result is [batch, tokens, heads · head size]. */
  const core: AttentionCall = (path, shape, reads, mark = {}) => {
    const { batch = 1, tokens, heads, headDim, vHeadDim = headDim } = shape;
    const op = make(attention, { fused: fusedAttention, ...shape });
    return put(path, op, reads, mark, [batch, tokens, heads * vHeadDim]);
  };
  return {
    attention: core,

    /** Over the last axis, or over the channels of a plane (`axis` 1). */
    layerNorm(path: string, x: Activation, { axis, affine, bias, ...mark }: NormMark = {}): Activation {
      const { batch, channels, height, width } = plane(x);
      const over = axis === 1 ? { tokens: batch * height * width, normalizedShape: channels } : rows(x);
      const learned = { ...(affine === undefined ? {} : { affine }), ...(bias === undefined ? {} : { bias }) };
      const shape = { ...over, ...learned };
      return put(path, make(layerNorm, shape), [x], mark, x.shape);
    },

    /** Queries or keys x [batch, tokens, …], whose heads are turned by their positions. */
    rope(path: string, x: Activation, { heads, rotaryDim, tokens = x.shape[1]! }: Turned): Activation {
      const shape = { tokens: x.shape[0]! * tokens, heads, rotaryDim };
      return put(path, make(rope, shape), [x], {}, x.shape);
    },

    /** Two activations multiplied: [m, k] by [k, n], `batch` times. */
    matmul(path: string, shape: MatmulShape, reads: readonly Activation[]): Activation {
      return put(path, make(matmul, shape), reads);
    },

    rmsNorm(path: string, x: Activation, mark: Mark = {}): Activation {
      return put(path, make(rmsNorm, rows(x)), [x], mark, x.shape);
    },

    /** Each row divided by its length: an RMS norm without a learned scale. */
    normalize(path: string, x: Activation, mark: Mark = {}): Activation {
      return put(path, make(rmsNorm, { ...rows(x), affine: false }), [x], mark, x.shape);
    },

    /** The mean of the last `length` tokens: [batch, 1, width]. */
    meanOverTokens(path: string, x: Activation, length: number, mark: Mark = {}): Activation {
      const [batch, , channels] = x.shape as readonly [number, number, number];
      const op = make(avgPool, { batch, channels, length, outputSize: 1 });
      return put(path, op, [x], mark, [batch, 1, channels]);
    },

    /** Over the last axis; a plane of one pixel is flattened first. */
    linear(
      path: string,
      x: Activation,
      outFeatures: number,
      { bias = true, ...mark }: Mark & { bias?: boolean } = {},
    ): Activation {
      const pixel = x.shape.length === 4 && x.shape[2] === 1 && x.shape[3] === 1;
      const y = pixel ? flatten(x) : x;
      const { tokens, normalizedShape: inFeatures } = rows(y);
      const module = mark.module ?? (y.shape.length === 4 ? "Linear of four dimensions" : undefined);
      const op = make(linear, { tokens, inFeatures, outFeatures, bias });
      return put(path, op, [y], { ...mark, module }, [...y.shape.slice(0, -1), outFeatures]);
    },

    embedding(path: string, { batch, tokens, numEmbeddings, embeddingDim }: TableShape, mark: Mark = {}): Activation {
      const shape = { tokens: batch * tokens, numEmbeddings, embeddingDim };
      return put(path, make(embedding, shape), [], mark, [batch, tokens, embeddingDim]);
    },
  };
}
