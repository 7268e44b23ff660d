// Encoders of text as one description: an embedding, a stack of layers, heads. Families (bert.ts and those that
// import/huggingFace knows) are records of it.
import { writeHeads, type Head } from "./heads.js";
import { view, type Activation, type Layers } from "./layers.js";
import { textNet } from "./net.js";
import { cachedSource, crossParams, norm, stackLayer, type Memory, type NormKind, type StackLayer } from "./stack.js";
import type { ModelOptions } from "./workload.js";

/** Sizes of an encoder of text. */
export interface TextEncoderConfig {
  /** Width of the residual stream. */
  hiddenSize: number;
  /** Layers. */
  numHiddenLayers: number;
  /** One layer. */
  layer: StackLayer;
  /** What is special about layer i. */
  layerAt?: (i: number) => Partial<StackLayer>;
  /** How many sets of weights the layers have, in blocks; default one each. */
  numHiddenGroups?: number;
  /** Rows of the word embedding. */
  vocabSize: number;
  /** Width of the embeddings where that is another: they are projected; default `hiddenSize`. */
  embeddingSize?: number;
  /** Whether they are projected even at the same width; default false. */
  projected?: boolean;
  /** Rows of the position embedding; 0: there is none. */
  positionRows: number;
  /** The longest text; default `positionRows`. */
  maxTokens?: number;
  /** Rows of the segment embedding; 0: there is none. */
  typeVocabSize: number;
  /** The norm of the sum of embeddings; default "layer", null for none. */
  embeddingNorm?: NormKind | null;
  /** The norm behind the last layer; default none. */
  finalNorm?: NormKind;
  /** Rows of a table of relative positions that all layers add to their scores; default none. */
  relativeRows?: number;
  /** Writes what layers share, and gives what layer i adds to its scores; default nothing. */
  scores?: (net: Layers) => (path: string, scores: Activation, i: number) => void;
  /** Whether layers attend to a source of `sourceTokens` positions, where there is one; default false. */
  crossAttention?: boolean;
  /** Heads behind the stack. */
  heads: readonly Head[];
  /** The path of layer i; default `encoder/layer.i`. */
  layerPath?: (i: number) => string;
  /** Parameters that no pass reads (a mask's embedding); default 0. */
  unread?: number;
  /** Where it is described. */
  source: string;
}

/** The encoder of `config` as a model: `tokens` a sequence, by default 128 or the longest; `sourceTokens` a source. */
export function textEncoder(name: string, config: TextEncoderConfig, options?: ModelOptions) {
  const { positionRows, maxTokens = positionRows || undefined } = config;
  const length = Math.min(128, maxTokens ?? 128);
  const crossed = config.crossAttention === true && options?.sourceTokens !== undefined;
  const lengths = { tokens: length, positions: maxTokens, crossAttention: crossed };
  const { net, batch, tokens, sourceTokens } = textNet(name, options, lengths);
  const memory: Memory = { source: cachedSource(batch, sourceTokens, config.hiddenSize), cached: false };
  let x = embedded(net, config, batch, tokens);
  const layerPath = config.layerPath ?? ((i: number) => `encoder/layer.${i}`);
  const groups = config.numHiddenGroups ?? config.numHiddenLayers;
  const owners: number[] = [];
  const added = config.scores?.(net);
  for (let i = 0; i < config.numHiddenLayers; i++) {
    const path = layerPath(i);
    const layer: StackLayer = { ...config.layer, ...config.layerAt?.(i), ...(crossed ? { memory } : {}) };
    const group = Math.floor((i * groups) / config.numHiddenLayers);
    const owner = owners[group];
    owners[group] ??= i;
    const placed = added ? { ...layer, scores: adding(added, i) } : withRelative(net, layer, config.relativeRows, i);
    const write = () => stackLayer(net, path, x, placed);
    x = owner === undefined ? write() : net.sharing(path, layerPath(owner), write);
  }
  if (config.finalNorm) x = norm(net, "final_norm", x, config.finalNorm);
  writeHeads(net, x, config.heads);
  const unrun = config.crossAttention && !crossed ? config.numHiddenLayers : 0;
  return net.model(config.source, (config.unread ?? 0) + unrun * crossParams(config.hiddenSize, config.layer));
}

function embedded(net: Layers, config: TextEncoderConfig, batch: number, tokens: number): Activation {
  const { hiddenSize, embeddingSize: embeddingDim = hiddenSize, vocabSize, typeVocabSize, positionRows } = config;
  const table = (path: string, numEmbeddings: number, sequences: number) =>
    net.embedding(`embeddings/${path}`, { batch: sequences, tokens, numEmbeddings, embeddingDim });
  let x = table("word_embeddings", vocabSize, batch);
  if (typeVocabSize > 0)
    x = net.add("embeddings/add_token_type", x, table("token_type_embeddings", typeVocabSize, batch));
  if (positionRows > 0) x = net.add("embeddings/add_position", x, table("position_embeddings", positionRows, 1));
  if (config.embeddingNorm !== null) x = norm(net, "embeddings/LayerNorm", x, config.embeddingNorm);
  return embeddingDim === hiddenSize && !config.projected ? x : net.linear("embeddings_project", x, hiddenSize);
}

const adding =
  (added: (path: string, scores: Activation, i: number) => void, i: number): NonNullable<StackLayer["scores"]> =>
  (path, scores) =>
    added(path, scores, i);

/** Every layer adds the position biases, the first one looks them up. */
function withRelative(net: Layers, layer: StackLayer, rows: number | undefined, i: number): StackLayer {
  if (rows === undefined) return layer;
  return { ...layer, scores: (path, scores) => relativeBias(net, path, scores, rows, i === 0) };
}

/** Biases of `rows` relative positions on scores [batch, heads, tokens, context]: looked up once, added everywhere. */
export function relativeBias(net: Layers, path: string, scores: Activation, rows: number, first: boolean): void {
  const [, heads, tokens, context] = scores.shape as [number, number, number, number];
  if (first)
    net.addParameter(`${path}/relative_attention_bias`, scores, [heads, tokens, context], {
      stored: [rows, heads],
      module: "Embedding without batch",
    });
  else net.add(`${path}/position_bias`, scores, view(scores, [1, heads, tokens, context]));
}
