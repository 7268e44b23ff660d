// BERT, RoBERTa and DistilBERT encoders (Hugging Face's BertModel, RobertaModel, DistilBertModel).
import { textNet } from "./net.js";
import { view, type Activation, type Layers } from "./layers.js";
import { selfAttention } from "./transformer.js";
import type { ModelFactory, ModelOptions } from "./workload.js";

/** Sizes of a BERT, RoBERTa or DistilBERT encoder. */
export interface BertConfig {
  /** Width of the residual stream. */
  hiddenSize: number;
  /** Layers. */
  numHiddenLayers: number;
  /** Heads of a layer; they divide `hiddenSize`. */
  numAttentionHeads: number;
  /** Width of the feed-forward. */
  intermediateSize: number;
  /** Rows of the word embedding. */
  vocabSize: number;
  /** Rows of the position embedding: the longest text. */
  maxPositionEmbeddings: number;
  /** Rows of the segment embedding; 0: there is none. */
  typeVocabSize: number;
  /** Whether a dense layer and a tanh follow on the first position. */
  pooler: boolean;
  /** Where its modules stand below a layer; default BERT's places. */
  paths?: BertPaths;
}

/** Where a family's modules stand below a layer. */
export interface BertPaths {
  /** The layers, before their number. */
  layer: string;
  /** Query projection. */
  query: string;
  /** Key projection. */
  key: string;
  /** Value projection. */
  value: string;
  /** The products between the projections. */
  core: string;
  /** Output projection of attention. */
  out: string;
  /** Norm behind attention. */
  attentionNorm: string;
  /** First matrix of the feed-forward. */
  up: string;
  /** Activation of the feed-forward. */
  activation: string;
  /** Second matrix of the feed-forward. */
  down: string;
  /** Norm behind the feed-forward. */
  outputNorm: string;
}

const bertPaths: BertPaths = {
  layer: "encoder/layer",
  query: "attention/self/query",
  key: "attention/self/key",
  value: "attention/self/value",
  core: "attention/self/attention",
  out: "attention/output/dense",
  attentionNorm: "attention/output/LayerNorm",
  up: "intermediate/dense",
  activation: "intermediate/activation",
  down: "output/dense",
  outputNorm: "output/LayerNorm",
};
const distilbertPaths: BertPaths = {
  layer: "transformer/layer",
  query: "attention/q_lin",
  key: "attention/k_lin",
  value: "attention/v_lin",
  core: "attention/attention",
  out: "attention/out_lin",
  attentionNorm: "sa_layer_norm",
  up: "ffn/lin1",
  activation: "ffn/activation",
  down: "ffn/lin2",
  outputNorm: "output_layer_norm",
};

/**
 * Devlin et al. 2018 (arXiv 1810.04805). `tokens` per sequence: default 128, the length at which the distillation
 * papers count. At most `positions`.
 */
export function bert(
  name: string,
  {
    hiddenSize,
    numHiddenLayers,
    numAttentionHeads,
    intermediateSize,
    vocabSize,
    maxPositionEmbeddings,
    typeVocabSize,
    pooler,
    paths = bertPaths,
  }: BertConfig,
  options?: ModelOptions,
) {
  const { net, batch, tokens } = textNet(name, options, { tokens: 128, positions: maxPositionEmbeddings });
  let x = net.embedding("embeddings/word_embeddings", {
    batch,
    tokens,
    numEmbeddings: vocabSize,
    embeddingDim: hiddenSize,
  });
  if (typeVocabSize > 0)
    x = net.add(
      "embeddings/add_token_type",
      x,
      net.embedding("embeddings/token_type_embeddings", {
        batch,
        tokens,
        numEmbeddings: typeVocabSize,
        embeddingDim: hiddenSize,
      }),
    );
  const position = net.embedding("embeddings/position_embeddings", {
    batch: 1,
    tokens,
    numEmbeddings: maxPositionEmbeddings,
    embeddingDim: hiddenSize,
  });
  x = net.layerNorm("embeddings/LayerNorm", net.add("embeddings/add_position", x, position));
  for (let i = 0; i < numHiddenLayers; i++)
    x = layer(net, `${paths.layer}.${i}`, x, { numAttentionHeads, intermediateSize, paths });
  if (pooler)
    net.activate("pooler/activation", net.linear("pooler/dense", view(x, [batch, hiddenSize]), hiddenSize), "tanh");
  return net.model("huggingface/transformers, modeling_bert.py");
}

function layer(
  net: Layers,
  path: string,
  x: Activation,
  {
    numAttentionHeads,
    intermediateSize,
    paths,
  }: { numAttentionHeads: number; intermediateSize: number; paths: BertPaths },
): Activation {
  const hiddenSize = x.shape[2]!;
  const at = (name: string) => `${path}/${name}`;
  const attended = selfAttention(net, path, x, {
    heads: numAttentionHeads,
    headDim: hiddenSize / numAttentionHeads,
    names: paths,
  });
  x = net.layerNorm(at(paths.attentionNorm), net.add(at("add_attention"), attended, x));
  const y = net.activate(at(paths.activation), net.linear(at(paths.up), x, intermediateSize), "gelu", {
    module: "GELUActivation",
  });
  return net.layerNorm(at(paths.outputNorm), net.add(at("add_output"), net.linear(at(paths.down), y, hiddenSize), x));
}

const base = {
  hiddenSize: 768,
  numHiddenLayers: 12,
  numAttentionHeads: 12,
  intermediateSize: 3072,
  maxPositionEmbeddings: 512,
  typeVocabSize: 2,
  pooler: true,
};
const large = { ...base, hiddenSize: 1024, numHiddenLayers: 24, numAttentionHeads: 16, intermediateSize: 4096 };
const distil = { ...base, numHiddenLayers: 6, typeVocabSize: 0, pooler: false, paths: distilbertPaths };
/** RoBERTa counts positions from the padding index on, so 514 rows hold 512 positions. */
const roberta = { vocabSize: 50265, maxPositionEmbeddings: 514, typeVocabSize: 1 };

const bertConfigs: Readonly<Record<string, BertConfig>> = {
  "bert-base-uncased": { ...base, vocabSize: 30522 },
  "bert-base-cased": { ...base, vocabSize: 28996 },
  "bert-base-multilingual-cased": { ...base, vocabSize: 119547 },
  "bert-large-uncased": { ...large, vocabSize: 30522 },
  "bert-large-cased": { ...large, vocabSize: 28996 },
  "distilbert-base-uncased": { ...distil, vocabSize: 30522 },
  "distilbert-base-cased": { ...distil, vocabSize: 28996 },
  "distilroberta-base": { ...base, ...roberta, numHiddenLayers: 6 },
  "roberta-base": { ...base, ...roberta },
  "roberta-large": { ...large, ...roberta },
};

export const berts: Readonly<Record<string, ModelFactory>> = Object.fromEntries(
  Object.entries(bertConfigs).map(([name, config]) => [name, (options?: ModelOptions) => bert(name, config, options)]),
);
