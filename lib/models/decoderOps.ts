// Small ops that only decoders have: rotary embedding, soft capping, block-wise weight scales, a weight used head by
// head. Layers that others share are in ops/.
import { parseDType } from "../dtype.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { activation, matmul, type PrecisionOptions } from "../ops/index.js";
import { precision, weightTensors } from "../ops/precision.js";

export const dtypeOf = (p: PrecisionOptions) => parseDType("decoder", p.dtype ?? "fp32");
export const kvDtypeOf = (p: PrecisionOptions) => parseDType("decoder", p.kvDtype ?? p.dtype ?? "fp32");

/**
 * Rotary position embedding of x [rows, heads, headDim], `rotary` elements of each head: x cos + rotate(x) sin, 3 FLOPs
 * a rotated element; sines come from a table, which is neglected. Backward: the rotation back, at the same cost.
 * `cached`: what it writes is a cache entry, at kvDtype. (arXiv 2104.09864)
 */
export function rope(
  { rows, heads, rotary }: { rows: number; heads: number; rotary: number },
  p: PrecisionOptions,
  cached = false,
): Op {
  const x: TensorSpec = { name: "x", shape: [rows, heads, rotary], dtype: dtypeOf(p) };
  const flops = 3 * elementCount(x.shape);
  const turn = (kind: string, input: TensorSpec, output: TensorSpec): Op => ({
    kind,
    inputs: [input],
    weights: [],
    outputs: [output],
    macs: 0,
    extras: { rope: flops },
    attributes: { rows, heads, rotary },
  });
  const y: TensorSpec = { ...x, name: "y", dtype: cached ? kvDtypeOf(p) : x.dtype };
  return {
    ...turn("rope", x, y),
    backward: ({ inputGradient = true } = {}) =>
      inputGradient ? [turn("rope.backward", { ...x, name: "dy" }, { ...x, name: "dx" })] : [],
  };
}

/** c · tanh(x / c): 3 FLOPs an element, one of them a tanh. */
export function softcap(shape: readonly number[], p: PrecisionOptions): Op {
  const op = activation("tanh", { shape }, p);
  const n = elementCount(shape);
  return { ...op, kind: "softcap", extras: { softcap: 3 * n } };
}

/** `op` with its outputs stored as cache entries, at kvDtype. */
export function intoCache(op: Op, p: PrecisionOptions): Op {
  const dtype = kvDtypeOf(p);
  return op.outputs.every((t) => t.dtype === dtype) ? op : { ...op, outputs: op.outputs.map((t) => ({ ...t, dtype })) };
}

/**
 * `op` with one scale for each block of rows x columns of its quantized matrices: bytes that are no parameters
 * (DeepSeek-V3's FP8: 128 x 128, fp32).
 */
export function blockScaled(op: Op, [rows, columns]: readonly [number, number], scaleDtype = "fp32"): Op {
  const dtype = parseDType("decoder", scaleDtype);
  const scales = op.weights
    .filter((w) => w.shape.length >= 2 && !w.name?.startsWith("router"))
    .map((w): TensorSpec => {
      const [outer, inner] = w.shape.slice(-2) as [number, number];
      const shape = [...w.shape.slice(0, -2), Math.ceil(outer / rows), Math.ceil(inner / columns)];
      const share =
        w.elements === undefined
          ? {}
          : { elements: Math.round((w.elements / elementCount(w.shape)) * elementCount(shape)) };
      return { name: `${w.name}.scales`, shape, dtype, stored: false, ...share };
    });
  return { ...op, weights: [...op.weights, ...scales] };
}

/** x [heads, tokens, k] times a learned matrix of each head [heads, n, k]: half of an absorbed kv_b_proj. */
export function perHead(
  { heads, tokens, k, n }: { heads: number; tokens: number; k: number; n: number },
  p: PrecisionOptions,
): Op {
  const op = matmul({ batch: heads, m: tokens, k, n, dtype: p.dtype });
  return {
    ...op,
    kind: "linear",
    inputs: op.inputs.slice(0, 1),
    weights: weightTensors("weight", [heads, n, k], precision("decoder", p)),
  };
}
