export { kvCacheBytes, type KvCache, type KvCacheOptions } from "./kvCache.js";
export { peakActivationBytes, weightBytes } from "./memory.js";
export { fits, tokensPerSecond, type Fit, type Throughput } from "./fits.js";
export { tensorParallel, type TensorParallel } from "./tensorParallel.js";
