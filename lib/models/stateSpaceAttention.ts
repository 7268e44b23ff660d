// Qwen3-Next's attention: as a decoder's, with a gate for its output that comes with the queries.
import { activation, attention, mul, rmsNorm, rope } from "../ops/index.js";
import { intoCache } from "../ops/precision.js";
import { project, projection } from "./decoderSheet.js";
import type { Activation } from "./sheet.js";
import { wide, type HybridSheet } from "./stateSpaceSheet.js";

/** Queries and their gates, keys, values; norms of head width; rotation; core; gate; o_proj. */
export function gatedAttention(sheet: HybridSheet, path: string, x: Activation): Activation {
  const { put, config, batch, tokens, context, fusedAttention, quantized } = sheet;
  const { hiddenSize, numAttentionHeads: heads, numKeyValueHeads: kvHeads, headDim, rotaryDim } = config;
  const { qkvBias: bias = false, outBias = false } = config;
  const rows = batch * tokens;
  const width = heads * headDim;
  const matrix = (outFeatures: number) => ({ inFeatures: hiddenSize, outFeatures, bias });
  const q = project(sheet, `${path}/q_proj`, x, matrix(2 * width));
  const k = project(sheet, `${path}/k_proj`, x, matrix(kvHeads * headDim));
  const v = put(`${path}/v_proj`, intoCache(projection(sheet, matrix(kvHeads * headDim)), quantized), [x]);
  const norm = (of: number) => rmsNorm({ tokens: rows * of, normalizedShape: headDim }, quantized);
  const keys = norm(kvHeads);
  const operands = [
    put(`${path}/q_norm`, norm(heads), [q]),
    put(`${path}/k_norm`, rotaryDim > 0 ? keys : intoCache(keys, quantized), [k]),
  ];
  const turned =
    rotaryDim === 0
      ? []
      : [
          put(`${path}/q_rope`, rope({ tokens: rows, heads, rotaryDim }, quantized), [operands[0]!]),
          put(`${path}/k_rope`, rope({ tokens: rows, heads: kvHeads, rotaryDim, cached: true }, quantized), [
            operands[1]!,
          ]),
        ];
  const read = rotaryDim === headDim ? turned : [...operands, ...turned];
  const shape = { batch, tokens, context, heads, kvHeads, headDim, causal: true, fused: fusedAttention };
  const core = put(`${path}/core`, attention(shape, quantized), [...read, v]);
  const gate = put(`${path}/gate_activation`, activation("sigmoid", wide(sheet, width), quantized), [q]);
  const gated = put(`${path}/gate`, mul(wide(sheet, width), quantized), [core, gate]);
  return project(sheet, `${path}/o_proj`, gated, { inFeatures: width, outFeatures: hiddenSize, bias: outBias });
}
