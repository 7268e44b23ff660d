// The attention of DeepSeek-V4, op by op: one key for all heads over a window, entries that stand for earlier
// positions, an indexer that chooses among them, an output projection in groups.
import type { Op } from "../op.js";
import { compress, compressedAttention, groupedLinear, indexScore, linear, rmsNorm, rope } from "../ops/index.js";
import { closedWindows } from "../ops/compress.js";
import { intoCache } from "../ops/precision.js";
import { compressionOf, type CompressedKind, type Compression } from "./compressedConfig.js";
import { project, type DecoderSheet } from "./decoderSheet.js";
import type { Activation, Put } from "./sheet.js";

/** x [batch · tokens, hiddenSize] through the attention of `kind` at `path`. */
export function compressedSelfAttention(sheet: DecoderSheet, path: string, x: Activation, kind: CompressedKind) {
  const { put, config, batch, tokens, context, fusedAttention: fused, quantized } = sheet;
  const { hiddenSize, numAttentionHeads: heads, headDim, rotaryDim, slidingWindow, compressed } = config;
  const { qLoraRank, oGroups, oLoraRank } = compressed!;
  const rows = batch * tokens;
  const turn = (name: string, y: Activation, of: number, cached = false) =>
    put(`${path}/${name}`, rope({ tokens: rows, heads: of, rotaryDim, cached }, quantized), [y]);
  const compressedQuery = normed(sheet, `${path}/q_a_norm`, { width: qLoraRank }, [
    project(sheet, `${path}/q_a_proj`, x, { inFeatures: hiddenSize, outFeatures: qLoraRank }),
  ]);
  const query = project(sheet, `${path}/q_b_proj`, compressedQuery, {
    inFeatures: qLoraRank,
    outFeatures: heads * headDim,
  });
  const q = normed(sheet, `${path}/q_b_norm`, { width: headDim, each: heads, affine: false }, [query]);
  const key = project(sheet, `${path}/kv_proj`, x, { inFeatures: hiddenSize, outFeatures: headDim });
  const k = normed(sheet, `${path}/kv_norm`, { width: headDim, cached: true }, [key]);
  const operands = [q, turn("q_rope", q, heads), k, turn("kv_rope", k, 1, true)];
  const compression = compressionOf(compressed!, kind);
  if (compression !== undefined) {
    operands.push(entries(sheet, { put, path: `${path}/compressor`, x, width: headDim, compression }));
    if (compression.topk !== undefined) operands.push(chosen(sheet, path, { x, q: compressedQuery, compression }));
  }
  const { rate, topk } = compression ?? {};
  const window = slidingWindow!;
  const core = compressedAttention({ batch, tokens, context, heads, headDim, window, rate, topk, fused }, quantized);
  const attended = turn("out_rope", put(`${path}/core`, core, operands), heads);
  const inFeatures = (heads * headDim) / oGroups;
  const grouped = groupedLinear({ groups: oGroups, tokens: rows, inFeatures, outFeatures: oLoraRank }, quantized);
  const out = put(`${path}/o_a_proj`, grouped, [attended], {}, [rows, oGroups * oLoraRank]);
  return project(sheet, `${path}/o_b_proj`, out, { inFeatures: oGroups * oLoraRank, outFeatures: hiddenSize });
}

/** A norm over rows of `width`, `each` of them a position. */
function normed(
  { put, batch, tokens, unquantized }: DecoderSheet,
  path: string,
  {
    width,
    each = 1,
    affine = true,
    cached = false,
  }: { width: number; each?: number; affine?: boolean; cached?: boolean },
  reads: readonly Activation[],
): Activation {
  const { dtype, kvDtype } = unquantized;
  const op: Op = rmsNorm({ tokens: batch * tokens * each, normalizedShape: width, affine }, { dtype });
  return put(path, cached ? intoCache(op, { dtype, kvDtype }) : op, reads);
}

interface Entries {
  readonly put: Put;
  readonly path: string;
  readonly x: Activation;
  readonly width: number;
  readonly compression: Compression;
}

/** Entries of `width` for the windows of x that close. */
function entries(sheet: DecoderSheet, { put, path, x, width, compression }: Entries): Activation {
  const { config, batch, tokens, context, quantized, unquantized } = sheet;
  const { rate, overlap } = compression;
  const matrix = { tokens: batch * tokens, inFeatures: config.hiddenSize, outFeatures: (overlap ? 2 : 1) * width };
  // These two are stored as everything that is not quantized.
  const kv = put(`${path}/kv_proj`, linear(matrix, unquantized), [x]);
  const gate = put(`${path}/gate_proj`, linear(matrix, unquantized), [x]);
  const windows = batch * closedWindows(rate, { tokens, context });
  const shape = { windows, rate, features: width, overlap, rotaryDim: config.rotaryDim };
  return put(`${path}/compress`, compress(shape, quantized), [kv, gate]);
}

/** Places of the entries that each query reads, by small heads with entries of their own; no gradient passes. */
function chosen(
  sheet: DecoderSheet,
  path: string,
  { x, q, compression }: { x: Activation; q: Activation; compression: Compression },
): Activation {
  const { config, batch, tokens, context, fusedAttention: fused, quantized, unquantized } = sheet;
  const { qLoraRank, indexNHeads: heads, indexHeadDim: headDim, indexTopk: topk } = config.compressed!;
  const rows = batch * tokens;
  const put: Put = (name, op, reads) => sheet.put(name, op, reads, { detached: true });
  const at = `${path}/compressor/indexer`;
  const keys = entries(sheet, { put, path: at, x, width: headDim, compression });
  const query = put(
    `${at}/q_b_proj`,
    linear({ tokens: rows, inFeatures: qLoraRank, outFeatures: heads * headDim }, quantized),
    [q],
  );
  const turned = put(`${at}/q_rope`, rope({ tokens: rows, heads, rotaryDim: config.rotaryDim }, quantized), [query]);
  const matrix = linear({ tokens: rows, inFeatures: config.hiddenSize, outFeatures: heads }, unquantized);
  const weights = put(`${at}/weights_proj`, matrix, [x]);
  const shape = { batch, tokens, context, heads, headDim, topk, stride: compression.rate, elementwiseSum: true, fused };
  return put(`${at}/scores`, indexScore(shape, quantized), [query, turned, keys, weights]);
}
