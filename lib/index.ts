// What a notebook or a program imports. Re-exports, nothing else.
export * from "./counting.js";
export * from "./import/index.js";
export * from "./explore/index.js";
export * from "./measuring.js";
export * from "./charts/index.js";
export * from "./lesson/index.js";
