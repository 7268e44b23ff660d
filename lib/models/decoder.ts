// Decoder-only language models: embedding, layers, output layer, written as path-named ops from a configuration. Which
// figures belong to which name is data elsewhere.
import { shown } from "../check.js";
import type { Model, Node } from "../model.js";
import { cost } from "../op.js";
import { activation, add, embedding, linear, mul, softcap } from "../ops/index.js";
import type { DecoderConfig } from "./decoderConfig.js";
import { joinedStreams, spreadStreams } from "./decoderAltUp.js";
import { idleCrossParams } from "./decoderCross.js";
import {
  hasIndexer,
  isSparse,
  keysOf,
  layerConfig,
  precisions,
  windowOf,
  withDefaults,
  type FullConfig,
} from "./decoderDefaults.js";
import { decoderLayer, type LayerKind } from "./decoderLayer.js";
import { tokenInputs } from "./decoderPerLayer.js";
import { norm, type DecoderSheet } from "./decoderSheet.js";
import { sheet, type Activation } from "./sheet.js";
import { storedAs } from "./stored.js";
import { streamedLayers } from "./streamedLayer.js";
import { trainingStep, type LayerNode } from "./training.js";
import { workload, type ModelOptions } from "./workload.js";

export interface DecoderOptions extends ModelOptions {
  /**
   * Positions that the output layer is run on: every one (default, as counting tools do), or each sequence's last (as
   * servers do in prefill).
   */
  logits?: "all" | "last";
}

export interface DecoderModel extends Model {
  /** The configuration that it was made of: a KV cache and a division over devices are read from it. */
  readonly decoder: DecoderConfig;
}

/**
 * A decoder-only model for a workload. `tokens`: new positions of each sequence (default 1; `context` in prefill and
 * train, when given); `context`: positions attended to, the new ones included (default `tokens`); `sourceTokens`: those
 * of a source (default none: what would read it is not run). dtype defaults to the configuration's, else bf16. Paths:
 * "layers.0/attention/q_proj", "layers.0/mlp/down_proj", "lm_head". Layers of one shape share their ops. Decoding with
 * a latent cache uses its absorbed form. macs are dense (a window, the causal mask or an indexer's choice shows in
 * exactMacs). Neglected: the rotary table, Gemma's 1 + w, multi-token prediction (but for `numMtpLayers`). Throws on
 * unknown options, tokens above context, and more positions than a learned table has.
 */
export function decoder(
  config: DecoderConfig,
  options: DecoderOptions = {},
  name = "decoder",
  source?: string,
): DecoderModel {
  const c = withDefaults(name, config);
  const given = decoderWorkload(name, c, options);
  const { batch, tokens, context, phase, logits, fusedAttention, precision } = given;
  const crossed = c.addCrossAttention && given.sourceTokens ? { sourceTokens: given.sourceTokens } : {};
  const precise = precisions(c, precision);
  const { unquantized } = precise;
  const { put, repeat, nodes } = sheet({ phase, precision, fusedAttention });
  const absorbed = phase === "decode";
  const on: DecoderSheet = { ...precise, put, config: c, batch, tokens, context, fusedAttention, absorbed, ...crossed };
  const tokenEmbeddings = embedded(on);
  const tokenInput = tokenInputs(on, tokenEmbeddings);
  let x = spreadStreams(on, tokenEmbeddings);
  if (c.compressed) x = streamedLayers(on, repeat, x);
  for (let i = 0; i < (c.compressed ? 0 : c.numHiddenLayers); i++) {
    const own = c.layers?.[i];
    const memory = keysOf(c, i) === i ? undefined : cachedBy(nodes, keysOf(c, i));
    const kind: LayerKind = {
      window: windowOf(c, i),
      indexed: hasIndexer(c, i),
      memory,
      sparse: isSparse(c, i),
      threshold: c.thresholdLayers?.includes(i) ?? false,
      attention: own?.attention,
      feedForward: own?.feedForward,
      tokenInput,
    };
    const unturned = c.noRopeLayers?.includes(i) === true;
    const read = memory ? keysOf(c, i) : "";
    const key =
      `${kind.window} ${kind.indexed} ${read} ${kind.sparse} ${kind.threshold} ${unturned} ` +
      (own ? JSON.stringify(own) : "");
    x = repeat(key, `layers.${i}`, x, (path, y) => {
      const sizes = layerConfig(c, i);
      return decoderLayer({ ...on, config: unturned ? { ...sizes, rotaryDim: 0 } : sizes }, path, y, kind);
    });
  }
  output(on, joinedStreams(on, x), logits === "last" ? batch : batch * tokens);
  // A format that is asked for stands in place of the configuration's, also when the model is made again from it.
  const kept = precision.weightDtype === undefined ? config : { ...config, quantization: undefined };
  const { quantization: q } = kept;
  const stored = q === undefined ? { nodes } : storedAs(nodes, q, String(unquantized.dtype));
  const weightDtype = q === undefined || q.weightDtype === "" ? {} : { weightDtype: q.weightDtype };
  const idleParams = mtpParams(c, nodes) + (c.addCrossAttention ? idleCrossParams(on) : 0);
  const model: DecoderModel = {
    name,
    ...stored,
    ...(idleParams > 0 ? { idleParams } : {}),
    decoder: kept,
    workload: { batch, tokens, context, ...crossed, phase, logits, ...unquantized, ...weightDtype },
    ...(source ? { source } : {}),
  };
  return phase === "train" ? { ...trainingStep(model), decoder: kept } : model;
}

