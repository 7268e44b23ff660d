// InternVL in the form of transformers. Checked against transformers 5.24: InternVLForConditionalGeneration,
// InternVLModel.
import type { VisionPart } from "../../models/composed.js";
import { view, type Activation, type Layers } from "../../models/layers.js";
import { allRead, type ComposedFamily } from "./composedFamily.js";
import type { Fields } from "./fields.js";
import { layersRead, projector, readsPrefix, towerBefore, twoMatrices } from "./towers.js";
import { towerOf } from "./towersByType.js";

/** Squares of patches beside each other, normed, through two matrices. */
function internVl(f: Fields, width: number): VisionPart {
  const tower = towerOf("internvl", f, "internvl_vision");
  const ratio = f.fraction(0.5, "downsample_ratio");
  const merge = 1 / ratio;
  if (!Number.isInteger(merge)) f.refuse("downsample_ratio", "1 by an integer");
  if (layersRead(f, -1) !== 1) f.refuse("vision_feature_layer", "one layer");
  if (readsPrefix(f)) f.refuse("vision_feature_select_strategy", '"default"');
  const project = twoMatrices(f, width, { bias: true });
  f.optional("image_seq_length");
  allRead("internvl", f);
  const side = Math.floor((tower.imageSize ?? 0) / tower.patchSize);
  if (side % merge !== 0) f.refuse("downsample_ratio", `1 by a divisor of the ${side} patches of a side`);
  return towerBefore(tower, {
    positions: (rows, columns) => (rows / merge) * (columns / merge),
    project(net: Layers, patches: Activation, rows: number, columns: number) {
      const squares = [patches.shape[0]!, (rows * columns) / merge ** 2, merge ** 2 * tower.hiddenSize];
      return project(net, net.layerNorm(`${projector}/layer_norm`, view(patches, squares)));
    },
    source: "huggingface/transformers, modeling_internvl.py",
  });
}

/** model_type -> family. */
export const internVlFamilies: Readonly<Record<string, ComposedFamily>> = {
  internvl: { textType: "qwen2", tied: (f) => f.flag("tie_word_embeddings", true), vision: internVl },
};
