// Encoder-decoders of text as one description: embeddings, two stacks, an output layer. T5, BART and their like are
// records of it; either stack may stand alone.
import { modelCost, type Model } from "../model.js";
import { writeHeads, type Head } from "./heads.js";
import type { Activation, Layers } from "./layers.js";
import { textNet, type TextDefaults } from "./net.js";
import { cachedSource, crossParams, norm, stackLayer, type Memory, type NormKind, type StackLayer } from "./stack.js";
import { relativeBias } from "./textEncoder.js";
import type { ModelOptions } from "./workload.js";

/** One of the two stacks. */
export interface SideConfig {
  /** Layers. */
  layers: number;
  /** One layer. */
  layer: StackLayer;
  /** Rows of its position embedding; 0: there is none. */
  positionRows: number;
}

/** Sizes of an encoder-decoder. */
export interface EncoderDecoderConfig {
  /** Width of the residual streams. */
  hiddenSize: number;
  /** Rows of the embedding that both stacks share. */
  vocabSize: number;
  /** The encoder; absent: the decoder stands alone. */
  encoder?: SideConfig;
  /** The decoder; absent: the encoder stands alone. */
  decoder?: SideConfig;
  /** The longest text; default any. */
  maxTokens?: number;
  /** Default length of a text; default 512. */
  tokens?: number;
  /** Whether embeddings are multiplied by a number; default false. */
  scaled?: boolean;
  /** Whether the decoder's result is; default false. */
  outputScaled?: boolean;
  /** The norm of embeddings; default none. */
  embeddingNorm?: NormKind;
  /** The norm behind each stack; default none. */
  finalNorm?: NormKind;
  /** Rows of a table of relative positions in the first layer of a stack; default none. */
  relativeRows?: number;
  /** Whether every layer has such a table; default false. */
  relativeEverywhere?: boolean;
  /** How a stack's layers are called; default "layers". */
  layerName?: string;
  /** Whether the output layer is the embedding, has a matrix of its own, or is absent. */
  vocabulary: "tied" | "own" | "none";
  /** Heads behind the last stack, beside the output layer; default none. */
  heads?: readonly Head[];
  /** Where it is described. */
  source: string;
}

/**
 * The model of `config`. prefill and train: the encoder reads `sourceTokens` (default `tokens`), the decoder `tokens`.
 * decode: the encoder does not run; `tokens` (default 1) new positions attend to `context` decoded ones and to
 * `sourceTokens` encoded ones, both from the cache.
 */
export function encoderDecoder(name: string, config: EncoderDecoderConfig, options?: ModelOptions): Model {
  const { encoder, decoder, tokens: length = 512, maxTokens: positions } = config;
  const both: TextDefaults = { tokens: length, positions, encoderDecoder: decoder !== undefined };
  return withIdle(options, (given) => {
    const { net, batch, tokens, context, sourceTokens } = textNet(name, given, both);
    const decode = net.phase === "decode";
    const encoded = encoder && !decode ? encode(net, config, batch, decoder ? sourceTokens : tokens) : undefined;
    let last = encoded!;
    if (decoder) {
      const source = encoded ?? cachedSource(batch, sourceTokens, config.hiddenSize);
      const memory = encoder ? { source, cached: decode } : undefined;
      last = decoded(net, config, { batch, tokens, memory, owned: encoded === undefined, cached: context - tokens });
    }
    writeOutput(net, config, last, encoded ? "encoder/embed_tokens" : "decoder/embed_tokens");
    const crossing = decoder && !encoder ? decoder.layers * crossParams(config.hiddenSize, decoder.layer) : 0;
    return net.model(config.source, crossing);
  });
}

/**
 * The model that `write` makes for `options`; when decoding, with the parameters that only the other phases read (the
 * encoder, the projections of what it made).
 */
