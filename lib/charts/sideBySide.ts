// Two charts as one figure.
import type { Chart } from "./chart.js";
import { fontSize } from "./theme.js";

/**
 * `left` and `right` beside each other, at the sizes that they have; width 2 × 520 by default, when both were made for
 * 720.
 */
export function sideBySideChart(
  left: Chart,
  right: Chart,
  { title = `${left.title}; ${right.title}`, gap = 12 }: { title?: string; gap?: number } = {},
): Chart {
  const height = Math.max(left.height, right.height);
  return {
    kind: "sideBySideChart",
    title,
    description: `${left.description} ${right.description}`,
    width: left.width + gap + right.width,
    height,
    draw(document: unknown): unknown {
      const doc = document as Document;
      const ns = "http://www.w3.org/2000/svg";
      const svg = doc.createElementNS(ns, "svg");
      [left, right].forEach((chart, i) => {
        const part = chart.draw(document) as SVGSVGElement;
        for (const [k, v] of Object.entries({
          x: i ? left.width + gap : 0,
          y: 0,
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
