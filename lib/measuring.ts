// `ridgepoint/measuring`: runnable kernels and this machine's figures, under Node and in a page. Re-exports, nothing
// else.
export * from "./kernels/index.js";
export * from "./measure/index.js";
export { pageHidden, pageSpoiled } from "./kernels/host/page.js";
