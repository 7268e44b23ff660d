export { fromSafetensors } from "./safetensors.js";
export { fromGguf } from "./gguf.js";
export type { FileOrBytes } from "./bytes.js";
export { byteReader, type BlobLike, type ByteReader, type FileAtHand } from "./reader.js";
export { fromTensorFile, type FileModel } from "./tensorFileModel.js";
export type { FileTensor, TensorFile } from "./tensorFile.js";
export type { Uncounted } from "./onnx/countNode.js";
export type { Initialisers } from "./onnx/initialisers.js";
export { fromOnnx, onnxCoverage, type OnnxModel, type OnnxOptions } from "./onnx.js";
export { diffusersClasses } from "./diffusers.js";
export {
  diffusersPipelines,
  fromDiffusers,
  type DiffusersPipeline,
  type PipelineComponent,
  type PipelineOptions,
} from "./diffusersPipeline.js";
export { fromHuggingFace, huggingFaceArchitectures } from "./huggingFace.js";
