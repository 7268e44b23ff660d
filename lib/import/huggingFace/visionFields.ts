// Fields that vision transformers share: image, patches, one pre-norm layer, and the heads behind the class token.
import type { Head } from "../../models/heads.js";
import type { StackLayer } from "../../models/stack.js";
import type { VisionTransformerConfig } from "../../models/visionTransformer.js";
import { labelsOf, layersOr, sizeOr } from "./encoderFields.js";
import type { Fields } from "./fields.js";
import { activationOf } from "./llama.js";

/** Class defaults of the sizes, where they are not ViT's. */
export interface VisionDefaults {
  patch?: number;
  hidden?: number;
  heads?: number;
  intermediate?: number;
  act?: string;
}

/** What ViT and its like have in common; a patch must fit into the image. */
export function visionFields(f: Fields, defaults: VisionDefaults = {}) {
  const { patch = 16, hidden = 768, heads: manyHeads = 12, intermediate = 3072, act = "gelu" } = defaults;
  const imageSize = sizeOr(f, "image_size", 224);
  const patchSize = sizeOr(f, "patch_size", patch);
  if (patchSize > imageSize) f.refuse("patch_size", `at most image_size ${imageSize}`);
  const hiddenSize = sizeOr(f, "hidden_size", hidden);
  const heads = sizeOr(f, "num_attention_heads", manyHeads);
  if (heads > hiddenSize) f.refuse("num_attention_heads", `at most the width ${hiddenSize}`);
  const layer: StackLayer = {
    attention: { heads, headDim: Math.floor(hiddenSize / heads) },
    intermediateSize: sizeOr(f, "intermediate_size", intermediate),
    act: activationOf(f, act, "hidden_act"),
  };
  const config: Omit<VisionTransformerConfig, "heads" | "source"> = {
    imageSize,
    patchSize,
    numChannels: sizeOr(f, "num_channels", 3),
    hiddenSize,
    numHiddenLayers: layersOr(f, "num_hidden_layers", 12),
    layer,
    prefixTokens: 1,
    positions: true,
    finalNorm: true,
  };
  return config;
}

/** `config` with the switch of ViT's query, key and value biases. */
export function qkvBias<Config extends Pick<VisionTransformerConfig, "layer">>(f: Fields, config: Config): Config {
  const bias = f.flag("qkv_bias", true);
  const attention = { ...config.layer.attention, bias, outBias: true };
  return { ...config, layer: { ...config.layer, attention } };
}

/** A classifier of one vector a sample. */
export const classifier = (f: Fields, path = "classifier", size?: number): Head => [
  { step: "first", size },
  { step: "dense", path, size: labelsOf(f) },
];
