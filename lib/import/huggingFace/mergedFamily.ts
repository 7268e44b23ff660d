// What the configurations of towers share that take an image of any size and merge squares of its patches (Qwen, GLM).
// Video is not counted.
import type { VisionPart } from "../../models/composed.js";
import { seeMerged, type MergedVisionConfig } from "../../models/mergedVision.js";
import { allRead, recordOf } from "./composedFamily.js";
import { dividing, layersOr, sizeOr } from "./encoderFields.js";
import type { Fields } from "./fields.js";
import { isHarmless } from "./harmless.js";

/** What towers of all generations have. */
export type Common = Pick<
  MergedVisionConfig,
  "patchSize" | "temporalPatchSize" | "mergeSize" | "numChannels" | "numHiddenLayers" | "outHiddenSize"
>;
/** What those of one generation have beside it. */
export type Own = Omit<MergedVisionConfig, keyof Common>;

/** Towers of a generation. */
export interface Generation {
  /** Class default of a patch. */
  readonly patch: number;
  /** Class default of the layers. */
  readonly depth: number;
  /** The field that says the width of the text, and its class default. */
  readonly out: readonly [name: string, otherwise: number];
  /** Where the tower's classes are. */
  readonly source: string;
  /** The rest. */
  readonly own: (f: Fields, common: Common) => Own;
}

function commonFields(f: Fields, width: number, { patch, depth, out }: Generation): Common {
  const patchSize = sizeOr(f, "patch_size", patch);
  const numChannels = sizeOr(f, "in_channels", 3);
  // Older files have these beside, or in place of, what the class reads.
  if (sizeOr(f, "in_chans", numChannels) !== numChannels) f.refuse("in_chans", `in_channels, ${numChannels}`);
  if (sizeOr(f, "spatial_patch_size", patchSize) !== patchSize) f.refuse("spatial_patch_size", `${patchSize}`);
  const outHiddenSize = sizeOr(f, ...out);
  if (outHiddenSize !== width) f.refuse(out[0], `${width}, the width of the text`);
  return {
    patchSize,
    temporalPatchSize: sizeOr(f, "temporal_patch_size", 2),
    mergeSize: sizeOr(f, "spatial_merge_size", 2),
    numChannels,
    numHiddenLayers: layersOr(f, "depth", depth),
    outHiddenSize,
  };
}

/** Heads whose rows and columns are turned by halves. */
export function headsOf(f: Fields, width: number, otherwise = 16): { heads: number; headDim: number } {
  const heads = dividing(f, "num_heads", otherwise, width);
  const headDim = width / heads;
  return headDim % 4 === 0 ? { heads, headDim } : f.refuse("num_heads", `${width} over a multiple of 4`);
}

/** Where classes are. */
export const sourceOf = (module: string): string => `huggingface/transformers, modeling_${module}.py`;

/** Refuses sizes that the whole repeats from its text, as some files do, unless they are the same. */
function asInText(f: Fields, text: Fields): void {
  for (const field of f.unread().filter((name) => !isHarmless(name) && text.has(name)))
    if (JSON.stringify(f.raw(field)) !== JSON.stringify(text.raw(field)))
      f.refuse(field, `${JSON.stringify(text.raw(field))}, as in text_config`);
}

/** The tower of `vision_config`, which takes an image of any size that divides into merged squares. */
export const visionOf =
  (name: string, generation: Generation) =>
  (f: Fields, width: number): VisionPart => {
    const own = recordOf(f, "vision_config");
    const type = own.text("model_type") ?? name;
    if (type !== name && type !== `${name}_vision`) own.refuse("model_type", `${name}_vision`);
    const common = commonFields(own, width, generation);
    const tower = { ...common, ...generation.own(own, common) };
    allRead(name, own, true);
    const text = f.inner("text_config");
    if (text?.has("model_type") && text.text("model_type") !== `${name}_text`)
      text.refuse("model_type", `${name}_text`);
    if (text) asInText(f, text);
    allRead(name, f);
    const { patchSize, mergeSize, numChannels } = tower;
    const multipleOf = patchSize * mergeSize;
    return {
      multipleOf,
      numChannels,
      positions: (height, width) => (height / multipleOf) * (width / multipleOf),
      see: (net, images) => seeMerged(net, images, tower, "visual"),
      source: generation.source,
    };
  };
