// What a page imports: everything that counts, predicts, draws and teaches, and nothing that needs Node (kernels,
// measuring, weight files). Re-exports, nothing else.
export * from "./counting.js";
export { diffusersClasses } from "./import/diffusers.js";
export { diffusersPipelines, fromDiffusers } from "./import/diffusersPipeline.js";
export { fromHuggingFace, huggingFaceArchitectures } from "./import/huggingFace.js";
export { fromOnnx, onnxCoverage, type OnnxModel, type OnnxOptions } from "./import/onnx.js";
export * from "./charts/index.js";
export * from "./lesson/inPage.js";
