// show(x): what a cell ends with. A chart, a table, or text, as one output that every host can display.
import { isChart, svgText, type Chart } from "../charts/chart.js";
import { display, lessonHost, nodeRequire, type Bundle } from "./display.js";
import { isExplorable, type Explorable } from "./explorable.js";
import { isTable, type Table } from "../text/table.js";

let page: unknown;
/**
 * The document that charts are drawn in: the host's, or one of jsdom, which takes longer to load than all the rest of
 * lib, so it waits for the first chart.
 */
function document(): unknown {
  const host = lessonHost();
  if (host) return host.document;
  page ??= new (nodeRequire()!("jsdom") as JsdomModule).JSDOM("").window.document;
  return page;
}

/** What is needed of jsdom. */
interface JsdomModule {
  readonly JSDOM: new (html: string) => { window: { document: unknown } };
}

/** `x` in all the forms that a host may want: a chart as SVG and as a sentence, a table as HTML and as text. */
export function bundle(x: Chart | Table | Explorable | string): Bundle {
  if (isChart(x)) return { "image/svg+xml": svgText(x, document()), ...narrower(x), "text/plain": x.description };
  if (isTable(x)) return { "text/html": x.html, "text/plain": x.text };
  if (isExplorable(x)) return { "text/html": x.html(document()), "text/plain": x.description };
  return { "text/plain": typeof x === "string" ? x : String(x) };
}

/** What a program that runs notebooks asks for in RIDGEPOINT_NARROW: a width and the name of the form. */
function ordered(): { width: number; form: string } | undefined {
  const order = typeof process === "undefined" ? undefined : process.env["RIDGEPOINT_NARROW"];
  const [width = "", form] = order?.split(" ") ?? [];
  return form === undefined ? undefined : { width: Number(width), form };
}

/** The narrower form of a chart, for a host that wants one. */
function narrower(chart: Chart): Bundle {
  const host = lessonHost();
  const wanted = host ? host.narrow : ordered();
  const drawn = wanted && wanted.width < chart.width ? chart.at?.(wanted.width) : undefined;
  return wanted && drawn ? { [wanted.form]: svgText(drawn, document()) } : {};
}

/** Shows each of `items` in turn: charts, tables, explorables, text. Outside a notebook prints the text form. */
export function show(...items: (Chart | Table | Explorable | string)[]): void {
  const host = lessonHost();
  for (const x of items)
    if (typeof x === "string") console.log(x);
    else if (host?.explore && isExplorable(x)) host.explore(x);
    else display(bundle(x));
}
