export { measureChains, type ChainsRow } from "./chains.js";
export { type Experiment, type Language, type LayoutTiming, type Sweep } from "./experiment.js";
export { measureFalseSharing, type FalseSharingRow } from "./falseSharing.js";
export { measureLoopOrders, measureSetConflicts, type ConflictRow, type LoopOrderRow } from "./loops.js";
export { measureMountain, measureStrides, type MountainRow } from "./mountain.js";
export { measureTransposes, type TransposeRow } from "./transpose.js";
export {
  measureChannelLayouts,
  measureStructures,
  measureTraversals,
  type ChannelRow,
  type StructureRow,
  type TraversalRow,
} from "./traversal.js";
export { measureWays, type WaysRow } from "./ways.js";
