// A product C = A B as three matrices of cells: B above C, A to its left, so that what is multiplied lines up.
import type { Chart } from "./chart.js";
import { gridChart } from "./grid.js";
import type { FrameOptions } from "./options.js";

/** One element of one of the three matrices. */
export interface MatmulCell {
  /** Which matrix it stands in. */
  matrix: "A" | "B" | "C";
  /** From the top, 0 first. */
  row: number;
  /** From the left, 0 first. */
  column: number;
  /** What it is: its colour, named in the legend; default nothing, in grey. */
  family?: string;
}

/** What `matmulTilesChart` takes beside its cells. */
export interface MatmulTilesOptions extends FrameOptions {
  /** What cells can be, in the order of colours and legend; default in order of first appearance. */
  families?: readonly string[];
}

/** A, B and C as grids, each cell in the colour of its family. */
export function matmulTilesChart(cells: readonly MatmulCell[], options: MatmulTilesOptions = {}): Chart {
  const depth = 1 + Math.max(0, ...cells.map(({ matrix, row }) => (matrix === "B" ? row : 0)));
  const right = depth + 1;
  const placed = cells.map(({ matrix, row, column, ...rest }) => ({
    ...rest,
    column: matrix === "A" ? column : right + column,
    row: matrix === "B" ? row : right + row,
  }));
  const labels = [
    { text: "A", column: (depth - 1) / 2, row: depth },
    { text: "B", column: depth, row: (depth - 1) / 2 },
    { text: "C", column: depth, row: depth },
  ];
  return {
    ...gridChart(placed, { ...options, labels }),
    kind: "matmulTilesChart",
    at: (width) => matmulTilesChart(cells, { ...options, width }),
  };
}
