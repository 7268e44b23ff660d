// show(x): what a cell ends with. A chart, a table, or text, as one output that every host can display.
import { createRequire } from "node:module";
import { isChart, svgText, type Chart } from "../charts/chart.js";
import { display, type Bundle } from "./display.js";
import { isExplorable, type Explorable } from "./explorable.js";
import { isTable, type Table } from "../text/table.js";

let page: unknown;
/**
 * The document that charts are drawn in; jsdom takes longer to load than all the rest of lib, so it waits for the first
 * chart.
 */
function document(): unknown {
  page ??= new (createRequire(import.meta.url)("jsdom") as typeof import("jsdom")).JSDOM("").window.document;
  return page;
}

/** `x` in all the forms that a host may want: a chart as SVG and as a sentence, a table as HTML and as text. */
export function bundle(x: Chart | Table | Explorable | string): Bundle {
  if (isChart(x)) return { "image/svg+xml": svgText(x, document()), "text/plain": x.description };
  if (isTable(x)) return { "text/html": x.html, "text/plain": x.text };
  if (isExplorable(x)) return { "text/html": x.html(document()), "text/plain": x.description };
  return { "text/plain": typeof x === "string" ? x : String(x) };
}

/** Shows each of `items` in turn: charts, tables, explorables, text. Outside a notebook prints the text form. */
export function show(...items: (Chart | Table | Explorable | string)[]): void {
  for (const x of items)
    if (typeof x === "string") console.log(x);
    else display(bundle(x));
}
