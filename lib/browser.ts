// What a page imports: everything that counts, predicts, draws, teaches and reads a file at hand, and nothing that needs
// Node (kernels, measuring). Re-exports, nothing else.
export * from "./counting.js";
export * from "./import/index.js";
export * from "./explore/index.js";
export * from "./charts/index.js";
export * from "./lesson/inPage.js";
