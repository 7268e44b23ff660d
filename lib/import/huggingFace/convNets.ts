// ConvNeXt, ConvNeXt V2 and ResNet. Checked against transformers 5.24: ConvNextForImageClassification, ConvNextV2For…,
// ResNetForImageClassification, and their bodies.
import { stagedConvNext } from "../../models/stagedConvnext.js";
import { stagedResNet } from "../../models/stagedResnet.js";
import { chosen, classOf, labelsOf, sizeOr, type Family } from "./encoderFields.js";
import type { Fields } from "./fields.js";
import { activationOf } from "./llama.js";

/** A list of positive sizes, one a stage. */
export function sizesOf(f: Fields, name: string, otherwise: readonly number[], largest = 1e6): readonly number[] {
  const list = f.list(name, 16) ?? otherwise;
  const sizes = list.filter((n): n is number => Number.isInteger(n) && (n as number) >= 1 && (n as number) <= largest);
  return sizes.length === list.length && sizes.length > 0 ? sizes : f.refuse(name, "a list of sizes, one a stage");
}

/** The classes of the output layer; none for a body. */
export const labelsOrNone = (f: Fields): number | undefined =>
  chosen(f, { Model: false, ForImageClassification: true }, classOf(f, "Model")) ? labelsOf(f) : undefined;

/** As many sizes as there are stages. */
function stages(f: Fields, hiddenSizes: readonly number[], depths: readonly number[]): void {
  if (depths.length !== hiddenSizes.length) f.refuse("depths", `a list of ${hiddenSizes.length}, as hidden_sizes is`);
}

const convnext =
  (second: boolean): Family =>
  (f, options, name) => {
    const hiddenSizes = sizesOf(f, "hidden_sizes", [96, 192, 384, 768]);
    const depths = sizesOf(f, "depths", [3, 3, 9, 3], 1000);
    stages(f, hiddenSizes, depths);
    if (sizeOr(f, "num_stages", depths.length) !== depths.length)
      f.refuse("num_stages", `the ${depths.length} of depths`);
    const scale = f.raw("layer_scale_init_value") ?? 1e-6;
    if (typeof scale !== "number") f.refuse("layer_scale_init_value", "a number");
    return stagedConvNext(
      name,
      {
        hiddenSizes,
        depths,
        patchSize: sizeOr(f, "patch_size", 4),
        numChannels: sizeOr(f, "num_channels", 3),
        imageSize: sizeOr(f, "image_size", 224),
        act: activationOf(f, "gelu", "hidden_act"),
        response: second,
        layerScale: !second && (scale as number) > 0,
        numLabels: labelsOrNone(f),
      },
      options,
    );
  };

const resnet: Family = (f, options, name) => {
  const hiddenSizes = sizesOf(f, "hidden_sizes", [256, 512, 1024, 2048]);
  const depths = sizesOf(f, "depths", [3, 4, 6, 3], 1000);
  stages(f, hiddenSizes, depths);
  const layerType = f.text("layer_type") ?? "bottleneck";
  if (layerType !== "basic" && layerType !== "bottleneck") return f.refuse("layer_type", "basic or bottleneck");
  return stagedResNet(
    name,
    {
      hiddenSizes,
      depths,
      layerType,
      embeddingSize: sizeOr(f, "embedding_size", 64),
      numChannels: sizeOr(f, "num_channels", 3),
      act: activationOf(f, "relu", "hidden_act"),
      downsampleInFirstStage: f.flag("downsample_in_first_stage", false),
      downsampleInBottleneck: f.flag("downsample_in_bottleneck", false),
      numLabels: labelsOrNone(f),
    },
    options,
  );
};

export const convFamilies: Readonly<Record<string, Family>> = {
  convnext: convnext(false),
  convnextv2: convnext(true),
  resnet,
};
