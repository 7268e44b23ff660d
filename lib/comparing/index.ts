export { ranks, spearman, spearmanInterval, type BootstrapOptions } from "./spearman.js";
export { countRanks, secondsFromCounts, type CountRank } from "./countRanks.js";
export { fused } from "./fusion.js";
export {
  shareByPart,
  timeBars,
  timeByPart,
  timePart,
  timeParts,
  type TimeBarsOptions,
  type TimePart,
} from "./timeByPart.js";
export { timmResults, timmRuns, timmSource, type TimmRow, type TimmRun } from "./timm/rows.js";
