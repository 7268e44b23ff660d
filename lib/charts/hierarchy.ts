// The levels of a memory to scale: each a pipe as long as its latency and as thick as its bandwidth, so that its area
// is what is under way in it.
import * as Plot from "@observablehq/plot";
import type { Chart } from "./chart.js";
import { axis } from "./axis.js";
import { frame } from "./frame.js";
import type { FrameOptions } from "./options.js";
import { checkRows, checkTexts } from "./rows.js";
import { formatted } from "./text.js";
import { memoryColor } from "./theme.js";

/** One level of a memory. */
export interface HierarchyRow {
  /** What the level is called. */
  name: string;
  /** Bytes that it holds. */
  bytes: number;
  /** Seconds until it answers. */
  latency: number;
  /** Byte/s that it delivers. */
  bandwidth: number;
}

/** Room of a level, in which the widest pipe takes up so much. */
const thickest = 0.5;

/**
 * One pipe a level, from the nearest: its length is the latency and its thickness the bandwidth, each on one linear
 * scale, so that areas compare bytes under way (latency × bandwidth).
 */
export function hierarchyChart(rows: readonly HierarchyRow[], options: FrameOptions = {}): Chart {
  const { title = "", width = 720, height, ...rest } = options;
  checkRows("hierarchyChart", rows, ["bytes", "latency", "bandwidth"], { positive: ["bytes", "latency", "bandwidth"] });
  checkTexts("hierarchyChart", rows, ["name"]);
  const widest = Math.max(...rows.map(({ bandwidth }) => bandwidth));
  const said = ({ name, bytes, latency, bandwidth }: HierarchyRow): string =>
    `${name}: ${formatted(bytes, "si", "B")}, ${formatted(bandwidth, "si", "B/s")}, ` +
    `${formatted(latency, "si", "s")}, ${formatted(latency * bandwidth, "si", "B")} under way`;
  const pipes = rows.map(({ latency, bandwidth }, i) => ({
    end: latency,
    top: i + 0.4,
    bottom: i + 0.4 + (thickest * bandwidth) / widest,
  }));
  return frame({
    kind: "hierarchyChart",
    title,
    width,
    height: height ?? 80 + rows.length * 76,
    ...rest,
    at: (width) => hierarchyChart(rows, { ...options, width }),
    xLabel: "Time to answer; thickness: bandwidth",
    margins: { left: 28 },
    description: options.description ?? `${title}. ${rows.map(said).join("; ")}.`,
    plot: {
      x: axis([0, ...rows.map(({ latency }) => latency)], {
        scale: "linear",
        format: "si",
        unit: "s",
      }) as Plot.ScaleOptions,
      y: { domain: [rows.length, 0], axis: null } as Plot.ScaleOptions,
      marks: [Plot.rect(pipes, { x1: 0, x2: "end", y1: "top", y2: "bottom", fill: memoryColor, fillOpacity: 0.75 })],
    },
    overlay(pen) {
      for (const [i, row] of rows.entries())
        pen.text(said(row), pen.frame.x + 4, pen.y(i + 0.4) - 6, { anchor: "start", size: width < 500 ? 10.5 : 12 });
    },
  });
}
