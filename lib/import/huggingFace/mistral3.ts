// Mistral 3: Pixtral's tower, squares of its patches merged, Mistral's decoder. Checked against transformers 5.24:
// Mistral3ForConditionalGeneration, Mistral3Model.
import type { VisionPart } from "../../models/composed.js";
import { view, type Activation, type Layers } from "../../models/layers.js";
import { allRead, type ComposedFamily } from "./composedFamily.js";
import { sizeOr } from "./encoderFields.js";
import type { Fields } from "./fields.js";
import { layersRead, projector, towerBefore, twoMatrices } from "./towers.js";
import { towerOf } from "./towersByType.js";

/** Patches normed, merged by squares through one matrix, then through two. */
function mistral3(f: Fields, width: number): VisionPart {
  const tower = towerOf("mistral3", f, "pixtral");
  const merge = sizeOr(f, "spatial_merge_size", 2);
  const read = layersRead(f, -1);
  if (read !== 1) f.refuse("vision_feature_layer", "one layer");
  const project = twoMatrices(f, width, { bias: f.flag("multimodal_projector_bias", false) });
  allRead("mistral3", f);
  const positions = (rows: number, columns: number): number => Math.floor(rows / merge) * Math.floor(columns / merge);
  return towerBefore(tower, {
    merge,
    positions,
    project(net: Layers, patches: Activation, rows: number, columns: number) {
      const normed = net.rmsNorm(`${projector}/norm`, patches);
      const squares = [patches.shape[0]!, positions(rows, columns), merge ** 2 * tower.hiddenSize];
      const at = `${projector}/patch_merger/merging_layer`;
      return project(net, net.linear(at, view(normed, squares), tower.hiddenSize, { bias: false }));
    },
    source: "huggingface/transformers, modeling_mistral3.py",
  });
}

/** model_type -> family. */
export const mistral3Families: Readonly<Record<string, ComposedFamily>> = {
  mistral3: { textType: "mistral", tied: (f) => f.flag("tie_word_embeddings", true), vision: mistral3 },
};
