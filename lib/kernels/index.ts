export * from "./kernel.js";
export { cores, pool, share, type Pool } from "./pool.js";
export {
  fusedMultiplyAdd,
  workspace,
  workspaceBytes,
  type Floats,
  type KernelExports,
  type Workspace,
} from "./wasm/workspace.js";
export { nativeGraph, nativeMissing, type NativeGraph } from "./onnx/session.js";
export { onnxModel, type Graph, type GraphAttribute, type GraphNode, type GraphTensor } from "./onnx/graph.js";
export * from "./matmul/index.js";
export * from "./streams.js";
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
export { linearLarge, linearSmall, points, type Point } from "./points.js";
export { MeasurementRefused } from "./refused.js";
export { kernels } from "./list.js";
export * as walks from "./walks.js";
export { loopOrders, type NestSteps } from "./walks.js";
