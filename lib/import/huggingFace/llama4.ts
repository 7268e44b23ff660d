// Llama 4 with its tower. Checked against transformers 5.24: Llama4ForConditionalGeneration.
import type { VisionPart } from "../../models/composed.js";
import { encodeImage, type VisionTransformerConfig } from "../../models/visionTransformer.js";
import { view, type Activation } from "../../models/layers.js";
import { allRead, recordOf, type ComposedFamily } from "./composedFamily.js";
import { dividing, layersOr, sizeOr } from "./encoderFields.js";
import { who, type Fields } from "./fields.js";
import { projector, sideOf, towerBefore, towerPath } from "./towers.js";

const source = "huggingface/transformers, modeling_llama4.py";

/** A ViT whose class token stands behind the patches. */
function towerConfig(f: Fields): VisionTransformerConfig {
  const hiddenSize = sizeOr(f, "hidden_size", 768);
  const heads = dividing(f, "num_attention_heads", 16, hiddenSize);
  // The class is GELU whatever the file says.
  f.text("hidden_act");
  return {
    imageSize: sideOf(f, "image_size", 448),
    patchSize: sideOf(f, "patch_size", 14),
    numChannels: sizeOr(f, "num_channels", 3),
    hiddenSize,
    numHiddenLayers: layersOr(f, "num_hidden_layers", 34),
    layer: {
      attention: { heads, headDim: hiddenSize / heads, rotaryDim: hiddenSize / heads },
      intermediateSize: sizeOr(f, "intermediate_size", 5632),
      act: "gelu",
    },
    patchBias: false,
    prefixTokens: 1,
    positions: true,
    embeddingNorm: true,
    finalNorm: true,
    heads: [],
    source,
  };
}

/** Squares of patches through two matrices of the tower's, then one to the text's width. */
function llama4(f: Fields, width: number): VisionPart {
  const own = recordOf(f, "vision_config");
  const config = towerConfig(own);
  const ratio = own.fraction(0.5, "pixel_shuffle_ratio");
  const merge = 1 / ratio;
  const side = Math.floor(config.imageSize / config.patchSize);
  if (!Number.isInteger(merge) || side % merge !== 0)
    own.refuse("pixel_shuffle_ratio", `1 by a divisor of the ${side} patches of a side`);
  const merged = merge ** 2 * config.hiddenSize;
  const input = sizeOr(own, "projector_input_dim", 4096);
  const output = sizeOr(own, "projector_output_dim", 4096);
  const seen = sizeOr(own, "vision_output_dim", 7680);
  const { intermediateSize } = config.layer;
  // The class is built of sizes that do not fit, and fails at the first image.
  const misfits = [
    ["intermediate_size", intermediateSize, merged, "the width of the patches that become one"],
    ["projector_input_dim", input, output, "as projector_output_dim is"],
    ["vision_output_dim", seen, output, "as projector_output_dim is"],
  ] as const;
  const misfit = misfits.find(([, got, must]) => got !== must);
  own.text("vision_feature_select_strategy");
  own.flag("multi_modal_projector_bias", false);
  allRead("llama4", own, true);
  allRead("llama4", f);
  const tower = { ...config, see: encode };
  function encode(...[net, images]: Parameters<VisionPart["see"]>) {
    return encodeImage(net, images, config, towerPath);
  }
  const part = towerBefore(tower, {
    positions: (rows, columns) => (rows * columns) / merge ** 2,
    project(net, patches, rows, columns) {
      const at = `${towerPath}vision_adapter/mlp`;
      const read = (x: Activation, width: number) => view(x, [images, (rows * columns) / merge ** 2, width]);
      const images = patches.shape[0]!;
      const up = net.linear(`${at}/fc1`, read(patches, intermediateSize), input, { bias: false });
      const inner = net.activate(`${at}/act`, up, "gelu");
      const down = net.linear(`${at}/fc2`, read(inner, output), output, { bias: false });
      const outer = net.activate(`${at}/act_2`, down, "gelu");
      return net.linear(`${projector}/linear_1`, read(outer, seen), width, { bias: false });
    },
    source,
  });
  if (misfit === undefined) return part;
  const [field, got, must, why] = misfit;
  return { ...part, blind: `${who}: vision_config.${field} must be ${must}, ${why}, to run an image, got ${got}` };
}

/** model_type -> family. */
export const llama4Families: Readonly<Record<string, ComposedFamily>> = {
  llama4: { textType: "llama4_text", tied: (_, own) => own, vision: llama4 },
};
