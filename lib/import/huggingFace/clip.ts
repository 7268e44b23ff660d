// CLIP and SigLIP, whole or one half. Checked against transformers 5.24: CLIPModel, CLIPTextModel (with its projection
// too), CLIPVisionModel,
// SiglipModel, SiglipTextModel, SiglipVisionModel.
import {
  dualEncoder,
  imageTower,
  textTower,
  type ImageTowerConfig,
  type TextTowerConfig,
} from "../../models/dualEncoder.js";
import type { Head } from "../../models/heads.js";
import { chosen, classOf, dividing, layersOr, sizeOr, type Family } from "./encoderFields.js";
import type { Fields } from "./fields.js";
import { activationOf } from "./llama.js";
import { namesIn, refuseUnread } from "./unread.js";
import { visionFields } from "./visionFields.js";

/** What the two families differ in. */
interface Kind {
  /** Class defaults of the text's vocabulary, width, feed-forward, heads and positions. */
  text: readonly [number, number, number, number, number];
  causal: boolean;
  act: string;
  source: string;
}
const clip: Kind = {
  text: [49408, 512, 2048, 8, 77],
  causal: true,
  act: "quick_gelu",
  source: "huggingface/transformers, modeling_clip.py",
};
const siglip: Kind = {
  text: [32000, 768, 3072, 12, 64],
  causal: false,
  act: "gelu_pytorch_tanh",
  source: "huggingface/transformers, modeling_siglip.py",
};

/** One vector of a text: CLIP's is projected by the whole model alone, SigLIP's always. */
function textOf(f: Fields, kind: Kind, projection?: number): TextTowerConfig {
  const [vocab, width, hidden, manyHeads, positions] = kind.text;
  const hiddenSize = sizeOr(f, "hidden_size", width);
  const heads = dividing(f, "num_attention_heads", manyHeads, hiddenSize);
  const own = kind === siglip ? sizeOr(f, "projection_size", hiddenSize) : projection;
  const projected: Head =
    own === undefined ? [] : [{ step: "dense", path: "text_head", size: own, bias: kind === siglip }];
  return {
    vocabSize: sizeOr(f, "vocab_size", vocab),
    hiddenSize,
    positionRows: sizeOr(f, "max_position_embeddings", positions),
    numHiddenLayers: layersOr(f, "num_hidden_layers", 12),
    layer: {
      attention: { heads, headDim: hiddenSize / heads, causal: kind.causal },
      intermediateSize: sizeOr(f, "intermediate_size", hidden),
      act: activationOf(f, kind.act, "hidden_act"),
    },
    heads: [[{ step: "first" }, ...projected]],
    source: kind.source,
  };
}

/** One vector of an image: CLIP's class token normed, SigLIP's by a query of its own. */
function imageOf(f: Fields, kind: Kind, projection?: number): ImageTowerConfig {
  const isClip = kind === clip;
  const config = visionFields(f, { act: kind.act, ...(isClip ? { patch: 32 } : {}) });
  const { hiddenSize, layer } = config;
  if (hiddenSize % layer.attention.heads !== 0) f.refuse("num_attention_heads", `a divisor of the width ${hiddenSize}`);
  const normed: Head = isClip ? [{ step: "norm", path: "post_layernorm" }] : [];
  const projected: Head =
    projection === undefined ? [] : [{ step: "dense", path: "visual_projection", size: projection, bias: false }];
  return {
    ...config,
    patchBias: !isClip,
    prefixTokens: isClip ? 1 : 0,
    embeddingNorm: isClip,
    finalNorm: !isClip,
    attentionPool: !isClip && f.flag("vision_use_head", true),
    heads: [[{ step: "first" }, ...normed, ...projected]],
    source: kind.source,
  };
}

const text =
  (kind: Kind): Family =>
  (f, options, name) => {
    const [declared] = f.list("architectures", 100) ?? [];
    const projected = kind === clip && declared === "CLIPTextModelWithProjection";
    if (!projected) chosen(f, { Model: true }, classOf(f, "Model"));
    return textTower(name, textOf(f, kind, projected ? sizeOr(f, "projection_dim", 512) : undefined), options);
  };

const image =
  (kind: Kind): Family =>
  (f, options, name) => {
    chosen(f, { Model: true }, classOf(f, "Model"));
    return imageTower(name, imageOf(f, kind), options);
  };

/** What the records of both halves repeat, or say for a use alone. */
const ofAPart = namesIn("projection_dim tie_word_embeddings");

/** The record of a half; CLIP's first files have a second one, which the class takes instead. */
const partOf = (f: Fields, kind: Kind, name: string): Fields | undefined => {
  const [first, second] = [f.inner(name), kind === clip ? f.inner(`${name}_dict`) : undefined];
  return second ?? first;
};

const both =
  (kind: Kind): Family =>
  (f, options, name) => {
    chosen(f, { Model: true }, classOf(f, "Model"));
    const [ofText, ofImage] = [partOf(f, kind, "text_config"), partOf(f, kind, "vision_config")];
    if (!ofText) return f.refuse("text_config", "an object");
    if (!ofImage) return f.refuse("vision_config", "an object");
    if (kind === clip) {
      const size = sizeOr(f, "projection_dim", 512);
      const towers = { text: textOf(ofText, kind, size), image: imageOf(ofImage, kind, size) };
      for (const part of [ofText, ofImage]) refuseUnread("clip", part, ofAPart);
      return dualEncoder(name, { ...towers, scalars: ["logit_scale"] }, options);
    }
    const towers = { text: textOf(ofText, kind), image: imageOf(ofImage, kind) };
    const projected = sizeOr(ofText, "projection_size", towers.text.hiddenSize);
    if (projected !== towers.image.hiddenSize)
      ofText.refuse("projection_size", `the width of the images, ${towers.image.hiddenSize}`);
    for (const part of [ofText, ofImage]) refuseUnread("siglip", part, ofAPart);
    if (towers.image.attentionPool !== true) ofImage.refuse("vision_use_head", "true beside a text");
    return dualEncoder(name, { ...towers, scalars: ["logit_scale", "logit_bias"] }, options);
  };

/** Image encoders by their `model_type`, for a decoder to read. */
export const imageEncoders: Readonly<Record<string, (f: Fields) => ImageTowerConfig>> = {
  clip_vision_model: (f) => imageOf(f, clip),
  siglip_vision_model: (f) => imageOf(f, siglip),
};

export const clipFamilies: Readonly<Record<string, Family>> = {
  clip: both(clip),
  clip_text_model: text(clip),
  clip_vision_model: image(clip),
  siglip: both(siglip),
  siglip_text_model: text(siglip),
  siglip_vision_model: image(siglip),
};
