// `ridgepoint/counting`: what a model costs and what bounds it, without charts, files, kernels and lessons. Re-exports,
// nothing else.
export * from "./dtype.js";
export * from "./units.js";
export * from "./op.js";
export * from "./model.js";
export * from "./roofline.js";
export * from "./devices.js";
export * from "./predict.js";
export * from "./ops/index.js";
export * from "./models/index.js";
export * from "./convention.js";
export * from "./serving/index.js";
export * from "./tensor/index.js";
