// Horizontal bars: long names, one number each, coloured by family.
import * as Plot from "@observablehq/plot";
import type { Chart } from "./chart.js";
import { axis } from "./axis.js";
import { barsInWords, type BarRow, type ThresholdRule } from "./bar.js";
import { frame } from "./frame.js";
import type { FrameOptions } from "./options.js";
import { sideNames } from "./names.js";
import type { Pen } from "./pen.js";
import { checkNumbers, checkRows, checkTexts } from "./rows.js";
import { nameRulesAbove } from "./ruleLabels.js";
import { formatted, type Format } from "./text.js";
import { families, grid, type Looks, palette, thresholdColor } from "./theme.js";

/** What `horizontalBarChart` takes beside its rows. */
export interface HorizontalBarOptions extends FrameOptions {
  /** Name of the axis of values; default none. */
  x?: string;
  /** Of the x axis; default "linear". On "log" every value must be positive. */
  xScale?: "linear" | "log";
  /** How values are printed; default "si" where the largest is 10,000 or more, else "plain". */
  xFormat?: Format;
  /** Unit of the values ("B/s"), after their prefix; default none. */
  unit?: string;
  /** Lines to hold the bars against; default none. */
  rules?: readonly ThresholdRule[];
}

/**
 * Bars in the order given, values at their ends. On a log axis bars become dots on a line, since a log axis has no zero
 * to start from.
 */
export function horizontalBarChart(rows: readonly BarRow[], options: HorizontalBarOptions = {}): Chart {
  const { title = "", x, xScale = "linear", xFormat, unit, rules = [], width = 720, height, ...rest } = options;
  checkRows("horizontalBarChart", rows, ["value"], { positive: xScale === "log" ? ["value"] : [] });
  checkTexts("horizontalBarChart", rows, ["name"]);
  checkNumbers("horizontalBarChart", "rule", rules, ["value"], { positive: xScale === "log" ? ["value"] : [] });
  const largest = Math.max(...rows.map((r) => Math.abs(r.value)));
  const format = xFormat ?? (largest >= 10_000 ? "si" : "plain");
  const colors = families(rows.map((r) => r.family));
  const print = (v: number) => formatted(v, format, unit);
  const { margin: left, text: short } = sideNames(
    rows.map((r) => r.name),
    width,
  );
  const right = 64;
  // A value stands at the outer end of its bar: negative ones need room at the left.
  const ticks = axis([...rows.map((r) => r.value * (r.value < 0 ? 1.2 : 1)), ...rules.map((r) => r.value)], {
    format,
    unit,
    scale: xScale,
    room: width - left - right,
  });
  return frame({
    kind: "horizontalBarChart",
    title,
    width,
    height:
      height ?? 104 + rows.length * (rows.length > 40 ? 20 : 28) + (colors.size ? 20 : 0) + (rules.length ? 16 : 0),
    ...rest,
    at: (width) => horizontalBarChart(rows, { ...options, width }),
    xLabel: x,
    margins: { left, right },
    description: options.description ?? `${title}. ${x ?? "Value"}: ${barsInWords(rows, rules, print)}.`,
    legend: [...colors].map(([name, { color, symbol }]) => ({ name, color, ...(xScale === "log" ? { symbol } : {}) })),
    yLabel: rules.length ? " " : undefined,
    plot: {
      y: {
        type: "band",
        domain: rows.map((_, i) => i),
        tickFormat: (i: number) => short(rows[i]!.name),
        tickSize: 0,
        padding: 0.3,
      } as Plot.ScaleOptions,
      x: ticks as Plot.ScaleOptions,
      marks: [
        xScale === "log" ? dotsOnLines(rows, ticks.domain[0], colors) : bars(rows, colors),
        Plot.ruleX(rules, { x: "value", stroke: palette[1], strokeWidth: 1.5, strokeDasharray: "6,4" }),
      ],
      symbol: { type: "identity" } as unknown as Plot.ScaleOptions,
    },
    overlay(pen) {
      writeValues(pen, rows, print, xScale === "log" ? 10 : 5);
      nameRulesAbove(
        pen,
        rules.map((r) => ({ text: r.label, at: pen.x(r.value) })),
        width - 6,
        thresholdColor,
      );
    },
  });
}

const place = (_: BarRow, i: number) => i;
const colorIn = (looks: Looks) => (r: BarRow) => looks.get(r.family ?? "")?.color ?? palette[0];

const bars = (rows: readonly BarRow[], looks: Looks): Plot.Markish => [
  Plot.barX(rows, { x: "value", y: place, fill: colorIn(looks) }),
  Plot.ruleX([0]),
];

/** A dot for each row, on a line that leads to it from `start`, the axis's low end. */
const dotsOnLines = (rows: readonly BarRow[], start: number, looks: Looks): Plot.Markish => [
  Plot.ruleY(rows, { y: place, x1: start, x2: "value", stroke: grid }),
  Plot.dot(rows, {
    x: "value",
    y: place,
    r: 5.5,
    fill: colorIn(looks),
    symbol: (r: BarRow) => looks.get(r.family ?? "")?.symbol ?? "circle",
  }),
];

/** Each value `aside` pixels beyond the outer end of its bar. */
function writeValues(pen: Pen, rows: readonly BarRow[], print: (value: number) => string, aside: number): void {
  rows.forEach((r, i) => {
    pen.text(print(r.value), pen.x(r.value) + (r.value < 0 ? -aside : aside), pen.y(i) + 4, {
      anchor: r.value < 0 ? "end" : "start",
    });
  });
}
