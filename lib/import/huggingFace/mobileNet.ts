// MobileNetV2. Checked against transformers 5.24: MobileNetV2Model, MobileNetV2ForImageClassification.
import { tunedMobileNet } from "../../models/tunedMobileNet.js";
import { labelsOrNone } from "./convNets.js";
import { sizeOr, type Family } from "./encoderFields.js";
import type { Fields } from "./fields.js";
import { activationOf } from "./llama.js";

/** A positive number by which sizes are multiplied. */
export function factor(f: Fields, name: string, otherwise: number): number {
  const value = f.raw(name) ?? otherwise;
  return typeof value === "number" && value > 0 && value <= 1000 ? value : f.refuse(name, "a number up to 1000");
}

const mobileNet: Family = (f, options, name) => {
  // A stride of the whole below 32 dilates the last blocks instead.
  if (sizeOr(f, "output_stride", 32) < 32) f.refuse("output_stride", "32 (dilation is not counted)");
  return tunedMobileNet(
    name,
    {
      imageSize: sizeOr(f, "image_size", 224),
      numChannels: sizeOr(f, "num_channels", 3),
      depthMultiplier: factor(f, "depth_multiplier", 1),
      depthDivisibleBy: sizeOr(f, "depth_divisible_by", 8),
      minDepth: sizeOr(f, "min_depth", 8),
      expandRatio: factor(f, "expand_ratio", 6),
      firstLayerIsExpansion: f.flag("first_layer_is_expansion", true),
      finegrainedOutput: f.flag("finegrained_output", true),
      act: (f.text("hidden_act") ?? "relu6") === "relu6" ? "relu6" : activationOf(f, "relu", "hidden_act"),
      numLabels: labelsOrNone(f),
    },
    options,
  );
};

export const mobileNetFamilies: Readonly<Record<string, Family>> = { mobilenet_v2: mobileNet };
