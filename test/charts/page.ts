// A document to draw in, and what the tests read back from a drawing.
import { JSDOM } from "jsdom";
import { textBox, type Box } from "../../lib/charts/labels.js";
import { svgText, type Chart } from "../../lib/charts/index.js";

const dom = new JSDOM("");
export const drawn = (chart: Chart): string => svgText(chart, dom.window.document);

/** `markup` as XML; throws where it is not well-formed. */
export function parsed(markup: string): Element {
  const xml = new dom.window.DOMParser().parseFromString(markup, "image/svg+xml");
  if (xml.querySelector("parsererror"))
    throw new Error(`not well-formed: ${xml.documentElement.textContent?.slice(0, 200)}`);
  return xml.documentElement;
}

/** As the snapshots keep it: one element a line, numbers cut to three decimals. */
export const snapshot = (markup: string): string =>
  `${markup.replace(/-?\d+\.\d{4,}/g, (n) => String(Number(Number(n).toFixed(3)))).replaceAll("><", ">\n<")}\n`;

export interface Text {
  text: string;
  box: Box;
  rotated: boolean;
  size: number;
}

/** Every text with the box that it is estimated to fill, in pixels of the whole chart. */
export function texts(svg: Element): Text[] {
  return [...svg.querySelectorAll("text")].flatMap((node) => {
    const lines = node.querySelector("tspan")
      ? [...node.querySelectorAll("tspan")].map((t, i, all) => ({
          text: t.textContent ?? "",
          down: i * parseFloat(all[1]?.getAttribute("dy") ?? "0"),
        }))
      : [{ text: node.textContent ?? "", down: 0 }];
    let x = 0;
    let y = 0;
    let rotated = false;
    let size = NaN;
    let anchor = "";
    for (let e: Element | null = node; e; e = e.parentElement) {
      if (Number.isNaN(size) && e.hasAttribute("font-size")) size = parseFloat(e.getAttribute("font-size")!);
      anchor ||= e.getAttribute("text-anchor") ?? "";
      const move = e.getAttribute("transform")?.match(/translate\(\s*([-\d.]+)(?:[ ,]+([-\d.]+))?/);
      if (move) {
        x += Number(move[1]);
        y += Number(move[2] ?? 0);
      }
      rotated ||= /rotate\(/.test(e.getAttribute("transform") ?? "");
      if (e.tagName === "svg" && e !== svg) {
        x += Number(e.getAttribute("x") ?? 0);
        y += Number(e.getAttribute("y") ?? 0);
      }
    }
    // Plot gives its offsets in em, a first line's on its tspan; ours are in pixels.
    const offset = (name: string): number => {
      const v = node.getAttribute(name) ?? node.querySelector("tspan")?.getAttribute(name) ?? "0";
      return parseFloat(v) * (v.endsWith("em") ? size : 1);
    };
    x += offset("x");
    y += offset("y");
    return lines
      .filter((l) => l.text.trim())
      .map((l) => ({
        text: l.text,
        rotated,
        size,
        box: textBox(l.text, x, y + l.down * size, (anchor || "start") as "start", size),
      }));
  });
}
