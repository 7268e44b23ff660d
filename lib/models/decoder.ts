// Decoder-only language models: embedding, layers, output layer, written as path-named ops from a configuration. Which
// figures belong to which name is data elsewhere.
import { shown } from "../check.js";
import type { Model, Node } from "../model.js";
import type { Op } from "../op.js";
import { add, embedding, layerNorm, linear, mul, rmsNorm, type PrecisionOptions } from "../ops/index.js";
import { attentionParts } from "./decoderAttention.js";
import type { DecoderConfig } from "./decoderConfig.js";
import { isSparse, precisions, windowOf, withDefaults, type FullConfig } from "./decoderDefaults.js";
import { denseParts, sparseParts } from "./decoderFeedForward.js";
import { layerReads } from "./decoderReads.js";
import { blockScaled, softcap, type Part } from "./decoderParts.js";
import { addLearned, withConstant } from "./elementOps.js";
import { trainingStep } from "./training.js";
import { workload, type ModelOptions } from "./workload.js";

/**
 * `logits`: positions that the output layer is run on, every one (default, as counting tools do) or each sequence's
 * last (as servers do in prefill).
 */
export interface DecoderOptions extends ModelOptions {
  logits?: "all" | "last";
}

/** A decoder keeps the configuration that it was made of: a KV cache and a division over devices are read from it. */
export interface DecoderModel extends Model {
  readonly decoder: DecoderConfig;
}

/**
 * A decoder-only model for a workload. `tokens`: new positions of each sequence (default 1; `context` in prefill and
 * train, when given); `context`: positions attended to, the new ones included (default `tokens`). dtype defaults to the
 * configuration's, else bf16. Paths: "layers.0/attention/q_proj", "layers.0/mlp/down_proj", "lm_head". Layers of one
 * shape share their ops. Decoding with a latent cache uses its absorbed form. macs are dense (a window or the causal
 * mask shows in exactMacs). Neglected: the rotary table, Gemma's 1 + w, multi-token prediction heads. Throws on unknown
 * options, tokens above context, and more positions than a learned table has.
 */
export function decoder(
  config: DecoderConfig,
  options: DecoderOptions = {},
  name = "decoder",
  source?: string,
): DecoderModel {
  const c = withDefaults(name, config);
  const { logits = "all", ...rest } = options;
  const { batch, phase, fusedAttention, precision, ...given } = workload(name, rest);
  if (logits !== "all" && logits !== "last")
    throw new RangeError(`${name}: logits must be "all" or "last", got ${shown(logits)}`);
  const tokens = given.tokens ?? (phase === "decode" ? 1 : (given.context ?? 1));
  const context = given.context ?? tokens;
  if (context < tokens) throw new RangeError(`${name}: context must be at least tokens ${tokens}, got ${context}`);
  const places = c.learnedPositions ? c.maxPositionEmbeddings! - (c.positionOffset ?? 0) : Infinity;
  if (context > places) throw new RangeError(`${name}: context must be at most ${places} positions, got ${context}`);
  const { quantized: body, unquantized: ends, block, scaleDtype } = precisions(c, precision);
  const rows = batch * tokens;
  const scaled = (part: Part): Part => {
    const quantized = block && part.op.weights.length > 0 && !/norm|shared_gate/.test(part.path);
    return quantized ? { ...part, op: blockScaled(part.op, block, scaleDtype) } : part;
  };
  const under = (path: string, parts: readonly Part[]): Part[] =>
    parts.map((part) => ({ ...scaled(part), path: `${path}/${part.path}` }));

  const place = { batch, tokens, context, fusedAttention, absorbed: phase === "decode" };
  const steps = (window: number | undefined, sparse: boolean): Step[] => {
    const attention = under("attention", attentionParts(c, { ...place, window }, body));
    const mlp = under("mlp", sparse ? sparseParts(c, rows, body, ends) : denseParts(c, rows, body));
    const list = arranged(c, rows, attention, mlp, ends.dtype as string);
    const paths = list.map((part) => part.path);
    const reads = layerReads(paths, c);
    return list.map(({ path, op }, j) => ({ path, op, reads: reads[j]! }));
  };
  const made = new Map<string, Step[]>();
  const layer = (i: number): Step[] => {
    const window = windowOf(c, i);
    const sparse = isSparse(c, i);
    const key = `${window} ${sparse}`;
    const known = made.get(key) ?? steps(window, sparse);
    made.set(key, known);
    return known;
  };
  const nodes: Node[] = [];
  const append = (node: Node): void => {
    nodes.push({ ...node, reads: nodes.length === 0 ? [] : [nodes.length - 1] });
  };
  entrance(c, { batch, tokens }, ends).forEach(append);
  for (let i = 0; i < c.numHiddenLayers; i++) {
    const start = nodes.length;
    const at = `layers.${i}/`;
    for (const { path, op, reads } of layer(i)) nodes.push({ path: at + path, op, reads: reads.map((j) => start + j) });
  }
  exit(c, { rows, read: logits === "last" ? batch : rows }, ends).forEach(append);
  const weightDtype = body === ends ? {} : { weightDtype: body.weightDtype };
  const model: DecoderModel = {
    name,
    nodes,
    decoder: config,
    workload: { batch, tokens, context, phase, logits, ...ends, ...weightDtype },
    ...(source ? { source } : {}),
  };
  return phase === "train" ? { ...trainingStep(model), decoder: config } : model;
}

