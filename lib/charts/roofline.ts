// The roofline: attainable FLOP/s over arithmetic intensity, both logarithmic, with operations as points.
import * as Plot from "@observablehq/plot";
import type { Chart } from "./chart.js";
import { logBase, logTicks } from "./axis.js";
import { shown } from "../check.js";
import { frame } from "./frame.js";
import type { FrameOptions } from "./options.js";
import type { Box } from "./labels.js";
import { along, roofLabels, type Roof } from "./rooflineLabels.js";
import { checkNumbers, checkRows } from "./rows.js";
import { formatted, trimmed } from "./text.js";
import { computeColor, faint, ink, memoryColor, palette } from "./theme.js";

/**
 * What a roofline needs of a device: FLOP/s by name, byte/s, and for a measured machine the byte/s of each memory
 * level: of whole lines where they are known, since no code gets more.
 */
export interface RooflineDevice {
  readonly name: string;
  readonly peakFlops: Readonly<Partial<Record<string, number>>>;
  readonly bandwidth: number;
  readonly levels?: readonly { readonly level: string; readonly read: number; readonly lines?: number }[];
}

/**
 * `flops`: FLOP/s reached (default: on the first roof). `lowFlops`, `highFlops`: the ends of a band, up to the point
 * unless told otherwise. `measured`: drawn as a diamond.
 */
export interface RooflinePoint {
  readonly name: string;
  readonly arithmeticIntensity: number;
  readonly flops?: number;
  readonly lowFlops?: number;
  readonly highFlops?: number;
  readonly bound?: "compute" | "memory" | "overhead";
  readonly measured?: boolean;
}

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
  if (points.length)
    checkRows("rooflineChart", points, ["arithmeticIntensity"], {
      optional: ["flops", "lowFlops", "highFlops"],
      positive: ["arithmeticIntensity", "flops", "lowFlops", "highFlops"],
    });
  checkNumbers("rooflineChart", "device", list, ["bandwidth"], { positive: ["bandwidth"] });
  for (const d of list)
    checkNumbers(`rooflineChart: ${d.name}`, "level", d.levels ?? [], ["read"], {
      optional: ["lines"],
      positive: ["read", "lines"],
    });
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
  const xs = [
    ...placed.map((p) => p.arithmeticIntensity),
    ...roofs.map((r) => r.peak / r.bandwidth),
    ...slopes.map((s) => main.peak / s.bandwidth),
  ];
  const x = xDomain
    ? widened(
        xDomain,
        placed.map((p) => p.arithmeticIntensity),
      )
    : ([
        10 ** Math.floor(Math.log10(Math.min(...xs)) - 0.35),
        10 ** Math.ceil(Math.log10(Math.max(...xs)) + 0.35),
      ] as const);
  const fastest = Math.max(...roofs.map((r) => r.bandwidth), ...slopes.map((s) => s.bandwidth));
  const top = Math.max(...roofs.map((r) => r.peak));
  const y = yDomain
    ? widened(
        yDomain,
        placed.flatMap((p) => [p.flops, p.lowFlops ?? p.flops, p.highFlops ?? p.flops]),
      )
    : ([
        Math.min(
          ...placed.map((p) => Math.min(p.flops, p.lowFlops ?? p.flops) / 2),
          Math.max(x[0] * Math.min(...roofs.map((r) => r.bandwidth)), top / 1e5),
        ),
        top * 3,
      ] as const);
  // A line starts where it enters the picture: nothing needs a clip, so a drawing has no ids.
  const roofLine = (r: { peak: number; bandwidth: number }) => {
    const from = Math.max(x[0], y[0] / r.bandwidth);
    const bend = Math.max(r.peak / r.bandwidth, x[0]);
    return (bend >= x[1] ? [from, x[1]] : bend <= from ? [from, x[1]] : [from, bend, x[1]])
      .map((ai) => ({ ai, flops: Math.min(r.peak, ai * r.bandwidth) }))
      .filter((p) => p.flops <= y[1] && p.flops >= y[0] * 0.999999);
  };
  const lines = [
    ...roofs.map((r, i) => ({
      key: `roof${i}`,
      color: i === 0 ? ink : palette[(i - 1) % palette.length]!,
      width: i === 0 ? 2.4 : 1.6,
      points: roofLine(r),
    })),
    ...slopes.map((s, i) => ({
      key: `level${i}`,
      color: palette[i % palette.length]!,
      width: 1.6,
      points: roofLine({ peak: main.peak, bandwidth: Math.min(s.bandwidth, fastest) }),
    })),
  ];
  const bound = (p: { arithmeticIntensity: number; bound?: string }) =>
    p.bound ?? (p.arithmeticIntensity > ridge ? "compute" : "memory");
  const color = (p: RooflinePoint) =>
    p.measured ? palette[0] : bound(p) === "compute" ? computeColor : bound(p) === "memory" ? memoryColor : "#6e40c9";
  return frame({
    kind: "rooflineChart",
    title: title ?? `Roofline of ${list.map((d) => d.name).join(", ")}`,
    width,
    height,
    ...options,
    xLabel: "Arithmetic intensity (FLOP/byte)",
    yLabel: "Performance (FLOP/s)",
    margins: { left: 62 },
    description: options.description ?? describe(list, roofs, ridge, placed, bound),
    legend: points.length
      ? [
          { name: "memory-bound", color: memoryColor, symbol: "circle" },
          { name: "compute-bound", color: computeColor, symbol: "square" },
          ...(points.some((p) => p.measured) ? [{ name: "measured", color: palette[0], symbol: "diamond" }] : []),
        ].filter(({ name }) => points.some((p) => (p.measured ? name === "measured" : name === `${bound(p)}-bound`)))
      : [],
    plot: {
      x: {
        type: "log",
        base: logBase(x),
        domain: x,
        ticks: logTicks(x),
        tickFormat: (v: number) => plainPower(v),
        grid: true,
      } as Plot.ScaleOptions,
      y: {
        type: "log",
        base: logBase(y),
        domain: y,
        ticks: logTicks(y),
        tickFormat: (v: number) => trimmed(formatted(v, "si", "")),
        grid: true,
      } as Plot.ScaleOptions,
      symbol: { type: "identity" } as unknown as Plot.ScaleOptions,
      marks: [
        Plot.rect([{ x1: x[0], x2: Math.min(ridge, x[1]) }], {
          x1: "x1",
          x2: "x2",
          y1: y[0],
          y2: y[1],
          fill: memoryColor,
          fillOpacity: 0.06,
        }),
        Plot.rect([{ x1: Math.min(ridge, x[1]), x2: x[1] }], {
          x1: "x1",
          x2: "x2",
          y1: y[0],
          y2: y[1],
          fill: computeColor,
          fillOpacity: 0.06,
        }),
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
          symbol: (p: RooflinePoint) => (p.measured ? "diamond" : bound(p) === "compute" ? "square" : "circle"),
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
      roofLabels(
        pen,
        roofs,
        [...slopes, ...levels.slice(-1).map((l) => ({ label: l.level, bandwidth: main.bandwidth }))],
        x,
        main.peak,
        y,
        dots,
      );
      const base = pen.frame.y + pen.frame.height;
      const left = pen.frame.x;
      const right = pen.frame.x + pen.frame.width;
      const at = pen.x(ridge);
      if (at - left > 110)
        pen.text("memory-bound", (left + at) / 2, base - 8, { color: memoryColor, size: 11, obstacle: true });
      if (right - at > 110)
        pen.text("compute-bound", (at + right) / 2, base - 8, { color: computeColor, size: 11, obstacle: true });
      const ridgeLabel = `ridge point ${formatted(ridge)}`;
      const toLeft = right - at < 130;
      pen.text(ridgeLabel, at + (toLeft ? -6 : 6), base - 26, {
        anchor: toLeft ? "end" : "start",
        size: 11,
        color: faint,
        obstacle: true,
      });
      pen.obstacles.push(...lines.flatMap((l) => along(pen, l.points)));
      pen.labels(placed.map((p) => ({ x: pen.x(p.arithmeticIntensity), y: pen.y(p.flops), text: p.name, radius: 6 })));
    },
  });
}

