// BERT, RoBERTa and DistilBERT encoders (Hugging Face's BertModel, RobertaModel, DistilBertModel).
import { pooler } from "./heads.js";
import type { StackPaths } from "./stack.js";
import { textEncoder, type TextEncoderConfig } from "./textEncoder.js";
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
  /** The longest text; default `maxPositionEmbeddings`. */
  maxTokens?: number;
  /** Where its layers stand, and their modules below them; default BERT's places. */
  paths?: StackPaths & { layer: string };
}

/** BERT's places below a layer. */
export const bertPaths: StackPaths = {
  attention: "",
  attentionNorm: "attention/output/LayerNorm",
  cross: "crossattention",
  crossNorm: "crossattention/output/LayerNorm",
  up: "intermediate/dense",
  activation: "intermediate/activation",
  down: "output/dense",
  outputNorm: "output/LayerNorm",
  names: {
    query: "attention/self/query",
    key: "attention/self/key",
    value: "attention/self/value",
    core: "attention/self/attention",
    out: "attention/output/dense",
  },
};
/** DistilBERT's places below a layer. */
export const distilbertPaths: StackPaths = {
  attention: "",
  attentionNorm: "sa_layer_norm",
  up: "ffn/lin1",
  activation: "ffn/activation",
  down: "ffn/lin2",
  outputNorm: "output_layer_norm",
  names: {
    query: "attention/q_lin",
    key: "attention/k_lin",
    value: "attention/v_lin",
    core: "attention/attention",
    out: "attention/out_lin",
  },
};

/**
 * Devlin et al. 2018 (arXiv 1810.04805). `tokens` per sequence: default 128, the length at which the distillation
 * papers count. At most `maxPositionEmbeddings`.
 */
export function bert(
  name: string,
  { numAttentionHeads, intermediateSize, maxPositionEmbeddings, pooler: pooled, paths, ...sizes }: BertConfig,
  options?: ModelOptions,
) {
  const { layer, ...below } = paths ?? { layer: "encoder/layer", ...bertPaths };
  const config: TextEncoderConfig = {
    positionRows: maxPositionEmbeddings,
    heads: pooled ? [pooler] : [],
    layer: {
      attention: { heads: numAttentionHeads, headDim: sizes.hiddenSize / numAttentionHeads },
      intermediateSize,
      act: "gelu",
      order: "after",
      paths: below,
    },
    layerPath: (i) => `${layer}.${i}`,
    source: "huggingface/transformers, modeling_bert.py",
    ...sizes,
  };
  return textEncoder(name, config, options);
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
const distilled = { layer: "transformer/layer", ...distilbertPaths };
const distil = { ...base, numHiddenLayers: 6, typeVocabSize: 0, pooler: false, paths: distilled };
/** RoBERTa counts positions from the padding index on, so 514 rows hold 512 positions. */
const roberta = { vocabSize: 50265, maxPositionEmbeddings: 514, maxTokens: 512, typeVocabSize: 1 };

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
