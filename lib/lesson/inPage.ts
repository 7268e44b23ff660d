// What a cell calls that runs in a page as well, and what a page needs to run it. Re-exports, nothing else.
export { show } from "./show.js";
export { hostLessons, type Bundle, type DisplayOptions, type LessonHost } from "./display.js";
export { table, type ModelTableOptions } from "./table.js";
export type { Table, TableOptions } from "../text/table.js";
export { recordedRun, type Measured, type Provenance, type Recorded, type RecordedOptions } from "./recordedRun.js";
export { progress, type ProgressLine } from "./progress.js";
export { measuredIn, type MeasuredOptions, type MeasuredRun, type MeasuringPlace } from "./measuredRun.js";
export { expectError } from "./expectError.js";
export { exercise, check, hint, solution } from "./exercise.js";
export type {
  Exercise,
  NumberExercise,
  FunctionExercise,
  DesignExercise,
  Design,
  Mistake,
  Sizes,
} from "./exerciseKinds.js";
export { guess, reveal, type Guess } from "./guess.js";
export { finding, type Finding } from "./finding.js";
export { derived } from "./derived.js";
export { explorable, type Explorable, type ExplorableSpec } from "./explorable.js";
export type { Control, ControlRange, ExplorableState } from "./controls.js";
export type { ExplorableDrag, ExplorableDrawing, ExplorablePlace, ExplorableShown, ExplorableView } from "./shown.js";
export { rooflineExplorer, type RooflineExplorerOptions } from "./rooflineExplorer.js";
export { intensityExplorer, type IntensityExplorerOptions } from "./intensityExplorer.js";
export { layerExplorer, type LayerExplorerOptions } from "./layerExplorer.js";
export { attentionExplorer, type AttentionExplorerOptions } from "./attentionExplorer.js";
export { memoryExplorer, type MemoryExplorerOptions } from "./memoryExplorer.js";
export { cacheExplorer } from "./cacheExplorer.js";
export * from "./layout/index.js";
export { convolutionExplorer } from "./convolutionExplorer.js";
export { peakRows, peakSources, type PeakList, type PeakRow } from "./peakRows.js";
export { estimateRows, type EstimateRow } from "./estimateRows.js";
export { kernelRoofline, kernelShares, ladderChart, ladderRows, roofRows } from "./measuredCharts.js";
export { tilingExplorer } from "./tilingExplorer.js";
export { tiledProduct, type TiledProduct, type TiledShape } from "./tiledProduct.js";
export {
  batchChart,
  energyChart,
  energyOf,
  fusionChart,
  intensityChart,
  ledgerChart,
  type BatchSweep,
} from "./memory/counted.js";
export {
  arithmeticChart,
  bandwidthChart,
  boundsChart,
  boundShareChart,
  callChart,
  chainsChart,
  fusionTable,
  levelTable,
  pipesChart,
} from "./memory/shown.js";
