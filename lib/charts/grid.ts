// Cells in rows and columns, coloured by what they are: memory, a window on a picture, a matrix.
import * as Plot from "@observablehq/plot";
import type { Chart } from "./chart.js";
import { nonNegativeIntegers, shown } from "../check.js";
import { frame } from "./frame.js";
import { sideNames } from "./names.js";
import type { FrameOptions } from "./options.js";
import { checkRows, distinct } from "./rows.js";
import { textWidth } from "./text.js";
import { families as looksOf, inkOn, thresholdColor, unvisited } from "./theme.js";

/** One cell; each place stands once. */
export interface GridCell {
  /** From the left, 0 first. */
  column: number;
  /** From the top, 0 first. */
  row: number;
  /** What it is: its colour, named in the legend; default nothing, in grey. */
  family?: string;
  /** What stands in it where there is room; default nothing. */
  text?: string;
}

/** A name that stands among the cells, at a place that has none. */
export interface GridLabel {
  /** From the left, 0 first; a fraction stands between two. */
  column: number;
  /** From the top, 0 first; a fraction stands between two. */
  row: number;
  /** The name. */
  text: string;
}

/** What `gridChart` takes beside its cells. */
export interface GridOptions extends FrameOptions {
  /** What cells can be, in the order of colours and legend; default in order of first appearance. */
  families?: readonly string[];
  /** Name of the axis of columns; default none. */
  x?: string;
  /** Name of the axis of rows, above it; default none. */
  y?: string;
  /** Names of the rows, from the top; default none. */
  rowNames?: readonly string[];
  /** After how many columns a rule stands; default no rules. */
  ruleEvery?: number;
  /** Names among the cells; default none. */
  labels?: readonly GridLabel[];
}

const textSize = 11;

/** A grid of cells, each in the colour of its family, with its text where all texts have room. */
export function gridChart(cells: readonly GridCell[], options: GridOptions = {}): Chart {
  const { title = "", families, x, y, rowNames = [], ruleEvery, labels = [], width = 720, height, ...rest } = options;
  checkRows("gridChart", cells, ["column", "row"]);
  cells.forEach(({ column, row }, i) => nonNegativeIntegers(`gridChart: cell ${i}`, { column, row }));
  distinct(
    "gridChart",
    "cell",
    cells.map(({ column, row }) => `column ${column} of row ${row}`),
  );
  const named = families ?? [...new Set(cells.flatMap(({ family }) => family ?? []))];
  const foreign = cells.find(({ family }) => family !== undefined && !named.includes(family));
  if (foreign)
    throw new RangeError(`gridChart: family must be one of ${named.join(", ")}, got ${shown(foreign.family)}`);
  const looks = looksOf(named);
  const color = (cell: GridCell): string => looks.get(cell.family ?? "")?.color ?? unvisited;
  const columns = Math.max(...cells.map(({ column }) => column)) + 1;
  const rows = Math.max(...cells.map(({ row }) => row)) + 1;
  const { margin, text: short } = sideNames(rowNames.length ? rowNames : [""], width, 0.4);
  const left = rowNames.length ? margin : 14;
  const step = (width - left - 14) / columns;
  const roomy = cells.every(({ text = "" }) => textWidth(text, textSize) < step - 2);
  return frame({
    kind: "gridChart",
    title,
    width,
    height: height ?? 76 + (y ? 12 : 0) + (x ? 18 : 0) + rows * Math.max(20, Math.min(30, step)),
    ...rest,
    at: (width) => gridChart(cells, { ...options, width }),
    xLabel: x,
    yLabel: y,
    margins: { left, right: 14, bottom: 8 },
    legend: named.map((name) => ({ name, color: looks.get(name)!.color })),
    description: options.description ?? `${title}. ${inWords(cells, named, rows, columns)}.`,
    plot: {
      x: { type: "band", domain: upTo(columns), axis: null, padding: 0.06 } as Plot.ScaleOptions,
      y: {
        type: "band",
        domain: upTo(rows),
        tickSize: 0,
        padding: 0.06,
        ...(rowNames.length ? { tickFormat: (row: number) => short(rowNames[row] ?? "") } : { axis: null }),
      } as Plot.ScaleOptions,
      color: { type: "identity" } as unknown as Plot.ScaleOptions,
      marks: [Plot.cell(cells, { x: "column", y: "row", fill: color })],
    },
    overlay(pen) {
      if (roomy)
        for (const cell of cells)
          if (cell.text)
            pen.text(cell.text, pen.x(cell.column), pen.y(cell.row) + 4, {
              size: textSize,
              color: inkOn(color(cell)),
              halo: false,
            });
      for (const { column, row, text } of labels)
        pen.text(text, between(pen.x, column), between(pen.y, row) + 5, { size: 14, weight: "600" });
      if (ruleEvery)
        for (let column = ruleEvery; column < columns; column += ruleEvery) {
          const at = (pen.x(column - 1) + pen.x(column)) / 2;
          pen.line(at, pen.frame.y - 2, at, pen.frame.y + pen.frame.height + 2, { color: thresholdColor, width: 1.5 });
        }
    },
  });
}

/** A place on a scale that knows whole numbers only. */
const between = (scale: (value: number) => number, at: number): number =>
  (scale(Math.floor(at)) + scale(Math.ceil(at))) / 2;

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

function inWords(cells: readonly GridCell[], named: readonly string[], rows: number, columns: number): string {
  const counts = named.map((name) => `${name} ${cells.filter(({ family }) => family === name).length}`);
  return [`${rows} rows of ${columns} cells`, counts.join(", ")].filter(Boolean).join(": ");
}
