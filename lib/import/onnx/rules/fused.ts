// What ONNX Runtime's optimizer fuses: products with transposed operands, embeddings with their norm.
import { elementCount } from "../../../op.js";
import { activation } from "../../../ops/activation.js";
import { layerNorm } from "../../../ops/norm.js";
import { matmul } from "../../../ops/matmul.js";
import type { Rule } from "../context.js";
import { valueOf } from "../value.js";
import { productOf } from "./contraction.js";
import { elementwiseOp } from "./elementwise.js";
import { withActivation } from "./fusedActivation.js";

/** `shape` as the product sees it: its first dimension moved behind the batch, then the last two exchanged. */
function seen(shape: readonly number[], batchMoved: boolean, transposed: boolean): number[] {
  let s = [...shape];
  if (batchMoved && s.length > 2) s = [...s.slice(1, -1), s[0]!, s.at(-1)!];
  if (transposed && s.length > 1) s = [...s.slice(0, -2), s.at(-1)!, s.at(-2)!];
  return s;
}

/** alpha · op(A) op(B): alpha other than 1 is one product more of an output. */
const fusedMatMul: Rule = (c) => {
  const left = seen(c.shape(0), c.int("transBatchA", 0) === 1, c.int("transA", 0) === 1);
  const right = seen(c.shape(1), c.int("transBatchB", 0) === 1, c.int("transB", 0) === 1);
  const { op, shape } = productOf(c, left, right, 0, 1);
  const scale: Record<string, number> = c.float("alpha", 1) === 1 ? {} : { scale: elementCount(shape) };
  return withActivation(c, {
    outputs: [valueOf(shape, c.dtype())],
    ops: [{ op: { ...op, extras: { ...op.extras, ...scale } } }],
  });
};

/** Rows of two or three tables added, then normalised: ids, segments, words, places, segments' rows, γ, β, mask. */
const embedLayerNorm: Rule = (c) => {
  const [batch, tokens] = c.shape(0);
  const width = c.shape(2).at(-1)!;
  const shape = [batch!, tokens!, width];
  const n = elementCount(shape);
  const norm = layerNorm({ tokens: batch! * tokens!, normalizedShape: width, bias: true, dtype: c.dtype(2) });
  const tablesAt = c.has(4) ? [2, 3, 4] : [2, 3];
  const read = Object.fromEntries(tablesAt.map((i) => [i, Math.min(n, elementCount(c.shape(i)))]));
  return {
    outputs: [valueOf(shape, c.dtype(2)), valueOf([batch!], "int32"), valueOf(shape, c.dtype(2))],
    ops: [{ op: { ...norm, kind: "embedLayerNorm", extras: { add: n * (tablesAt.length - 1), ...norm.extras } } }],
    read,
    operands: [7, 8],
  };
};

/** x + bias, and a residual perhaps. */
const biasAdd: Rule = (c) => ({
  outputs: [valueOf(c.shape(0), c.dtype())],
  ops: [{ op: elementwiseOp("biasAdd", "add", elementCount(c.shape(0)), c.has(2) ? 2 : 1) }],
});

/** The halves of x + bias: one by the GELU of the other. */
const biasSplitGelu: Rule = (c) => {
  const shape = c.shape(0);
  const half = [...shape.slice(0, -1), shape.at(-1)! / 2];
  const op = activation("gelu", { shape: half, dtype: c.dtype() });
  const extras = { ...op.extras, add: elementCount(shape), mul: elementCount(half) };
  return { outputs: [valueOf(half, c.dtype())], ops: [{ op: { ...op, extras } }] };
};

/** Distances of all pairs of rows: a product and the sums of squares. */
const cdist: Rule = (c) => {
  const [m, k] = c.shape(0) as [number, number];
  const [n] = c.shape(1) as [number];
  const op = matmul({ m, n, k, dtype: c.dtype() });
  const root = c.text("metric", "sqeuclidean") === "euclidean" ? 1 : 0;
  const extras = { reduce: 2 * k * (m + n), add: (2 + root) * m * n };
  return {
    outputs: [valueOf([m, n], c.dtype())],
    ops: [{ op: { ...op, kind: "cdist", extras, ...(root ? { transcendentals: m * n } : {}) } }],
  };
};

export const fused: Readonly<Record<string, Rule>> = {
  FusedMatMul: fusedMatMul,
  FusedMatMulActivation: fusedMatMul,
  TransposeMatMul: fusedMatMul,
  EmbedLayerNormalization: embedLayerNorm,
  BiasAdd: biasAdd,
  BiasSplitGelu: biasSplitGelu,
  CDist: cdist,
};
