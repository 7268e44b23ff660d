// InternVL's tower. Checked against transformers 5.24: InternVLVisionModel.
import type { ImageTowerConfig } from "../../models/dualEncoder.js";
import { dividing, layersOr, sizeOr } from "./encoderFields.js";
import type { Fields } from "./fields.js";
import { activationOf } from "./llama.js";
import { sideOf } from "./towers.js";

/** A ViT whose halves are scaled by learned vectors. */
export function internVision(f: Fields): ImageTowerConfig {
  const hiddenSize = sizeOr(f, "hidden_size", 1024);
  const heads = dividing(f, "num_attention_heads", 16, hiddenSize);
  const kind = f.text("norm_type") ?? "layer_norm";
  if (kind !== "layer_norm" && kind !== "rms_norm") f.refuse("norm_type", '"layer_norm" or "rms_norm"');
  if (typeof (f.raw("layer_scale_init_value") ?? 0.1) !== "number") f.refuse("layer_scale_init_value", "a number");
  return {
    imageSize: sideOf(f, "image_size", 448),
    patchSize: sideOf(f, "patch_size", 14),
    numChannels: sizeOr(f, "num_channels", 3),
    hiddenSize,
    numHiddenLayers: layersOr(f, "num_hidden_layers", 24),
    layer: {
      attention: {
        heads,
        headDim: hiddenSize / heads,
        bias: f.flag("attention_bias", false),
        outBias: true,
        queryKeyNorm: f.flag("use_qk_norm", false),
      },
      intermediateSize: sizeOr(f, "intermediate_size", 4096),
      act: activationOf(f, "gelu", "hidden_act"),
      norm: kind === "rms_norm" ? "rms" : "layer",
      layerScale: true,
    },
    prefixTokens: 1,
    positions: f.flag("use_absolute_position_embeddings", true),
    finalNorm: !f.flag("use_mean_pooling", true),
    unread: f.flag("use_mask_token", false) ? hiddenSize : 0,
    heads: [],
    source: "huggingface/transformers, modeling_internvl.py",
  };
}
