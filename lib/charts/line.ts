// Curves over a numeric axis, named at their ends, with rules to hold them against.
import * as Plot from "@observablehq/plot";
import type { Chart } from "./chart.js";
import { axis } from "./axis.js";
import { frame } from "./frame.js";
import type { FrameOptions } from "./options.js";
import { overlap, textBox, type Box } from "./labels.js";
import type { Pen } from "./pen.js";
import { checkNumbers, checkRows } from "./rows.js";
import { clipped, formatted, textWidth, type Format } from "./text.js";
import { families, faint, legible, palette } from "./theme.js";

export interface LineRow {
  series: string;
  x: number;
  y: number;
}
export interface LineRule {
  x?: number;
  y?: number;
  label: string;
}
export interface LineOptions extends FrameOptions {
  x?: string;
  y?: string;
  xScale?: "linear" | "log";
  yScale?: "linear" | "log";
  xFormat?: Format;
  yFormat?: Format;
  xUnit?: string;
  unit?: string;
  rules?: readonly LineRule[];
  dots?: boolean;
  dashed?: readonly string[];
}

/**
 * One curve for each series; at most eight. The name stands at the curve's right end. `dots` marks the points (default:
 * up to 16 of them); series in `dashed` are drawn dashed and have none: what was predicted, beside what was measured.
 */
