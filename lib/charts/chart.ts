// What a chart is: a plain record that any document can draw, and its finished form, one standalone SVG.
import { card, fontFamily, fontSize, ink } from "./theme.js";

/** A chart, drawn when a document is there to draw it in. */
export interface Chart {
  /** The function that made it: "barChart". */
  readonly kind: string;
  /** Above the picture, and its name for who does not see it. */
  readonly title: string;
  /** What it shows in words, with its main numbers. */
  readonly description: string;
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** Its SVG element, made in a DOM document: jsdom's or a browser's. */
  draw(document: unknown): unknown;
  /** The same chart laid out anew, this many pixels wide: for a phone, say. A chart made elsewhere may lack it. */
  at?(width: number): Chart;
}

export const isChart = (x: unknown): x is Chart =>
  typeof x === "object" &&
  x !== null &&
  typeof (x as Chart).draw === "function" &&
  typeof (x as Chart).description === "string";

/**
 * The chart as one standalone SVG document: namespace, viewBox, opaque card, title and description, ids that no other
 * chart has. Same chart, same text, to the byte. Throws when the drawing has no marks.
 */
export function svgText(chart: Chart, document: unknown): string {
  const doc = document as Document;
  const svg = chart.draw(document) as SVGSVGElement;
  if (svg.querySelectorAll("path, rect, circle, line, text").length < 3)
    throw new Error(`internal: ${chart.kind}: the drawing must have marks, got an empty picture`);
  const element = (name: string, text: string) => {
    const e = doc.createElementNS(svg.namespaceURI, name);
    e.textContent = text;
    return e;
  };
  const background = doc.createElementNS(svg.namespaceURI, "rect");
  for (const [k, v] of Object.entries({ width: chart.width, height: chart.height, rx: 6, fill: card }))
    background.setAttribute(k, String(v));
  svg.prepend(element("title", chart.title), element("desc", chart.description), background);
  const attributes: Record<string, string> = {
    xmlns: "http://www.w3.org/2000/svg",
    width: String(chart.width),
    height: String(chart.height),
    viewBox: `0 0 ${chart.width} ${chart.height}`,
    role: "img",
    "font-family": fontFamily,
    "font-size": String(fontSize),
    "text-anchor": "middle",
    style: "max-width:100%;height:auto;color-scheme:light",
  };
  for (const [k, v] of Object.entries(attributes)) svg.setAttribute(k, v);
  // Plot's style names its class, which repeats from chart to chart.
  for (const style of [...svg.querySelectorAll("style")]) style.remove();
  svg.removeAttribute("class");
  svg.removeAttribute("fill");
  svg.setAttribute("fill", "currentColor");
  svg.setAttribute("color", ink);
  return uniqueIds(rounded(wellFormed(svg.outerHTML)));
}

// What XML does not allow: control characters but tab and line ends, and halves of a surrogate pair.
// eslint-disable-next-line no-control-regex -- the expression is about control characters
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * A document writes HTML; a picture must be XML, which has no &nbsp; and no control characters, whatever a name held.
 */
const wellFormed = (markup: string): string =>
  markup.replaceAll("&nbsp;", "&#160;").replace(forbidden, "\ufffd").replace(loneSurrogate, "\ufffd");

/**
 * Coordinates to a thousandth of a pixel: engines differ in the last digit of a logarithm, and the same chart must be
 * the same text in all.
 */
const rounded = (markup: string): string =>
  markup.replace(/<[^>]+>/g, (tag) =>
    tag.replace(/-?\d+\.\d{4,}/g, (n) => String(Math.round(Number(n) * 1000) / 1000)),
  );

/** Prefixes every id, and every reference to one, by a hash of the drawing. */
function uniqueIds(markup: string): string {
  const ids = [...new Set([...markup.matchAll(/ id="([^"]+)"/g)].map((m) => m[1]!))];
  if (ids.length === 0) return markup;
  const prefix = `c${hash(markup)}-`;
  // Longest first, so that "clip-1" does not match inside "clip-10".
  return ids
    .sort((a, b) => b.length - a.length)
    .reduce(
      (text, id) =>
        text
          .replaceAll(` id="${id}"`, ` id="${prefix}${id}"`)
          .replaceAll(`url(#${id})`, `url(#${prefix}${id})`)
          .replaceAll(`href="#${id}"`, `href="#${prefix}${id}"`),
      markup,
    );
}

/** FNV-1a, 32 bits, in base 36. */
export function hash(text: string): string {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return (h >>> 0).toString(36);
}
