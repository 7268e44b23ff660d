// One layer a file; re-exports, nothing else.
export * from "./linear.js";
export * from "./conv.js";
export * from "./matmul.js";
export * from "./attention.js";
export * from "./norm.js";
export * from "./elementwise.js";
export * from "./softmax.js";
export * from "./pool.js";
export * from "./embedding.js";
export type { PrecisionOptions } from "./precision.js";
