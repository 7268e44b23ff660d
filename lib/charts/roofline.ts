// The roofline: attainable FLOP/s over arithmetic intensity, both logarithmic, with operations as points.
import * as Plot from "@observablehq/plot";
import type { Chart } from "./chart.js";
import { logBase, logTicks } from "./axis.js";
import { shown } from "../check.js";
import { frame } from "./frame.js";
import type { FrameOptions } from "./options.js";
import type { Box } from "./labels.js";
import { flopsDomain, intensityDomain, plainPower, type Domain, type PlacedPoint } from "./rooflineAxes.js";
import { along, ridgeLabels, roofLabels } from "./rooflineLabels.js";
import { pointLooks, type PointLooks } from "./rooflinePoints.js";
import { roofLines, roofsOf, type DrawnRoof } from "./rooflineRoofs.js";
import { checkRoofline, type RooflineDevice, type RooflinePoint } from "./rooflineRows.js";
import { describeRoofline } from "./rooflineText.js";
import { formatted, trimmed } from "./text.js";
import { computeColor, faint, grid, memoryColor, outline } from "./theme.js";

/** What `rooflineChart` takes beside devices and points. */
export interface RooflineOptions extends FrameOptions {
  /**
   * Which peaks are drawn, the first being the one that the ridge point and the regions belong to; default all, largest
   * first.
   */
  dtypes?: readonly string[];
  /** FLOP/byte that the x axis shows at least; it widens to hold every point. */
  xDomain?: readonly [number, number];
  /** FLOP/s that the y axis shows at least; it widens to hold every point. */
  yDomain?: readonly [number, number];
}

/**
 * One device, or several to compare (the first dtype of each). Slope = bandwidth, flat part = peak, ridge point where
 * they meet; left of it memory-bound, right of it compute-bound.
 */
export function rooflineChart(
  devices: RooflineDevice | readonly RooflineDevice[],
  points: readonly RooflinePoint[] = [],
  options: RooflineOptions = {},
): Chart {
  const { title, dtypes, xDomain, yDomain, width = 720, height = 440, ...rest } = options;
  const list = (Array.isArray(devices) ? devices : [devices]) as readonly RooflineDevice[];
  if (list.length === 0 || list.some((d) => typeof d?.peakFlops !== "object"))
    throw new TypeError(`rooflineChart: devices must be a device or a list of them, got ${shown(devices)}`);
  checkRoofline(list, points);
  for (const [name, domain] of Object.entries({ xDomain, yDomain }))
    if (domain !== undefined && !(0 < domain[0] && domain[0] < domain[1] && domain[1] < Infinity))
      throw new RangeError(`rooflineChart: ${name} must be two rising positive numbers, got ${shown(domain)}`);
  const roofs = roofsOf(list, dtypes);
  const main = roofs[0]!;
  const ridge = main.peak / main.bandwidth;
  // The last level is main memory: the device's own bandwidth, drawn as its roof.
  const levels = (list.length === 1 && list[0]!.levels) || [];
  const slopes = levels.slice(0, -1).map((l) => ({ label: l.level, bandwidth: l.lines ?? l.read }));
  const placed = points.map((p) => ({
    ...p,
    flops: p.flops ?? Math.min(main.peak, p.arithmeticIntensity * main.bandwidth),
  }));
  const ridges = [...roofs.map((r) => r.peak / r.bandwidth), ...slopes.map((s) => main.peak / s.bandwidth)];
  const x = intensityDomain(placed, ridges, xDomain);
  const y = flopsDomain(placed, roofs, x, yDomain);
  const lines = roofLines(roofs, slopes, x, y);
  const looks = pointLooks(ridge);
  return frame({
    kind: "rooflineChart",
    title: title ?? `Roofline of ${list.map((d) => d.name).join(", ")}`,
    width,
    height,
    ...rest,
    at: (width) => rooflineChart(devices, points, { ...options, width }),
    xLabel: "Arithmetic intensity (FLOP/byte)",
    yLabel: "Performance (FLOP/s)",
    margins: { left: 62 },
    description: options.description ?? describeRoofline(list, roofs, ridge, placed, looks.bound),
    legend: looks.legend(points),
    plot: {
      x: logScale(x, plainPower),
      y: logScale(y, (v) => trimmed(formatted(v, "si", ""))),
      symbol: { type: "identity" } as unknown as Plot.ScaleOptions,
      marks: [...regions(x, y, ridge), ...curves(lines), ...dotsOf(placed, looks)],
    },
    overlay(pen) {
      const dots = placed.map((p): Box => ({
        x: pen.x(p.arithmeticIntensity) - 8,
        y: pen.y(p.flops) - 8,
        width: 16,
        height: 16,
      }));
      // The last level is main memory: the device's own bandwidth, drawn as its roof.
      const named = [...slopes, ...levels.slice(-1).map((l) => ({ label: l.level, bandwidth: main.bandwidth }))];
      roofLabels(pen, roofs, named, x, main.peak, y, dots);
      ridgeLabels(pen, ridge);
      pen.obstacles.push(...lines.flatMap((l) => along(pen, l.points)));
      pen.labels(placed.map((p) => ({ x: pen.x(p.arithmeticIntensity), y: pen.y(p.flops), text: p.name, radius: 6 })));
    },
  });
}

const logScale = (domain: Domain, tickFormat: (v: number) => string) =>
  ({
    type: "log",
    base: logBase(domain),
    domain,
    ticks: logTicks(domain),
    tickFormat: (v: number) => tickFormat(v),
    grid: true,
  }) as Plot.ScaleOptions;

/** What is memory-bound and what is compute-bound, as areas on both sides of the ridge point. */
function regions(x: Domain, y: Domain, ridge: number): Plot.Markish[] {
  const area = { x1: "x1", x2: "x2", y1: y[0], y2: y[1], fillOpacity: 0.06 };
  const divide = Math.min(ridge, x[1]);
  return [
    Plot.rect([{ x1: x[0], x2: divide }], { ...area, fill: memoryColor }),
    Plot.rect([{ x1: divide, x2: x[1] }], { ...area, fill: computeColor }),
    Plot.frame({ stroke: grid }),
    Plot.ruleX([ridge], { stroke: faint, strokeDasharray: "4,4" }),
  ];
}

/** The first roof last: it lies over the slope that it shares with the others. */
const curves = (lines: readonly DrawnRoof[]): Plot.Markish[] =>
  [...lines].reverse().map((l) =>
    Plot.line(l.points, {
      x: "ai",
      y: "flops",
      stroke: l.color,
      strokeWidth: l.width,
      strokeLinejoin: "round",
    }),
  );

/** The points, each over its band if it has one. */
const dotsOf = (points: readonly PlacedPoint[], { color, symbol }: PointLooks): Plot.Markish[] => [
  Plot.link(
    points.filter((p) => p.lowFlops !== undefined),
    {
      x1: "arithmeticIntensity",
      x2: "arithmeticIntensity",
      y1: "lowFlops",
      y2: (p: PlacedPoint) => p.highFlops ?? p.flops,
      stroke: color,
      strokeWidth: 3,
      strokeOpacity: 0.35,
    },
  ),
  Plot.dot(points, {
    x: "arithmeticIntensity",
    y: "flops",
    r: 5.5,
    fill: color,
    stroke: outline,
    strokeWidth: 1,
    symbol,
  }),
];
