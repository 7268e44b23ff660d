// BERT and its like: post-norm encoders with learned positions. Checked against transformers 5.24: BertModel,
// RobertaModel, XLMRobertaModel, CamembertModel, DistilBertModel, AlbertModel, ElectraModel, MPNetModel, and heads.
import { bertPaths, distilbertPaths } from "../../models/bert.js";
import { firstToken, perToken, pooler, type Head } from "../../models/heads.js";
import { textEncoder, type TextEncoderConfig } from "../../models/textEncoder.js";
import type { ActivationKind } from "../../ops/index.js";
import { dividing, headsOf, labelsOf, layersOr, only, sizeOr, type Family, type Heads } from "./encoderFields.js";
import type { Fields } from "./fields.js";
import { activationOf } from "./llama.js";

/** What families of BERT's kind differ in. */
interface Kind {
  vocabSize: number;
  /** Class defaults of the sizes: width, layers, heads, feed-forward; BERT's where not said. */
  sizes?: readonly [number, number, number, number];
  /** Positions are counted from behind the padding index on. */
  afterPadding?: boolean;
  /** Its layers may attend to a source. */
  crosses?: boolean;
  act?: string;
  heads: (f: Fields, config: TextEncoderConfig) => Heads;
  more?: (f: Fields, config: TextEncoderConfig) => Partial<TextEncoderConfig>;
}

const bertLike =
  (kind: Kind): Family =>
  (f, options, name) => {
    const [width, layers, heads, hidden] = kind.sizes ?? [768, 12, 12, 3072];
    const crossAttention = f.flag("add_cross_attention", false);
    if (crossAttention && !kind.crosses) only(f, "add_cross_attention", false);
    if (crossAttention && !f.flag("is_decoder", false)) f.refuse("is_decoder", "true beside add_cross_attention");
    const hiddenSize = sizeOr(f, "hidden_size", width);
    const numAttentionHeads = dividing(f, "num_attention_heads", heads, hiddenSize);
    const positionRows = sizeOr(f, "max_position_embeddings", 512);
    const config: TextEncoderConfig = {
      hiddenSize,
      numHiddenLayers: layersOr(f, "num_hidden_layers", layers),
      vocabSize: sizeOr(f, "vocab_size", kind.vocabSize),
      positionRows,
      maxTokens: kind.afterPadding ? Math.max(1, positionRows - f.count("pad_token_id", 1) - 1) : positionRows,
      typeVocabSize: f.count("type_vocab_size", 2),
      crossAttention,
      layer: {
        attention: {
          heads: numAttentionHeads,
          headDim: hiddenSize / numAttentionHeads,
          causal: f.flag("is_decoder", false),
        },
        intermediateSize: sizeOr(f, "intermediate_size", hidden),
        act: activationOf(f, kind.act ?? "gelu", "hidden_act"),
        order: "after",
        paths: bertPaths,
      },
      heads: [],
      source: "huggingface/transformers, modeling_bert.py",
    };
    return finished(f, { ...config, ...kind.more?.(f, config) }, kind.heads, options, name);
  };

/** With the heads that the file's class has, and what an untied vocabulary leaves unread. */
function finished(
  f: Fields,
  config: TextEncoderConfig,
  heads: Kind["heads"],
  ...[options, name]: [Parameters<Family>[1], string]
) {
  return textEncoder(name, { ...config, heads: headsOf(f, heads(f, config)) }, options);
}

/** A square matrix, a norm and the vocabulary, whose matrix is the embedding's unless the file says otherwise. */
function vocabularyHead(
  f: Fields,
  path: string,
  { vocabSize }: TextEncoderConfig,
  { act, size, twoBiases = true }: { act: ActivationKind; size?: number; twoBiases?: boolean },
): Head {
  const tied = f.flag("tie_word_embeddings", true);
  // Untied, the matrix has a bias beside the one that is added: a parameter that no pass reads is refused.
  if (!tied && twoBiases) f.refuse("tie_word_embeddings", "true (an output layer of its own is not counted)");
  return [
    { step: "dense", path: `${path}/dense`, size, act },
    { step: "norm", path: `${path}/LayerNorm` },
    {
      step: "dense",
      path: `${path}/decoder`,
      size: vocabSize,
      sharedWeights: tied ? "embeddings/word_embeddings" : undefined,
    },
  ];
}

const bertHeads: Kind["heads"] = (f, config) => {
  const words = () => vocabularyHead(f, "cls/predictions", config, { act: config.layer.act });
  const pooled = (size: number): Head => [...pooler, { step: "dense", path: "classifier", size }];
  return {
    Model: () => [pooler],
    ForMaskedLM: () => [words()],
    LMHeadModel: () => [words()],
    ForPreTraining: () => [words(), pooled(2)],
    ForNextSentencePrediction: () => [pooled(2)],
    ForSequenceClassification: () => [pooled(labelsOf(f))],
    ForMultipleChoice: () => [pooled(1)],
    ForTokenClassification: () => [perToken("classifier", labelsOf(f))],
    ForQuestionAnswering: () => [perToken("qa_outputs", labelsOf(f))],
  };
};

