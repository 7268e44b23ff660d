export * from "./layers.js";
export { backward } from "./backward.js";
export {
  layerNames,
  layers as layersByName,
  type AnyLayer,
  type LayerKind,
  type LayerName,
  type OpOf,
} from "./byKind.js";
export type { BackwardOptions, Layer, LayerDescription, LayerOp, Made } from "./layer.js";
export type { ShapeKey } from "./shapeKeys.js";
export { optimizerState, optimizerStep, type OptimizerOptions, type OptimizerStepOptions } from "./training.js";
export type { LatentAttention } from "./mlaParts.js";
export type { Precision, PrecisionOptions } from "./precision.js";
export type { Padding } from "./window.js";
export type { Spatial } from "./shape.js";
export type { StateUse } from "./state.js";
