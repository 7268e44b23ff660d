// The pen: text, lines and labels that a chart draws over Plot's marks, in pixels, once Plot has fixed the scales.
import { placeLabels, textBox, type Box, type LabelRequest } from "./labels.js";
import { clipped } from "./text.js";
import { card, faint, fontSize, ink, quiet } from "./theme.js";

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

/** A pen on `svg`, whose scales and frame are `base`. */
export function makePen(doc: Document, svg: SVGSVGElement, base: { x: Scale; y: Scale; frame: Box }): Pen {
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
      placed.forEach(({ leader }) => leader && pen.line(leader.x1, leader.y1, leader.x2, leader.y2, { color: quiet }));
      placed.forEach((label, i) => {
        pen.text(label.text, label.x, label.y, { anchor: label.anchor, size: 11, color: colors[i] ?? ink });
        obstacles.push(label.box);
      });
    },
  };
  return pen;
}
