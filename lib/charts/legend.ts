// The legend above a chart's drawing: how its entries fill rows, and each entry's mark and name.
import type { Pen } from "./pen.js";
import { textWidth } from "./text.js";
import { fontSize } from "./theme.js";

export interface LegendEntry {
  readonly name: string;
  readonly color: string;
  readonly symbol?: string;
}

/** The entries in rows of at most `width` pixels. */
export function legendLayout(legend: readonly LegendEntry[], width: number): LegendEntry[][] {
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

/** Draws the rows below `top`. */
export function drawLegend(doc: Document, svg: SVGSVGElement, pen: Pen, rows: LegendEntry[][], top: number): void {
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
