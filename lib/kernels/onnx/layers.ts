// The layers of the course as native kernels: each is the op of lib/ops and the ONNX nodes that compute it.
import {
  attention,
  add,
  conv2d,
  embedding,
  layerNorm,
  linear,
  relu,
  softmax,
  type AttentionShape,
  type Conv2dShape,
  type EmbeddingShape,
  type LinearShape,
} from "../../ops/index.js";
import { elementCount } from "../../op.js";
import { filled } from "../fill.js";
import type { Kernel } from "../kernel.js";
import type { GraphNode } from "./graph.js";
import { layer } from "./layer.js";

const pair = (value: number | readonly number[] | undefined, otherwise: number): [number, number] =>
  Array.isArray(value)
    ? [value[0]!, value[1]!]
    : [(value as number | undefined) ?? otherwise, (value as number | undefined) ?? otherwise];

/** y = x Wᵀ + b; W is a constant and packed once. */
export const linearNative: Kernel<LinearShape> = layer<LinearShape>("linear/native", {
  stream: "lines",
  op: (shape) => linear(shape),
  graph: ({ tokens = 1, inFeatures, outFeatures, bias = false }) => ({
    inputs: [{ name: "x", shape: [tokens, inFeatures], values: filled(tokens * inFeatures, 1) }],
    constants: [
      { name: "w", shape: [inFeatures, outFeatures], values: filled(inFeatures * outFeatures, 2) },
      ...(bias ? [{ name: "b", shape: [outFeatures], values: filled(outFeatures, 3) }] : []),
    ],
    outputShape: [tokens, outFeatures],
    nodes: (prefix, output): GraphNode[] =>
      bias
        ? [
            { op: "MatMul", inputs: ["x", "w"], outputs: [prefix] },
            { op: "Add", inputs: [prefix, "b"], outputs: [output] },
          ]
        : [{ op: "MatMul", inputs: ["x", "w"], outputs: [output] }],
  }),
});

/** A 2-D convolution, depthwise where groups equals the channels. Padding is a number or a pair. */
export const conv2dNative: Kernel<Conv2dShape> = layer<Conv2dShape>("conv2d/native", {
  stream: "copy",
  op: (shape) => conv2d(shape),
  graph: (shape) => {
    const { batch = 1, inChannels, outChannels, height, width, groups = 1, bias = false } = shape;
    const kernel = pair(shape.kernelSize, 1);
    const stride = pair(shape.stride, 1);
    const padding = pair(shape.padding as number, 0);
    const dilation = pair(shape.dilation, 1);
    const weights = [outChannels, inChannels / groups, ...kernel];
    const outputShape = conv2d(shape).outputs[0]!.shape;
    return {
      inputs: [
        {
          name: "x",
          shape: [batch, inChannels, height, width],
          values: filled(batch * inChannels * height * width, 1),
        },
      ],
      constants: [
        { name: "w", shape: weights, values: filled(elementCount(weights), 2) },
        ...(bias ? [{ name: "b", shape: [outChannels], values: filled(outChannels, 3) }] : []),
      ],
      outputShape,
      // The runtime lays a convolution's data out in blocks of channels, and only between layers: one layer alone would
      // be timed with two rearrangements.
      chained: `${outputShape}` === `${[batch, inChannels, height, width]}`,
      nodes: (_, output, from = "x"): GraphNode[] => [
        {
          op: "Conv",
          inputs: [from, "w", ...(bias ? ["b"] : [])],
          outputs: [output],
          attributes: {
            kernel_shape: kernel,
            strides: stride,
            dilations: dilation,
            group: groups,
            pads: [...padding, ...padding],
          },
        },
      ],
    };
  },
});

const attentionInputs = (
  { batch = 1, tokens, heads, headDim, ...rest }: AttentionShape,
  layout: "heads first" | "tokens first",
) => {
  for (const key of ["causal", "window", "softcap", "sharedKv"] as const)
    if (rest[key]) throw new RangeError(`attention/native: ${key} must be left out, got ${rest[key]}`);
  const context = rest.context ?? tokens;
  const kvHeads = rest.kvHeads ?? heads;
  if (kvHeads !== heads) throw new RangeError(`attention/native: kvHeads must be heads ${heads}, got ${kvHeads}`);
  return (["q", "k", "v"] as const).map((name, i) => {
    const length = name === "q" ? tokens : context;
    const shape = layout === "heads first" ? [batch, heads, length, headDim] : [batch, length, heads * headDim];
    return { name, shape, values: filled(elementCount(shape), i + 1) };
  });
};

/**
 * softmax(Q Kᵀ / √d) V as three ops that write the scores to memory and read them again. Output [batch, heads,
 * tokens, headDim].
 */
