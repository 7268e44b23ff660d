// What a page imports: what a lecture's page runs, and what reads a file at hand. Nothing that needs Node (kernels,
// measuring). Re-exports, nothing else.
export * from "./lecturePage.js";
export * from "./import/index.js";
export * from "./explore/index.js";
