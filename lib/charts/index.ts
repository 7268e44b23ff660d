// One chart a file; re-exports, nothing else.
export type { Format } from "./text.js";
export { svgText, type Chart } from "./chart.js";
export { rooflineChart, type RooflineOptions } from "./roofline.js";
export type { RooflineDevice, RooflineLevel, RooflinePoint } from "./rooflineRows.js";
export { barChart, type BarOptions, type BarRow, type ThresholdRule } from "./bar.js";
export { horizontalBarChart, type HorizontalBarOptions } from "./horizontalBar.js";
export { scatterChart, type ScatterOptions, type ScatterRow } from "./scatter.js";
export { lineChart, type LineOptions, type LineRow, type LineRule } from "./line.js";
export { stackedBarChart, type StackedBarOptions, type StackedBarRow } from "./stackedBar.js";
export { dotChart, type DotBand, type DotOptions, type DotRow } from "./dot.js";
export { slopeChart, type SlopeOptions, type SlopeRow } from "./slope.js";
export { heatmapChart, type HeatmapOptions, type HeatmapRow } from "./heatmap.js";
export { addressStripChart, type AddressRow, type AddressStripOptions } from "./addressStrip.js";
export { gridChart, type GridCell, type GridLabel, type GridOptions } from "./grid.js";
export { sideBySideChart } from "./sideBySide.js";
export { matmulTilesChart, type MatmulCell, type MatmulTilesOptions } from "./matmulTiles.js";
export { cloudChart, type CloudOptions, type CloudRow } from "./cloud.js";
export { hierarchyChart, type HierarchyRow } from "./hierarchy.js";
