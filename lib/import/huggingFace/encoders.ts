// Hugging Face's fields -> the encoders and encoder-decoders of models/. Each is counted as its base model: BertModel
// with its pooler, whatever head a checkpoint adds.
import type { Model } from "../../model.js";
import { bert } from "../../models/bert.js";
import { t5 } from "../../models/t5.js";
import { vit } from "../../models/vit.js";
import { whisper } from "../../models/whisper.js";
import type { ModelOptions } from "../../models/workload.js";
import { maxLayers } from "../../models/decoderConfig.js";
import type { Fields } from "./fields.js";

type Family = (f: Fields, options: ModelOptions, name: string) => Model;

function layersOf(f: Fields, name: string): number {
  const n = f.size(name);
  return n > maxLayers ? f.refuse(name, `at most ${maxLayers} layers`) : n;
}

function headsOf(f: Fields, name: string, width: number): number {
  const heads = f.size(name);
  return width % heads === 0 ? heads : f.refuse(name, `a divisor of the width ${width}`);
}

const gelu = (f: Fields, name: string): void => {
  if ((f.text(name) ?? "gelu") !== "gelu") f.refuse(name, '"gelu"');
};

const bertLike: Family = (f, options, name) => {
  gelu(f, "hidden_act");
  const width = f.size("hidden_size");
  return bert(
    name,
    {
      width,
      layers: layersOf(f, "num_hidden_layers"),
      heads: headsOf(f, "num_attention_heads", width),
      hidden: f.size("intermediate_size"),
      vocabulary: f.size("vocab_size"),
      positions: f.size("max_position_embeddings"),
      tokenTypes: f.count("type_vocab_size", 2),
      pooler: true,
    },
    options,
  );
};

const distilbert: Family = (f, options, name) => {
  gelu(f, "activation");
  const width = f.size("dim");
  return bert(
    name,
    {
      width,
      layers: layersOf(f, "n_layers"),
      heads: headsOf(f, "n_heads", width),
      hidden: f.size("hidden_dim"),
      vocabulary: f.size("vocab_size"),
      positions: f.size("max_position_embeddings"),
      tokenTypes: 0,
      pooler: false,
    },
    options,
  );
};

const t5Like: Family = (f, options, name) => {
  // Version 1.1 gates its feed-forward and has an output layer of its own; models/t5 is version 1.0.
  const projection = f.text("feed_forward_proj") ?? "relu";
  if (projection !== "relu") f.refuse("feed_forward_proj", '"relu" (T5 1.0)');
  if (!f.flag("tie_word_embeddings", true)) f.refuse("tie_word_embeddings", "true (T5 1.0)");
  const layers = layersOf(f, "num_layers");
  const decoderLayers = f.optional("num_decoder_layers") ?? layers;
  if (decoderLayers !== layers) f.refuse("num_decoder_layers", `num_layers ${layers}`);
  return t5(
    name,
    {
      width: f.size("d_model"),
      hidden: f.size("d_ff"),
      headDim: f.size("d_kv"),
      heads: f.size("num_heads"),
      layers,
      vocabulary: f.size("vocab_size"),
      buckets: f.optional("relative_attention_num_buckets") ?? 32,
    },
    options,
  );
};

const whisperLike: Family = (f, options, name) => {
  const width = f.size("d_model");
  const heads = headsOf(f, "encoder_attention_heads", width);
  // What models/whisper takes as given.
  for (const [field, value] of [
    ["decoder_attention_heads", heads],
    ["encoder_ffn_dim", 4 * width],
    ["decoder_ffn_dim", 4 * width],
    ["max_source_positions", 1500],
    ["max_target_positions", 448],
  ] as const)
    if ((f.optional(field) ?? value) !== value) f.refuse(field, String(value));
  return whisper(
    name,
    {
      width,
      heads,
      encoderLayers: layersOf(f, "encoder_layers"),
      decoderLayers: layersOf(f, "decoder_layers"),
      vocabulary: f.size("vocab_size"),
      melBins: f.optional("num_mel_bins") ?? 80,
    },
    options,
  );
};

const vitLike: Family = (f, options, name) => {
  gelu(f, "hidden_act");
  const width = f.size("hidden_size");
  const labels = f.inner("id2label")
    ? Object.keys(f.raw("id2label") as object).length
    : (f.optional("num_labels") ?? 2);
  if ((f.optional("num_channels") ?? 3) !== 3) f.refuse("num_channels", "3");
  const imageSize = f.optional("image_size") ?? 224;
  const patch = f.optional("patch_size") ?? 16;
  if (imageSize % patch !== 0) f.refuse("patch_size", `a divisor of image_size ${imageSize}`);
  const config = {
    patch,
    layers: layersOf(f, "num_hidden_layers"),
    heads: headsOf(f, "num_attention_heads", width),
    width,
    hidden: f.size("intermediate_size"),
    classes: labels,
  };
  return vit(name, config, { imageSize, ...options });
};

/** model_type -> model. */
export const encoderFamilies: Readonly<Record<string, Family>> = {
  bert: bertLike,
  roberta: bertLike,
  "xlm-roberta": bertLike,
  distilbert,
  t5: t5Like,
  whisper: whisperLike,
  vit: vitLike,
};
