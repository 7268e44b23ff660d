// Figures of timm's ConvNeXts, Swin Transformers and RegNets by their names there (timm 1.0.31), those apart that
// torchvision has under the same name. Data only.
import type { ConvNextConfig } from "../convnext.js";
import type { RegNetConfig } from "../regnet.js";
import type { SwinConfig } from "../swin.js";

/** Four stages, each of twice the channels of the one before. */
const convnext = (channels: number, depths: readonly number[]): ConvNextConfig => ({
  hiddenSizes: [1, 2, 4, 8].map((factor) => factor * channels),
  depths,
});

export const timmConvNexts: Readonly<Record<string, ConvNextConfig>> = {
  convnext_atto: convnext(40, [2, 2, 6, 2]),
  convnext_femto: convnext(48, [2, 2, 6, 2]),
  convnext_pico: convnext(64, [2, 2, 6, 2]),
  convnext_nano: convnext(80, [2, 2, 8, 2]),
  convnext_tiny_hnf: convnext(96, [3, 3, 9, 3]),
  convnext_xlarge: convnext(256, [3, 3, 27, 3]),
};

const swin = (embedDim: number, depth: number, windowSize: number, imageSize: number): SwinConfig => ({
  embedDim,
  depths: [2, 2, depth, 2],
  numHeads: [1, 2, 4, 8].map((factor) => (factor * embedDim) / 32),
  windowSize,
  imageSize,
});

export const timmSwins: Readonly<Record<string, SwinConfig>> = {
  swin_tiny_patch4_window7_224: swin(96, 6, 7, 224),
  swin_small_patch4_window7_224: swin(96, 18, 7, 224),
  swin_base_patch4_window7_224: swin(128, 18, 7, 224),
  swin_base_patch4_window12_384: swin(128, 18, 12, 384),
  swin_large_patch4_window7_224: swin(192, 18, 7, 224),
  swin_large_patch4_window12_384: swin(192, 18, 12, 384),
};

/** Depth, w_0, w_a, w_m, channels of a group. */
const regnetX = (depth: number, initial: number, slope: number, step: number, groupWidth: number): RegNetConfig => ({
  depth,
  initial,
  slope,
  step,
  groupWidth,
});
const regnetY = (...sizes: Parameters<typeof regnetX>): RegNetConfig => ({ ...regnetX(...sizes), squeeze: 0.25 });

export const timmRegNets: Readonly<Record<string, RegNetConfig>> = {
  regnetx_002: regnetX(13, 24, 36.44, 2.49, 8),
  regnetx_006: regnetX(16, 48, 36.97, 2.24, 24),
  regnetx_064: regnetX(17, 184, 60.83, 2.07, 56),
  regnetx_120: regnetX(19, 168, 73.36, 2.37, 112),
  regnety_002: regnetY(13, 24, 36.44, 2.49, 8),
  regnety_006: regnetY(15, 48, 32.54, 2.32, 16),
  regnety_064: regnetY(25, 112, 33.22, 2.27, 72),
  regnety_120: regnetY(19, 168, 73.36, 2.37, 112),
};
