// The roofline: attainable FLOP/s over arithmetic intensity, both logarithmic, with operations as points.
import * as Plot from "@observablehq/plot";
import type { Chart } from "./chart.js";
import { logBase, logTicks } from "./axis.js";
import { shown } from "../check.js";
import { frame } from "./frame.js";
import type { FrameOptions } from "./options.js";
import type { Box } from "./labels.js";
import { flopsDomain, intensityDomain, plainPower, type Domain } from "./rooflineAxes.js";
import { along, ridgeLabels, roofLabels } from "./rooflineLabels.js";
import { roofLine, roofsOf } from "./rooflineRoofs.js";
import { checkRoofline, type RooflineDevice, type RooflinePoint } from "./rooflineRows.js";
import { describeRoofline } from "./rooflineText.js";
import { formatted, trimmed } from "./text.js";
import { computeColor, faint, ink, memoryColor, overheadColor, palette } from "./theme.js";

/**
 * `xDomain`, `yDomain`: what the axes show at least; they widen to hold every point. `dtypes`: which peaks are drawn,
 * the first being the one that the ridge point and the regions belong to (default: all of them, largest first).
 */
export interface RooflineOptions extends FrameOptions {
  dtypes?: readonly string[];
  xDomain?: readonly [number, number];
  yDomain?: readonly [number, number];
}

/**
 * One device, or several to compare (the first dtype of each). Slope = bandwidth, flat part = peak, ridge point where
 * they meet; left of it memory-bound, right of it compute-bound.
 */
export function rooflineChart(
  devices: RooflineDevice | readonly RooflineDevice[],
  points: readonly RooflinePoint[] = [],
  { title, dtypes, xDomain, yDomain, width = 720, height = 440, ...options }: RooflineOptions = {},
): Chart {
  const list = (Array.isArray(devices) ? devices : [devices]) as readonly RooflineDevice[];
  if (list.length === 0 || list.some((d) => typeof d?.peakFlops !== "object"))
    throw new TypeError(`rooflineChart: devices must be a device or a list of them, got ${shown(devices)}`);
  checkRoofline(list, points);
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
  const fastest = Math.max(...roofs.map((r) => r.bandwidth), ...slopes.map((s) => s.bandwidth));
  const lines = [
    ...roofs.map((r, i) => ({
      key: `roof${i}`,
      color: i === 0 ? ink : palette[(i - 1) % palette.length]!,
      width: i === 0 ? 2.4 : 1.6,
      points: roofLine(r, x, y),
    })),
    ...slopes.map((s, i) => ({
      key: `level${i}`,
      color: palette[i % palette.length]!,
      width: 1.6,
      points: roofLine({ peak: main.peak, bandwidth: Math.min(s.bandwidth, fastest) }, x, y),
    })),
  ];
  const bound = (p: { arithmeticIntensity: number; bound?: string }) =>
    p.bound ?? (p.arithmeticIntensity > ridge ? "compute" : "memory");
  const color = (p: RooflinePoint) => {
    if (p.measured) return palette[0];
    if (bound(p) === "compute") return computeColor;
    return bound(p) === "memory" ? memoryColor : overheadColor;
  };
  const symbol = (p: RooflinePoint) => {
    if (p.measured) return "diamond";
    return bound(p) === "compute" ? "square" : "circle";
  };
  const kindOf = (p: RooflinePoint) => (p.measured ? "measured" : `${bound(p)}-bound`);
  const kinds = new Set(points.map(kindOf));
  const legend = [
    { name: "memory-bound", color: memoryColor, symbol: "circle" },
    { name: "compute-bound", color: computeColor, symbol: "square" },
    { name: "measured", color: palette[0], symbol: "diamond" },
  ];
  const area = { x1: "x1", x2: "x2", y1: y[0], y2: y[1], fillOpacity: 0.06 };
  const divide = Math.min(ridge, x[1]);
  return frame({
    kind: "rooflineChart",
    title: title ?? `Roofline of ${list.map((d) => d.name).join(", ")}`,
    width,
    height,
    ...options,
    xLabel: "Arithmetic intensity (FLOP/byte)",
    yLabel: "Performance (FLOP/s)",
    margins: { left: 62 },
    description: options.description ?? describeRoofline(list, roofs, ridge, placed, bound),
    legend: legend.filter(({ name }) => kinds.has(name)),
    plot: {
      x: logScale(x, plainPower),
      y: logScale(y, (v) => trimmed(formatted(v, "si", ""))),
      symbol: { type: "identity" } as unknown as Plot.ScaleOptions,
      marks: [
        Plot.rect([{ x1: x[0], x2: divide }], { ...area, fill: memoryColor }),
        Plot.rect([{ x1: divide, x2: x[1] }], { ...area, fill: computeColor }),
        Plot.frame({ stroke: "#c9d1d9" }),
        Plot.ruleX([ridge], { stroke: faint, strokeDasharray: "4,4" }),
        // The first roof last: it lies over the slope that it shares with the others.
        ...[...lines].reverse().map((l) =>
          Plot.line(l.points, {
            x: "ai",
            y: "flops",
            stroke: l.color,
            strokeWidth: l.width,
            strokeLinejoin: "round",
          }),
        ),
        Plot.link(
          placed.filter((p) => p.lowFlops !== undefined),
          {
            x1: "arithmeticIntensity",
            x2: "arithmeticIntensity",
            y1: "lowFlops",
            y2: (p: { flops: number; highFlops?: number }) => p.highFlops ?? p.flops,
            stroke: color,
            strokeWidth: 3,
            strokeOpacity: 0.35,
          },
        ),
        Plot.dot(placed, {
          x: "arithmeticIntensity",
          y: "flops",
          r: 5.5,
          fill: color,
          stroke: "#fff",
          strokeWidth: 1,
          symbol,
        }),
      ],
    },
    overlay(pen) {
      const dots = placed.map((p): Box => ({
        x: pen.x(p.arithmeticIntensity) - 8,
        y: pen.y(p.flops) - 8,
        width: 16,
        height: 16,
      }));
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
