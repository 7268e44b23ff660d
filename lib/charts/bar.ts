// Vertical bars over categories, with rules to hold them against.
import * as Plot from "@observablehq/plot";
import type { Chart } from "./chart.js";
import { axis } from "./axis.js";
import { frame } from "./frame.js";
import type { FrameOptions } from "./options.js";
import { textBox, overlap, type Box } from "./labels.js";
import { bandAxis, bandNames } from "./names.js";
import { checkNumbers, checkRows, checkTexts } from "./rows.js";
import { clipped, formatted, textWidth, type Format } from "./text.js";
import { families, palette } from "./theme.js";

export interface BarRow {
  name: string;
  value: number;
  family?: string;
}
export interface ThresholdRule {
  value: number;
  label: string;
}
export interface BarOptions extends FrameOptions {
  x?: string;
  y?: string;
  rules?: readonly ThresholdRule[];
  yFormat?: Format;
  unit?: string;
}

/**
 * Bars with their values on top, in the order given; `rules` are horizontal lines with their names on them. Values
 * share one linear axis from 0.
 */
export function barChart(
  rows: readonly BarRow[],
  { title = "", x, y, rules = [], yFormat, unit, width = 720, ...options }: BarOptions = {},
): Chart {
  checkRows("barChart", rows, ["value"]);
  checkTexts("barChart", rows, ["name"]);
  checkNumbers("barChart", "rule", rules, ["value"]);
  const largest = Math.max(...rows.map((r) => Math.abs(r.value)));
  const format = yFormat ?? (largest >= 10_000 ? "si" : "plain");
  const colors = families(rows.map((r) => r.family));
  const print = (v: number) => formatted(v, format, unit);
  const plotWidth = width - 64 - 24;
  const step = plotWidth / (rows.length + 0.3);
  const names = bandNames(
    "barChart",
    rows.map((r) => r.name),
    plotWidth,
    { padding: 0.3 },
  );
  // Values that would touch are left to the axis.
  const values = rows.every((r) => textWidth(print(r.value), 12) < step - 2);
  const valueText = rows.map((r) => `${r.name} ${print(r.value)}`).join(", ");
  const ruleText = rules.map((r) => `${r.label} at ${print(r.value)}`).join(", ");
  return frame({
    kind: "barChart",
    title,
    width,
    ...options,
    xLabel: x,
    yLabel: y,
    margins: { left: 64, bottom: 14 + names.height },
    description:
      options.description ??
      `${title}. ${y ?? "Value"} by ${x ?? "name"}: ${valueText}${ruleText ? `. Lines: ${ruleText}` : ""}.`,
    legend: [...colors].map(([name, { color }]) => ({ name, color })),
    plot: {
      x: { type: "band", domain: rows.map((_, i) => i), axis: null, padding: 0.3 } as Plot.ScaleOptions,
      y: axis([...rows.map((r) => r.value * (r.value < 0 ? 1.12 : 1.06)), ...rules.map((r) => r.value)], {
        format,
        unit,
      }) as Plot.ScaleOptions,
      marks: [
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
      ],
    },
    overlay(pen) {
      const half = (pen.x(1) - pen.x(0)) * 0.35 || 40;
      const bars = rows.map((r, i): Box => ({
        x: pen.x(i) - half,
        y: Math.min(pen.y(0), pen.y(r.value)),
        width: 2 * half,
        height: Math.abs(pen.y(0) - pen.y(r.value)),
      }));
      if (values)
        rows.forEach((r, i) =>
          pen.text(print(r.value), pen.x(i), pen.y(r.value) + (r.value < 0 ? 14 : -5), { obstacle: true }),
        );
      for (const rule of rules) {
        const label = clipped(rule.label, pen.frame.width * 0.7, 11);
        const w = textWidth(label, 11);
        const right = pen.frame.x + pen.frame.width;
        const at = pen.y(rule.value);
        const places = [-6, 14].flatMap((dy) =>
          [0, 1, 0.5, 0.25, 0.75, 0.125, 0.375, 0.625, 0.875].map(
            (share) => [pen.frame.x + 6 + (right - w - pen.frame.x - 10) * share, dy] as const,
          ),
        );
        const cost = ([lx, dy]: readonly [number, number]) => {
          const box = textBox(label, lx, at + dy, "start", 11);
          return [...pen.obstacles, ...pen.obstacles, ...pen.obstacles, ...bars].reduce(
            (s, o) => s + overlap(o, box),
            box.y < pen.frame.y - 14 ? 1e6 : 0,
          );
        };
        const [lx, dy] = places.reduce((a, b) => (cost(b) < cost(a) ? b : a));
        pen.text(label, lx, at + dy, { anchor: "start", size: 11, color: "#a04000", obstacle: true });
      }
    },
  });
}
