// RWKV-4: blocks of a time mix and a channel mix, each of blends of a position with the one before; no attention.
import { shown } from "../check.js";
import type { Model } from "../model.js";
import { activation, add, embedding, layerNorm, linear, mul, rwkvTimeMix, tokenShift } from "../ops/index.js";
import type { DecoderOptions } from "./decoder.js";
import { sheet, type Activation } from "./sheet.js";
import { trainingStep } from "./training.js";
import { workload } from "./workload.js";

/** Sizes of an RWKV-4. */
export interface RwkvConfig {
  /** Rows of the embedding and of the output layer. */
  vocabSize: number;
  /** Width of the residual stream. */
  hiddenSize: number;
  /** Blocks. */
  numHiddenLayers: number;
  /** Channels of the time mix. */
  attentionHiddenSize: number;
  /** Width of the channel mix. */
  intermediateSize: number;
  /** Whether there is an output layer; default true. */
  head?: boolean;
  /** Whether the output layer uses the embedding's parameters; default false. */
  tieWordEmbeddings?: boolean;
  /** Format of the checkpoint; default bf16. */
  dtype?: string;
}

/**
 * RWKV-4 for a workload as decoder() takes it. States are kept at `kvDtype`: written in prefill, read and written in
 * decode and wherever context exceeds tokens, none in training; context changes nothing else. Neglected: the halving of
 * the stream every few blocks. (arXiv 2305.13048)
 */
export function rwkv(config: RwkvConfig, options: DecoderOptions = {}, name = "rwkv", source?: string): Model {
  const { logits = "all", ...rest } = options;
  if (logits !== "all" && logits !== "last")
    throw new RangeError(`${name}: logits must be "all" or "last", got ${shown(logits)}`);
  const given = workload(name, rest);
  const { batch, phase, fusedAttention } = given;
  const tokens = given.tokens ?? (phase === "decode" ? 1 : (given.context ?? 1));
  const context = given.context ?? tokens;
  if (context < tokens) throw new RangeError(`${name}: context must be at least tokens ${tokens}, got ${context}`);
  const precision = { ...given.precision, dtype: given.precision.dtype ?? config.dtype ?? "bf16" };
  const state = phase === "train" ? "none" : phase === "decode" || context > tokens ? "update" : "write";
  const { put, repeat, nodes } = sheet({ phase, precision, fusedAttention });
  const { dtype } = precision;
  const { vocabSize, hiddenSize, attentionHiddenSize: channels, intermediateSize } = config;
  const rows = batch * tokens;
  const norm = (path: string, x: Activation) =>
    put(path, layerNorm({ tokens: rows, normalizedShape: hiddenSize }, { dtype }), [x]);
  const matrix = (path: string, x: Activation, inFeatures: number, outFeatures: number) =>
    put(path, linear({ tokens: rows, inFeatures, outFeatures }, precision), [x]);
  const shifted = (path: string, x: Activation, mixes: number) =>
    put(path, tokenShift({ batch, tokens, channels: hiddenSize, mixes, state }, precision), [x]);
  const activated = (path: string, x: Activation, kind: "sigmoid" | "reluSquared", width: number) =>
    put(path, activation(kind, { shape: [rows, width] }, { dtype }), [x]);
  const product = (path: string, x: Activation, y: Activation, width: number) =>
    put(path, mul({ shape: [rows, width] }, { dtype }), [x, y]);
  const sum = (path: string, x: Activation, y: Activation) =>
    put(path, add({ shape: [rows, hiddenSize] }, { dtype }), [x, y]);

  function timeMix(path: string, x: Activation): Activation {
    const blends = shifted(`${path}/time_mix`, x, 3);
    const [k, v] = [
      matrix(`${path}/key`, blends, hiddenSize, channels),
      matrix(`${path}/value`, blends, hiddenSize, channels),
    ];
    const gate = activated(
      `${path}/sigmoid`,
      matrix(`${path}/receptance`, blends, hiddenSize, channels),
      "sigmoid",
      channels,
    );
    const y = put(`${path}/wkv`, rwkvTimeMix({ batch, tokens, channels, state }, precision), [k, v]);
    return matrix(`${path}/output`, product(`${path}/gate`, y, gate, channels), channels, hiddenSize);
  }

  function channelMix(path: string, x: Activation): Activation {
    const blends = shifted(`${path}/time_mix`, x, 2);
    const inner = matrix(`${path}/key`, blends, hiddenSize, intermediateSize);
    const squared = activated(`${path}/activation`, inner, "reluSquared", intermediateSize);
    const value = matrix(`${path}/value`, squared, intermediateSize, hiddenSize);
    const receptance = matrix(`${path}/receptance`, blends, hiddenSize, hiddenSize);
    const gate = activated(`${path}/sigmoid`, receptance, "sigmoid", hiddenSize);
    return product(`${path}/gate`, value, gate, hiddenSize);
  }

  const table = embedding({ tokens: rows, numEmbeddings: vocabSize, embeddingDim: hiddenSize }, precision);
  let x = norm("blocks.0/pre_ln", put("embeddings", table, []));
  for (let i = 0; i < config.numHiddenLayers; i++)
    x = repeat("block", `blocks.${i}`, x, (path, y) => {
      const mixed = sum(`${path}/add_attention`, y, timeMix(`${path}/attention`, norm(`${path}/ln1`, y)));
      return sum(`${path}/add_feed_forward`, mixed, channelMix(`${path}/feed_forward`, norm(`${path}/ln2`, mixed)));
    });
  const last = norm("ln_out", x);
  if (config.head !== false) {
    const head = linear(
      { tokens: logits === "last" ? batch : rows, inFeatures: hiddenSize, outFeatures: vocabSize },
      precision,
    );
    put("head", head, [last], config.tieWordEmbeddings ? { sharedWeights: "embeddings" } : {});
  }
  const model: Model = {
    name,
    nodes,
    workload: { batch, tokens, context, phase, logits, ...precision },
    ...(source ? { source } : {}),
  };
  return phase === "train" ? trainingStep(model) : model;
}
