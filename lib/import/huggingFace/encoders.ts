// Hugging Face's fields -> the encoders and encoder-decoders of models/. Each is counted as its base model: BertModel
// with its pooler, whatever head a checkpoint adds.
import type { Model } from "../../model.js";
import { t5 } from "../../models/t5.js";
import { vit } from "../../models/vit.js";
import { whisper } from "../../models/whisper.js";
import type { ModelOptions } from "../../models/workload.js";
import { maxLayers } from "../../models/decoderDefaults.js";
import { bertFamilies } from "./bert.js";
import type { Fields } from "./fields.js";

type Family = (f: Fields, options: ModelOptions, name: string) => Model;

function layersOf(f: Fields, name: string): number {
  const n = f.size(name);
  return n > maxLayers ? f.refuse(name, `at most ${maxLayers} layers`) : n;
}

function headsOf(f: Fields, name: string, hiddenSize: number): number {
  const heads = f.size(name);
  return hiddenSize % heads === 0 ? heads : f.refuse(name, `a divisor of the width ${hiddenSize}`);
}

const gelu = (f: Fields, name: string): void => {
  if ((f.text(name) ?? "gelu") !== "gelu") f.refuse(name, '"gelu"');
};

const t5Like: Family = (f, options, name) => {
  // Version 1.1 gates its feed-forward and has an output layer of its own; models/t5 is version 1.0.
  const projection = f.text("feed_forward_proj") ?? "relu";
  if (projection !== "relu") f.refuse("feed_forward_proj", '"relu" (T5 1.0)');
  if (!f.flag("tie_word_embeddings", true)) f.refuse("tie_word_embeddings", "true (T5 1.0)");
  const numHiddenLayers = layersOf(f, "num_layers");
  const decoderLayers = f.optional("num_decoder_layers") ?? numHiddenLayers;
  if (decoderLayers !== numHiddenLayers) f.refuse("num_decoder_layers", `num_layers ${numHiddenLayers}`);
  return t5(
    name,
    {
      hiddenSize: f.size("d_model"),
      intermediateSize: f.size("d_ff"),
      headDim: f.size("d_kv"),
      numAttentionHeads: f.size("num_heads"),
      numHiddenLayers,
      vocabSize: f.size("vocab_size"),
      relativeAttentionNumBuckets: f.optional("relative_attention_num_buckets") ?? 32,
    },
    options,
  );
};

const whisperLike: Family = (f, options, name) => {
  const hiddenSize = f.size("d_model");
  const numAttentionHeads = headsOf(f, "encoder_attention_heads", hiddenSize);
  // What models/whisper takes as given.
  for (const [field, value] of [
    ["decoder_attention_heads", numAttentionHeads],
    ["encoder_ffn_dim", 4 * hiddenSize],
    ["decoder_ffn_dim", 4 * hiddenSize],
    ["max_source_positions", 1500],
    ["max_target_positions", 448],
  ] as const)
    if ((f.optional(field) ?? value) !== value) f.refuse(field, String(value));
  return whisper(
    name,
    {
      hiddenSize,
      numAttentionHeads,
      encoderLayers: layersOf(f, "encoder_layers"),
      decoderLayers: layersOf(f, "decoder_layers"),
      vocabSize: f.size("vocab_size"),
      numMelBins: f.optional("num_mel_bins") ?? 80,
    },
    options,
  );
};

const vitLike: Family = (f, options, name) => {
  gelu(f, "hidden_act");
  const hiddenSize = f.size("hidden_size");
  const numLabels = f.inner("id2label")
    ? Object.keys(f.raw("id2label") as object).length
    : (f.optional("num_labels") ?? 2);
  if ((f.optional("num_channels") ?? 3) !== 3) f.refuse("num_channels", "3");
  const imageSize = f.optional("image_size") ?? 224;
  const patchSize = f.optional("patch_size") ?? 16;
  if (imageSize % patchSize !== 0) f.refuse("patch_size", `a divisor of image_size ${imageSize}`);
  const config = {
    patchSize,
    numHiddenLayers: layersOf(f, "num_hidden_layers"),
    numAttentionHeads: headsOf(f, "num_attention_heads", hiddenSize),
    hiddenSize,
    intermediateSize: f.size("intermediate_size"),
    numLabels,
  };
  return vit(name, config, { imageSize, ...options });
};

/** model_type -> model. */
export const encoderFamilies: Readonly<Record<string, Family>> = {
  ...bertFamilies,
  t5: t5Like,
  whisper: whisperLike,
  vit: vitLike,
};
