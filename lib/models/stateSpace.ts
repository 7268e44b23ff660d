// State-space and hybrid decoders: embedding, layers that mix positions each in its own way, output layer.
import { shown } from "../check.js";
import type { Model } from "../model.js";
import { add, embedding, linear } from "../ops/index.js";
import type { DecoderOptions } from "./decoder.js";
import { selfAttention } from "./decoderAttention.js";
import { precisions, withDefaults } from "./decoderDefaults.js";
import { feedForward } from "./decoderFeedForward.js";
import { norm } from "./decoderSheet.js";
import type { Quantization } from "./quantization.js";
import { sheet, type Activation } from "./sheet.js";
import { gatedAttention } from "./stateSpaceAttention.js";
import type { HybridConfig, HybridLayer, MixerKind } from "./stateSpaceConfig.js";
import { gatedDeltaNetMixer, mamba2Mixer, mambaMixer, shortConvMixer } from "./stateSpaceMixers.js";
import type { HybridSheet } from "./stateSpaceSheet.js";
import { storedAs, type Stored } from "./stored.js";
import { trainingStep, type LayerNode } from "./training.js";
import { workload } from "./workload.js";

/** A model with recurrent states. */
interface HybridModel extends Model {
  /** The configuration that it was made of: what its states and keys and values occupy is read from it. */
  readonly hybrid: HybridConfig;
}

/**
 * A decoder whose layers are those of `config`, for a workload as decoder() takes it. States are kept at `kvDtype`:
 * written in prefill, read and written in decode and wherever context exceeds tokens, none in training. One token from
 * a state runs step by step, everything else in chunks as the reference code does, so that macs include the padding of
 * the last chunk and exactMacs do not. Neglected: the rotary table, constant multipliers, a router's correction.
 */
export function hybridDecoder(
  config: HybridConfig,
  options: DecoderOptions = {},
  name = "hybrid",
  source?: string,
): HybridModel {
  const c = withDefaults(name, config.decoder);
  const { logits = "all", ...rest } = options;
  const given = workload(name, rest);
  if (logits !== "all" && logits !== "last")
    throw new RangeError(`${name}: logits must be "all" or "last", got ${shown(logits)}`);
  const { batch, phase, fusedAttention, precision } = given;
  const tokens = given.tokens ?? (phase === "decode" ? 1 : (given.context ?? 1));
  const context = given.context ?? tokens;
  if (context < tokens) throw new RangeError(`${name}: context must be at least tokens ${tokens}, got ${context}`);
  const precise = precisions(c, precision);
  const state = phase === "train" ? "none" : phase === "decode" || context > tokens ? "update" : "write";
  const form = state === "update" && tokens === 1 ? "recurrent" : "chunked";
  const { put, repeat, nodes } = sheet({ phase, precision, fusedAttention });
  const sizes = { config: c, batch, tokens, context, fusedAttention, absorbed: false };
  const on: HybridSheet = { ...precise, ...sizes, put, hybrid: config, state, form };
  const rows = batch * tokens;
  const { vocabSize, hiddenSize } = c;
  let x = put(
    "embed_tokens",
    embedding({ tokens: rows, numEmbeddings: vocabSize, embeddingDim: hiddenSize }, on.unquantized),
    [],
  );
  config.layers.forEach((layer, i) => {
    const key = `${layer.mixer} ${layer.feed}`;
    x = repeat(key, `layers.${i}`, x, (path, y) => hybridLayer(on, path, y, layer));
  });
  const last = norm(on, "norm", x);
  if (c.head !== false) {
    const matrix = { tokens: logits === "last" ? batch : rows, inFeatures: hiddenSize, outFeatures: vocabSize };
    const mark = c.tieWordEmbeddings ? { sharedWeights: "embed_tokens" } : {};
    put("lm_head", linear({ ...matrix, bias: c.headBias ?? false }, on.unquantized), [last], mark);
  }
  const { quantization } = precision.weightDtype === undefined ? c : {};
  const model: HybridModel = {
    name,
    ...(quantization === undefined ? { nodes } : unpricedAs(nodes, quantization, on)),
    hybrid: config,
    workload: { batch, tokens, context, phase, logits, ...on.unquantized },
    ...(source ? { source } : {}),
  };
  return phase === "train" ? { ...trainingStep(model), hybrid: config } : model;
}

/** Which of a mixer's weights a method quantizes is not known here: parameters and arithmetic stay, bytes do not. */
function unpricedAs(nodes: readonly LayerNode[], quantization: Quantization, { unquantized }: HybridSheet): Stored {
  const must = "quantization_config must be absent for the bytes of a decoder with recurrent layers to be known";
  const { unpriced = `${must}, got ${quantization.method}; weightDtype (--weight-dtype) sets them` } = quantization;
  return storedAs(nodes, { ...quantization, unpriced }, String(unquantized.dtype));
}

const mixers: Readonly<Record<MixerKind, (sheet: HybridSheet, path: string, x: Activation) => Activation>> = {
  attention: (on, path, x) =>
    on.hybrid.attentionGate ? gatedAttention(on, `${path}/attention`, x) : selfAttention(on, `${path}/attention`, x),
  mamba: (on, path, x) => mambaMixer(on, `${path}/mixer`, x),
  mamba2: (on, path, x) => mamba2Mixer(on, `${path}/mixer`, x),
  shortConv: (on, path, x) => shortConvMixer(on, `${path}/mixer`, x),
  gatedDeltaNet: (on, path, x) => gatedDeltaNetMixer(on, `${path}/mixer`, x),
  parallel: (on, path, x) =>
    sum(on, `${path}/add_mixers`, mamba2Mixer(on, `${path}/mixer`, x), selfAttention(on, `${path}/attention`, x)),
};

/** Each part of a layer reads a norm of the stream and is added to it. */
function hybridLayer(on: HybridSheet, path: string, x: Activation, { mixer, feed }: HybridLayer): Activation {
  let stream = x;
  if (mixer !== undefined)
    stream = sum(on, `${path}/add_mixer`, stream, mixers[mixer](on, path, norm(on, `${path}/input_norm`, stream)));
  if (feed !== undefined) {
    const fed = feedForward(on, `${path}/mlp`, norm(on, `${path}/mlp_norm`, stream), {
      sparse: feed === "sparse",
    });
    stream = sum(on, `${path}/add_mlp`, stream, fed);
  }
  return stream;
}

function sum({ put, config, batch, tokens, unquantized }: HybridSheet, path: string, x: Activation, y: Activation) {
  return put(path, add({ shape: [batch * tokens, config.hiddenSize] }, { dtype: unquantized.dtype }), [x, y]);
}