export function withIdle(options: ModelOptions | undefined, write: (options?: ModelOptions) => Model): Model {
  const made = write(options);
  if (options?.phase !== "decode") return made;
  const whole = { ...options, tokens: 1, context: undefined, phase: "prefill" as const };
  const idle = modelCost(write(whole)).params - modelCost(made).params;
  return idle > 0 ? { ...made, idleParams: (made.idleParams ?? 0) + idle } : made;
}

function encode(net: Layers, config: EncoderDecoderConfig, batch: number, tokens: number): Activation {
  const { encoder, layerName = "layers" } = config;
  let x = embedded(net, config, "encoder", { batch, tokens, positionRows: encoder!.positionRows });
  for (let i = 0; i < encoder!.layers; i++)
    x = net.repeat(`encoder ${i === 0}`, `encoder/${layerName}.${i}`, x, (path, y) =>
      stackLayer(net, path, y, placed(net, config, encoder!.layer, i)),
    );
  return config.finalNorm ? norm(net, "encoder/final_layer_norm", x, config.finalNorm) : x;
}

/** A decoder's stack on the embedding of `tokens` positions. `owned`: the embedding's table is the decoder's. */
function decoded(
  net: Layers,
  config: EncoderDecoderConfig,
  {
    batch,
    tokens,
    memory,
    owned,
    cached,
  }: { batch: number; tokens: number; memory?: Memory; owned: boolean; cached: number },
): Activation {
  const { decoder, layerName = "layers" } = config;
  const { positionRows, layer, layers } = decoder!;
  let x = embedded(net, config, "decoder", { batch, tokens, positionRows, shared: !owned });
  const attention = { ...layer.attention, causal: true, cached };
  const crossed = { ...layer, attention, memory };
  for (let i = 0; i < layers; i++)
    x = net.repeat(`decoder ${i === 0}`, `decoder/${layerName}.${i}`, x, (path, y) =>
      stackLayer(net, path, y, placed(net, config, crossed, i)),
    );
  return config.finalNorm ? norm(net, "decoder/final_layer_norm", x, config.finalNorm) : x;
}

function embedded(
  net: Layers,
  { hiddenSize: embeddingDim, vocabSize: numEmbeddings, scaled, embeddingNorm }: EncoderDecoderConfig,
  side: string,
  {
    batch,
    tokens,
    positionRows,
    shared = false,
  }: { batch: number; tokens: number; positionRows: number; shared?: boolean },
): Activation {
  const table = { batch, tokens, numEmbeddings, embeddingDim };
  let x = net.embedding(`${side}/embed_tokens`, table, shared ? { sharedWeights: "encoder/embed_tokens" } : {});
  if (scaled) x = net.scale(`${side}/embed_scale`, x);
  if (positionRows > 0) {
    const positions = { batch: 1, tokens, numEmbeddings: positionRows, embeddingDim };
    const module = "Embedding without batch";
    x = net.add(`${side}/add_position`, x, net.embedding(`${side}/embed_positions`, positions, { module }));
  }
  return embeddingNorm ? norm(net, `${side}/layernorm_embedding`, x, embeddingNorm) : x;
}

/** The layer at place i: its position biases are its own, or the first one's. */
function placed(
  net: Layers,
  { relativeRows, relativeEverywhere = false }: EncoderDecoderConfig,
  layer: StackLayer,
  i: number,
): StackLayer {
  if (relativeRows === undefined) return layer;
  const own = relativeEverywhere || i === 0;
  return { ...layer, scores: (path, scores) => relativeBias(net, path, scores, relativeRows, own) };
}

function writeOutput(net: Layers, config: EncoderDecoderConfig, x: Activation, words: string): void {
  const { vocabulary, vocabSize, outputScaled, heads } = config;
  if (heads) writeHeads(net, x, heads);
  if (vocabulary === "none") return;
  const scaled = outputScaled ? net.scale("decoder/scale", x) : x;
  const tied = vocabulary === "tied" ? { sharedWeights: words } : {};
  net.linear("lm_head", scaled, vocabSize, { bias: false, ...tied });
}
