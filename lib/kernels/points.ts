// The ML kernels that are placed on this machine's roofline: which kernel at which shape. `small` fits a last cache,
// `large` does not.
import type { Kernel } from "./kernel.js";
import {
  addNative,
  attentionFused,
  attentionUnfused,
  conv2dNative,
  embeddingNative,
  layerNormNative,
  linearNative,
  reluNative,
  softmaxNative,
} from "./onnx/layers.js";

/** A kernel at a shape, under the name that a chart shows. */
export interface KernelPoint {
  /** What a chart shows. */
  readonly name: string;
  /** What is measured. */
  readonly kernel: Kernel;
  /** Sizes, with the keys of the kernel's op. */
  readonly shape: Readonly<Record<string, unknown>>;
}

const batches = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
const rows = { rows: 16384, columns: 768 };
const heads = { tokens: 512, heads: 12, headDim: 64 };

/** Linear 768 -> 3072 (9.4 MB of weights) at batches 1 … 512. */
export const linearSmall: readonly KernelPoint[] = batches.map((tokens) => ({
  name: `linear, small, batch ${tokens}`,
  kernel: linearNative,
  shape: { tokens, inFeatures: 768, outFeatures: 3072 },
}));
/** Linear 4096 -> 8192 (134 MB of weights, larger than a cache) at batches 1 … 512. */
export const linearLarge: readonly KernelPoint[] = batches.map((tokens) => ({
  name: `linear, large, batch ${tokens}`,
  kernel: linearNative,
  shape: { tokens, inFeatures: 4096, outFeatures: 8192 },
}));

/** Every point: the two series of linear, then one of each other kernel. All are native and need ONNX Runtime. */
export const kernelPoints: readonly KernelPoint[] = [
  ...linearSmall,
  ...linearLarge,
  {
    name: "conv 3×3, 64 → 128, 56²",
    kernel: conv2dNative,
    shape: { inChannels: 64, outChannels: 128, height: 56, width: 56, kernelSize: 3, padding: 1 },
  },
  {
    name: "depthwise 3×3, 256, 112²",
    kernel: conv2dNative,
    shape: { inChannels: 256, outChannels: 256, groups: 256, height: 112, width: 112, kernelSize: 3, padding: 1 },
  },
  { name: "attention, unfused", kernel: attentionUnfused, shape: heads },
  { name: "attention, fused", kernel: attentionFused, shape: heads },
  { name: "layer norm", kernel: layerNormNative, shape: rows },
  { name: "softmax", kernel: softmaxNative, shape: rows },
  { name: "add", kernel: addNative, shape: rows },
  { name: "ReLU", kernel: reluNative, shape: rows },
  {
    name: "embedding gather",
    kernel: embeddingNative,
    shape: { tokens: 16384, numEmbeddings: 50257, embeddingDim: 768 },
  },
];
