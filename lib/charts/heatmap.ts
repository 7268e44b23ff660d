// A value over two ordered categories: the memory mountain (size by stride), an efficiency table.
import * as Plot from "@observablehq/plot";
import type { Chart } from "./chart.js";
import { frame } from "./frame.js";
import type { FrameOptions } from "./options.js";
import { bandAxis, bandNames, sideNames } from "./names.js";
import { checkRows, distinct } from "./rows.js";
import { formatted, textWidth, type Format } from "./text.js";
import { inkOn } from "./theme.js";

/** One cell; each pair of `x` and `y` stands once. */
export interface HeatmapRow {
  /** Column; columns stand in order of first appearance. */
  x: string | number;
  /** Row; rows stand in order of first appearance. */
  y: string | number;
  /** What its colour says. */
  value: number;
}

/** What `heatmapChart` takes beside its rows. */
export interface HeatmapOptions extends FrameOptions {
  /** Name of the x axis; default none. */
  x?: string;
  /** Name of the y axis, above it; default none. */
  y?: string;
  /** How values are printed; default "si". */
  format?: Format;
  /** Unit of the values ("B/s"), after their prefix; default none. */
  unit?: string;
  /** How values become colours; default "linear". On "log" every value must be positive. */
  scale?: "linear" | "log";
  /** What the values are, in the description; default "value". */
  valueLabel?: string;
}

/**
 * Cells coloured by value, light to dark, each with its value when there is room; x and y in order of first appearance.
 */
export function heatmapChart(rows: readonly HeatmapRow[], options: HeatmapOptions = {}): Chart {
  const {
    title = "",
    x,
    y,
    format = "si",
    unit,
    scale = "linear",
    valueLabel = "value",
    width = 720,
    height,
    ...rest
  } = options;
  checkRows("heatmapChart", rows, ["value"], { positive: scale === "log" ? ["value"] : [] });
  distinct(
    "heatmapChart",
    "cell",
    rows.map((r) => `${r.x}, ${r.y}`),
  );
  const xs = [...new Set(rows.map((r) => String(r.x)))];
  const ys = [...new Set(rows.map((r) => String(r.y)))];
  const print = (v: number) => formatted(v, format, unit);
  const lowest = rows.reduce((a, b) => (b.value < a.value ? b : a));
  const highest = rows.reduce((a, b) => (b.value > a.value ? b : a));
  const color = shades(lowest.value, highest.value, scale);
  const { margin: left, text: short } = sideNames(ys, width);
  const cell = (width - left - 24) / (xs.length + 0.03);
  const names = bandNames("heatmapChart", xs, width - left - 24, { padding: 0.03, thin: true });
  const inCell = valuesInCells(rows, cell, print, unit);
  const cellText = (r: HeatmapRow) => `${print(r.value)} (${r.x}, ${r.y})`;
  return frame({
    kind: "heatmapChart",
    title,
    width,
    height: height ?? 98 + names.height + ys.length * 26 + (inCell ? 0 : 20),
    ...rest,
    at: (width) => heatmapChart(rows, { ...options, width }),
    xLabel: x,
    yLabel: y,
    margins: { left, bottom: 12 + names.height },
    // Without values in the cells the ends of the scale are named.
    legend: (inCell ? [] : [...new Set([lowest.value, highest.value])]).map((v) => ({
      name: print(v),
      color: color(v),
    })),
    description:
      options.description ??
      `${title}. ${valueLabel} by ${x ?? "x"} and ${y ?? "y"}: from ${cellText(lowest)} to ${cellText(highest)}.`,
    plot: {
      x: { type: "band", domain: xs, axis: null, padding: 0.03 } as Plot.ScaleOptions,
      y: { type: "band", domain: ys, tickFormat: short, tickSize: 0, padding: 0.03 } as Plot.ScaleOptions,
      marks: [
        bandAxis(names, xs),
        Plot.cell(rows, {
          x: (r: HeatmapRow) => String(r.x),
          y: (r: HeatmapRow) => String(r.y),
          fill: (r: HeatmapRow) => color(r.value),
        }),
      ],
      color: { type: "identity" } as unknown as Plot.ScaleOptions,
    },
    overlay(pen) {
      inCell?.forEach((text, i) => {
        const { x, y, value } = rows[i]!;
        pen.text(text, pen.x(String(x)), pen.y(String(y)) + 4, { size: 11, color: inkOn(color(value)), halo: false });
      });
    },
  });
}

/** What stands in the cells, each `width` pixels wide: values, without their unit where it is too long; or nothing. */
function valuesInCells(
  rows: readonly HeatmapRow[],
  width: number,
  print: (value: number) => string,
  unit?: string,
): string[] | undefined {
  const texts = rows.map(({ value }) => {
    const text = print(value);
    return textWidth(text, 11) < width - 4 || !unit || !text.endsWith(unit)
      ? text
      : text.slice(0, -unit.length).trimEnd();
  });
  return texts.every((text) => textWidth(text, 11) < width - 2) ? texts : undefined;
}

/** The colour of a value between `low` and `high`. */
const shades =
  (low: number, high: number, scale: "linear" | "log") =>
  (value: number): string => {
    if (high === low) return shade(0.5);
    return shade(scale === "log" ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low));
  };

/** White to blue, lightness falling evenly: readable in grey. */
function shade(t: number): string {
  const mix = (a: number, b: number) => Math.round(a + (b - a) * t);
  return `rgb(${mix(247, 74)},${mix(250, 144)},${mix(253, 200)})`;
}