/** An op of a layer and what it reads: indices within the layer, -1 for what enters it. */
interface Step {
  readonly path: string;
  readonly op: Op;
  readonly reads: readonly number[];
}

type Ends = PrecisionOptions;

function normOf({ norm, normBias, normAffine = true }: FullConfig, tokens: number, width: number, p: Ends): Op {
  return norm === "layer"
    ? layerNorm({ tokens, normalizedShape: width, affine: normAffine, bias: normBias ?? normAffine }, p)
    : rmsNorm({ tokens, normalizedShape: width, affine: normAffine }, p);
}

/** Norms and residual adds around the two halves of a layer. */
function arranged(
  c: FullConfig,
  rows: number,
  attention: readonly Part[],
  mlp: readonly Part[],
  dtype: string,
): Part[] {
  const p = { dtype };
  const norm = (path: string): Part => ({ path, op: normOf(c, rows, c.hiddenSize, p) });
  const residual = (path: string): Part => ({ path, op: add({ shape: [rows, c.hiddenSize] }, p) });
  if (c.parallelResidual)
    return [
      norm("input_norm"),
      ...attention,
      ...(c.norms === 2 ? [norm("post_attention_norm")] : []),
      ...mlp,
      residual("add_attention"),
      residual("add_mlp"),
    ];
  const before = c.norms === "after" ? [] : [norm("input_norm")];
  const between = c.norms === "after" ? [] : [norm(c.norms === 4 ? "pre_mlp_norm" : "post_attention_norm")];
  const behind = (path: string): Part[] => (c.norms === 4 || c.norms === "after" ? [norm(path)] : []);
  return [
    ...before,
    ...attention,
    ...behind(c.norms === 4 ? "post_attention_norm" : "attention_norm"),
    residual("add_attention"),
    ...between,
    ...mlp,
    ...behind("post_mlp_norm"),
    residual("add_mlp"),
  ];
}

function entrance(c: FullConfig, { batch, tokens }: { batch: number; tokens: number }, p: Ends): Node[] {
  const {
    hiddenSize: width,
    wordEmbedProjDim: projected = width,
    vocabSize: vocabulary,
    maxPositionEmbeddings: positions,
  } = c;
  const rows = batch * tokens;
  const { dtype } = p;
  const nodes: Node[] = [
    { path: "embed_tokens", op: embedding({ tokens: rows, numEmbeddings: vocabulary, embeddingDim: projected }, p) },
  ];
  if (c.embeddingScale)
    nodes.push({ path: "embed_scale", op: withConstant(mul({ shape: [rows, width], other: [1] }, { dtype })) });
  if (projected !== width)
    nodes.push({ path: "project_in", op: linear({ tokens: rows, inFeatures: projected, outFeatures: width }, p) });
  if (c.learnedPositions) {
    const table = { shape: [tokens, width], stored: [positions!, width] };
    nodes.push({ path: "embed_positions", op: addLearned([batch, tokens, width], table, { dtype }) });
  }
  if (c.embeddingNorm) nodes.push({ path: "embed_norm", op: normOf(c, rows, width, { dtype }) });
  return nodes;
}

function exit(c: FullConfig, { rows, read }: { rows: number; read: number }, p: Ends): Node[] {
  const { hiddenSize: width, wordEmbedProjDim: projected = width, vocabSize: vocabulary, headBias = false } = c;
  const nodes: Node[] = [];
  if (c.finalNorm) nodes.push({ path: "norm", op: normOf(c, rows, width, { dtype: p.dtype }) });
  if (projected !== width)
    nodes.push({ path: "project_out", op: linear({ tokens: rows, inFeatures: width, outFeatures: projected }, p) });
  if (c.head === false) return nodes;
  const head = linear({ tokens: read, inFeatures: projected, outFeatures: vocabulary, bias: headBias }, p);
  nodes.push({ path: "lm_head", op: head, ...(c.tieWordEmbeddings ? { sharedWeights: "embed_tokens" } : {}) });
  if (c.finalLogitSoftcapping) nodes.push({ path: "logit_softcap", op: softcap([read, vocabulary], p) });
  return nodes;
}
