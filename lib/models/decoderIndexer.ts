// The indexer of a decoder with latent attention: small heads whose scores choose the positions that attention reads.
import { indexScore, layerNorm, linear, rope } from "../ops/index.js";
import { intoCache } from "../ops/precision.js";
import type { DecoderSheet } from "./decoderSheet.js";
import type { Activation } from "./sheet.js";

/**
 * Places of the positions that the core at `path` reads: scores of x's keys under queries from the compressed queries
 * `q`. Transformers runs it without gradients, and so is a training step counted. (DeepSeek-V3.2, arXiv 2512.02556)
 */
export function indexed(sheet: DecoderSheet, path: string, x: Activation, q: Activation): Activation {
  const { config, batch, tokens, context, fusedAttention: fused, quantized, unquantized } = sheet;
  const { hiddenSize, mla, indexer } = config;
  const { indexNHeads: heads, indexHeadDim: headDim, indexTopk: topk } = indexer!;
  const rows = batch * tokens;
  const rotaryDim = mla!.qkRopeHeadDim;
  const put: DecoderSheet["put"] = (name, op, reads) =>
    sheet.put(`${path}/indexer/${name}`, op, reads, { detached: true });
  const matrix = (inFeatures: number, outFeatures: number) =>
    linear({ tokens: rows, inFeatures, outFeatures }, quantized);
  const query = put("wq_b", matrix(mla!.qLoraRank!, heads * headDim), [q]);
  const norm = layerNorm({ tokens: rows, normalizedShape: headDim }, { dtype: unquantized.dtype });
  const key = put("k_norm", intoCache(norm, quantized), [put("wk", matrix(hiddenSize, headDim), [x])]);
  const turned = [
    put("q_rope", rope({ tokens: rows, heads, rotaryDim }, quantized), [query]),
    put("k_rope", rope({ tokens: rows, heads: 1, rotaryDim, cached: true }, quantized), [key]),
  ];
  const weights = put(
    "weights_proj",
    linear({ tokens: rows, inFeatures: hiddenSize, outFeatures: heads }, unquantized),
    [x],
  );
  const scores = indexScore({ batch, tokens, context, heads, headDim, topk, fused }, quantized);
  return put("scores", scores, [query, key, ...turned, weights]);
}
