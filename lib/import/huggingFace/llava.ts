// LLaVA, Gemma 3 and PaliGemma: CLIP or SigLIP before a decoder. Checked against transformers 5.24:
// LlavaForConditionalGeneration, Gemma3ForConditionalGeneration, PaliGemmaForConditionalGeneration, …Model.
import type { VisionPart } from "../../models/composed.js";
import { seeImages, type ImageTowerConfig } from "../../models/dualEncoder.js";
import { view, type Activation, type Layers } from "../../models/layers.js";
import { imageEncoders } from "./clip.js";
import { allRead, patchesAlong, recordOf, type ComposedFamily } from "./composedFamily.js";
import { sizeOr } from "./encoderFields.js";
import type { Fields } from "./fields.js";
import { activationOf } from "./llama.js";

/** The encoder of `vision_config`, of the type `otherwise` where it names none. */
function towerOf(name: string, f: Fields, otherwise: string): ImageTowerConfig {
  const own = recordOf(f, "vision_config");
  const type = own.text("model_type") ?? otherwise;
  if (!Object.hasOwn(imageEncoders, type))
    return own.refuse("model_type", `one of ${Object.keys(imageEncoders).join(", ")}`);
  const tower = imageEncoders[type]!(own);
  allRead(name, own, true);
  return tower;
}

/** `tower` at its own size alone, since its positions are a table, and what `project` makes of its patches. */
function partOf(
  tower: ImageTowerConfig,
  positions: number,
  project: (net: Layers, patches: Activation) => Activation,
  source: string,
): VisionPart {
  const { imageSize, numChannels, unread = 0 } = tower;
  return {
    imageSize,
    multipleOf: Infinity,
    numChannels,
    positions: () => positions,
    see: (net, images) => project(net, seeImages(net, images, tower, "vision_tower/")),
    unread,
    source,
  };
}

const projector = "multi_modal_projector";
const squarePatches = (tower: ImageTowerConfig): number => patchesAlong(tower.imageSize, tower) ** 2;

/** Some layers' patches beside each other through two matrices. */
function llava(f: Fields, width: number): VisionPart {
  const tower = towerOf("llava", f, "clip_vision_model");
  const layers = f.raw("vision_feature_layer") ?? -2;
  const read = Array.isArray(layers) ? layers.length : 1;
  if (!(Array.isArray(layers) ? layers : [layers]).every((i) => Number.isInteger(i)) || read < 1 || read > 100)
    f.refuse("vision_feature_layer", "a layer or a list of layers");
  const strategy = f.text("vision_feature_select_strategy") ?? "default";
  if (strategy !== "default" && strategy !== "full") f.refuse("vision_feature_select_strategy", '"default" or "full"');
  const act = activationOf(f, "gelu", "projector_hidden_act");
  const bias = f.flag("multimodal_projector_bias", true);
  // How many positions the prompt has for an image follows from the patches.
  f.optional("image_seq_length");
  allRead("llava", f);
  const kept = squarePatches(tower) + (strategy === "full" ? tower.prefixTokens : 0);
  const project = (net: Layers, patches: Activation): Activation => {
    const rows = view(patches, [patches.shape[0]!, kept, read * tower.hiddenSize]);
    const up = net.linear(`${projector}/linear_1`, rows, width, { bias });
    return net.linear(`${projector}/linear_2`, net.activate(`${projector}/act`, up, act), width, { bias });
  };
  return partOf(tower, kept, project, "huggingface/transformers, modeling_llava.py");
}

/** Patches averaged over squares, normed, one matrix. */
function gemma3(f: Fields, width: number): VisionPart {
  const tower = towerOf("gemma3", f, "siglip_vision_model");
  const side = patchesAlong(tower.imageSize, tower);
  const asked = sizeOr(f, "mm_tokens_per_image", 256);
  const kernel = Math.floor(side / Math.floor(Math.sqrt(asked)));
  if (kernel < 1) f.refuse("mm_tokens_per_image", `at most the ${side ** 2} patches`);
  allRead("gemma3", f);
  const kept = Math.floor((side - kernel) / kernel) + 1;
  const project = (net: Layers, patches: Activation): Activation => {
    const images = patches.shape[0]!;
    const plane = view(patches, [images, tower.hiddenSize, side, side]);
    const pooled = net.avgPool(`${projector}/avg_pool`, plane, kernel, { stride: kernel });
    const normed = net.rmsNorm(`${projector}/mm_soft_emb_norm`, view(pooled, [images, kept ** 2, tower.hiddenSize]));
    return net.linear(`${projector}/mm_input_projection`, normed, width, { bias: false });
  };
  return partOf(tower, kept ** 2, project, "huggingface/transformers, modeling_gemma3.py");
}

/** One matrix. */
function paligemma(f: Fields, width: number): VisionPart {
  const tower = towerOf("paligemma", f, "siglip_vision_model");
  const size = sizeOr(f, "projection_dim", 2048);
  if (size !== width) f.refuse("projection_dim", `${width}, the width of the text`);
  for (const name of ["vocab_size", "hidden_size"]) f.optional(name);
  allRead("paligemma", f);
  const project = (net: Layers, patches: Activation): Activation => net.linear(`${projector}/linear`, patches, width);
  return partOf(tower, squarePatches(tower), project, "huggingface/transformers, modeling_paligemma.py");
}

/** model_type -> family. */
export const llavaFamilies: Readonly<Record<string, ComposedFamily>> = {
  llava: {
    textType: "llama",
    tied: (f, own) => f.flag("tie_word_embeddings", false) || own,
    vision: llava,
  },
  gemma3: { textType: "gemma3_text", tied: (f) => f.flag("tie_word_embeddings", true), vision: gemma3 },
  paligemma: {
    textType: "gemma",
    tied: (f) => f.flag("tie_word_embeddings", true),
    vision: paligemma,
  },
};
