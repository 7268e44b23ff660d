export type { Engine, Kernel, Measurement, Result, Slope, Stream } from "./kernel.js";
export { MeasurementRefused } from "./refused.js";
export { kernels } from "./list.js";
export * from "./matmul/index.js";
export { linesWasm, streams, type StreamShape } from "./streams.js";
export { peakJavascript, peakWasm, type PeakShape } from "./peak.js";
export {
  addNative,
  attentionFused,
  attentionUnfused,
  conv2dNative,
  embeddingNative,
  layerNormNative,
  linearNative,
  reluNative,
  softmaxNative,
  type RowsShape,
} from "./onnx/layers.js";
export { nativeMissing } from "./onnx/session.js";
export { kernelPoints, linearLarge, linearSmall, type KernelPoint } from "./points.js";
