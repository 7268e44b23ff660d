// Shapes, strides and what a walk through memory costs. Re-exports, nothing else.
export { Tensor, type TensorData } from "./tensor.js";
export type { View } from "./view.js";
export {
  cacheHits,
  cacheModel,
  loopAddresses,
  missRatio,
  setsTouched,
  type CacheModel,
  type Loops,
} from "./cacheModel.js";
