// What a page imports: everything that counts, predicts and draws, and nothing that needs Node (kernels, measuring,
// lessons, weight files). Re-exports, nothing else.
export * from "./counting.js";
export { diffusersClasses } from "./import/diffusers.js";
export { diffusersPipelines, fromDiffusers } from "./import/diffusersPipeline.js";
export { fromHuggingFace, huggingFaceArchitectures } from "./import/huggingFace.js";
export { fromOnnx, onnxCoverage, type OnnxModel, type OnnxOptions } from "./import/onnx.js";
export * from "./charts/index.js";
