// Vertical bars over categories, with rules to hold them against.
import * as Plot from "@observablehq/plot";
import type { Chart } from "./chart.js";
import { axis } from "./axis.js";
import { frame } from "./frame.js";
import type { FrameOptions } from "./options.js";
import type { Box } from "./labels.js";
import { bandAxis, bandNames, type BandNames } from "./names.js";
import type { Pen } from "./pen.js";
import { checkNumbers, checkRows, checkTexts } from "./rows.js";
import { nameRule, type Place } from "./ruleLabels.js";
import { formatted, textWidth, type Format } from "./text.js";
import { families, palette, thresholdColor, type Looks } from "./theme.js";

/** One bar. */
export interface BarRow {
  /** What the bar is called. */
  name: string;
  /** Its length, in the unit of the axis. */
  value: number;
  /** Group: rows of one family have one colour, and the legend names it; default none. */
  family?: string;
}

/** A line across the bars to hold them against. */
export interface ThresholdRule {
  /** Where it stands on the axis of values. */
  value: number;
  /** What is written on it. */
  label: string;
}

/** What `barChart` takes beside its rows. */
export interface BarOptions extends FrameOptions {
  /** Name of the axis of bars; default none. */
  x?: string;
  /** Name of the axis of values; default none. */
  y?: string;
  /** Lines to hold the bars against; default none. */
  rules?: readonly ThresholdRule[];
  /** How values are printed; default "si" where the largest is 10,000 or more, else "plain". */
  yFormat?: Format;
  /** Unit of the values ("B/s"), after their prefix; default none. */
  unit?: string;
}

/**
 * Bars with their values on top, in the order given; `rules` are horizontal lines with their names on them. Values
 * share one linear axis from 0.
 */
export function barChart(rows: readonly BarRow[], options: BarOptions = {}): Chart {
  const { title = "", x, y, rules = [], yFormat, unit, width = 720, ...rest } = options;
  checkRows("barChart", rows, ["value"]);
  checkTexts("barChart", rows, ["name"]);
  checkNumbers("barChart", "rule", rules, ["value"]);
  const largest = Math.max(...rows.map((r) => Math.abs(r.value)));
  const format = yFormat ?? (largest >= 10_000 ? "si" : "plain");
  const colors = families(rows.map((r) => r.family));
  const print = (v: number) => formatted(v, format, unit);
  const plotWidth = width - 64 - 24;
  const names = bandNames(
    "barChart",
    rows.map((r) => r.name),
    plotWidth,
    { padding: 0.3 },
  );
  return frame({
    kind: "barChart",
    title,
    width,
    ...rest,
    at: (width) => barChart(rows, { ...options, width }),
    xLabel: x,
    yLabel: y,
    margins: { left: 64, bottom: 14 + names.height },
    description:
      options.description ?? `${title}. ${y ?? "Value"} by ${x ?? "name"}: ${barsInWords(rows, rules, print)}.`,
    legend: [...colors].map(([name, { color }]) => ({ name, color })),
    plot: {
      x: { type: "band", domain: rows.map((_, i) => i), axis: null, padding: 0.3 } as Plot.ScaleOptions,
      y: axis([...rows.map((r) => r.value * (r.value < 0 ? 1.12 : 1.06)), ...rules.map((r) => r.value)], {
        format,
        unit,
      }) as Plot.ScaleOptions,
      marks: marksOf(rows, rules, names, colors),
    },
    overlay(pen) {
      const step = plotWidth / (rows.length + 0.3);
      // Values that would touch are left to the axis.
      if (rows.every((r) => textWidth(print(r.value), 12) < step - 2))
        rows.forEach((r, i) =>
          pen.text(print(r.value), pen.x(i), pen.y(r.value) + (r.value < 0 ? 14 : -5), { obstacle: true }),
        );
      const marks = boxesOf(rows, pen);
      for (const rule of rules) {
        const places = (w: number) => placesOf(pen, rule, w);
        nameRule(pen, rule.label, places, { marks, share: 0.7, above: 14, color: thresholdColor });
      }
    },
  });
}

/** The values of bars, and the rules that they are held against, as the end of a description. */
export function barsInWords(
  rows: readonly BarRow[],
  rules: readonly ThresholdRule[],
  print: (value: number) => string,
): string {
  const values = rows.map((r) => `${r.name} ${print(r.value)}`).join(", ");
  const lines = rules.map((r) => `${r.label} at ${print(r.value)}`).join(", ");
  return lines ? `${values}. Lines: ${lines}` : values;
}

const marksOf = (
  rows: readonly BarRow[],
  rules: readonly ThresholdRule[],
  names: BandNames,
  colors: Looks,
): Plot.Markish[] => [
  bandAxis(
    names,
    rows.map((_, i) => i),
  ),
  Plot.barY(rows, {
    x: (_: BarRow, i: number) => i,
    y: "value",
    fill: (r: BarRow) => colors.get(r.family ?? "")?.color ?? palette[0],
  }),
  Plot.ruleY([0]),
  Plot.ruleY(rules, { y: "value", stroke: palette[1], strokeWidth: 1.5, strokeDasharray: "6,4" }),
];

/** The bars in pixels. */
function boxesOf(rows: readonly BarRow[], pen: Pen): Box[] {
  const half = (pen.x(1) - pen.x(0)) * 0.35 || 40;
  return rows.map((r, i) => ({
    x: pen.x(i) - half,
    y: Math.min(pen.y(0), pen.y(r.value)),
    width: 2 * half,
    height: Math.abs(pen.y(0) - pen.y(r.value)),
  }));
}

/** Where the name of a rule may stand: above the rule or below it, at either end or at some place between. */
function placesOf(pen: Pen, { value }: ThresholdRule, width: number): Place[] {
  const { x: left, width: across } = pen.frame;
  const right = left + across;
  const at = pen.y(value);
  return [-6, 14].flatMap((dy) =>
    [0, 1, 0.5, 0.25, 0.75, 0.125, 0.375, 0.625, 0.875].map((share): Place => [
      left + 6 + (right - width - left - 10) * share,
      at + dy,
    ]),
  );
}