export const attentionUnfused: Kernel<AttentionShape> = layer<AttentionShape>("attention/unfused", {
  stream: "copy",
  op: (shape) => attention({ ...shape, fused: false }),
  graph: (shape) => ({
    inputs: attentionInputs(shape, "heads first"),
    outputShape: [shape.batch ?? 1, shape.heads, shape.tokens, shape.headDim],
    nodes: (prefix, output): GraphNode[] => [
      {
        op: "FusedMatMul",
        domain: "com.microsoft",
        inputs: ["q", "k"],
        outputs: [`${prefix}s`],
        attributes: { transB: 1, alpha: { float: 1 / Math.sqrt(shape.headDim) } },
      },
      { op: "Softmax", inputs: [`${prefix}s`], outputs: [`${prefix}p`], attributes: { axis: -1 } },
      { op: "MatMul", inputs: [`${prefix}p`, "v"], outputs: [output] },
    ],
  }),
});

/** The same as one fused op, whose scores stay in blocks that fit a cache. Output [batch, tokens, heads · headDim]. */
export const attentionFused: Kernel<AttentionShape> = layer<AttentionShape>("attention/fused", {
  stream: "copy",
  op: (shape) => attention({ ...shape, fused: true }),
  graph: (shape) => ({
    inputs: attentionInputs(shape, "tokens first"),
    outputShape: [shape.batch ?? 1, shape.tokens, shape.heads * shape.headDim],
    nodes: (_, output) => [
      {
        op: "MultiHeadAttention",
        domain: "com.microsoft",
        inputs: ["q", "k", "v"],
        outputs: [output],
        attributes: { num_heads: shape.heads },
      },
    ],
  }),
});

/** Shape of a kernel that works row by row. */
export interface RowsShape {
  /** How many rows. */
  rows: number;
  /** fp32 values in a row. */
  columns: number;
}

const rowwise = (
  name: string,
  op: Kernel<RowsShape>["op"],
  node: Omit<GraphNode, "inputs" | "outputs">,
  more: readonly string[] = [],
): Kernel<RowsShape> =>
  layer<RowsShape>(`${name}/native`, {
    stream: "copy",
    op,
    graph: ({ rows, columns }) => ({
      inputs: [{ name: "x", shape: [rows, columns], values: filled(rows * columns, 1) }],
      constants: more.map((constant, i) => ({ name: constant, shape: [columns], values: filled(columns, 2 + i) })),
      outputShape: [rows, columns],
      nodes: (_, output) => [{ ...node, inputs: ["x", ...more], outputs: [output] }],
    }),
  });

/** Softmax over each row. */
export const softmaxNative: Kernel<RowsShape> = rowwise(
  "softmax",
  ({ rows, columns }) => softmax({ shape: [rows, columns] }),
  { op: "Softmax", attributes: { axis: -1 } },
);
/** Layer norm over each row, with scale and shift. */
export const layerNormNative: Kernel<RowsShape> = rowwise(
  "layerNorm",
  ({ rows, columns }) => layerNorm({ tokens: rows, normalizedShape: columns }),
  { op: "LayerNormalization", attributes: { axis: -1, epsilon: { float: 1e-5 } } },
  ["scale", "shift"],
);
/** max(x, 0). */
export const reluNative: Kernel<RowsShape> = rowwise("relu", ({ rows, columns }) => relu({ shape: [rows, columns] }), {
  op: "Relu",
});

/** x + z, both read from memory. */
export const addNative: Kernel<RowsShape> = layer<RowsShape>("add/native", {
  stream: "triad",
  op: ({ rows, columns }) => add({ shape: [rows, columns] }),
  graph: ({ rows, columns }) => ({
    inputs: [
      { name: "x", shape: [rows, columns], values: filled(rows * columns, 1) },
      { name: "z", shape: [rows, columns], values: filled(rows * columns, 2) },
    ],
    outputShape: [rows, columns],
    nodes: (_, output) => [{ op: "Add", inputs: ["x", "z"], outputs: [output] }],
  }),
});

/** Rows of a table, picked by tokens spread over the whole of it. */
export const embeddingNative: Kernel<EmbeddingShape> = layer<EmbeddingShape>("embedding/native", {
  stream: "copy",
  op: (shape) => embedding(shape),
  graph: ({ tokens = 1, numEmbeddings, embeddingDim }) => ({
    inputs: [{ name: "ids", shape: [tokens], type: "int64", values: tokenIds(tokens, numEmbeddings) }],
    constants: [{ name: "w", shape: [numEmbeddings, embeddingDim], values: filled(numEmbeddings * embeddingDim, 2) }],
    outputShape: [tokens, embeddingDim],
    nodes: (_, output) => [{ op: "Gather", inputs: ["w", "ids"], outputs: [output] }],
  }),
});

/**
 * Distinct rows in no order, as long as there are enough: a step that has no divisor in common with the table's length
 * visits every row.
 */
export function tokenIds(tokens: number, rows: number): BigInt64Array {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  let step = Math.max(1, Math.floor(rows * 0.618));
  while (divisor(step, rows) !== 1) step++;
  return BigInt64Array.from({ length: tokens }, (_, i) => BigInt((i * step) % rows));
}
