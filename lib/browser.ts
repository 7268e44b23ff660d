// What a page imports: what a lecture's page runs, what reads a file at hand, and what measures the machine in front of
// it. Nothing that needs Node. Re-exports, nothing else.
export * from "./lecturePage.js";
export * from "./import/index.js";
export * from "./explore/index.js";
export * from "./measuring.js";
