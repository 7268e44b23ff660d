// More points than can be named: a cloud drawn as one path, and over it the few that are named.
import * as Plot from "@observablehq/plot";
import type { Chart } from "./chart.js";
import { axis } from "./axis.js";
import { frame } from "./frame.js";
import type { FrameOptions } from "./options.js";
import { checkRows } from "./rows.js";
import { formatted, type Format } from "./text.js";
import { grid, outline, palette } from "./theme.js";

/** One point. */
export interface CloudRow {
  /** Where it stands on the x axis; positive. */
  x: number;
  /** Where it stands on the y axis; positive. */
  y: number;
  /** Its label: a point with one is drawn over the cloud and named; default none. */
  name?: string | undefined;
}

/** What `cloudChart` takes beside its rows. */
export interface CloudOptions extends FrameOptions {
  /** Name of the x axis; default none. */
  x?: string;
  /** Name of the y axis, above it; default none. */
  y?: string;
  /** How x is printed; default "si". */
  xFormat?: Format;
  /** How y is printed; default "si". */
  yFormat?: Format;
  /** Unit of x, after its prefix; default none. */
  xUnit?: string;
  /** Unit of y, after its prefix; default none. */
  yUnit?: string;
}

/**
 * A point for each row on two logarithmic axes: thousands of them stay one mark, to the pixel, and those with a name
 * stand out, with their names beside them.
 */
export function cloudChart(rows: readonly CloudRow[], options: CloudOptions = {}): Chart {
  const { title = "", x, y, xFormat = "si", yFormat = "si", xUnit, yUnit, ...rest } = options;
  checkRows("cloudChart", rows, ["x", "y"], { positive: ["x", "y"] });
  const named = rows.filter((row): row is CloudRow & { name: string } => row.name !== undefined);
  const crowd = rows.filter(({ name }) => name === undefined);
  const xs = rows.map((r) => r.x);
  const ys = rows.map((r) => r.y);
  const pointText = named
    .map((r) => `${r.name} (${formatted(r.x, xFormat, xUnit)}, ${formatted(r.y, yFormat, yUnit)})`)
    .join(", ");
  const ticks = (options.width ?? 720) < 500 ? 4 : 6;
  return frame({
    kind: "cloudChart",
    title,
    ...rest,
    at: (width) => cloudChart(rows, { ...options, width }),
    xLabel: x,
    yLabel: y,
    margins: { left: 64 },
    description:
      options.description ??
      `${title}. ${y ?? "y"} against ${x ?? "x"}, ${rows.length} points${pointText && `, among them ${pointText}`}.`,
    plot: {
      x: axis(xs, { scale: "log", format: xFormat, unit: xUnit, ticks }, { pad: 0.04 }) as Plot.ScaleOptions,
      y: axis(ys, { scale: "log", format: yFormat, unit: yUnit }, { pad: 0.04 }) as Plot.ScaleOptions,
      marks: [
        Plot.frame({ stroke: grid }),
        cloud(crowd),
        Plot.dot(named, { x: "x", y: "y", r: 5, fill: palette[1], stroke: outline, strokeWidth: 0.8 }),
      ],
    },
    overlay: (pen) => pen.labels(named.map((r) => ({ x: pen.x(r.x), y: pen.y(r.y), text: r.name, radius: 6 }))),
  });
}

/** All points of a cloud as one path of round dots: one a pixel, however many stand on it. */
function cloud(rows: readonly CloudRow[]): Plot.Markish {
  return (_index: unknown, scales: unknown, _values: unknown, _dimensions: unknown, context: unknown) => {
    const { x, y } = scales as { x: (v: number) => number; y: (v: number) => number };
    const { document } = context as { document: Document };
    const pixels = rows.map((r) => [Math.round(x(r.x)), Math.round(y(r.y))] as const);
    const distinct = [...new Map(pixels.map((p) => [p.join(), p])).values()].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    let [atX, atY] = [0, 0];
    const steps = distinct.map(([px, py]) => {
      const step = `m${px - atX},${py - atY}h0`;
      [atX, atY] = [px, py];
      return step;
    });
    for (const [name, value] of Object.entries({
      d: steps.join(""),
      fill: "none",
      stroke: palette[0],
      "stroke-opacity": "0.45",
      "stroke-width": "4",
      "stroke-linecap": "round",
    }))
      path.setAttribute(name, value);
    return path;
  };
}
