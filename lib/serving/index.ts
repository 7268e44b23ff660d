export { kvCacheBytes, type KvCache, type KvCacheOptions } from "./kvCache.js";
export { liveBytes, peakActivationBytes, weightBytes, type InPlace, type LiveOptions, type LiveRow } from "./memory.js";
export { fits, memoryLedger, type Fit, type FitOptions, type MemoryLedger } from "./fits.js";
export type { OtherWorkload } from "./again.js";
export type { Parallel } from "./division.js";
export { tokensPerSecond, type Throughput } from "./throughput.js";
export { trainingMemory, type LoraOptions, type TrainingMemory, type TrainingOptions } from "./trainingMemory.js";
export { tensorParallel, type TensorParallel } from "./tensorParallel.js";
