// Every kernel by name, for who looks one up. Shapes are those of the kernel's op; streams and chains have their own.
import type { Kernel } from "./kernel.js";
import { matmulLadder } from "./matmul/index.js";
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
import { peakJavascript, peakWasm } from "./peak.js";
import { linesWasm, streams } from "./streams.js";

const all: readonly Kernel[] = [
  ...matmulLadder,
  ...streams,
  linesWasm,
  peakJavascript,
  peakWasm,
  linearNative,
  conv2dNative,
  attentionUnfused,
  attentionFused,
  layerNormNative,
  softmaxNative,
  addNative,
  reluNative,
  embeddingNative,
];

/** Kernels by name: `kernels["matmul/wasm"]`. */
export const kernels: Readonly<Record<string, Kernel>> = Object.fromEntries(all.map((kernel) => [kernel.name, kernel]));
