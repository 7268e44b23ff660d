// MobileViT. Checked against transformers 5.24: MobileViTModel, MobileViTForImageClassification.
import { mobileVit } from "../../models/mobileVit.js";
import { labelsOrNone, sizesOf } from "./convNets.js";
import { sizeOr, type Family } from "./encoderFields.js";
import type { Fields } from "./fields.js";
import { activationOf } from "./llama.js";
import { factor } from "./mobileNet.js";

/** A list of `count` sizes. */
function listOf(f: Fields, name: string, otherwise: readonly number[]): readonly number[] {
  const sizes = sizesOf(f, name, otherwise);
  return sizes.length === otherwise.length ? sizes : f.refuse(name, `a list of ${otherwise.length} sizes`);
}

const mobileVitLike: Family = (f, options, name) => {
  // A stride of the whole below 32 dilates the last stages instead.
  if (sizeOr(f, "output_stride", 32) < 32) f.refuse("output_stride", "32 (dilation is not counted)");
  const hiddenSizes = listOf(f, "hidden_sizes", [144, 192, 240]);
  const heads = sizeOr(f, "num_attention_heads", 4);
  if (hiddenSizes.some((width) => width % heads !== 0)) f.refuse("num_attention_heads", "a divisor of hidden_sizes");
  const kernelSize = sizeOr(f, "conv_kernel_size", 3);
  if (kernelSize % 2 === 0) f.refuse("conv_kernel_size", "odd");
  const mlpRatio = factor(f, "mlp_ratio", 2);
  if (hiddenSizes.some((width) => width * mlpRatio < 1)) f.refuse("mlp_ratio", "a ratio of at least 1 channel");
  return mobileVit(
    name,
    {
      imageSize: sizeOr(f, "image_size", 256),
      numChannels: sizeOr(f, "num_channels", 3),
      patchSize: sizeOr(f, "patch_size", 2),
      neckHiddenSizes: listOf(f, "neck_hidden_sizes", [16, 32, 64, 96, 128, 160, 640]),
      hiddenSizes,
      heads,
      qkvBias: f.flag("qkv_bias", true),
      mlpRatio,
      expandRatio: factor(f, "expand_ratio", 4),
      kernelSize,
      act: activationOf(f, "silu", "hidden_act"),
      numLabels: labelsOrNone(f),
    },
    options,
  );
};

export const mobileVitFamilies: Readonly<Record<string, Family>> = { mobilevit: mobileVitLike };
