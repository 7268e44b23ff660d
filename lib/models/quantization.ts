// How a checkpoint stores its matrices, as data. What a method's name means is known where files are read
// (import/huggingFace/quantization.ts); what it makes of an op in stored.ts.

/** Values that stand beside a stored matrix [rows, columns]: scales, zero points, an order of columns. */
export interface StoredBeside {
  /** The file's name of them. */
  name: string;
  /** Format of each; default the activations'. */
  dtype?: string;
  /** Rows that share one; Infinity: all of them; default 1. */
  rows?: number;
  /** Columns that share one; Infinity: all of them; default 1. */
  columns?: number;
  /** Elements of the flattened matrix that share one, in place of rows and columns. */
  each?: number;
}

/** How a matrix is stored. */
export interface StoredForm {
  /** Format of a weight. */
  weightDtype: string;
  /** What stands beside the matrix; default nothing. */
  beside?: readonly StoredBeside[];
}

/** How some of the modules are stored. */
export interface StoredRule {
  /** Names of modules, as patterns: a dotted path from the start or at the end, with `.` and `*` as in a regex. */
  modules: readonly string[];
  /** How they are stored; absent: as everything that is not quantized. */
  form?: StoredForm;
}

/** Bytes of tensors that a weights file was read for, by their place in the model. */
export type StoredBytes = Readonly<Record<string, { readonly dtype?: string; readonly bytes: number }>>;

/**
 * How a file stores the projections and experts. Embedding, output layer, router and norms stay at the activations'
 * dtype unless something here says otherwise. Neither parameters nor multiply-adds depend on it.
 */
export interface Quantization extends StoredForm {
  /** The name of the method, as the file has it ("gptq", "awq", "fp8"). */
  method: string;
  /** Which matrices are meant: every linear layer's but the output layer's (default), or the experts' alone. */
  of?: "linear" | "experts";
  /** Modules that the method takes in beside those: "embed_tokens", "lm_head", "router". */
  also?: readonly string[];
  /** Modules that are stored in a form of their own; the first rule that fits counts. */
  rules?: readonly StoredRule[];
  /** Why the bytes of the matrices cannot be told, in the words of an error; they then are NaN, never a guess. */
  unpriced?: string;
  /** What a weights file stores, in place of all the above: bytes by "path#tensor". */
  stored?: StoredBytes;
}
