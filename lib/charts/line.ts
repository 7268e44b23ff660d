// Curves over a numeric axis, named at their ends, with rules to hold them against.
import * as Plot from "@observablehq/plot";
import type { Chart } from "./chart.js";
import { axis } from "./axis.js";
import { frame } from "./frame.js";
import type { FrameOptions } from "./options.js";
import { nameCurves, nameLineRules } from "./lineLabels.js";
import { checkNumbers, checkRows } from "./rows.js";
import { formatted, textWidth, type Format } from "./text.js";
import { faint, families, grid, type Looks, palette } from "./theme.js";

/** One point of a line. */
export interface LineRow {
  /** The line that it belongs to, named at its end. */
  series: string;
  /** Where it stands on the x axis. */
  x: number;
  /** Where it stands on the y axis. */
  y: number;
}

/** A straight line to hold the curves against: upright at `x`, or level at `y`. */
export interface LineRule {
  /** Where it stands on the x axis. */
  x?: number;
  /** Where it stands on the y axis. */
  y?: number;
  /** What is written on it. */
  label: string;
}

/** What `lineChart` takes beside its rows. */
export interface LineOptions extends FrameOptions {
  /** Name of the x axis; default none. */
  x?: string;
  /** Name of the y axis, above it; default none. */
  y?: string;
  /** Of the x axis; default "linear". On "log" every value must be positive. */
  xScale?: "linear" | "log";
  /** Of the y axis; default "linear". On "log" every value must be positive. */
  yScale?: "linear" | "log";
  /** How x is printed; default "si" where the largest is a million or more, else "plain". */
  xFormat?: Format;
  /** How y is printed; default "si" where the largest is 10,000 or more, else "plain". */
  yFormat?: Format;
  /** Unit of x, after its prefix; default none. */
  xUnit?: string;
  /** Unit of y, after its prefix; default none. */
  unit?: string;
  /** Straight lines to hold the curves against; default none. */
  rules?: readonly LineRule[];
  /** Whether points are marked; default where a line has 16 or fewer. */
  dots?: boolean;
  /** Names of the series that are drawn dashed; default none. */
  dashed?: readonly string[];
}

/**
 * One curve for each series; at most eight. The name stands at the curve's right end. `dots` marks the points (default:
 * up to 16 of them); series in `dashed` are drawn dashed and have none: what was predicted, beside what was measured.
 */
export function lineChart(rows: readonly LineRow[], options: LineOptions = {}): Chart {
  const {
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
    ...rest
  } = options;
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
  const ys = [...rows, ...rules].flatMap(({ y }) => y ?? []);
  const xs = [...rows, ...rules].flatMap(({ x }) => x ?? []);
  const fy = yFormat ?? (Math.max(...ys) >= 10_000 ? "si" : "plain");
  const fx = xFormat ?? (Math.max(...rows.map((r) => r.x)) >= 1e6 ? "si" : "plain");
  const nameWidth = Math.min(width * 0.3, Math.max(...series.map((s) => textWidth(s, 12))));
  const pointText = (r: LineRow) => `${formatted(r.y, fy, unit)} at ${formatted(r.x, fx, xUnit)}`;
  return frame({
    kind: "lineChart",
    title,
    width,
    ...rest,
    at: (width) => lineChart(rows, { ...options, width }),
    xLabel: x,
    yLabel: y,
    margins: { left: 64, right: series.length > 1 ? nameWidth * 1.1 + 20 : 28 },
    description:
      options.description ?? `${title}. ${y ?? "y"} against ${x ?? "x"}: ${inWords(rows, series, rules, pointText)}.`,
    plot: {
      x: axis(
        xs,
        { scale: xScale, format: fx, unit: xUnit, ticks: 8 },
        { zero: false, pad: 0.02 },
      ) as Plot.ScaleOptions,
      y: axis(ys, { scale: yScale, format: fy, unit }) as Plot.ScaleOptions,
      symbol: { type: "identity" } as unknown as Plot.ScaleOptions,
      marks: [
        Plot.frame({ stroke: grid }),
        ...rulesOf(rules),
        ...curvesOf(rows, dashed, looks),
        (dots ?? rows.length / series.length <= 16) ? dotsOf(rows, dashed, looks) : null,
      ],
    },
    overlay(pen) {
      if (series.length > 1) nameCurves(pen, rows, looks, nameWidth);
      nameLineRules(pen, rules, rows);
    },
  });
}

/** Each series from its first point to its last, and the rules' names. */
function inWords(
  rows: readonly LineRow[],
  series: readonly string[],
  rules: readonly LineRule[],
  print: (row: LineRow) => string,
): string {
  const curves = series.map((s) => {
    const points = rows.filter((r) => r.series === s);
    return `${s} from ${print(points[0]!)} to ${print(points.at(-1)!)}`;
  });
  const ruleText = rules.length ? `. Lines: ${rules.map((r) => r.label).join(", ")}` : "";
  return `${curves.join("; ")}${ruleText}`;
}

function rulesOf(rules: readonly LineRule[]): Plot.Markish[] {
  const look = { stroke: faint, strokeDasharray: "5,4" };
  return [
    Plot.ruleY(
      rules.filter((r) => r.y !== undefined),
      { y: "y", ...look },
    ),
    Plot.ruleX(
      rules.filter((r) => r.x !== undefined),
      { x: "x", ...look },
    ),
  ];
}

/** The whole curves, then the dashed ones over them. */
const curvesOf = (rows: readonly LineRow[], dashed: readonly string[], looks: Looks): Plot.Markish[] =>
  [false, true].map((broken) =>
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
  );

const dotsOf = (rows: readonly LineRow[], dashed: readonly string[], looks: Looks): Plot.Markish =>
  Plot.dot(
    rows.filter((r) => !dashed.includes(r.series)),
    {
      x: "x",
      y: "y",
      fill: (r: LineRow) => looks.get(r.series)!.color,
      symbol: (r: LineRow) => looks.get(r.series)!.symbol,
      r: 3.5,
    },
  );
