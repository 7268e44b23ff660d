// `ridgepoint/measuring`: runnable kernels and this machine's figures. Needs Node. Re-exports, nothing else.
export * from "./kernels/index.js";
export * from "./measure/index.js";
