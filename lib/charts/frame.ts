// The frame that all charts share: title, legend, axis names, caption, and a layer of labels over Plot's drawing.
// Plot draws axes and marks; text that must not overlap is placed by a pen, in pixels, after Plot has fixed the scales.
import * as Plot from "@observablehq/plot";
import type { Chart } from "./chart.js";
import { drawLegend, legendLayout, type LegendEntry } from "./legend.js";
import type { FrameOptions } from "./options.js";
import { makePen, type Pen, type Scale } from "./pen.js";
import { clipped, textWidth, wrapped } from "./text.js";
import { card, faint, fontFamily, fontSize, ink, titleSize } from "./theme.js";

export interface FrameSpec extends FrameOptions {
  kind: string;
  title: string;
  description: string;
  /** The same chart, `width` pixels wide. */
  at(width: number): Chart;
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

export function frame(spec: FrameSpec): Chart {
  const { kind, title, caption, description, width = 720 } = spec;
  const asked = layoutOf(spec, width);
  return {
    kind,
    title,
    // Who hears the chart, or gets its text, must hear where the figures come from, too.
    description: caption ? `${description} ${caption.replace(/\.$/, "")}.` : description,
    width,
    height: asked.height,
    at: spec.at,
    draw(document: unknown): unknown {
      const doc = document as Document;
      const { svg, layout } = withRoomForTicks(asked, (left) => {
        const own = left === undefined ? asked : layoutOf({ ...spec, margins: { ...spec.margins, left } }, width);
        return { layout: own, svg: withoutWarnings(kind, () => plotted(doc, spec, own)) as unknown as PlottedSvg };
      });
      const scaleOf = (name: "x" | "y"): Scale => {
        const s = svg.scale(name);
        return (v) => (s ? s.apply(v) + (s.bandwidth ?? 0) / 2 : NaN);
      };
      const pen = makePen(doc, svg, { x: scaleOf("x"), y: scaleOf("y"), frame: layout.plot });
      writeTitle(pen, layout);
      drawLegend(doc, svg, pen, layout.legendRows, layout.titleBottom);
      writeAxisNames(pen, spec, layout);
      writeCaption(pen, layout);
      spec.overlay?.(pen);
      return svg;
    },
  };
}

/** What Plot drew, and where everything stands in it. */
interface Drawing {
  readonly svg: PlottedSvg;
  readonly layout: Layout;
}

/** A tick, the gap to its label, and what stays free at the edge, in pixels. */
const besideLabel = 9 + 4;

/** The drawing of `draw`, again with a wider left margin where a label of the y axis would be cut at the edge. */
function withRoomForTicks({ plot }: Layout, draw: (left?: number) => Drawing): Drawing {
  const drawn = draw();
  const labels = [...drawn.svg.querySelectorAll('[aria-label="y-axis tick label"] text')];
  const needed = Math.max(0, ...labels.map((label) => textWidth(label.textContent ?? "", fontSize))) + besideLabel;
  return needed > plot.x ? draw(Math.ceil(needed)) : drawn;
}

/** What Plot returns: the drawing, which tells its scales. */
type PlottedSvg = SVGSVGElement & {
  scale(name: string): { apply: (v: unknown) => number; bandwidth?: number } | undefined;
};

/** Where everything stands, in pixels: the lines of title and caption, the rows of the legend, the marks' box. */
type Layout = ReturnType<typeof layoutOf>;

function layoutOf(
  { title, caption, height: asked = 400, xLabel, yLabel, margins = {}, legend = [] }: FrameSpec,
  width: number,
) {
  const titleLines = wrapped(title, (width - 28) * 0.96, titleSize, 3);
  const captionLines = caption ? wrapped(caption, width - 28, 11, 6) : [];
  const entries = legend.map((e) => ({ ...e, name: clipped(e.name, width - 68, fontSize) }));
  const legendRows = legend.length ? legendLayout(entries, width - 28) : [];
  const titleBottom = 10 + titleLines.length * 19;
  const legendBottom = titleBottom + legendRows.length * 19;
  const y = legendBottom + (yLabel ? 26 : 14);
  const bottom = (margins.bottom ?? 26) + (xLabel ? 22 : 4) + captionLines.length * 15;
  const x = margins.left ?? 56;
  const right = margins.right ?? 24;
  const height = Math.max(asked, y + bottom + leastPlot);
  const plot = { x, y, width: width - x - right, height: height - y - bottom };
  return { width, height, titleLines, captionLines, legendRows, titleBottom, bottom, right, plot };
}

const plotted = (document: Document, { plot }: FrameSpec, { width, height, bottom, right, plot: box }: Layout) =>
  Plot.plot({
    ...plot,
    document,
    width,
    height,
    marginTop: box.y,
    marginBottom: bottom,
    marginLeft: box.x,
    marginRight: right,
    style: { fontFamily, fontSize: `${fontSize}px`, background: card, color: ink },
    x: { label: null, ...plot.x },
    y: { label: null, ...plot.y },
  } as Plot.PlotOptions);

function writeTitle(pen: Pen, { titleLines }: Layout): void {
  titleLines.forEach((line, i) => pen.text(line, 14, 24 + i * 19, { anchor: "start", size: titleSize, weight: "600" }));
}

function writeAxisNames(pen: Pen, { xLabel, yLabel }: FrameSpec, { width, height, captionLines, plot }: Layout): void {
  if (yLabel) pen.text(clipped(yLabel, width - 28, fontSize), 14, plot.y - 10, { anchor: "start", color: faint });
  const middle = plot.x + plot.width / 2;
  const room = 2 * Math.min(middle, width - middle) - 16;
  if (xLabel)
    pen.text(clipped(xLabel, room, fontSize), middle, height - 10 - captionLines.length * 15, { color: faint });
}

function writeCaption(pen: Pen, { height, captionLines }: Layout): void {
  captionLines.forEach((line, i) =>
    pen.text(line, 14, height - 8 - (captionLines.length - 1 - i) * 15, { anchor: "start", size: 11, color: faint }),
  );
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
