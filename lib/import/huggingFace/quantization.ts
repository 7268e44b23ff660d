// quantization_config, or MLX's `quantization`: which method stored a checkpoint. What each stores, and for which
// modules, is in quantizedForms.ts and its neighbours.
import { shown } from "../../check.js";
import type { Quantization } from "../../models/index.js";
import { who, type Fields } from "./fields.js";
import { mlx } from "./mlx.js";
import { formOf, type Read } from "./quantizedForms.js";
import { Unpriced } from "./unpriced.js";

/**
 * How the checkpoint stores its matrices, undefined when as the rest. A method, a width or a field that changes bytes
 * in a way not known here makes the bytes unknown and says so (`unpriced`); parameters and arithmetic stay counted.
 */
export function quantizationOf(fields: Fields): Quantization | undefined {
  const q = fields.inner("quantization_config");
  const own = fields.inner("quantization");
  // MLX writes one record under both names.
  if (own && !q?.has("quant_method")) return priced("mlx", own, "quantization", mlx);
  if (!q) return undefined;
  if (!q.has("quant_method") && q.has("bits") && q.has("group_size"))
    return priced("mlx", q, "quantization_config", mlx);
  const method = methodOf(q);
  return priced(method, q, "quantization_config", (record) => formOf(method, record));
}

function methodOf(q: Fields): string {
  const named = q.raw("quant_method");
  if (typeof named === "string")
    return named
      .toLowerCase()
      .replace(/^intel\//, "")
      .replace(/_/g, "-");
  return q.raw("load_in_4bit") === true || q.raw("load_in_8bit") === true ? "bitsandbytes" : "";
}

function priced(method: string, q: Fields, at: string, read: Read): Quantization | undefined {
  try {
    const form = read(q);
    return form === undefined ? undefined : { method, ...form };
  } catch (error) {
    if (!(error instanceof Unpriced)) throw error;
    const { field, must, got } = error;
    const value = got === undefined ? "nothing" : shown(got);
    const words = `${who}: ${at}.${field} must be ${must} for its bytes to be known, got ${value}`;
    return { method, weightDtype: "", unpriced: `${words}; weightDtype (--weight-dtype) sets them` };
  }
}
