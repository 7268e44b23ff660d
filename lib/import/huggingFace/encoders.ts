// Hugging Face's fields -> the encoders and encoder-decoders of models/. Each is counted as its base model: BertModel
// with its pooler, whatever head a checkpoint adds.
import type { Model } from "../../model.js";
import { vit } from "../../models/vit.js";
import type { ModelOptions } from "../../models/workload.js";
import { maxLayers } from "../../models/decoderDefaults.js";
import { bartFamilies } from "./bart.js";
import { bertFamilies } from "./bert.js";
import { modernBertFamilies } from "./modernBert.js";
import { t5Families } from "./t5.js";
import { whisperFamilies } from "./whisper.js";
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
  ...modernBertFamilies,
  ...t5Families,
  ...bartFamilies,
  ...whisperFamilies,
  vit: vitLike,
};
