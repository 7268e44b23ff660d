// Norms of queries and keys, before they are rotated.
import type { Op } from "../op.js";
import { layerNorm, mul, rmsNorm } from "../ops/index.js";
import { intoCache } from "../ops/precision.js";
import type { DecoderSheet } from "./decoderSheet.js";
import type { Activation } from "./sheet.js";

/** Queries, keys and values. */
export type Heads = readonly [q: Activation, k: Activation, v: Activation];

/** Queries by the configuration's `queryKeyNorm`. */
export const normedQueries = (sheet: DecoderSheet, path: string, q: Activation): Activation =>
  overHeads(sheet, `${path}/q_norm`, q, sheet.config.numAttentionHeads, false);

/** Queries and keys by the configuration's `queryKeyNorm`; values as they are, or without scales. */
export function normedHeads(sheet: DecoderSheet, path: string, [q, k, v]: Heads): Heads {
  const { numKeyValueHeads, rotaryDim, valueNorm } = sheet.config;
  const keysAreCached = rotaryDim === 0;
  return [
    normedQueries(sheet, path, q),
    overHeads(sheet, `${path}/k_norm`, k, numKeyValueHeads, keysAreCached),
    valueNorm ? normedValues(sheet, `${path}/v_norm`, v) : v,
  ];
}

function normedValues({ put, config, quantized, batch, tokens }: DecoderSheet, path: string, v: Activation) {
  const rows = { tokens: batch * tokens * config.numKeyValueHeads, normalizedShape: config.headDim, affine: false };
  return put(path, intoCache(rmsNorm(rows, quantized), quantized), [v]);
}

function overHeads(sheet: DecoderSheet, path: string, x: Activation, heads: number, cached: boolean): Activation {
  const { put, config, quantized, batch, tokens } = sheet;
  const { headDim, queryKeyNorm } = config;
  const rows = batch * tokens;
  const last = (op: Op): Op => (cached ? intoCache(op, quantized) : op);
  const perHead = { tokens: rows * heads, normalizedShape: headDim };
  switch (queryKeyNorm) {
    case "all":
      return put(path, last(rmsNorm({ tokens: rows, normalizedShape: heads * headDim }, quantized)), [x]);
    case "layer":
      return put(path, last(layerNorm(perHead, quantized)), [x]);
    case "perHead": {
      const normed = put(path, layerNorm({ ...perHead, affine: false }, quantized), [x]);
      const width = heads * headDim;
      const scales = { shape: [rows, width], other: [width], parameter: true };
      return put(`${path}_scale`, last(mul(scales, { dtype: quantized.dtype })), [normed]);
    }
    default:
      return put(path, last(rmsNorm({ ...perHead, affine: queryKeyNorm !== "plain" }, quantized)), [x]);
  }
}
