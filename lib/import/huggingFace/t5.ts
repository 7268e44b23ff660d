// T5, mT5 and UMT5. Checked against transformers 5.24: T5ForConditionalGeneration, T5Model, T5EncoderModel, heads.
import { perToken } from "../../models/heads.js";
import { t5, type T5Config } from "../../models/t5.js";
import type { ActivationKind } from "../../ops/index.js";
import { chosen, classOf, labelsOf, layersOr, sizeOr, type Family } from "./encoderFields.js";
import type { Fields } from "./fields.js";

/** Class defaults: rows of the embedding, feed-forward, layers, heads, its form. */
interface Kind {
  vocabSize: number;
  intermediateSize: number;
  layers: number;
  heads: number;
  projection: string;
  /** Whether every layer has a table of relative positions. */
  relativeEverywhere?: boolean;
}

/** Activations of the published forms; "gated-gelu" means the approximated one. */
const forms: Readonly<Record<string, ActivationKind>> = {
  relu: "relu",
  gelu: "gelu",
  gelu_new: "geluTanh",
  silu: "silu",
  "gated-relu": "relu",
  "gated-gelu": "geluTanh",
  "gated-silu": "silu",
};

/** "relu" or "gated-gelu": the activation, and whether a third matrix gates. */
function feedForward(f: Fields, otherwise: string): Pick<T5Config, "act" | "gated"> {
  const form = f.text("feed_forward_proj") ?? otherwise;
  if (!Object.hasOwn(forms, form)) f.refuse("feed_forward_proj", `one of ${Object.keys(forms).join(", ")}`);
  return { act: forms[form]!, gated: f.flag("is_gated_act", form.startsWith("gated-")) };
}

/** What classes have beside both stacks and the output layer, or without them. */
const classes: Readonly<Record<string, (f: Fields) => Pick<T5Config, "parts" | "heads">>> = {
  ForConditionalGeneration: () => ({}),
  WithLMHeadModel: () => ({}),
  Model: () => ({ heads: [] }),
  EncoderModel: () => ({ parts: ["encoder"], heads: [] }),
  ForTokenClassification: (f) => ({ parts: ["encoder"], heads: [perToken("classifier", labelsOf(f))] }),
  ForQuestionAnswering: (f) => ({ heads: [perToken("qa_outputs", labelsOf(f))] }),
};

const t5Like =
  (kind: Kind): Family =>
  (f, options, name) => {
    const numHiddenLayers = layersOr(f, "num_layers", kind.layers);
    const config: T5Config = {
      hiddenSize: sizeOr(f, "d_model", 512),
      intermediateSize: sizeOr(f, "d_ff", kind.intermediateSize),
      headDim: sizeOr(f, "d_kv", 64),
      numAttentionHeads: sizeOr(f, "num_heads", kind.heads),
      numHiddenLayers,
      numDecoderLayers: layersOr(f, "num_decoder_layers", numHiddenLayers),
      vocabSize: sizeOr(f, "vocab_size", kind.vocabSize),
      relativeAttentionNumBuckets: sizeOr(f, "relative_attention_num_buckets", 32),
      relativeEverywhere: kind.relativeEverywhere ?? false,
      ...feedForward(f, kind.projection),
      // Version 1.1 was saved untied; transformers ties its output layer and only leaves the scaling out.
      outputScaled: f.flag("scale_decoder_outputs", f.flag("tie_word_embeddings", true)),
      ...chosen(f, classes, classOf(f, "ForConditionalGeneration"))(f),
    };
    return t5(name, config, options);
  };

const multilingual = { vocabSize: 250112, intermediateSize: 1024, layers: 8, heads: 6, projection: "gated-gelu" };

export const t5Families: Readonly<Record<string, Family>> = {
  t5: t5Like({ vocabSize: 32128, intermediateSize: 2048, layers: 6, heads: 8, projection: "relu" }),
  mt5: t5Like(multilingual),
  umt5: t5Like({ ...multilingual, relativeEverywhere: true }),
};
