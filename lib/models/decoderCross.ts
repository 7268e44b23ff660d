// A decoder layer's attention to a source beside its text (a picture's or another text's encoding), as wide as the
// stream: one product makes the source's keys and values, and a cache keeps them.
import { attention, linear } from "../ops/index.js";
import { intoCache } from "../ops/precision.js";
import { project, type DecoderSheet } from "./decoderSheet.js";
import { modelInput, type Activation } from "./sheet.js";

/** Attention of x [batch · tokens, hiddenSize] to `sourceTokens` positions, all in sight. */
export function crossAttention(on: DecoderSheet, path: string, x: Activation): Activation {
  const { put, config, batch, tokens, sourceTokens = 1, fusedAttention, quantized } = on;
  const { hiddenSize, numAttentionHeads: heads, headDim, qkvBias = false, outBias = false } = config;
  const inner = heads * headDim;
  const source: Activation = { shape: [batch * sourceTokens, hiddenSize], node: modelInput };
  const q = project(on, `${path}/q_proj`, x, { inFeatures: hiddenSize, outFeatures: inner, bias: qkvBias });
  const shape = { tokens: batch * sourceTokens, inFeatures: hiddenSize, outFeatures: 2 * inner, bias: qkvBias };
  const made = () => put(`${path}/kv_proj`, intoCache(linear(shape, quantized), quantized), [source]);
  const operands = on.absorbed ? [q] : [q, made()];
  const core = attention({ batch, tokens, context: sourceTokens, heads, headDim, fused: fusedAttention }, quantized);
  const attended = put(`${path}/core`, core, operands);
  return project(on, `${path}/o_proj`, attended, { inFeatures: inner, outFeatures: hiddenSize, bias: outBias });
}

/** Parameters of all layers' attention to a source that a pass does not read: all without one, else what is cached. */
export function idleCrossParams({ config, sourceTokens, absorbed }: DecoderSheet): number {
  const { hiddenSize, numAttentionHeads, headDim, numHiddenLayers, qkvBias, outBias, norm } = config;
  const { normAffine = true, normBias = normAffine } = config;
  const inner = numAttentionHeads * headDim;
  const matrix = (rows: number, columns: number, bias = false) => rows * columns + (bias ? columns : 0);
  const keysAndValues = matrix(hiddenSize, 2 * inner, qkvBias);
  if (sourceTokens !== undefined) return absorbed ? numHiddenLayers * keysAndValues : 0;
  const norms = (normAffine ? hiddenSize : 0) + (norm === "layer" && normBias ? hiddenSize : 0);
  const others = matrix(hiddenSize, inner, qkvBias) + matrix(inner, hiddenSize, outBias) + norms;
  return numHiddenLayers * (keysAndValues + others);
}
