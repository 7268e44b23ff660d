export {
  compare,
  compareKernels,
  type Comparison,
  type ComparisonRow,
  type CompareOptions,
  type KernelComparison,
} from "./compare.js";
export { measure, type MeasureOptions } from "./measure.js";
export { type RoundOptions } from "./rounds.js";
export type { Candidate } from "./candidate.js";
export { type Progress, type RunOptions, type Signal } from "./progress.js";
export { measureLayoutSum, type LayoutSum, type LayoutSumRow } from "./layoutSum.js";
export { measureMachine, type Machine, type MachineOptions } from "./machine.js";
export { type CurveRow } from "./curve.js";
export { type Roofs } from "./peaks.js";
export { machineReport, type MachineReport } from "./machineReport.js";
export { type MeasuredDevice } from "./measuredDevice.js";
export { timeFunction, type TimeOptions, type Timing } from "./timer.js";
export type { Statistics } from "./stats.js";
export { measurePoints, type PlacedPoints, type PlacedRow } from "./place.js";
export * from "./layout/index.js";
export { measureLadder, type Ladder, type LadderRow } from "./ladder.js";
export { measureRegimes, type RegimeRow, type Regimes } from "./regimes.js";
export { measureFusion, type Fusion, type FusionRow } from "./fusion.js";
export { thisMachine } from "./thisMachine.js";
