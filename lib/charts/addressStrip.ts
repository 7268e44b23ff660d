// Memory as a row of cells, coloured by when a walk visits each: what a stride looks like.
import * as Plot from "@observablehq/plot";
import type { Chart } from "./chart.js";
import { nonNegativeIntegers } from "../check.js";
import { frame } from "./frame.js";
import type { FrameOptions } from "./options.js";
import { sideNames } from "./names.js";
import type { Pen } from "./pen.js";
import { distinct } from "./rows.js";
import { textWidth } from "./text.js";
import { inkOn, thresholdColor, unvisited } from "./theme.js";

/** One strip: a walk through memory. */
export interface AddressRow {
  /** What the strip is called, at its left; each name stands once. */
  name: string;
  /** Element addresses in the order of visit, 0 or more. */
  addresses: readonly number[];
}

/** What `addressStripChart` takes beside its rows. */
export interface AddressStripOptions extends FrameOptions {
  /** Cells in a strip; default up to the largest address. */
  cells?: number;
  /** Elements in a cache line: a rule stands after each; default no rules. */
  lineCells?: number;
}

/** One address of one row: the `step` at which it is visited (-1: never) `of` the last one. */
interface Cell {
  readonly name: string;
  readonly address: number;
  readonly step: number;
  readonly of: number;
}

/**
 * A strip of `cells` cells for each row; dark is visited early, grey never; a rule stands at every `lineCells` cells (a
 * cache line).
 */
export function addressStripChart(rows: readonly AddressRow[], options: AddressStripOptions = {}): Chart {
  const { title = "", cells, lineCells, width = 720, height, ...rest } = options;
  if (rows.length === 0 || rows.every((r) => r.addresses.length === 0))
    throw new RangeError("addressStripChart: rows must hold at least one address, got none");
  distinct(
    "addressStripChart",
    "name",
    rows.map((r) => r.name),
  );
  for (const r of rows)
    nonNegativeIntegers(
      `addressStripChart: ${r.name}`,
      Object.fromEntries(r.addresses.map((a, i) => [`address ${i}`, a])),
    );
  const count = cells ?? Math.max(...rows.flatMap((r) => r.addresses)) + 1;
  const { margin: left, text: short } = sideNames(
    rows.map((r) => r.name),
    width,
    0.4,
  );
  const cell = (width - left - 24) / count;
  if (!(cell > 0))
    throw new RangeError(`addressStripChart: width must leave room beside names of ${left} pixels, got ${width}`);
  // Every address where there is room, else every second, fourth, …
  let every = 1;
  while (cell * every < textWidth(String(count), 12) + 4) every *= 2;
  const visited = cellsOf(rows, count);
  return frame({
    kind: "addressStripChart",
    title,
    width,
    height: height ?? 92 + rows.length * 38,
    ...rest,
    at: (width) => addressStripChart(rows, { ...options, width }),
    xLabel: "Address (element)",
    margins: { left },
    description: options.description ?? `${title}. ${rows.map(inWords).join("; ")}.`,
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
        Plot.cell(visited, {
          x: "address",
          y: "name",
          fill: (c: Cell) => (c.step < 0 ? unvisited : shade(c.step / c.of)),
        }),
      ],
    },
    overlay(pen) {
      if (cell >= 16) numberSteps(pen, visited);
      if (lineCells)
        for (let a = lineCells; a < count; a += lineCells) {
          const x = pen.x(a) - cell / 2;
          pen.line(x, pen.frame.y - 2, x, pen.frame.y + pen.frame.height + 2, { color: thresholdColor, width: 1.5 });
        }
    },
  });
}

const cellsOf = (rows: readonly AddressRow[], count: number): Cell[] =>
  rows.flatMap(({ name, addresses }) =>
    Array.from({ length: count }, (_, address) => ({
      name,
      address,
      step: addresses.indexOf(address),
      of: Math.max(1, addresses.length - 1),
    })),
  );

function inWords({ name, addresses }: AddressRow): string {
  const first = addresses.slice(0, 8).join(", ");
  return `${name} visits ${first}${addresses.length > 8 ? ", …" : ""}`;
}

function numberSteps(pen: Pen, cells: readonly Cell[]): void {
  for (const { name, address, step, of } of cells)
    if (step >= 0)
      pen.text(String(step), pen.x(address), pen.y(name) + 4, {
        size: 11,
        color: inkOn(shade(step / of)),
        halo: false,
      });
}

const shade = (t: number): string => {
  const mix = (a: number, b: number) => Math.round(a + (b - a) * t);
  return `rgb(${mix(66, 226)},${mix(133, 238)},${mix(190, 247)})`;
};
