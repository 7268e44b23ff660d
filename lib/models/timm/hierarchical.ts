// Figures of timm's ConvNeXts and Swin Transformers by their names there (timm 1.0.31), those apart that torchvision has
// under the same name. Data only.
import type { ConvNextConfig } from "../convnext.js";
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