const widened = ([low, high]: readonly [number, number], values: readonly number[]): readonly [number, number] => [
  Math.min(low, ...values.filter((v) => v < low).map((v) => v / 1.5)),
  Math.max(high, ...values.filter((v) => v > high).map((v) => v * 1.5)),
];

function roofsOf(devices: readonly RooflineDevice[], dtypes?: readonly string[]): Roof[] {
  const roofs = devices.flatMap((d) => {
    const names = dtypes ?? Object.keys(d.peakFlops).sort((a, b) => d.peakFlops[b]! - d.peakFlops[a]!);
    return names.slice(0, devices.length > 1 ? 1 : undefined).map((name): Roof => {
      const peak = d.peakFlops[name];
      if (typeof peak === "number" && !(Number.isFinite(peak) && peak > 0))
        throw new RangeError(
          `rooflineChart: peakFlops of ${d.name} must be positive and finite, got ${peak} for ${name}`,
        );
      if (peak === undefined)
        throw new RangeError(
          `rooflineChart: dtypes must be among ${Object.keys(d.peakFlops).join(", ")} of ${d.name}, got ${shown(name)}`,
        );
      return { label: devices.length > 1 ? `${d.name} ${name}` : name, peak, bandwidth: d.bandwidth };
    });
  });
  // Equal peaks (bf16 and fp16) share one line and one label.
  return roofs
    .filter((r, i) => roofs.findIndex((o) => o.peak === r.peak && o.bandwidth === r.bandwidth) === i)
    .map((r) => ({
      ...r,
      label: roofs
        .filter((o) => o.peak === r.peak && o.bandwidth === r.bandwidth)
        .map((o) => o.label)
        .join(", "),
    }));
}

const plainPower = (v: number): string =>
  v >= 1e6 || v < 1e-3
    ? v.toExponential(0)
    : formatted(v)
        .replace(/(\.\d*?)0+$/, "$1")
        .replace(/\.$/, "");

function describe(
  devices: readonly RooflineDevice[],
  roofs: readonly Roof[],
  ridge: number,
  points: readonly (RooflinePoint & { flops: number })[],
  bound: (p: RooflinePoint) => string,
): string {
  const roofText = roofs.map((r) => `${r.label} ${formatted(r.peak, "si", "FLOP/s", 4)}`).join(", ");
  const pointText = points
    .map(
      (p) =>
        `${p.name} at ${formatted(p.arithmeticIntensity)} FLOP/byte, ${formatted(p.flops, "si", "FLOP/s")} (${p.measured ? "measured" : `${bound(p)}-bound`})`,
    )
    .join("; ");
  return `Roofline of ${devices.map((d) => d.name).join(", ")}. Roofs: ${roofText}; bandwidth ${devices.map((d) => formatted(d.bandwidth, "si", "B/s")).join(", ")}; ridge point ${formatted(ridge)} FLOP/byte.${pointText ? ` Points: ${pointText}.` : ""}`;
}
