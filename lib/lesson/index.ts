// What a cell calls. Re-exports, nothing else.
export * from "./inPage.js";
export { progress, type ProgressLine } from "./progress.js";
export { measured, type MeasuredOptions, type MeasuredRun } from "./measured.js";
