// Figures of timm's ResNets by their names there (timm 1.0.31), those apart that torchvision has under the same name.
import type { TimmResNetConfig } from "./resnet.js";

type Depths = TimmResNetConfig["depths"];
type Variant = Partial<TimmResNetConfig>;

const deep: Variant = { deepStem: [32, 32] };
const tiered: Variant = { deepStem: [24, 32] };
const wideStem: Variant = { deepStem: [64, 64] };
const averageDown: Variant = { averageDown: true };
const se: Variant = { channelAttention: 1 / 16 };
const eca: Variant = { channelAttention: "eca" };
const rs: Variant = { channelAttention: 0.25, convolutionForPool: true };
const antiAliased: Variant = { antiAliased: true };
const groups = (count: number, widthPerGroup: number): Variant => ({ groups: count, widthPerGroup });
const size = (imageSize: number): Variant => ({ imageSize });

const basic = (depths: Depths, ...variants: Variant[]): TimmResNetConfig =>
  Object.assign({ layerType: "basic", depths }, ...variants) as TimmResNetConfig;
const bottleneck = (depths: Depths, ...variants: Variant[]): TimmResNetConfig =>
  Object.assign({ layerType: "bottleneck", depths }, ...variants) as TimmResNetConfig;

export const timmResNets: Readonly<Record<string, TimmResNetConfig>> = {
  resnet10t: basic([1, 1, 1, 1], tiered, averageDown, size(176)),
  resnet14t: bottleneck([1, 1, 1, 1], tiered, averageDown, size(176)),
  resnet18d: basic([2, 2, 2, 2], deep, averageDown),
  resnet34d: basic([3, 4, 6, 3], deep, averageDown),
  resnet26: bottleneck([2, 2, 2, 2]),
  resnet26t: bottleneck([2, 2, 2, 2], tiered, averageDown, size(256)),
  resnet26d: bottleneck([2, 2, 2, 2], deep, averageDown),
  resnet50c: bottleneck([3, 4, 6, 3], deep),
  resnet50d: bottleneck([3, 4, 6, 3], deep, averageDown),
  resnet50s: bottleneck([3, 4, 6, 3], wideStem),
  resnet50t: bottleneck([3, 4, 6, 3], tiered, averageDown),
  resnet101c: bottleneck([3, 4, 23, 3], deep),
  resnet101d: bottleneck([3, 4, 23, 3], deep, averageDown, size(256)),
  resnet101s: bottleneck([3, 4, 23, 3], wideStem),
  resnet152c: bottleneck([3, 8, 36, 3], deep),
  resnet152d: bottleneck([3, 8, 36, 3], deep, averageDown, size(256)),
  resnet152s: bottleneck([3, 8, 36, 3], wideStem),
  resnet200: bottleneck([3, 24, 36, 3]),
  resnet200d: bottleneck([3, 24, 36, 3], deep, averageDown, size(256)),
  resnext50d_32x4d: bottleneck([3, 4, 6, 3], groups(32, 4), deep, averageDown),
  resnext101_32x4d: bottleneck([3, 4, 23, 3], groups(32, 4)),
  resnext101_32x16d: bottleneck([3, 4, 23, 3], groups(32, 16)),
  resnext101_32x32d: bottleneck([3, 4, 23, 3], groups(32, 32)),
  ecaresnet26t: bottleneck([2, 2, 2, 2], tiered, averageDown, eca, size(256)),
  ecaresnet50d: bottleneck([3, 4, 6, 3], deep, averageDown, eca),
  ecaresnet50t: bottleneck([3, 4, 6, 3], tiered, averageDown, eca, size(256)),
  ecaresnetlight: bottleneck([1, 1, 11, 3], averageDown, eca),
  ecaresnet101d: bottleneck([3, 4, 23, 3], deep, averageDown, eca),
  ecaresnet200d: bottleneck([3, 24, 36, 3], deep, averageDown, eca, size(256)),
  ecaresnet269d: bottleneck([3, 30, 48, 8], deep, averageDown, eca, size(320)),
  ecaresnext26t_32x4d: bottleneck([2, 2, 2, 2], groups(32, 4), tiered, averageDown, eca),
  ecaresnext50t_32x4d: bottleneck([3, 4, 6, 3], groups(32, 4), tiered, averageDown, eca),
  seresnet18: basic([2, 2, 2, 2], se),
  seresnet34: basic([3, 4, 6, 3], se),
  seresnet50: bottleneck([3, 4, 6, 3], se),
  seresnet50t: bottleneck([3, 4, 6, 3], tiered, averageDown, se),
  seresnet101: bottleneck([3, 4, 23, 3], se),
  seresnet152: bottleneck([3, 8, 36, 3], se),
  seresnet152d: bottleneck([3, 8, 36, 3], deep, averageDown, se, size(256)),
  seresnet200d: bottleneck([3, 24, 36, 3], deep, averageDown, se, size(256)),
  seresnet269d: bottleneck([3, 30, 48, 8], deep, averageDown, se, size(256)),
  seresnext26d_32x4d: bottleneck([2, 2, 2, 2], groups(32, 4), deep, averageDown, se),
  seresnext26t_32x4d: bottleneck([2, 2, 2, 2], groups(32, 4), tiered, averageDown, se),
  seresnext50_32x4d: bottleneck([3, 4, 6, 3], groups(32, 4), se),
  seresnext101_32x4d: bottleneck([3, 4, 23, 3], groups(32, 4), se),
  seresnext101_32x8d: bottleneck([3, 4, 23, 3], groups(32, 8), se),
  seresnext101d_32x8d: bottleneck([3, 4, 23, 3], groups(32, 8), deep, averageDown, se),
  seresnext101_64x4d: bottleneck([3, 4, 23, 3], groups(64, 4), se),
  resnetaa34d: basic([3, 4, 6, 3], deep, averageDown, antiAliased),
  resnetaa50: bottleneck([3, 4, 6, 3], antiAliased),
  resnetaa50d: bottleneck([3, 4, 6, 3], deep, averageDown, antiAliased),
  resnetaa101d: bottleneck([3, 4, 23, 3], deep, averageDown, antiAliased),
  seresnetaa50d: bottleneck([3, 4, 6, 3], deep, averageDown, se, antiAliased),
  seresnextaa101d_32x8d: bottleneck([3, 4, 23, 3], groups(32, 8), deep, averageDown, se, antiAliased, size(288)),
  seresnextaa201d_32x8d: bottleneck([3, 24, 36, 4], groups(32, 8), wideStem, averageDown, se, antiAliased, size(384)),
  resnetrs50: bottleneck([3, 4, 6, 3], deep, averageDown, rs, size(160)),
  resnetrs101: bottleneck([3, 4, 23, 3], deep, averageDown, rs, size(192)),
  resnetrs152: bottleneck([3, 8, 36, 3], deep, averageDown, rs, size(256)),
  resnetrs200: bottleneck([3, 24, 36, 3], deep, averageDown, rs, size(256)),
  resnetrs270: bottleneck([4, 29, 53, 4], deep, averageDown, rs, size(256)),
  resnetrs350: bottleneck([4, 36, 72, 4], deep, averageDown, rs, size(288)),
  resnetrs420: bottleneck([4, 44, 87, 4], deep, averageDown, rs, size(320)),
};
