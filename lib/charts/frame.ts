// The frame that all charts share: title, legend, axis names, caption, and a layer of labels over Plot's drawing.
// Plot draws axes and marks; text that must not overlap is placed here, in pixels, after Plot has fixed the scales.
import * as Plot from "@observablehq/plot";
import type { Chart } from "./chart.js";
import { placeLabels, textBox, type Box, type LabelRequest } from "./labels.js";
import type { FrameOptions } from "./options.js";
import { clipped, textWidth, wrapped } from "./text.js";
import { card, faint, fontFamily, fontSize, ink, titleSize } from "./theme.js";

export interface LegendEntry {
  readonly name: string;
  readonly color: string;
  readonly symbol?: string;
}
export type Scale = (value: unknown) => number;

/** Draws over Plot's marks. Coordinates are pixels of the whole chart. */
export interface Pen {
  readonly x: Scale;
  readonly y: Scale;
  readonly frame: Box;
  readonly obstacles: Box[];
  text(
    text: string,
    x: number,
    y: number,
    options?: {
      anchor?: "start" | "middle" | "end";
      color?: string;
      size?: number;
      weight?: string;
      obstacle?: boolean;
      rotate?: number;
      halo?: boolean;
    },
  ): void;
  line(
    x1: number,
    y1: number,
    x2: number,
    y2: number,
    options?: { color?: string; width?: number; dash?: string },
  ): void;
  labels(requests: readonly LabelRequest[], options?: { colors?: readonly string[]; within?: Box }): void;
}

export interface FrameSpec extends FrameOptions {
  kind: string;
  title: string;
  description: string;
  xLabel?: string;
  yLabel?: string;
  margins?: { left?: number; right?: number; bottom?: number };
  legend?: readonly LegendEntry[];
  plot: Omit<Plot.PlotOptions, "document" | "width" | "height" | "title" | "caption">;
  overlay?: (pen: Pen) => void;
}

/**
 * The least height of the part that holds the marks: a long title or legend makes the chart taller instead of eating
 * it.
 */
const leastPlot = 60;

export function frame({
  kind,
  title,
  caption,
  description,
  width = 720,
  height: asked = 400,
  xLabel,
  yLabel,
  margins = {},
  legend = [],
  plot,
  overlay,
}: FrameSpec): Chart {
  const titleLines = wrapped(title, (width - 28) * 0.96, titleSize, 3);
  const captionLines = caption ? wrapped(caption, width - 28, 11, 6) : [];
  const legendRows = legend.length
    ? legendLayout(
        legend.map((e) => ({ ...e, name: clipped(e.name, width - 68, fontSize) })),
        width - 28,
      )
    : [];
  const titleBottom = 10 + titleLines.length * 19;
  const legendBottom = titleBottom + legendRows.length * 19;
  const top = legendBottom + (yLabel ? 26 : 14);
  const bottom = (margins.bottom ?? 26) + (xLabel ? 22 : 4) + captionLines.length * 15;
  const left = margins.left ?? 56;
  const right = margins.right ?? 24;
  const height = Math.max(asked, top + bottom + leastPlot);
  const middle = left + (width - left - right) / 2;
  return {
    kind,
    title,
    // Who hears the chart, or gets its text, must hear where the figures come from, too.
    description: caption ? `${description} ${caption.replace(/\.$/, "")}.` : description,
    width,
    height,
    draw(document: unknown): unknown {
      const doc = document as Document;
      const svg = withoutWarnings(kind, () =>
        Plot.plot({
          ...plot,
          document: doc,
          width,
          height,
          marginTop: top,
          marginBottom: bottom,
          marginLeft: left,
          marginRight: right,
          style: { fontFamily, fontSize: `${fontSize}px`, background: card, color: ink },
          x: { label: null, ...plot.x },
          y: { label: null, ...plot.y },
        } as Plot.PlotOptions),
      ) as unknown as SVGSVGElement & {
        scale(name: string): { apply: (v: unknown) => number; bandwidth?: number } | undefined;
      };
      const scaleOf = (name: "x" | "y"): Scale => {
        const s = svg.scale(name);
        return (v) => (s ? s.apply(v) + (s.bandwidth ?? 0) / 2 : NaN);
      };
      const pen = makePen(doc, svg, {
        x: scaleOf("x"),
        y: scaleOf("y"),
        frame: { x: left, y: top, width: width - left - right, height: height - top - bottom },
      });
      titleLines.forEach((line, i) =>
        pen.text(line, 14, 24 + i * 19, { anchor: "start", size: titleSize, weight: "600" }),
      );
      drawLegend(doc, svg, pen, legendRows, titleBottom);
      if (yLabel) pen.text(clipped(yLabel, width - 28, fontSize), 14, top - 10, { anchor: "start", color: faint });
      if (xLabel)
        pen.text(
          clipped(xLabel, 2 * Math.min(middle, width - middle) - 16, fontSize),
          middle,
          height - 10 - captionLines.length * 15,
          {
            color: faint,
          },
        );
      captionLines.forEach((line, i) =>
        pen.text(line, 14, height - 8 - (captionLines.length - 1 - i) * 15, {
          anchor: "start",
          size: 11,
          color: faint,
        }),
      );
      overlay?.(pen);
      return svg;
    },
  };
}

