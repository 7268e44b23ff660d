export { fromSafetensors } from "./safetensors.js";
export { fromGguf } from "./gguf.js";
export type { FileTensor, TensorFile } from "./tensorFile.js";
export { fromOnnx, onnxCoverage, type OnnxModel, type OnnxOptions } from "./onnx.js";
export { fromHuggingFace, huggingFaceArchitectures } from "./huggingFace.js";
