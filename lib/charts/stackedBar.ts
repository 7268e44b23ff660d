// A ledger: for each bar, its parts on top of each other.
import * as Plot from "@observablehq/plot";
import type { Chart } from "./chart.js";
import { axis } from "./axis.js";
import { frame } from "./frame.js";
import type { FrameOptions } from "./options.js";
import { bandAxis, bandNames } from "./names.js";
import type { Pen } from "./pen.js";
import type { ThresholdRule } from "./bar.js";
import type { Box } from "./labels.js";
import { checkNumbers, checkRows, checkTexts } from "./rows.js";
import { nameRule } from "./ruleLabels.js";
import { formatted, textWidth, type Format } from "./text.js";
import { inkOn, outline, palette, thresholdColor } from "./theme.js";

/** One part of a bar. */
export interface StackedBarRow {
  /** The bar that it belongs to. */
  bar: string;
  /** What the part is called, in the legend. */
  part: string;
  /** Its length, 0 or more, in the unit of the axis. */
  value: number;
}

/** What `stackedBarChart` takes beside its rows. */
export interface StackedBarOptions extends FrameOptions {
  /** Name of the axis of bars; default none. */
  x?: string;
  /** Name of the axis of values; default none. */
  y?: string;
  /** How values are printed; default "si" where the largest bar is 10,000 or more, else "plain". */
  yFormat?: Format;
  /** Unit of the values ("B/s"), after their prefix; default none. */
  unit?: string;
  /** Lines to hold the bars against; default none. */
  rules?: readonly ThresholdRule[];
}

/** Bars and parts in order of first appearance; values are 0 or more. A part that is large enough carries its value. */
export function stackedBarChart(rows: readonly StackedBarRow[], options: StackedBarOptions = {}): Chart {
  const { title = "", x, y, yFormat, unit, rules = [], width = 720, ...rest } = options;
  checkRows("stackedBarChart", rows, ["value"]);
  checkTexts("stackedBarChart", rows, ["bar", "part"]);
  checkNumbers("stackedBarChart", "rule", rules, ["value"]);
  const negative = rows.find((r) => r.value < 0);
  if (negative)
    throw new RangeError(
      `stackedBarChart: values must be 0 or more, got ${negative.value} for ${negative.part} of ${negative.bar}`,
    );
  const bars = [...new Set(rows.map((r) => r.bar))];
  const parts = [...new Set(rows.map((r) => r.part))];
  const largest = Math.max(...bars.map((bar) => totalOf(rows, bar)));
  const format = yFormat ?? (largest >= 10_000 ? "si" : "plain");
  const print = (v: number) => formatted(v, format, unit);
  // More parts than colours: the palette again, lighter each time, so that neighbours differ.
  const color = (part: string) => {
    const i = parts.indexOf(part);
    return lighter(palette[i % palette.length]!, 0.4 * Math.floor(i / palette.length));
  };
  const names = bandNames("stackedBarChart", bars, width - 64 - 24, { padding: 0.25 });
  return frame({
    kind: "stackedBarChart",
    title,
    width,
    ...rest,
    at: (width) => stackedBarChart(rows, { ...options, width }),
    xLabel: x,
    yLabel: y,
    margins: { left: 64, bottom: 12 + names.height },
    description:
      options.description ??
      `${title}. ${inWords(rows, bars, print, format !== "percent")}${linesInWords(rules, print)}.`,
    legend: parts.map((name) => ({ name, color: color(name) })),
    plot: {
      x: { type: "band", domain: bars, axis: null, padding: 0.25 } as Plot.ScaleOptions,
      y: axis([largest, ...rules.map((r) => r.value)], {
        format,
        unit,
        ...(format === "percent" && largest <= 1.0001 ? { domain: [0, 1] as const } : {}),
      }) as Plot.ScaleOptions,
      marks: [
        bandAxis(names, bars),
        Plot.barY(
          rows,
          Plot.stackY({
            order: parts,
            z: "part",
            x: "bar",
            y: "value",
            fill: (r: StackedBarRow) => color(r.part),
            stroke: outline,
            strokeWidth: 0.7,
          }),
        ),
        Plot.ruleY([0]),
        Plot.ruleY(rules, { y: "value", stroke: palette[1], strokeWidth: 1.5, strokeDasharray: "6,4" }),
      ],
    },
    overlay(pen) {
      const step = bars.length > 1 ? pen.x(bars[1]) - pen.x(bars[0]) : pen.frame.width;
      for (const { part, text, x, low, high } of partsInPixels(pen, rows, bars, parts, print))
        if (low - high >= 15 && textWidth(text, 11) < step * 0.75)
          pen.text(text, x, (low + high) / 2 + 4, { size: 11, color: inkOn(color(part)), halo: false, obstacle: true });
      for (const { value, label } of rules)
        nameRule(pen, label, (width) => besideRule(pen, value, width), {
          marks: rulesInPixels(pen, rules),
          share: 0.7,
          above: 14,
          color: thresholdColor,
        });
    },
  });
}

const totalOf = (rows: readonly StackedBarRow[], bar: string): number =>
  rows.filter((r) => r.bar === bar).reduce((sum, r) => sum + r.value, 0);

/** Every bar's parts, and with `together` their sum. */
function inWords(
  rows: readonly StackedBarRow[],
  bars: readonly string[],
  print: (value: number) => string,
  together: boolean,
): string {
  const texts = bars.map((bar) => {
    const own = rows.filter((r) => r.bar === bar).map((r) => `${r.part} ${print(r.value)}`);
    return `${bar}: ${own.join(", ")}${together ? ` (together ${print(totalOf(rows, bar))})` : ""}`;
  });
  return texts.join("; ");
}

const linesInWords = (rules: readonly ThresholdRule[], print: (value: number) => string): string =>
  rules.length ? `. Lines: ${rules.map((r) => `${r.label} at ${print(r.value)}`).join(", ")}` : "";

/** Where the name of a rule may stand: above it or below, from its left end to its right end. */
const besideRule = ({ frame, y }: Pen, value: number, width: number): (readonly [number, number])[] =>
  [-6, 14].flatMap((dy) =>
    [0, 1, 0.5, 0.25, 0.75].map((share) => [frame.x + 6 + (frame.width - width - 10) * share, y(value) + dy] as const),
  );

/** Each rule as a thin box. */
const rulesInPixels = ({ frame, y }: Pen, rules: readonly ThresholdRule[]): Box[] =>
  rules.map((r) => ({ x: frame.x, y: y(r.value) - 1, width: frame.width, height: 2 }));

/** Where each part lies in its bar, from bottom (`low`) to top, and its value as text. */
function* partsInPixels(
  pen: Pen,
  rows: readonly StackedBarRow[],
  bars: readonly string[],
  parts: readonly string[],
  print: (value: number) => string,
): Generator<{ part: string; text: string; x: number; low: number; high: number }> {
  for (const bar of bars) {
    const own = rows.filter((r) => r.bar === bar);
    let base = 0;
    for (const { part, value } of parts.flatMap((name) => own.filter((r) => r.part === name))) {
      yield { part, text: print(value), x: pen.x(bar), low: pen.y(base), high: pen.y(base + value) };
      base += value;
    }
  }
}

/** `color` mixed with white. */
function lighter(color: string, share: number): string {
  const mixed = [1, 3, 5].map((i) => {
    const v = parseInt(color.slice(i, i + 2), 16);
    return Math.round(v + (255 - v) * Math.min(0.8, share))
      .toString(16)
      .padStart(2, "0");
  });
  return `#${mixed.join("")}`;
}
