// BERT, RoBERTa and DistilBERT encoders (Hugging Face's BertModel, RobertaModel, DistilBertModel).
import { text } from "./begin.js";
import type { Activation, Layers } from "./layers.js";
import { selfAttention } from "./transformer.js";
import type { ModelFactory, ModelOptions } from "./workload.js";

/**
 * Configuration keys in the field's words; `tokenTypes` 0: no segment embedding; `pooler`: the dense layer and tanh on
 * the first position.
 */
export interface BertConfig {
  width: number;
  layers: number;
  heads: number;
  hidden: number;
  vocabulary: number;
  positions: number;
  tokenTypes: number;
  pooler: boolean;
  paths?: BertPaths;
}

/** Where a family's modules stand below a layer. */
export interface BertPaths {
  layer: string;
  query: string;
  key: string;
  value: string;
  core: string;
  out: string;
  attentionNorm: string;
  up: string;
  activation: string;
  down: string;
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
  { width, layers, heads, hidden, vocabulary, positions, tokenTypes, pooler, paths = bertPaths }: BertConfig,
  options?: ModelOptions,
) {
  const { net, batch, tokens } = text(name, options, { tokens: 128, positions });
  let x = net.embedding("embeddings/word_embeddings", { batch, tokens, vocabulary, width });
  if (tokenTypes > 0)
    x = net.add(
      "embeddings/add_token_type",
      x,
      net.embedding("embeddings/token_type_embeddings", { batch, tokens, vocabulary: tokenTypes, width }),
    );
  const position = net.embedding("embeddings/position_embeddings", { batch: 1, tokens, vocabulary: positions, width });
  x = net.layerNorm("embeddings/LayerNorm", net.add("embeddings/add_position", x, position));
  for (let i = 0; i < layers; i++) x = layer(net, `${paths.layer}.${i}`, x, { heads, hidden, paths });
  if (pooler)
    net.activate("pooler/activation", net.linear("pooler/dense", { shape: [batch, width], of: x }, width), "tanh");
  return net.model("huggingface/transformers, modeling_bert.py");
}

function layer(
  net: Layers,
  path: string,
  x: Activation,
  { heads, hidden, paths }: { heads: number; hidden: number; paths: BertPaths },
): Activation {
  const width = x.shape[2]!;
  const at = (name: string) => `${path}/${name}`;
  const attended = selfAttention(net, path, x, { heads, headDim: width / heads, names: paths });
  x = net.layerNorm(at(paths.attentionNorm), net.add(at("add_attention"), attended, x));
  const y = net.activate(at(paths.activation), net.linear(at(paths.up), x, hidden), "gelu", {
    module: "GELUActivation",
  });
  return net.layerNorm(at(paths.outputNorm), net.add(at("add_output"), net.linear(at(paths.down), y, width), x));
}

const base = { width: 768, layers: 12, heads: 12, hidden: 3072, positions: 512, tokenTypes: 2, pooler: true };
const large = { ...base, width: 1024, layers: 24, heads: 16, hidden: 4096 };
const distil = { ...base, layers: 6, tokenTypes: 0, pooler: false, paths: distilbertPaths };
/** RoBERTa counts positions from the padding index on, so 514 rows hold 512 positions. */
const roberta = { vocabulary: 50265, positions: 514, tokenTypes: 1 };

const bertConfigs: Readonly<Record<string, BertConfig>> = {
  "bert-base-uncased": { ...base, vocabulary: 30522 },
  "bert-base-cased": { ...base, vocabulary: 28996 },
  "bert-base-multilingual-cased": { ...base, vocabulary: 119547 },
  "bert-large-uncased": { ...large, vocabulary: 30522 },
  "bert-large-cased": { ...large, vocabulary: 28996 },
  "distilbert-base-uncased": { ...distil, vocabulary: 30522 },
  "distilbert-base-cased": { ...distil, vocabulary: 28996 },
  "distilroberta-base": { ...base, ...roberta, layers: 6 },
  "roberta-base": { ...base, ...roberta },
  "roberta-large": { ...large, ...roberta },
};

export const berts: Readonly<Record<string, ModelFactory>> = Object.fromEntries(
  Object.entries(bertConfigs).map(([name, config]) => [name, (options?: ModelOptions) => bert(name, config, options)]),
);
