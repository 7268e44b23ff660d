// An embedding of each token for each layer beside the one that enters the first: made once, read behind every
// feed-forward. (Gemma 3n, Gemma 4)
import { activation, add, embedding, linear, mul, rmsNorm } from "../ops/index.js";
import { norm, project, type DecoderSheet } from "./decoderSheet.js";
import type { Activation } from "./sheet.js";

/**
 * The inputs of all layers: a row of a table for each token, and its embedding `x` projected and normed, layer by
 * layer, side by side. Undefined where layers have none.
 */
export function tokenInputs(on: DecoderSheet, x: Activation): Activation | undefined {
  const { put, config, batch, tokens, quantized, unquantized: p } = on;
  const { hiddenSize, hiddenSizePerLayerInput: width, vocabSizePerLayerInput = config.vocabSize } = config;
  if (width === undefined) return undefined;
  const rows = batch * tokens;
  const layers = config.numHiddenLayers;
  const all = layers * width;
  const { dtype } = p;
  const scaled = (path: string, y: Activation) =>
    put(path, mul({ shape: [rows, all], other: [1], constant: true }, { dtype }), [y]);
  const table = embedding({ tokens: rows, numEmbeddings: vocabSizePerLayerInput, embeddingDim: all }, p);
  const looked = scaled("embed_per_layer_scale", put("embed_tokens_per_layer", table, []));
  const matrix = linear({ tokens: rows, inFeatures: hiddenSize, outFeatures: all }, quantized);
  const projected = scaled("per_layer_projection_scale", put("per_layer_model_projection", matrix, [x]));
  const normed = rmsNorm({ tokens: rows * layers, normalizedShape: width }, p);
  const y = put("per_layer_projection_norm", normed, [projected]);
  return scaled("per_layer_input_scale", put("add_per_layer", add({ shape: [rows, all] }, { dtype }), [y, looked]));
}

/** What `x` and a token's `input` of the layer at `path` give: gate, product, projection and norm. */
export function tokenInputOf(on: DecoderSheet, path: string, x: Activation, input: Activation): Activation {
  const { put, config, batch, tokens, quantized } = on;
  const { hiddenSize, hiddenSizePerLayerInput: width = 1, hiddenAct } = config;
  const inner = { shape: [batch * tokens, width] };
  const gate = project(on, `${path}/per_layer_input_gate`, x, { inFeatures: hiddenSize, outFeatures: width });
  const activated = put(`${path}/per_layer_activation`, activation(hiddenAct, inner, quantized), [gate]);
  const y = put(`${path}/per_layer_gate`, mul(inner, quantized), [activated, input]);
  const out = project(on, `${path}/per_layer_projection`, y, { inFeatures: width, outFeatures: hiddenSize });
  return norm(on, `${path}/post_per_layer_input_norm`, out);
}

/** `x` with its token's input of the layer at `path` added. */
export function withTokenInput(on: DecoderSheet, path: string, x: Activation, input: Activation): Activation {
  const { put, config, batch, tokens, unquantized } = on;
  const shape = [batch * tokens, config.hiddenSize];
  const y = tokenInputOf(on, path, x, input);
  return put(`${path}/add_per_layer`, add({ shape }, { dtype: unquantized.dtype }), [x, y]);
}
