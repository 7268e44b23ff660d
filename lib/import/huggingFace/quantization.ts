// quantization_config: how a checkpoint's projections are stored. GPTQ, AWQ, block-wise FP8, bitsandbytes.
import { shown } from "../../check.js";
import type { Quantization } from "../../models/decoderConfig.js";
import { who, type Fields } from "./fields.js";

const methods = ["gptq", "awq", "fp8", "fbgemm_fp8", "bitsandbytes", "mxfp4"];
const integers: Readonly<Record<number, string>> = { 2: "int2", 4: "int4", 8: "int8" };

/**
 * The stored format of the projections, undefined when they are as wide as the rest. Throws a RangeError for a method
 * or width that is not known.
 */
export function quantizationOf(fields: Fields): Quantization | undefined {
  const q = fields.inner("quantization_config");
  if (!q) return undefined;
  const method = (
    q.text("quant_method") ?? (q.raw("load_in_4bit") || q.raw("load_in_8bit") ? "bitsandbytes" : "")
  ).toLowerCase();
  const bits = (fallback: number): string => {
    const n = q.optional("bits", "w_bit") ?? fallback;
    return integers[n] ?? q.refuse("bits", `one of ${Object.keys(integers).join(", ")}`);
  };
  // Group size -1 is one scale a row.
  const group = (): number | undefined => {
    if (q.raw("group_size") === -1 || q.raw("q_group_size") === -1) return undefined;
    return q.optional("group_size", "q_group_size") ?? 128;
  };
  switch (method) {
    case "gptq":
      return { method, weightDtype: bits(4), groupSize: group() ?? 1e9, scaleDtype: "fp16", zeroPoints: true };
    case "awq":
      return {
        method,
        weightDtype: bits(4),
        groupSize: group() ?? 1e9,
        scaleDtype: "fp16",
        zeroPoints: q.flag("zero_point", true),
      };
    case "fp8":
    case "fbgemm_fp8": {
      const block = q.list("weight_block_size", 2);
      if (!block) return { method, weightDtype: "fp8", groupSize: 1e9, scaleDtype: "fp32" };
      const [rows, columns] = block as [number, number];
      if (!Number.isInteger(rows) || !Number.isInteger(columns) || rows < 1 || columns < 1)
        return q.refuse("weight_block_size", "two positive integers");
      return { method, weightDtype: "fp8", block: [rows, columns], scaleDtype: "fp32" };
    }
    case "bitsandbytes":
      return q.flag("load_in_8bit", false)
        ? { method, weightDtype: "int8", groupSize: 1e9, scaleDtype: "fp32" }
        : { method, weightDtype: "int4", groupSize: 64, scaleDtype: "fp32" };
    case "mxfp4":
      return { method, weightDtype: "fp4", groupSize: 32, scaleDtype: "uint8" };
    default:
      throw new RangeError(
        `${who}: quantization_config.quant_method must be one of ${methods.join(", ")}, got ${shown(method)}`,
      );
  }
}
