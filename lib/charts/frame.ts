// The frame that all charts share: title, legend, axis names, caption, and a layer of labels over Plot's drawing.
// Plot draws axes and marks; text that must not overlap is placed by a pen, in pixels, after Plot has fixed the scales.
import * as Plot from "@observablehq/plot";
import type { Chart } from "./chart.js";
import { drawLegend, legendLayout, type LegendEntry } from "./legend.js";
import type { FrameOptions } from "./options.js";
import { makePen, type Pen, type Scale } from "./pen.js";
import { clipped, wrapped } from "./text.js";
import { card, faint, fontFamily, fontSize, ink, titleSize } from "./theme.js";

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

/** Plot warns through the console; a chart that Plot has doubts about is a bug of ours. */
function withoutWarnings<T>(kind: string, draw: () => T): T {
  const original = console.warn;
  const warnings: string[] = [];
  console.warn = (...parts: unknown[]) => void warnings.push(parts.join(" "));
  let drawing: T;
  try {
    drawing = draw();
  } finally {
    console.warn = original;
  }
  if (warnings.length) throw new Error(`internal: ${kind}: Plot must draw without a warning, got ${warnings[0]}`);
  return drawing;
}
