// Encoders with rotated positions. Checked against transformers 5.24: ModernBertModel, NomicBertModel, EuroBertModel,
// and heads.
import { firstToken, perToken, pooler, type Head } from "../../models/heads.js";
import type { NormKind } from "../../models/stack.js";
import { textEncoder, type TextEncoderConfig } from "../../models/textEncoder.js";
import { dividing, headsOf, labelsOf, layersOr, only, sizeOr, type Family } from "./encoderFields.js";
import type { Fields } from "./fields.js";
import { activationOf } from "./llama.js";

const common = { positionRows: 0, typeVocabSize: 0, source: "huggingface/transformers" } as const;
const words = "embeddings/word_embeddings";

const modernBert: Family = (f, options, name) => {
  const hiddenSize = sizeOr(f, "hidden_size", 768);
  const heads = dividing(f, "num_attention_heads", 12, hiddenSize);
  const norm: NormKind = f.flag("norm_bias", false) ? "layer" : "layerNoBias";
  const vocabSize = sizeOr(f, "vocab_size", 50368);
  const headDim = hiddenSize / heads;
  const config: TextEncoderConfig = {
    ...common,
    hiddenSize,
    vocabSize,
    numHiddenLayers: layersOr(f, "num_hidden_layers", 22),
    maxTokens: sizeOr(f, "max_position_embeddings", 8192),
    embeddingNorm: norm,
    finalNorm: norm,
    layer: {
      attention: {
        heads,
        headDim,
        bias: f.flag("attention_bias", false),
        fusedProjection: true,
        rotaryDim: headDim,
      },
      intermediateSize: sizeOr(f, "intermediate_size", 1152),
      act: activationOf(f, "gelu", "hidden_activation"),
      fusedGate: true,
      mlpBias: f.flag("mlp_bias", false),
      norm,
    },
    layerAt: (i) => (i === 0 ? { firstNorm: false } : {}),
    heads: headsOf(f, {
      Model: () => [],
      ForMaskedLM: () => [
        [
          ...prediction(f, norm),
          {
            step: "dense",
            path: "decoder",
            size: vocabSize,
            bias: f.flag("decoder_bias", true),
            ...(f.flag("tie_word_embeddings", true) ? { sharedWeights: words } : {}),
          },
        ],
      ],
      ForSequenceClassification: () => [
        [{ step: "first" }, ...prediction(f, norm), ...perToken("classifier", labelsOf(f))],
      ],
      ForTokenClassification: () => [[...prediction(f, norm), ...perToken("classifier", labelsOf(f))]],
      ForQuestionAnswering: () => [[...prediction(f, norm), ...perToken("classifier", labelsOf(f))]],
    }),
  };
  return textEncoder(name, config, options);
};

/** ModernBertPredictionHead. */
const prediction = (f: Fields, norm: NormKind): Head => [
  {
    step: "dense",
    path: "head/dense",
    bias: f.flag("classifier_bias", false),
    act: activationOf(f, "gelu", "classifier_activation"),
  },
  { step: "norm", path: "head/norm", norm },
];

const nomicBert: Family = (f, options, name) => {
  const hiddenSize = sizeOr(f, "hidden_size", 768);
  const heads = sizeOr(f, "num_attention_heads", 12);
  const headDim = f.optional("head_dim") ?? Math.max(1, Math.floor(hiddenSize / heads));
  const vocabSize = sizeOr(f, "vocab_size", 30528);
  const act = activationOf(f, "silu", "hidden_act");
  only(f, "tie_word_embeddings", true);
  const config: TextEncoderConfig = {
    ...common,
    hiddenSize,
    vocabSize,
    numHiddenLayers: layersOr(f, "num_hidden_layers", 12),
    maxTokens: sizeOr(f, "max_position_embeddings", 2048),
    typeVocabSize: f.count("type_vocab_size", 2),
    layer: {
      attention: { heads, headDim, bias: false, rotaryDim: headDim },
      intermediateSize: sizeOr(f, "intermediate_size", 3072),
      act,
      gated: true,
      mlpBias: false,
      order: "after",
    },
    heads: headsOf(f, {
      Model: () => [],
      ForMaskedLM: () => [
        [
          { step: "dense", path: "cls/predictions/dense", act },
          { step: "norm", path: "cls/predictions/layer_norm" },
          { step: "dense", path: "cls/predictions/decoder", size: vocabSize, sharedWeights: words },
        ],
      ],
      ForSequenceClassification: () => [[...pooler, ...perToken("classifier", labelsOf(f))]],
      ForTokenClassification: () => [perToken("classifier", labelsOf(f))],
    }),
  };
  return textEncoder(name, config, options);
};

const euroBert: Family = (f, options, name) => {
  const hiddenSize = sizeOr(f, "hidden_size", 768);
  const heads = sizeOr(f, "num_attention_heads", 12);
  const kvHeads = f.optional("num_key_value_heads") ?? heads;
  if (heads % kvHeads !== 0) f.refuse("num_key_value_heads", `a divisor of the ${heads} heads`);
  const headDim = f.optional("head_dim") ?? Math.max(1, Math.floor(hiddenSize / heads));
  const vocabSize = sizeOr(f, "vocab_size", 128256);
  const [attentionBias, mlpBias] = [f.flag("attention_bias", false), f.flag("mlp_bias", false)];
  const tied = f.flag("tie_word_embeddings", false) ? { sharedWeights: words } : {};
  const config: TextEncoderConfig = {
    ...common,
    hiddenSize,
    vocabSize,
    numHiddenLayers: layersOr(f, "num_hidden_layers", 12),
    maxTokens: sizeOr(f, "max_position_embeddings", 8192),
    embeddingNorm: null,
    finalNorm: "rms",
    layer: {
      attention: { heads, headDim, kvHeads, bias: attentionBias, rotaryDim: headDim },
      intermediateSize: sizeOr(f, "intermediate_size", 3072),
      act: activationOf(f, "silu", "hidden_act"),
      gated: true,
      mlpBias,
      norm: "rms",
    },
    heads: headsOf(f, {
      Model: () => [],
      ForMaskedLM: () => [[{ step: "dense", path: "lm_head", size: vocabSize, bias: mlpBias, ...tied }]],
      ForSequenceClassification: () => [euroClassifier(f)],
      ForTokenClassification: () => [perToken("classifier", labelsOf(f))],
    }),
  };
  return textEncoder(name, config, options);
};

/** Every position is classified and the answers are averaged ("late"), or one vector is. */
function euroClassifier(f: Fields): Head {
  const pooling = f.text("classifier_pooling") ?? "late";
  if (!["late", "bos", "mean"].includes(pooling)) f.refuse("classifier_pooling", "one of late, bos, mean");
  const one = firstToken("classifier", labelsOf(f), "gelu", "classifier");
  return pooling === "late" ? one.slice(1) : one;
}

export const modernBertFamilies: Readonly<Record<string, Family>> = {
  modernbert: modernBert,
  nomic_bert: nomicBert,
  eurobert: euroBert,
};
