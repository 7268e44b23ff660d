// The table of named models: data only. A family adds its record here; the look-up lives in index.ts.
import { alexnets } from "./alexnet.js";
import { berts } from "./bert.js";
import { convnexts } from "./convnext.js";
import { decoderAliases, decoderModels } from "./decoderNames.js";
import { densenets } from "./densenet.js";
import { efficientnets } from "./efficientnet.js";
import { googlenets } from "./googlenet.js";
import { inceptions } from "./inception.js";
import { maxvits } from "./maxvit.js";
import { mnasnets } from "./mnasnet.js";
import { mobilenets } from "./mobilenet.js";
import { regnets } from "./regnet.js";
import { resnets } from "./resnet.js";
import { shufflenets } from "./shufflenet.js";
import { squeezenets } from "./squeezenet.js";
import { swins } from "./swin.js";
import { t5s } from "./t5.js";
import { timmModels } from "./timm/index.js";
import { torchvisionNames } from "./timm/torchvisionNames.js";
import { vggs } from "./vgg.js";
import { vits } from "./vit.js";
import { whispers } from "./whisper.js";
import { yolos } from "./yolo/index.js";
import type { ModelFactory } from "./workload.js";

const families: Readonly<Record<string, ModelFactory>> = {
  ...alexnets,
  ...vggs,
  ...squeezenets,
  ...resnets,
  ...densenets,
  ...googlenets,
  ...inceptions,
  ...regnets,
  ...mobilenets,
  ...mnasnets,
  ...shufflenets,
  ...efficientnets,
  ...convnexts,
  ...vits,
  ...swins,
  ...maxvits,
  ...timmModels,
  ...yolos,
  ...berts,
  ...t5s,
  ...whispers,
  ...decoderModels,
};

/** One of `families` under timm's name, at timm's image size. */
const renamed =
  (name: string, own: string, imageSize: number): ModelFactory =>
  (options) => ({ ...families[own]!({ imageSize, ...options }), name });

/** Canonical name (torchvision's, Hugging Face's or timm's) -> factory. */
export const registry: Readonly<Record<string, ModelFactory>> = {
  ...families,
  ...Object.fromEntries(
    Object.entries(torchvisionNames).map(([name, [own, size]]) => [name, renamed(name, own, size)]),
  ),
};

/** Other names in use -> canonical name. */
export const aliases: Readonly<Record<string, string>> = {
  "DeiT-Ti": "deit_tiny",
  "DeiT-T": "deit_tiny",
  "DeiT-S": "deit_small",
  "DeiT-B": "deit_base",
  "ViT-B": "vit_b_16",
  "ViT-L": "vit_l_16",
  "ViT-H": "vit_h_14",
  "Swin-Tiny": "swin_t",
  "Swin-Small": "swin_s",
  "Swin-Base": "swin_b",
  "ConvNeXt-T": "convnext_tiny",
  "ConvNeXt-S": "convnext_small",
  "ConvNeXt-B": "convnext_base",
  "ConvNeXt-L": "convnext_large",
  bert: "bert-base-uncased",
  "bert-base": "bert-base-uncased",
  "bert-large": "bert-large-uncased",
  distilbert: "distilbert-base-uncased",
  "distilbert-base": "distilbert-base-uncased",
  "MobileNetV3-L": "mobilenet_v3_large",
  "MobileNetV3-S": "mobilenet_v3_small",
  inception: "inception_v3",
  ...decoderAliases,
};
