// Two rankings side by side: a line that crosses others is a thing that one of them misjudges.
import * as Plot from "@observablehq/plot";
import type { Chart } from "./chart.js";
import { frame } from "./frame.js";
import type { FrameOptions } from "./options.js";
import { checkRows, checkTexts, distinct } from "./rows.js";
import { clipped, textWidth } from "./text.js";
import { quiet, palette } from "./theme.js";

/** One line: a thing with two values. */
export interface SlopeRow {
  /** At both ends; each name stands once. */
  name: string;
  /** What its rank at the left is by. */
  left: number;
  /** What its rank at the right is by. */
  right: number;
}

/** What `slopeChart` takes beside its rows. */
export interface SlopeOptions extends FrameOptions {
  /** Above the left ranks; default "left". */
  left?: string;
  /** Above the right ranks; default "right". */
  right?: string;
}

/**
 * Ranks of `left` and `right`, smallest on top, joined by a line; lines that fall by two ranks or more, or rise, are
 * coloured.
 */
export function slopeChart(rows: readonly SlopeRow[], options: SlopeOptions = {}): Chart {
  const { title = "", left = "left", right = "right", width = 720, height, ...rest } = options;
  checkRows("slopeChart", rows, ["left", "right"]);
  checkTexts("slopeChart", rows, ["name"]);
  distinct(
    "slopeChart",
    "name",
    rows.map((r) => r.name),
  );
  const rank = (key: "left" | "right") =>
    new Map([...rows].sort((a, b) => a[key] - b[key]).map((r, i) => [r.name, i + 1]));
  const before = rank("left");
  const after = rank("right");
  const ranked = rows.map((r) => ({ name: r.name, from: before.get(r.name)!, to: after.get(r.name)! }));
  const color = ({ from, to }: { from: number; to: number }) => {
    if (Math.abs(to - from) < 2) return quiet;
    return to > from ? palette[1] : palette[0];
  };
  const side = Math.min(width * 0.4, Math.max(...rows.map((r) => textWidth(r.name, 12))) + 48);
  const short = (name: string) => clipped(name, side - 46, 12);
  const header = (text: string) => clipped(text, 2 * Math.min(side, (width - 2 * side) / 2) - 16, 12);
  return frame({
    kind: "slopeChart",
    title,
    width,
    height: height ?? 96 + rows.length * 30,
    ...rest,
    at: (width) => slopeChart(rows, { ...options, width }),
    margins: { left: side, right: side, bottom: 8 },
    yLabel: " ",
    description:
      options.description ??
      `${title}. Rank by ${left} and by ${right}, smallest first: ${ranked
        .sort((a, b) => a.from - b.from)
        .map((r) => `${r.name} ${r.from} and ${r.to}`)
        .join(", ")}.`,
    plot: {
      x: { type: "point", domain: ["from", "to"], axis: null, padding: 0 } as Plot.ScaleOptions,
      y: { type: "linear", domain: [rows.length + 0.5, 0.5], axis: null } as Plot.ScaleOptions,
      marks: [
        Plot.link(ranked, { x1: () => "from", x2: () => "to", y1: "from", y2: "to", stroke: color, strokeWidth: 2.2 }),
        Plot.dot(ranked, { x: () => "from", y: "from", fill: color, r: 5 }),
        Plot.dot(ranked, { x: () => "to", y: "to", fill: color, r: 5 }),
      ],
    },
    overlay(pen) {
      pen.text(header(left), pen.x("from"), pen.frame.y - 8, { weight: "600" });
      pen.text(header(right), pen.x("to"), pen.frame.y - 8, { weight: "600" });
      for (const r of ranked) {
        pen.text(`${short(r.name)}  ${r.from}`, pen.x("from") - 12, pen.y(r.from) + 4, { anchor: "end" });
        pen.text(`${r.to}  ${short(r.name)}`, pen.x("to") + 12, pen.y(r.to) + 4, { anchor: "start" });
      }
    },
  });
}
