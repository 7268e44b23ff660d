// `ridgepoint/counting`: what a model costs and what bounds it, without charts, files, kernels and lessons. Re-exports,
// nothing else.
export { bitsPerElement, blockFormats, bytesOf, dtypes, type BlockFormat, type DType } from "./dtype.js";
export { binary, formatTime, si } from "./units.js";
export {
  arithmeticIntensity,
  bytesMoved,
  cost,
  elementCount,
  totalCost,
  type Cost,
  type Extras,
  type Op,
  type TensorSpec,
} from "./op.js";
export * from "./model.js";
export * from "./roofline.js";
export * from "./devices.js";
export * from "./predict.js";
export * from "./ops/index.js";
export * from "./models/index.js";
export * from "./convention.js";
export * from "./serving/index.js";
export * from "./tensor/index.js";
export * from "./comparing/index.js";