/** Parameters of layers that predict further ahead: as a first layer, two norms that meet in a matrix, a last norm. */
function mtpParams({ numMtpLayers = 0, hiddenSize }: FullConfig, nodes: readonly Node[]): number {
  if (numMtpLayers === 0) return 0;
  const layer = nodes.filter(({ path }) => path.startsWith("layers.0/")).reduce((n, { op }) => n + cost(op).params, 0);
  return numMtpLayers * (layer + 2 * hiddenSize * hiddenSize + 3 * hiddenSize);
}

/** Keys and values of layer `i`, as its core reads them. */
function cachedBy(nodes: readonly LayerNode[], i: number): Activation[] {
  const path = `layers.${i}/attention/`;
  const core = nodes.find((node) => node.path === `${path}core`)!;
  return core
    .reads!.filter((read) => /^[kv]_/.test(nodes[read]!.path.slice(path.length)))
    .map((node) => ({ shape: nodes[node]!.op.outputs[0]!.shape, node }));
}

/** `options` with a decoder's defaults. */
function decoderWorkload(name: string, config: FullConfig, { logits = "all", ...rest }: DecoderOptions) {
  const given = workload(name, rest);
  if (logits !== "all" && logits !== "last")
    throw new RangeError(`${name}: logits must be "all" or "last", got ${shown(logits)}`);
  const tokens = given.tokens ?? (given.phase === "decode" ? 1 : (given.context ?? 1));
  const context = given.context ?? tokens;
  if (context < tokens) throw new RangeError(`${name}: context must be at least tokens ${tokens}, got ${context}`);
  const { learnedPositions, maxPositionEmbeddings, positionOffset = 0 } = config;
  const places = learnedPositions ? maxPositionEmbeddings! - positionOffset : Infinity;
  if (context > places) throw new RangeError(`${name}: context must be at most ${places} positions, got ${context}`);
  return { ...given, tokens, context, logits };
}

/** The tokens as the residual stream that enters the first layer. */
function embedded(on: DecoderSheet): Activation {
  const { put, config, batch, tokens, unquantized: p } = on;
  const { hiddenSize, vocabSize, wordEmbedProjDim = hiddenSize, maxPositionEmbeddings } = config;
  const rows = batch * tokens;
  const { dtype } = p;
  const table = embedding({ tokens: rows, numEmbeddings: vocabSize, embeddingDim: wordEmbedProjDim }, p);
  let x = put("embed_tokens", table, []);
  if (config.embeddingScale)
    x = put("embed_scale", mul({ shape: [rows, hiddenSize], other: [1], constant: true }, { dtype }), [x]);
  if (wordEmbedProjDim !== hiddenSize)
    x = put("project_in", linear({ tokens: rows, inFeatures: wordEmbedProjDim, outFeatures: hiddenSize }, p), [x]);
  if (config.learnedPositions) {
    const positions = { other: [tokens, hiddenSize], parameter: true, table: [maxPositionEmbeddings!, hiddenSize] };
    x = put("embed_positions", add({ shape: [batch, tokens, hiddenSize], ...positions }, { dtype }), [x]);
  }
  return config.embeddingNorm ? norm(on, "embed_norm", x) : x;
}

/** A square matrix with a bias, and a ReLU. */
function rectified({ put, unquantized: p }: DecoderSheet, x: Activation, into: { tokens: number; inFeatures: number }) {
  const { tokens, inFeatures } = into;
  const y = put("score_dense", linear({ ...into, outFeatures: inFeatures, bias: true }, p), [x]);
  return put("score_relu", activation("relu", { shape: [tokens, inFeatures] }, p), [y]);
}

/** The final norm on every position, and the output layer on `read` of them. */
function output(on: DecoderSheet, x: Activation, read: number): void {
  const { put, config, batch, tokens, unquantized: p } = on;
  const { hiddenSize, vocabSize, wordEmbedProjDim = hiddenSize, headBias: bias = false } = config;
  let y = config.finalNorm ? norm(on, "norm", x) : x;
  if (wordEmbedProjDim !== hiddenSize) {
    const matrix = { tokens: batch * tokens, inFeatures: hiddenSize, outFeatures: wordEmbedProjDim };
    y = put("project_out", linear(matrix, p), [y]);
  }
  const into = { tokens: read, inFeatures: wordEmbedProjDim };
  const { numLabels, labelBias = false } = config;
  if (config.labelHidden) y = rectified(on, y, into);
  if (numLabels !== undefined) put("score", linear({ ...into, outFeatures: numLabels, bias: labelBias }, p), [y]);
  if (numLabels !== undefined || config.head === false) return;
  const tied = config.tieWordEmbeddings;
  // A tied head shares its matrix; a bias is its own.
  const head = linear({ ...into, outFeatures: vocabSize, bias: bias && !tied }, p);
  y = put("lm_head", head, [y], tied ? { sharedWeights: "embed_tokens" } : {});
  if (bias && tied) {
    const shape = { shape: [read, vocabSize], other: [vocabSize], parameter: true };
    y = put("lm_head_bias", add(shape, { dtype: p.dtype }), [y]);
  }
  if (config.logitScale)
    y = put("logit_scale", mul({ shape: [read, vocabSize], other: [1], constant: true }, { dtype: p.dtype }), [y]);
  if (config.finalLogitSoftcapping) put("logit_softcap", softcap({ shape: [read, vocabSize] }, p), [y]);
}
