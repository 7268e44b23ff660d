// How decoders store their weights: block-wise scales.
import { parseDType } from "../dtype.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";

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