function makePen(doc: Document, svg: SVGSVGElement, base: { x: Scale; y: Scale; frame: Box }): Pen {
  const element = (name: string, attributes: Record<string, string | number>, text?: string): void => {
    const e = doc.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [k, v] of Object.entries(attributes))
      e.setAttribute(k, typeof v === "number" ? String(Math.round(v * 100) / 100) : v);
    if (text !== undefined) e.textContent = text;
    svg.append(e);
  };
  const obstacles: Box[] = [];
  const pen: Pen = {
    ...base,
    obstacles,
    text(
      text,
      x,
      y,
      { anchor = "middle", color = ink, size = fontSize, weight, obstacle = false, rotate, halo = true } = {},
    ) {
      element(
        "text",
        {
          x,
          y,
          fill: color,
          "text-anchor": anchor,
          "font-size": size,
          ...(weight ? { "font-weight": weight } : {}),
          ...(rotate ? { transform: `rotate(${Math.round(rotate * 10) / 10},${Math.round(x)},${Math.round(y)})` } : {}),
          ...(halo ? { stroke: card, "stroke-width": 3, "stroke-linejoin": "round", "paint-order": "stroke" } : {}),
        },
        text,
      );
      if (obstacle) obstacles.push(textBox(text, x, y, anchor, size));
    },
    line(x1, y1, x2, y2, { color = faint, width = 1, dash } = {}) {
      element("line", {
        x1,
        y1,
        x2,
        y2,
        stroke: color,
        "stroke-width": width,
        ...(dash ? { "stroke-dasharray": dash } : {}),
      });
    },
    labels(requests, { colors = [], within = base.frame } = {}) {
      const placed = placeLabels(
        requests.map((r) => ({ ...r, text: clipped(r.text, within.width * 0.45, 11) })),
        within,
        obstacles,
      );
      placed.forEach(
        ({ leader }) => leader && pen.line(leader.x1, leader.y1, leader.x2, leader.y2, { color: "#9aa4af" }),
      );
      placed.forEach((label, i) => {
        pen.text(label.text, label.x, label.y, { anchor: label.anchor, size: 11, color: colors[i] ?? ink });
        obstacles.push(label.box);
      });
    },
  };
  return pen;
}

function legendLayout(legend: readonly LegendEntry[], width: number): LegendEntry[][] {
  const rows: LegendEntry[][] = [[]];
  let used = 0;
  for (const entry of legend) {
    const w = textWidth(entry.name, fontSize) + 34;
    if (used + w > width && rows[rows.length - 1]!.length) {
      rows.push([]);
      used = 0;
    }
    rows[rows.length - 1]!.push(entry);
    used += w;
  }
  return rows;
}

function drawLegend(doc: Document, svg: SVGSVGElement, pen: Pen, rows: LegendEntry[][], top: number): void {
  rows.forEach((row, r) => {
    let x = 20;
    for (const { name, color, symbol } of row) {
      const y = top + 14 + r * 19;
      const mark = doc.createElementNS("http://www.w3.org/2000/svg", "path");
      mark.setAttribute("d", symbol ? symbolPath(symbol) : "M-6,-6h12v12h-12z");
      mark.setAttribute("transform", `translate(${x},${y - 4})`);
      mark.setAttribute("fill", color);
      svg.append(mark);
      pen.text(name, x + 11, y, { anchor: "start" });
      x += textWidth(name, fontSize) + 34;
    }
  });
}

/** A symbol as Plot draws it (d3-shape), about 11 pixels wide. */
function symbolPath(symbol: string): string {
  const paths: Record<string, string> = {
    circle: "M5,0A5,5,0,1,1,-5,0A5,5,0,1,1,5,0",
    square: "M-4.5,-4.5h9v9h-9z",
    triangle: "M0,-6L5.2,3.4L-5.2,3.4Z",
    diamond: "M0,-6.5L4,0L0,6.5L-4,0Z",
    star: "M0,-6L1.4,-1.9L5.7,-1.9L2.2,0.7L3.5,4.9L0,2.3L-3.5,4.9L-2.2,0.7L-5.7,-1.9L-1.4,-1.9Z",
    wye: "M1.5,0.9L1.5,5L-1.5,5L-1.5,0.9L-5,-1.2L-3.5,-3.7L0,-1.7L3.5,-3.7L5,-1.2Z",
    cross: "M-5,-1.7h3.3v-3.3h3.4v3.3h3.3v3.4h-3.3v3.3h-3.4v-3.3h-3.3z",
    times: "M-4.8,-2.4L-2.4,-4.8L0,-2.4L2.4,-4.8L4.8,-2.4L2.4,0L4.8,2.4L2.4,4.8L0,2.4L-2.4,4.8L-4.8,2.4L-2.4,0Z",
  };
  return paths[symbol] ?? paths.circle!;
}

/** Plot warns through the console; a chart that Plot has doubts about is a bug of ours. */
function withoutWarnings<T>(kind: string, draw: () => T): T {
  const original = console.warn;
  const warnings: string[] = [];
  console.warn = (...parts: unknown[]) => void warnings.push(parts.join(" "));
  try {
    return draw();
  } finally {
    console.warn = original;
    if (warnings.length) throw new Error(`internal: ${kind}: Plot must draw without a warning, got ${warnings[0]}`);
  }
}
