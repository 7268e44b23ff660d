// LLaVA, Gemma 3 and PaliGemma: CLIP or SigLIP before a decoder. Checked against transformers 5.24:
// LlavaForConditionalGeneration, Gemma3ForConditionalGeneration, PaliGemmaForConditionalGeneration, …Model.
import type { VisionPart } from "../../models/composed.js";
import { view } from "../../models/layers.js";
import { allRead, type ComposedFamily } from "./composedFamily.js";
import { sizeOr } from "./encoderFields.js";
import type { Fields } from "./fields.js";
import { layersRead, patchesOf, projector, readsPrefix, towerBefore, twoMatrices } from "./towers.js";
import { towerOf } from "./towersByType.js";

const squarePatches = (rows: number, columns: number): number => rows * columns;

/** Some layers' patches beside each other through two matrices. */
function llava(f: Fields, width: number): VisionPart {
  const tower = towerOf("llava", f, "clip_vision_model");
  const read = layersRead(f, -2);
  // Without its strategy the class drops the first position, which not every tower has before its patches.
  const prefix = tower.prefixTokens - (readsPrefix(f) ? 0 : 1);
  const project = twoMatrices(f, width, { bias: f.flag("multimodal_projector_bias", true) });
  // How many positions the prompt has for an image follows from the patches.
  f.optional("image_seq_length");
  allRead("llava", f);
  const positions = (rows: number, columns: number): number => rows * columns + prefix;
  return towerBefore(tower, {
    positions,
    project: (net, patches, rows, columns) =>
      project(net, view(patches, [patches.shape[0]!, positions(rows, columns), read * tower.hiddenSize])),
    source: "huggingface/transformers, modeling_llava.py",
  });
}

/** Patches averaged over squares, normed, one matrix. */
function gemma3(f: Fields, width: number): VisionPart {
  const tower = towerOf("gemma3", f, "siglip_vision_model");
  if (tower.imageSize === undefined) return f.refuse("vision_config", "a tower of one image size");
  const [side] = patchesOf(tower, tower.imageSize, tower.imageSize);
  const asked = sizeOr(f, "mm_tokens_per_image", 256);
  const kernel = Math.floor(side / Math.floor(Math.sqrt(asked)));
  if (kernel < 1) f.refuse("mm_tokens_per_image", `at most the ${side ** 2} patches`);
  allRead("gemma3", f);
  const kept = Math.floor((side - kernel) / kernel) + 1;
  return towerBefore(tower, {
    positions: () => kept ** 2,
    project(net, patches) {
      const images = patches.shape[0]!;
      const plane = view(patches, [images, tower.hiddenSize, side, side]);
      const pooled = net.avgPool(`${projector}/avg_pool`, plane, kernel, { stride: kernel });
      const normed = net.rmsNorm(`${projector}/mm_soft_emb_norm`, view(pooled, [images, kept ** 2, tower.hiddenSize]));
      return net.linear(`${projector}/mm_input_projection`, normed, width, { bias: false });
    },
    source: "huggingface/transformers, modeling_gemma3.py",
  });
}

/** One matrix. */
function paligemma(f: Fields, width: number): VisionPart {
  const tower = towerOf("paligemma", f, "siglip_vision_model");
  const size = sizeOr(f, "projection_dim", 2048);
  if (size !== width) f.refuse("projection_dim", `${width}, the width of the text`);
  for (const name of ["vocab_size", "hidden_size"]) f.optional(name);
  allRead("paligemma", f);
  return towerBefore(tower, {
    positions: squarePatches,
    project: (net, patches) => net.linear(`${projector}/linear`, patches, width),
    source: "huggingface/transformers, modeling_paligemma.py",
  });
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
