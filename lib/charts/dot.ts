// One dot a row on a common axis, or several, by family: ratios, shares, efficiencies, with a reference and a band to
// hold them against.
import * as Plot from "@observablehq/plot";
import type { Chart } from "./chart.js";
import { axis } from "./axis.js";
import type { ThresholdRule } from "./bar.js";
import { frame } from "./frame.js";
import type { FrameOptions } from "./options.js";
import { sideNames } from "./names.js";
import type { Pen } from "./pen.js";
import { checkNumbers, checkRows, checkTexts } from "./rows.js";
import { nameRulesAbove } from "./ruleLabels.js";
import { formatted, type Format } from "./text.js";
import { families, outline, palette, thresholdColor } from "./theme.js";

/** One dot. */
export interface DotRow {
  /** The line on which the dot stands; rows of one name share it. */
  name: string;
  /** Where it stands on the axis. */
  value: number;
  /** Group: rows of one family have one colour, and the legend names it; default none. */
  family?: string;
  /** Beginning of an interval drawn through the dot, together with `high`; default none. */
  low?: number;
  /** End of that interval. */
  high?: number;
}
/** A range across all lines to hold the dots against. */
export interface DotBand {
  /** Where it begins on the axis. */
  low: number;
  /** Where it ends on the axis. */
  high: number;
  /** What is written on it. */
  label: string;
}

/** What `dotChart` takes beside its rows. */
export interface DotOptions extends FrameOptions {
  /** Name of the axis; default none. */
  x?: string;
  /** Of the x axis; default "linear". On "log" every value must be positive. */
  xScale?: "linear" | "log";
  /** How values are printed; default "plain". */
  xFormat?: Format;
  /** Unit of the values ("B/s"), after their prefix; default none. */
  unit?: string;
  /** What the axis shows; default what the rows, the reference and the band need. */
  domain?: readonly [number, number];
  /** A line to hold the dots against; default none. */
  reference?: ThresholdRule;
  /** A range to hold the dots against; default none. */
  band?: DotBand;
}
/** What the dots are held against. */
type Against = Pick<DotOptions, "reference" | "band">;
type Look = (row: DotRow) => { color: string; symbol: Plot.SymbolType };

const rightMargin = 48;

/** Rows of the same name share a line. The axis need not start at zero: dots are positions, not lengths. */
export function dotChart(rows: readonly DotRow[], options: DotOptions = {}): Chart {
  const {
    title = "",
    x,
    xScale = "linear",
    xFormat = "plain",
    unit,
    domain,
    reference,
    band,
    width = 720,
    height,
    ...rest
  } = options;
  checkRows("dotChart", rows, ["value"], {
    optional: ["low", "high"],
    positive: xScale === "log" ? ["value", "low", "high"] : [],
  });
  checkTexts("dotChart", rows, ["name"]);
  checkNumbers("dotChart", "reference", reference ? [reference] : [], ["value"]);
  checkNumbers("dotChart", "band", band ? [band] : [], ["low", "high"]);
  const names = [...new Set(rows.map((r) => r.name))];
  const looks = families(rows.map((r) => r.family));
  const look: Look = (r) => looks.get(r.family ?? "") ?? { color: palette[0], symbol: "circle" };
  const { margin: left, text: short } = sideNames(names, width);
  const print = (v: number) => formatted(v, xFormat, unit);
  const values = rows.flatMap((r) => [r.value, r.low ?? r.value, r.high ?? r.value]);
  const marks = [...(reference ? [reference.value] : []), ...(band ? [band.low, band.high] : [])];
  return frame({
    kind: "dotChart",
    title,
    width,
    height: height ?? 118 + names.length * 26 + (looks.size ? 20 : 0),
    ...rest,
    at: (width) => dotChart(rows, { ...options, width }),
    xLabel: x,
    yLabel: reference || band ? " " : undefined,
    margins: { left, right: rightMargin },
    description: options.description ?? `${title}. ${x ?? "Value"}: ${inWords(rows, { reference, band }, print)}.`,
    legend: [...looks].map(([name, { color, symbol }]) => ({ name, color, symbol })),
    plot: {
      y: { type: "band", domain: names, tickFormat: short, tickSize: 0, padding: 0.2, grid: true } as Plot.ScaleOptions,
      x: axis(
        [...values, ...marks],
        { scale: xScale, format: xFormat, unit, domain, room: width - left - rightMargin },
        { zero: false, pad: 0.06 },
      ) as Plot.ScaleOptions,
      symbol: { type: "identity" } as unknown as Plot.ScaleOptions,
      marks: marksOf(rows, { reference, band }, look),
    },
    overlay(pen) {
      if (looks.size <= 1)
        rows.forEach((r) =>
          pen.text(print(r.value), pen.x(Math.max(r.value, r.high ?? r.value)) + 10, pen.y(r.name) + 4, {
            anchor: "start",
            size: 11,
          }),
        );
      nameRulesAbove(pen, namesOf(pen, { reference, band }), width - 8, thresholdColor);
    },
  });
}

function inWords(rows: readonly DotRow[], { reference, band }: Against, print: (value: number) => string): string {
  const dots = rows.map((r) => {
    const family = r.family ? ` (${r.family})` : "";
    return `${r.name}${family} ${print(r.value)}`;
  });
  const referenceText = reference ? `. Reference: ${reference.label} at ${print(reference.value)}` : "";
  return `${dots.join(", ")}${referenceText}${band ? `. Band: ${band.label}` : ""}`;
}

const marksOf = (rows: readonly DotRow[], { reference, band }: Against, look: Look): Plot.Markish[] => [
  band ? Plot.rect([band], { x1: "low", x2: "high", fill: palette[1], fillOpacity: 0.12 }) : null,
  reference ? Plot.ruleX([reference.value], { stroke: palette[1], strokeWidth: 1.5, strokeDasharray: "6,4" }) : null,
  Plot.link(
    rows.filter((r) => r.low !== undefined && r.high !== undefined),
    {
      x1: "low",
      x2: "high",
      y1: "name",
      y2: "name",
      stroke: (r: DotRow) => look(r).color,
      strokeWidth: 2.5,
      strokeOpacity: 0.5,
    },
  ),
  Plot.dot(rows, {
    x: "value",
    y: "name",
    r: 5.5,
    fill: (r: DotRow) => look(r).color,
    symbol: (r: DotRow) => look(r).symbol,
    stroke: outline,
    strokeWidth: 0.8,
  }),
];

/** The names of what the dots are held against, each over the middle of what it names. */
function namesOf(pen: Pen, { reference, band }: Against): { text: string; at: number }[] {
  const right = pen.frame.x + pen.frame.width;
  return [
    ...(reference ? [{ text: reference.label, at: pen.x(reference.value) }] : []),
    ...(band ? [{ text: band.label, at: (pen.x(band.low) + Math.min(right, pen.x(band.high))) / 2 }] : []),
  ];
}
