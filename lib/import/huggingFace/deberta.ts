// DeBERTa of versions 2 and 3. Checked against transformers 5.24: DebertaV2Model, DebertaV2ForSequenceClassification.
import { bertPaths } from "../../models/bert.js";
import { disentangled } from "../../models/disentangled.js";
import { perToken, type Head } from "../../models/heads.js";
import { textEncoder, type TextEncoderConfig } from "../../models/textEncoder.js";
import { dividing, headsOf, labelsOf, layersOr, sizeOr, type Family } from "./encoderFields.js";
import type { Fields } from "./fields.js";
import { activationOf } from "./llama.js";

/** A size that may be -1 or 0 for "not set". */
function setSize(f: Fields, name: string): number | undefined {
  const value = f.raw(name);
  return typeof value === "number" && Number.isInteger(value) && value < 1 ? undefined : f.optional(name);
}

/** Which scores positions take part in: a list of "c2p" and "p2c", or the same between bars. */
function kinds(f: Fields): readonly unknown[] {
  const value = f.raw("pos_att_type");
  const found: readonly unknown[] =
    typeof value === "string" ? value.toLowerCase().split("|") : (f.list("pos_att_type", 8) ?? []);
  return found.every((kind) => kind === "c2p" || kind === "p2c")
    ? found
    : f.refuse("pos_att_type", "a list of c2p and p2c");
}

const deberta: Family = (f, options, name) => {
  const hiddenSize = sizeOr(f, "hidden_size", 1536);
  const heads = dividing(f, "num_attention_heads", 24, hiddenSize);
  const headDim = hiddenSize / heads;
  for (const [field, counted] of [
    ["embedding_size", hiddenSize],
    ["attention_head_size", headDim],
  ] as const)
    if (sizeOr(f, field, counted) !== counted) f.refuse(field, `${counted} (otherwise not counted)`);
  if (setSize(f, "conv_kernel_size") !== undefined) f.refuse("conv_kernel_size", "0 (a convolution is not counted)");
  const longest = sizeOr(f, "max_position_embeddings", 512);
  const relative = f.flag("relative_attention", false);
  const span = setSize(f, "position_buckets") ?? setSize(f, "max_relative_positions") ?? longest;
  const normed = (f.text("norm_rel_ebd") ?? "none")
    .toLowerCase()
    .split("|")
    .some((x) => x.trim() === "layer_norm");
  const positions = kinds(f);
  const config: TextEncoderConfig = {
    hiddenSize,
    vocabSize: sizeOr(f, "vocab_size", 128100),
    numHiddenLayers: layersOr(f, "num_hidden_layers", 24),
    positionRows: f.flag("position_biased_input", true) ? longest : 0,
    typeVocabSize: f.count("type_vocab_size"),
    layer: {
      attention: { heads, headDim },
      intermediateSize: sizeOr(f, "intermediate_size", 6144),
      act: activationOf(f, "gelu", "hidden_act"),
      order: "after",
      paths: bertPaths,
    },
    heads: headsOf(f, {
      Model: () => [],
      ForSequenceClassification: () => [[...contextPooler(f, hiddenSize), ...perToken("classifier", labelsOf(f))]],
      ForTokenClassification: () => [perToken("classifier", labelsOf(f))],
      ForQuestionAnswering: () => [perToken("qa_outputs", labelsOf(f))],
    }),
    unread: normed && !relative ? 2 * hiddenSize : 0,
    source: "huggingface/transformers, modeling_deberta_v2.py",
  };
  if (!relative) return textEncoder(name, config, options);
  const shape = {
    hiddenSize,
    heads,
    rows: 2 * span,
    normed,
    shared: f.flag("share_att_key", false),
    contentToPosition: positions.includes("c2p"),
    positionToContent: positions.includes("p2c"),
  };
  return textEncoder(name, { ...config, scores: (net) => disentangled(net, shape) }, options);
};

function contextPooler(f: Fields, hiddenSize: number): Head {
  if (sizeOr(f, "pooler_hidden_size", hiddenSize) !== hiddenSize)
    f.refuse("pooler_hidden_size", `the width ${hiddenSize}`);
  return [
    { step: "first" },
    { step: "dense", path: "pooler/dense", act: activationOf(f, "gelu", "pooler_hidden_act") },
  ];
}

export const debertaFamilies: Readonly<Record<string, Family>> = { "deberta-v2": deberta };
