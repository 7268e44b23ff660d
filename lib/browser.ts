// What a page imports: everything that counts, predicts and draws, and nothing that needs Node (kernels, measuring,
// lessons, weight files). Re-exports, nothing else.
export * from "./dtype.js";
export * from "./units.js";
export * from "./op.js";
export * from "./model.js";
export * from "./roofline.js";
export * from "./devices.js";
export * from "./predict.js";
export * from "./ops/index.js";
export * from "./models/index.js";
export { fromHuggingFace, huggingFaceArchitectures } from "./import/huggingFace.js";
export { fromOnnx, onnxCoverage, type OnnxModel, type OnnxOptions } from "./import/onnx.js";
export * from "./convention.js";
export * from "./serving/index.js";
export * from "./tensor/index.js";
export * from "./charts/index.js";
