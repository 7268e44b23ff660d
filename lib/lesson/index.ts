// What a cell calls. Re-exports, nothing else.
export { show } from "./show.js";
export { table, type ModelTableOptions } from "./table.js";
export type { Table, TableOptions } from "../text/table.js";
export { progress, type ProgressLine } from "./progress.js";
export { measured, type Measured, type MeasuredOptions, type MeasuredRun, type Provenance } from "./measured.js";
export { type Recorded } from "./records.js";
export { expectError } from "./expectError.js";
export { exercise, check, hint, solution, type Exercise } from "./exercise.js";
export { explorable, type Control, type Explorable, type ExplorableSpec } from "./explorable.js";
export { rooflineExplorer, type RooflineExplorerOptions } from "./rooflineExplorer.js";
export { intensityExplorer, type IntensityExplorerOptions } from "./intensityExplorer.js";
