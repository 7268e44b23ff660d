export { compare, compareKernels, type Comparison, type ComparisonRow, type CompareOptions } from "./compare.js";
export { measure, type MeasureOptions } from "./measure.js";
export { sink, type Candidate } from "./candidate.js";
export { type Progress, type RunOptions, type Signal } from "./progress.js";
export { measureLayoutSum, sumInOrder, type LayoutSum, type LayoutSumRow } from "./layoutSum.js";
