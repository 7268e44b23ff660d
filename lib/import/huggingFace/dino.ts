// DINOv2 and DINOv3. Checked against transformers 5.24: Dinov2Model, Dinov2ForImageClassification, DINOv3ViTModel.
import type { VisionTransformerConfig } from "../../models/visionTransformer.js";
import { visionTransformer } from "../../models/visionTransformer.js";
import { headsOf, type Family } from "./encoderFields.js";
import type { Fields } from "./fields.js";
import { classifier, qkvBias, visionFields } from "./visionFields.js";

/** The feed-forward's width by `mlp_ratio`; a gated one keeps two thirds of it, up to a multiple of 8. */
function ratioOf(f: Fields, width: number): number {
  const ratio = f.raw("mlp_ratio") ?? 4;
  if (typeof ratio !== "number" || ratio <= 0 || ratio * width < 1 || ratio > 1e6)
    return f.refuse("mlp_ratio", "a positive number");
  return Math.floor(width * ratio);
}

const dinov2: Family = (f, options, name) => {
  const config = qkvBias(f, visionFields(f, { patch: 14 }));
  const wide = ratioOf(f, config.hiddenSize);
  const gated = f.flag("use_swiglu_ffn", false);
  const feedForward = gated
    ? { act: "silu" as const, gated, intermediateSize: Math.ceil(Math.floor((wide * 2) / 3) / 8) * 8 }
    : { intermediateSize: wide };
  return visionTransformer(
    name,
    {
      ...config,
      layer: { ...config.layer, ...feedForward, layerScale: true },
      unread: f.flag("use_mask_token", true) ? config.hiddenSize : 0,
      // The class token beside the mean of the patches.
      heads: headsOf(f, {
        Model: () => [],
        ForImageClassification: () => [classifier(f, "classifier", 2 * config.hiddenSize)],
      }),
      source: "huggingface/transformers, modeling_dinov2.py",
    },
    options,
  );
};

const dinov3: Family = (f, options, name) => {
  const config = visionFields(f, { hidden: 384, heads: 6, intermediate: 1536 });
  const { hiddenSize, layer } = config;
  const registers = f.count("num_register_tokens");
  if (registers > 1000) f.refuse("num_register_tokens", "at most 1000");
  if (hiddenSize % layer.attention.heads !== 0) f.refuse("num_attention_heads", `a divisor of the width ${hiddenSize}`);
  const written: VisionTransformerConfig = {
    ...config,
    layer: {
      ...layer,
      attention: {
        ...layer.attention,
        bias: f.flag("query_bias", true),
        keyBias: f.flag("key_bias", false),
        valueBias: f.flag("value_bias", true),
        outBias: f.flag("proj_bias", true),
      },
      mlpBias: f.flag("mlp_bias", true),
      gated: f.flag("use_gated_mlp", false),
      layerScale: true,
    },
    prefixTokens: 1 + registers,
    positions: false,
    rotary: true,
    unread: hiddenSize,
    heads: headsOf(f, { Model: () => [] }),
    source: "huggingface/transformers, modeling_dinov3_vit.py",
  };
  return visionTransformer(name, written, options);
};

export const dinoFamilies: Readonly<Record<string, Family>> = { dinov2, dinov3_vit: dinov3 };
