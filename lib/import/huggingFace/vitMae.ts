// ViT-MAE. Checked against transformers 5.24: ViTMAEForPreTraining, ViTMAEModel.
import { maskedAutoencoder } from "../../models/maskedAutoencoder.js";
import { chosen, classOf, dividing, layersOr, sizeOr, type Family } from "./encoderFields.js";
import { qkvBias, visionFields } from "./visionFields.js";

const vitMae: Family = (f, options, name) => {
  const config = qkvBias(f, visionFields(f));
  const whole = chosen(f, { Model: false, ForPreTraining: true }, classOf(f, "Model"));
  const hiddenSize = sizeOr(f, "decoder_hidden_size", 512);
  const heads = sizeOr(f, "decoder_num_attention_heads", 16);
  if (heads > hiddenSize) dividing(f, "decoder_num_attention_heads", 16, hiddenSize);
  const attention = { ...config.layer.attention, heads, headDim: Math.floor(hiddenSize / heads) };
  const layer = { ...config.layer, attention, intermediateSize: sizeOr(f, "decoder_intermediate_size", 2048) };
  const decoder = { hiddenSize, numHiddenLayers: layersOr(f, "decoder_num_hidden_layers", 8), layer };
  return maskedAutoencoder(
    name,
    {
      ...config,
      heads: [],
      maskRatio: f.fraction(0.75, "mask_ratio"),
      ...(whole ? { decoder } : {}),
      source: "huggingface/transformers, modeling_vit_mae.py",
    },
    options,
  );
};

export const vitMaeFamilies: Readonly<Record<string, Family>> = { vit_mae: vitMae };
