// Points of named things, coloured and shaped by family, each with its name beside it.
import * as Plot from "@observablehq/plot";
import type { Chart } from "./chart.js";
import { axis } from "./axis.js";
import { frame } from "./frame.js";
import type { FrameOptions } from "./options.js";
import { checkRows } from "./rows.js";
import { formatted, type Format } from "./text.js";
import { families, grid, outline, palette } from "./theme.js";

/** One dot. */
export interface ScatterRow {
  /** Its label. */
  name: string;
  /** Where it stands on the x axis. */
  x: number;
  /** Where it stands on the y axis. */
  y: number;
  /** Group: rows of one family have one colour, and the legend names it; default none. */
  family?: string;
}

/** What `scatterChart` takes beside its rows. */
export interface ScatterOptions extends FrameOptions {
  /** Name of the x axis; default none. */
  x?: string;
  /** Name of the y axis, above it; default none. */
  y?: string;
  /** Of the x axis; default "linear". On "log" every value must be positive. */
  xScale?: "linear" | "log";
  /** Of the y axis; default "linear". On "log" every value must be positive. */
  yScale?: "linear" | "log";
  /** How x is printed; default "si" where the largest is 10,000 or more, else "plain". */
  xFormat?: Format;
  /** How y is printed; default "si" where the largest is 10,000 or more, else "plain". */
  yFormat?: Format;
  /** Unit of x, after its prefix; default none. */
  xUnit?: string;
  /** Unit of y, after its prefix; default none. */
  yUnit?: string;
}

/** A dot for each row at (x, y), labelled with its name; labels never overlap each other or a dot. */
export function scatterChart(rows: readonly ScatterRow[], options: ScatterOptions = {}): Chart {
  const { title = "", x, y, xScale = "linear", yScale = "linear", xFormat, yFormat, xUnit, yUnit, ...rest } = options;
  checkRows("scatterChart", rows, ["x", "y"], {
    positive: [...(xScale === "log" ? ["x"] : []), ...(yScale === "log" ? ["y"] : [])],
  });
  const kinds = families(rows.map((r) => r.family));
  const look = (r: ScatterRow) => kinds.get(r.family ?? "") ?? { color: palette[0], symbol: "circle" as const };
  const auto = (values: number[], f?: Format): Format =>
    f ?? (Math.max(...values.map(Math.abs)) >= 10_000 ? "si" : "plain");
  const xs = rows.map((r) => r.x);
  const ys = rows.map((r) => r.y);
  const fx = auto(xs, xFormat);
  const fy = auto(ys, yFormat);
  const pointText = rows
    .map((r) => `${r.name} (${formatted(r.x, fx, xUnit)}, ${formatted(r.y, fy, yUnit)})`)
    .join(", ");
  return frame({
    kind: "scatterChart",
    title,
    ...rest,
    at: (width) => scatterChart(rows, { ...options, width }),
    xLabel: x,
    yLabel: y,
    margins: { left: 64 },
    description: options.description ?? `${title}. ${y ?? "y"} against ${x ?? "x"}: ${pointText}.`,
    legend: [...kinds].map(([name, { color, symbol }]) => ({ name, color, symbol })),
    plot: {
      x: axis(
        xs,
        { scale: xScale, format: fx, unit: xUnit, ticks: (options.width ?? 720) < 500 ? 4 : 6 },
        { pad: 0.08, zero: fx !== "year" },
      ) as Plot.ScaleOptions,
      y: axis(ys, { scale: yScale, format: fy, unit: yUnit }, { pad: 0.08 }) as Plot.ScaleOptions,
      symbol: { type: "identity" } as unknown as Plot.ScaleOptions,
      marks: [
        Plot.frame({ stroke: grid }),
        Plot.dot(rows, {
          x: "x",
          y: "y",
          r: 6,
          fill: (r: ScatterRow) => look(r).color,
          symbol: (r: ScatterRow) => look(r).symbol,
          stroke: outline,
          strokeWidth: 0.8,
        }),
      ],
    },
    overlay: (pen) => pen.labels(rows.map((r) => ({ x: pen.x(r.x), y: pen.y(r.y), text: r.name, radius: 7 }))),
  });
}
