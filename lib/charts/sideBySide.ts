// Two charts as one figure.
import type { Chart } from "./chart.js";
import { fontSize } from "./theme.js";

/** Pixels below which a chart has no room beside another. */
const leastBeside = 250;

/**
 * `left` and `right` beside each other, at the sizes that they have; width 2 × 520 by default, when both were made for
 * 720.
 */
export function sideBySideChart(
  left: Chart,
  right: Chart,
  { title = `${left.title}; ${right.title}`, gap = 12 }: { title?: string; gap?: number } = {},
): Chart {
  return pair({ left, right, title, gap, below: false });
}

/** Two charts, and how they stand. */
interface Pair {
  readonly left: Chart;
  readonly right: Chart;
  readonly title: string;
  readonly gap: number;
  readonly below: boolean;
}

function pair({ left, right, title, gap, below }: Pair): Chart {
  const size = below
    ? { width: Math.max(left.width, right.width), height: left.height + gap + right.height }
    : { width: left.width + gap + right.width, height: Math.max(left.height, right.height) };
  return {
    kind: "sideBySideChart",
    title,
    description: `${left.description} ${right.description}`,
    ...size,
    /** On a narrow page the second stands below the first. */
    at(width) {
      const half = (width - gap) / 2;
      const each = half < leastBeside ? width : half;
      const [first, second] = [left, right].map((chart) => chart.at?.(each) ?? chart) as [Chart, Chart];
      return pair({ left: first, right: second, title, gap, below: each === width });
    },
    draw(document: unknown): unknown {
      const doc = document as Document;
      const ns = "http://www.w3.org/2000/svg";
      const svg = doc.createElementNS(ns, "svg");
      [left, right].forEach((chart, i) => {
        const part = chart.draw(document) as SVGSVGElement;
        for (const [k, v] of Object.entries({
          x: i && !below ? left.width + gap : 0,
          y: i && below ? left.height + gap : 0,
          width: chart.width,
          height: chart.height,
          viewBox: `0 0 ${chart.width} ${chart.height}`,
          "font-size": fontSize,
        }))
          part.setAttribute(k, String(v));
        part.removeAttribute("class");
        part.removeAttribute("style");
        svg.append(part);
      });
      return svg;
    },
  };
}
