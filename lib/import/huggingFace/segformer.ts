// SegFormer. Checked against transformers 5.24: SegformerModel, SegformerForImageClassification,
// SegformerForSemanticSegmentation.
import { segformer as segformerModel } from "../../models/segformer.js";
import { sizesOf } from "./convNets.js";
import { chosen, classOf, labelsOf, only, sizeOr, type Family } from "./encoderFields.js";
import type { Fields } from "./fields.js";
import { activationOf } from "./llama.js";

/** The list called `name` of as many values as there are stages; what is left over is not read. */
function byStage(f: Fields, name: string, otherwise: readonly number[], stages: number): readonly number[] {
  const sizes = sizesOf(f, name, otherwise, 1e5);
  return sizes.length >= stages ? sizes : f.refuse(name, `a list of ${stages}, one a stage`);
}

/** Ratios, which may be fractions. */
function ratios(f: Fields, stages: number): readonly number[] {
  const list = f.list("mlp_ratios", 16) ?? [4, 4, 4, 4];
  const good = list.every((n) => typeof n === "number" && n > 0 && n <= 1000);
  return good && list.length >= stages ? (list as number[]) : f.refuse("mlp_ratios", `a list of ${stages} ratios`);
}

const segformer: Family = (f, options, name) => {
  const count = sizeOr(f, "num_encoder_blocks", 4);
  if (count > 16) f.refuse("num_encoder_blocks", "at most 16 stages");
  const hiddenSizes = byStage(f, "hidden_sizes", [32, 64, 160, 256], count);
  if (hiddenSizes.length !== count) f.refuse("hidden_sizes", `a list of ${count}, one a stage`);
  const depths = byStage(f, "depths", [2, 2, 2, 2], count);
  const patchSizes = byStage(f, "patch_sizes", [7, 3, 3, 3], count);
  const strides = byStage(f, "strides", [4, 2, 2, 2], count);
  const heads = byStage(f, "num_attention_heads", [1, 2, 5, 8], count);
  const reductions = byStage(f, "sr_ratios", [8, 4, 2, 1], count);
  const widths = ratios(f, count).map((ratio, i) => Math.floor(ratio * (hiddenSizes[i] ?? 1)));
  const stages = hiddenSizes.map((hiddenSize, i) => {
    if (heads[i]! > hiddenSize) f.refuse("num_attention_heads", `at most the ${hiddenSize} channels of stage ${i}`);
    if (widths[i]! < 1) f.refuse("mlp_ratios", `a ratio of at least 1 channel in stage ${i}`);
    return {
      hiddenSize,
      depth: depths[i]!,
      patchSize: patchSizes[i]!,
      stride: strides[i]!,
      heads: heads[i]!,
      reduction: reductions[i]!,
      intermediateSize: widths[i]!,
    };
  });
  const known = { Model: "body", ForImageClassification: "picture", ForSemanticSegmentation: "positions" } as const;
  const kind = chosen(f, known, classOf(f, "Model"));
  if (kind === "positions") only(f, "reshape_last_stage", true);
  const config = {
    imageSize: sizeOr(f, "image_size", 224),
    numChannels: sizeOr(f, "num_channels", 3),
    stages,
    act: activationOf(f, "gelu", "hidden_act"),
    ...(kind === "picture" ? { numLabels: labelsOf(f) } : {}),
    ...(kind === "positions"
      ? { decodeHead: { numLabels: labelsOf(f), hiddenSize: sizeOr(f, "decoder_hidden_size", 256) } }
      : {}),
  };
  return segformerModel(name, config, options);
};

export const segformerFamilies: Readonly<Record<string, Family>> = { segformer };
