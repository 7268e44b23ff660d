export * from "./linear.js";
export type { PrecisionOptions } from "./precision.js";