const mpnetHeads: Kind["heads"] = (f, config) => ({
  Model: () => [pooler],
  ForMaskedLM: () => [vocabularyHead(f, "lm_head", config, { act: "gelu" })],
  ForSequenceClassification: () => [firstToken("classifier", labelsOf(f), "tanh")],
  ForTokenClassification: () => [perToken("classifier", labelsOf(f))],
  ForQuestionAnswering: () => [perToken("qa_outputs", labelsOf(f))],
});

const robertaHeads: Kind["heads"] = (f, config) => {
  const heads = mpnetHeads(f, config);
  return { ...heads, ForCausalLM: heads.ForMaskedLM! };
};

const albertHeads: Kind["heads"] = (f, config) => {
  const words = () => vocabularyHead(f, "predictions", config, { act: config.layer.act, size: config.embeddingSize });
  const pooled = (): Head => [...pooler, { step: "dense", path: "classifier", size: labelsOf(f) }];
  const { Model, ForTokenClassification, ForQuestionAnswering } = bertHeads(f, config) as Required<Heads>;
  return {
    Model: Model!,
    ForMaskedLM: () => [words()],
    ForPreTraining: () => [words(), pooled()],
    ForSequenceClassification: () => [pooled()],
    ForTokenClassification: ForTokenClassification!,
    ForQuestionAnswering: ForQuestionAnswering!,
  };
};

const electraHeads: Kind["heads"] = (f, config) => {
  const { act } = config.layer;
  const words = () => [
    vocabularyHead(f, "generator_predictions", config, { act: "gelu", size: config.embeddingSize, twoBiases: false }),
  ];
  return {
    Model: () => [],
    ForPreTraining: () => [
      [
        { step: "dense", path: "discriminator_predictions/dense", act },
        { step: "dense", path: "discriminator_predictions/dense_prediction", size: 1 },
      ],
    ],
    ForMaskedLM: words,
    ForCausalLM: words,
    ForSequenceClassification: () => [firstToken("classifier", labelsOf(f), "gelu")],
    ForTokenClassification: () => [perToken("classifier", labelsOf(f))],
    ForQuestionAnswering: () => [perToken("qa_outputs", labelsOf(f))],
  };
};

const distilbert: Family = (f, options, name) => {
  const hiddenSize = sizeOr(f, "dim", 768);
  const heads = dividing(f, "n_heads", 12, hiddenSize);
  const act = activationOf(f, "gelu", "activation");
  const config: TextEncoderConfig = {
    hiddenSize,
    numHiddenLayers: layersOr(f, "n_layers", 6),
    vocabSize: sizeOr(f, "vocab_size", 30522),
    positionRows: sizeOr(f, "max_position_embeddings", 512),
    typeVocabSize: 0,
    layer: {
      attention: { heads, headDim: hiddenSize / heads },
      intermediateSize: sizeOr(f, "hidden_dim", 3072),
      act,
      order: "after",
      paths: distilbertPaths,
    },
    layerPath: (i) => `transformer/layer.${i}`,
    heads: [],
    source: "huggingface/transformers, modeling_distilbert.py",
  };
  return finished(
    f,
    config,
    () => ({
      Model: () => [],
      ForMaskedLM: () => [vocabularyHead(f, "vocab", config, { act, twoBiases: false })],
      ForSequenceClassification: () => [firstToken("classifier", labelsOf(f), "relu")],
      ForTokenClassification: () => [perToken("classifier", labelsOf(f))],
      ForQuestionAnswering: () => [perToken("qa_outputs", labelsOf(f))],
    }),
    options,
    name,
  );
};

const roberta = (vocabSize: number): Family =>
  bertLike({ vocabSize, afterPadding: true, crosses: true, heads: robertaHeads });

export const bertFamilies: Readonly<Record<string, Family>> = {
  bert: bertLike({ vocabSize: 30522, crosses: true, heads: bertHeads }),
  roberta: roberta(50265),
  "xlm-roberta": roberta(30522),
  camembert: roberta(30522),
  distilbert,
  albert: bertLike({
    vocabSize: 30000,
    sizes: [4096, 12, 64, 16384],
    act: "gelu_new",
    heads: albertHeads,
    more: (f, { numHiddenLayers }) => {
      if (sizeOr(f, "inner_group_num", 1) !== 1) f.refuse("inner_group_num", "1 (otherwise not counted)");
      const numHiddenGroups = sizeOr(f, "num_hidden_groups", 1);
      if (numHiddenGroups > numHiddenLayers) f.refuse("num_hidden_groups", `at most the ${numHiddenLayers} layers`);
      return { embeddingSize: sizeOr(f, "embedding_size", 128), projected: true, numHiddenGroups };
    },
  }),
  electra: bertLike({
    vocabSize: 30522,
    crosses: true,
    sizes: [256, 12, 4, 1024],
    heads: electraHeads,
    more: (f) => ({ embeddingSize: sizeOr(f, "embedding_size", 128) }),
  }),
  mpnet: bertLike({
    vocabSize: 30527,
    heads: mpnetHeads,
    more: (f, { positionRows }) => ({
      typeVocabSize: 0,
      maxTokens: Math.max(1, positionRows - 2),
      relativeRows: sizeOr(f, "relative_attention_num_buckets", 32),
    }),
  }),
};
