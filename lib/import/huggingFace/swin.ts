// Swin of both versions. Checked against transformers 5.24: SwinModel, SwinForImageClassification, Swinv2Model,
// Swinv2ForImageClassification.
import { stagedSwin } from "../../models/stagedSwin.js";
import { labelsOrNone, sizesOf } from "./convNets.js";
import { only, sizeOr, type Family } from "./encoderFields.js";
import { activationOf } from "./llama.js";
import { repeated } from "./unread.js";

const swin =
  (second: boolean): Family =>
  (f, options, name) => {
    const depths = sizesOf(f, "depths", [2, 2, 6, 2], 1000);
    const numHeads = sizesOf(f, "num_heads", [3, 6, 12, 24]);
    if (numHeads.length !== depths.length) f.refuse("num_heads", `a list of ${depths.length}, as depths is`);
    const embedDim = sizeOr(f, "embed_dim", 96);
    const mlpRatio = f.raw("mlp_ratio") ?? 4;
    if (typeof mlpRatio !== "number" || mlpRatio * embedDim < 1 || mlpRatio > 1e6)
      return f.refuse("mlp_ratio", "a positive number");
    const imageSize = sizeOr(f, "image_size", 224);
    const patchSize = sizeOr(f, "patch_size", 4);
    if (patchSize > imageSize) f.refuse("patch_size", `at most image_size ${imageSize}`);
    if (second) only(f, "use_absolute_embeddings", false);
    repeated(f, depths.length, "num_layers");
    repeated(f, embedDim * 2 ** (depths.length - 1), "hidden_size");
    return stagedSwin(
      name,
      {
        imageSize,
        patchSize,
        numChannels: sizeOr(f, "num_channels", 3),
        embedDim,
        depths,
        numHeads,
        windowSize: sizeOr(f, "window_size", 7),
        mlpRatio,
        qkvBias: f.flag("qkv_bias", true),
        act: activationOf(f, "gelu", "hidden_act"),
        positions: f.flag("use_absolute_embeddings", false),
        second,
        numLabels: labelsOrNone(f),
      },
      options,
    );
  };

export const swinFamilies: Readonly<Record<string, Family>> = { swin: swin(false), swinv2: swin(true) };
