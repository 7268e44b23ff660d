// Memory as a row of cells, coloured by when a walk visits each: what a stride looks like.
import * as Plot from "@observablehq/plot";
import type { Chart } from "./chart.js";
import { nonNegativeIntegers } from "../check.js";
import { frame } from "./frame.js";
import type { FrameOptions } from "./options.js";
import { sideNames } from "./names.js";
import { distinct } from "./rows.js";
import { textWidth } from "./text.js";
import { inkOn } from "./theme.js";

/** `addresses`: element addresses in the order of visit. */
export interface AddressRow {
  name: string;
  addresses: readonly number[];
}
export interface AddressStripOptions extends FrameOptions {
  cells?: number;
  lineCells?: number;
}

/**
 * A strip of `cells` cells for each row; dark is visited early, grey never; a rule stands at every `lineCells` cells (a
 * cache line).
 */
export function addressStrip(
  rows: readonly AddressRow[],
  { title = "", cells, lineCells, width = 720, height, ...options }: AddressStripOptions = {},
): Chart {
  if (rows.length === 0 || rows.every((r) => r.addresses.length === 0))
    throw new RangeError("addressStrip: rows must hold at least one address, got none");
  distinct(
    "addressStrip",
    "name",
    rows.map((r) => r.name),
  );
  for (const r of rows)
    nonNegativeIntegers(`addressStrip: ${r.name}`, Object.fromEntries(r.addresses.map((a, i) => [`address ${i}`, a])));
  const count = cells ?? Math.max(...rows.flatMap((r) => r.addresses)) + 1;
  const { margin: left, text: short } = sideNames(
    rows.map((r) => r.name),
    width,
    0.4,
  );
  const cell = (width - left - 24) / count;
  // Every address where there is room, else every second, fourth, …
  let every = 1;
  while (cell * every < textWidth(String(count), 12) + 4) every *= 2;
  const marks = rows.flatMap((r) =>
    Array.from({ length: count }, (_, address) => {
      const step = r.addresses.indexOf(address);
      return { name: r.name, address, step, of: Math.max(1, r.addresses.length - 1) };
    }),
  );
  const visits = rows.map((r) => {
    const first = r.addresses.slice(0, 8).join(", ");
    return `${r.name} visits ${first}${r.addresses.length > 8 ? ", …" : ""}`;
  });
  return frame({
    kind: "addressStrip",
    title,
    width,
    height: height ?? 92 + rows.length * 38,
    ...options,
    xLabel: "Address (element)",
    margins: { left },
    description: options.description ?? `${title}. ${visits.join("; ")}.`,
    plot: {
      x: {
        type: "band",
        domain: Array.from({ length: count }, (_, i) => i),
        ...(every > 1 ? { ticks: Array.from({ length: Math.ceil(count / every) }, (_, i) => i * every) } : {}),
        tickSize: 0,
        padding: 0.06,
      } as Plot.ScaleOptions,
      y: {
        type: "band",
        domain: rows.map((r) => r.name),
        tickFormat: short,
        tickSize: 0,
        padding: 0.25,
      } as Plot.ScaleOptions,
      color: { type: "identity" } as unknown as Plot.ScaleOptions,
      marks: [
        Plot.cell(marks, {
          x: "address",
          y: "name",
          fill: (m: { step: number; of: number }) => (m.step < 0 ? "#eceff2" : shade(m.step / m.of)),
        }),
      ],
    },
    overlay(pen) {
      if (cell >= 16)
        for (const m of marks)
          if (m.step >= 0)
            pen.text(String(m.step), pen.x(m.address), pen.y(m.name) + 4, {
              size: 11,
              color: inkOn(shade(m.step / m.of)),
              halo: false,
            });
      if (lineCells)
        for (let a = lineCells; a < count; a += lineCells) {
          const x = pen.x(a) - cell / 2;
          pen.line(x, pen.frame.y - 2, x, pen.frame.y + pen.frame.height + 2, { color: "#a04000", width: 1.5 });
        }
    },
  });
}

const shade = (t: number): string => {
  const mix = (a: number, b: number) => Math.round(a + (b - a) * t);
  return `rgb(${mix(66, 226)},${mix(133, 238)},${mix(190, 247)})`;
};
