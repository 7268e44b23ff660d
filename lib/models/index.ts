export { model, modelNames } from "./named.js";
export { activationCount } from "./activationCount.js";
export { macsByKind, type MacsByKind } from "./macsByKind.js";
export { trainingStep, type LayerNode } from "./training.js";
export type { ModelFactory, ModelOptions, Phase } from "./workload.js";
export { resnet, type ResNetConfig } from "./resnet.js";
export { alexnet } from "./alexnet.js";
export { vgg, type VggConfig } from "./vgg.js";
export { squeezenet, type SqueezeNetConfig, type SqueezeNetStep } from "./squeezenet.js";
export { densenet, type DenseNetConfig } from "./densenet.js";
export { googlenet } from "./googlenet.js";
export { inceptionV3 } from "./inception.js";
export { regnet, type RegNetConfig } from "./regnet.js";
export { mobilenetV2, mobilenetV3, type MobileNetV3Config, type MobileNetV3Row } from "./mobilenet.js";
export { mnasnet } from "./mnasnet.js";
export { shufflenetV2, type ShuffleNetConfig } from "./shufflenet.js";
export { efficientnet, type EfficientNetConfig, type EfficientNetStage } from "./efficientnet.js";
export { convnext, type ConvNextConfig } from "./convnext.js";
export { vit, type VitConfig } from "./vit.js";
export { swin, type SwinConfig } from "./swin.js";
export { maxvit, type MaxVitConfig } from "./maxvit.js";
export { bert, type BertConfig } from "./bert.js";
export type { DenseStep, FirstStep, Head, HeadStep, NormStep } from "./heads.js";
export type { NormKind, StackPaths } from "./stack.js";
export type { ProjectionNames } from "./transformer.js";
export { t5, type T5Config } from "./t5.js";
export { whisper, type WhisperConfig } from "./whisper.js";
export { decoder, type DecoderModel, type DecoderOptions } from "./decoder.js";
export type { CompressedKind, DecoderCompressed } from "./compressedConfig.js";
export type {
  DecoderAltUp,
  DecoderConfig,
  DecoderIndexer,
  DecoderLayerConfig,
  DecoderMla,
  DecoderMoe,
} from "./decoderConfig.js";
export type { Quantization, StoredBeside, StoredBytes, StoredForm, StoredRule } from "./quantization.js";