export function lineChart(
  rows: readonly LineRow[],
  {
    title = "",
    x,
    y,
    xScale = "linear",
    yScale = "linear",
    xFormat,
    yFormat,
    xUnit,
    unit,
    rules = [],
    dots,
    dashed = [],
    width = 720,
    ...options
  }: LineOptions = {},
): Chart {
  checkRows("lineChart", rows, ["x", "y"], {
    positive: [...(xScale === "log" ? ["x"] : []), ...(yScale === "log" ? ["y"] : [])],
  });
  for (const key of ["x", "y"] as const)
    checkNumbers("lineChart", "rule", rules, [], {
      optional: [key],
      positive: (key === "x" ? xScale : yScale) === "log" ? [key] : [],
    });
  const looks = families(rows.map((r) => r.series));
  const series = [...looks.keys()];
  if (series.length > palette.length)
    throw new RangeError(`lineChart: rows must hold at most ${palette.length} series, got ${series.length}`);
  const ruleYs = rules.flatMap((r) => (r.y === undefined ? [] : [r.y]));
  const ruleXs = rules.flatMap((r) => (r.x === undefined ? [] : [r.x]));
  const ys = [...rows.map((r) => r.y), ...ruleYs];
  const xs = rows.map((r) => r.x);
  const fy = yFormat ?? (Math.max(...ys) >= 10_000 ? "si" : "plain");
  const fx = xFormat ?? (Math.max(...xs) >= 1e6 ? "si" : "plain");
  const of = (name: string) => rows.filter((r) => r.series === name);
  const nameWidth = Math.min(width * 0.3, Math.max(...series.map((s) => textWidth(s, 12))));
  const showDots = dots ?? rows.length / series.length <= 16;
  const pointText = (r: LineRow) => `${formatted(r.y, fy, unit)} at ${formatted(r.x, fx, xUnit)}`;
  const seriesText = series
    .map((s) => {
      const points = of(s);
      return `${s} from ${pointText(points[0]!)} to ${pointText(points.at(-1)!)}`;
    })
    .join("; ");
  const ruleText = rules.length ? `. Lines: ${rules.map((r) => r.label).join(", ")}` : "";
  return frame({
    kind: "lineChart",
    title,
    width,
    ...options,
    xLabel: x,
    yLabel: y,
    margins: { left: 64, right: series.length > 1 ? nameWidth * 1.1 + 20 : 28 },
    description: options.description ?? `${title}. ${y ?? "y"} against ${x ?? "x"}: ${seriesText}${ruleText}.`,
    plot: {
      x: axis(
        [...xs, ...ruleXs],
        { scale: xScale, format: fx, unit: xUnit, ticks: 8 },
        { zero: false, pad: 0.02 },
      ) as Plot.ScaleOptions,
      y: axis(ys, { scale: yScale, format: fy, unit }) as Plot.ScaleOptions,
      symbol: { type: "identity" } as unknown as Plot.ScaleOptions,
      marks: [
        Plot.frame({ stroke: "#c9d1d9" }),
        Plot.ruleY(
          rules.filter((r) => r.y !== undefined),
          { y: "y", stroke: faint, strokeDasharray: "5,4" },
        ),
        Plot.ruleX(
          rules.filter((r) => r.x !== undefined),
          { x: "x", stroke: faint, strokeDasharray: "5,4" },
        ),
        ...[false, true].map((broken) =>
          Plot.line(
            rows.filter((r) => dashed.includes(r.series) === broken),
            {
              x: "x",
              y: "y",
              z: "series",
              stroke: (r: LineRow) => looks.get(r.series)!.color,
              strokeWidth: 2,
              ...(broken ? { strokeDasharray: "6,4" } : {}),
            },
          ),
        ),
        showDots
          ? Plot.dot(
              rows.filter((r) => !dashed.includes(r.series)),
              {
                x: "x",
                y: "y",
                fill: (r: LineRow) => looks.get(r.series)!.color,
                symbol: (r: LineRow) => looks.get(r.series)!.symbol,
                r: 3.5,
              },
            )
          : null,
      ],
    },
    overlay(pen) {
      const right = pen.frame.x + pen.frame.width;
      // Names at the line ends, pushed apart where ends meet.
      if (series.length > 1) {
        const ends = series
          .map((s) => {
            const r = of(s);
            const last = r.reduce((a, b) => (b.x > a.x ? b : a));
            return { s, y: Math.min(Math.max(pen.y(last.y), pen.frame.y + 6), pen.frame.y + pen.frame.height - 2) };
          })
          .sort((a, b) => a.y - b.y);
        pushApart(ends, pen.frame.y + pen.frame.height + 4);
        ends.forEach(({ s, y }) =>
          pen.text(clipped(s, nameWidth, 12), right + 8, y + 4, {
            anchor: "start",
            color: legible(looks.get(s)!.color),
            weight: "600",
          }),
        );
      }
      const curve: Box[] = rows.map((r) => ({ x: pen.x(r.x) - 5, y: pen.y(r.y) - 5, width: 10, height: 10 }));
      for (const rule of rules) {
        const label = clipped(rule.label, pen.frame.width * 0.6, 11);
        const w = textWidth(label, 11);
        const places = rulePlaces(pen, rule, w);
        const cost = ([lx, ly]: [number, number]) => {
          const b = textBox(label, lx, ly, "start", 11);
          return [...pen.obstacles, ...curve].reduce(
            (s, o) => s + overlap(o, b),
            b.x < pen.frame.x || b.x + b.width > right + 1 || b.y < pen.frame.y ? 1e6 : 0,
          );
        };
        const [lx, ly] = places.reduce((a, b) => (cost(b) < cost(a) ? b : a));
        pen.text(label, lx, ly, { anchor: "start", size: 11, color: faint, obstacle: true });
      }
    },
  });
}

/** Names by their heights, at least a line apart and none below `floor`. */
function pushApart(ends: { y: number }[], floor: number): void {
  for (let i = 1; i < ends.length; i++) ends[i]!.y = Math.max(ends[i]!.y, ends[i - 1]!.y + 15);
  let lowest = floor;
  for (const end of [...ends].reverse()) {
    end.y = Math.min(end.y, lowest);
    lowest = end.y - 15;
  }
}

/** Where the name of a rule may stand: above or below a horizontal one, on either side of a vertical one. */
function rulePlaces(pen: Pen, rule: LineRule, width: number): [number, number][] {
  const { x: left, y: top, width: across, height } = pen.frame;
  const right = left + across;
  if (rule.y !== undefined) {
    const at = pen.y(rule.y);
    return [
      [left + 8, at - 5],
      [right - width - 6, at - 5],
      [left + 8, at + 13],
      [right - width - 6, at + 13],
      [left + across / 2 - width / 2, at - 5],
    ];
  }
  const at = pen.x(rule.x!);
  return [0.05, 0.92, 0.3, 0.7, 0.5].flatMap((share): [number, number][] => [
    [at + 5, top + height * share + 8],
    [at - width - 5, top + height * share + 8],
  ]);
}
