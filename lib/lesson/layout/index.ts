// What lecture 5 shows of its records. Re-exports, nothing else.
export { viewsOf, viewTable, type NamedView } from "./views.js";
export { benchmarkVerdict, claimVerdict, torchLayoutChart, torchLayouts, type TorchLayoutRow } from "./torch.js";
export {
  layoutSumTable,
  mountainChart,
  predictedWalks,
  strideChart,
  strideMissChart,
  strideRatioChart,
  type LayoutRun,
  type PredictedWalk,
  type StrideRun,
} from "./walks.js";
export {
  columnTable,
  loopOrderChart,
  programChart,
  programWalks,
  transposeTable,
  type LayoutRuns,
  type ProgramWalk,
} from "./programs.js";
export { fastDistance, sharingChart, waysChart, waysFound, type PredictedCircle, type WaysFound } from "./ways.js";
export { linesUnderWay, type LinesUnderWay } from "./underWay.js";
export { addressPicture, transposePicture } from "./pictures.js";
