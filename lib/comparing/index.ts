export { ranks, spearman, spearmanInterval, type BootstrapOptions } from "./spearman.js";
export { fused } from "./fusion.js";
export { timeByPart, timePart, timeParts, type TimePart } from "./timeByPart.js";
export { timmResults, timmRuns, timmSource, type TimmRow, type TimmRun } from "./timm/rows.js";
