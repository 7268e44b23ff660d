// A chart that the reader moves. Every state is drawn beforehand by the library; the page only swaps pictures, so it
// cannot disagree with the library, needs no network and no kernel, and its first state reads without a script.
import { shown } from "../check.js";
import { hash, svgText, type Chart } from "../charts/chart.js";
import { escapeHtml } from "../text/escape.js";

/** One thing that the reader sets. */
export interface Control {
  /** Key of its value in the state that `draw` is handed. */
  readonly name: string;
  /** What stands beside it, as text. */
  readonly label: string;
  /** What it may be set to, in order. */
  readonly values: readonly (string | number)[];
  /** Index of the first value; default 0. */
  readonly start?: number;
  /** How it looks; default "slider". */
  readonly kind?: "slider" | "select";
}

/** What an explorable is made of. */
export interface ExplorableSpec {
  /** What it is about, as text. */
  readonly title: string;
  /** What the reader sets; their values combine to at most 200 states. */
  readonly controls: readonly Control[];
  /** The chart of one state: a value by the name of each control. */
  draw(state: Record<string, string | number>): Chart;
}

/** A chart that the reader moves; `show` shows it. */
export interface Explorable {
  /** Tells it from a chart and from a table. */
  readonly kind: "explorable";
  /** What it is about, as text. */
  readonly title: string;
  /** What it and its first state show, in words. */
  readonly description: string;
  /** What the reader sets. */
  readonly controls: readonly Control[];
  /** The chart of one state: a value by the name of each control. */
  chartOf(state: Record<string, string | number>): Chart;
  /** Its markup, with every state drawn in `document`. */
  html(document: unknown): string;
}

export const isExplorable = (x: unknown): x is Explorable =>
  typeof x === "object" && x !== null && (x as Explorable).kind === "explorable";

const mostStates = 200;

/**
 * A chart for each combination of the controls' values (at most 200), with a script of a few lines that shows the
 * chosen one.
 */
export function explorable({ title, controls, draw }: ExplorableSpec): Explorable {
  checkControls(controls);
  const count = controls.reduce((n, c) => n * c.values.length, 1);
  if (count > mostStates)
    throw new RangeError(`explorable: controls must have at most ${mostStates} combinations, got ${count}`);
  const start = controls.map((c) => c.start ?? 0);
  const state = (at: readonly number[]) => Object.fromEntries(controls.map((c, i) => [c.name, c.values[at[i]!]!]));
  const first = draw(state(start));
  const said = controls.map((c, i) => `${c.label}: ${c.values[start[i]!]} of ${c.values.join(", ")}`);
  return {
    kind: "explorable",
    title,
    controls,
    chartOf: draw,
    description: `${title}. ${said.join("; ")}. ${first.description}`,
    html(document) {
      const all = Array.from({ length: count }, (_, k) => svgText(draw(state(combination(controls, k))), document));
      const index = start.reduce((k, s, i) => k * controls[i]!.values.length + s, 0);
      // A class, not an id, and each script takes the first copy that none has taken: the same explorable may stand on
      // a page twice.
      const name = `x${hash(title + all.join(""))}`;
      const inputs = controls.map((c, i) => controlHtml(c, i, start[i]!)).join(" ");
      const picture = firstPicture(first, all[index]!);
      const data = {
        sizes: controls.map((c) => c.values.length),
        values: controls.map((c) => c.values),
        ...compressed(all),
      };
      const bar = `<div style="margin:.4em 0">${inputs}</div>`;
      const page = `${bar}<div class="chart">${picture}</div>\n${script(name, data, start)}`;
      return `<div class="${name}" role="group" aria-label="${escapeHtml(title)}">${page}</div>`;
    },
  };
}

/** The `k`-th combination of the controls' values, as indices; the last control's change fastest. */
function combination(controls: readonly Control[], k: number): number[] {
  const at: number[] = [];
  let rest = k;
  for (const c of [...controls].reverse()) {
    at.unshift(rest % c.values.length);
    rest = Math.floor(rest / c.values.length);
  }
  return at;
}

function controlHtml({ kind, label, values }: Control, i: number, start: number): string {
  const text = (v: string | number): string => escapeHtml(String(v));
  if (kind === "select") {
    const options = values.map((v, j) => `<option value="${j}"${j === start ? " selected" : ""}>${text(v)}</option>`);
    return labelled(label, `<select data-i="${i}">${options.join("")}</select>`);
  }
  const range = `min="0" max="${values.length - 1}" step="1" value="${start}"`;
  const style = "vertical-align:middle;width:12em";
  const slider = `<input type="range" data-i="${i}" ${range} style="${style}">`;
  return labelled(label, `${slider} <output>${text(values[start]!)}</output>`);
}

const labelled = (label: string, input: string): string =>
  `<label style="margin-right:1.2em">${escapeHtml(label)} ${input}</label>`;

/** The script that puts the drawing of the chosen state in place, for the first block of class `name` without one. */
function script(name: string, data: object, start: readonly number[]): string {
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  const root =
    `var root=document.querySelector(".${name}:not([data-moves])");` +
    `if(!root)return;root.dataset.moves="";var d=${json},at=${JSON.stringify(start)};`;
  const drawState =
    "function draw(){var k=0;at.forEach(function(a,i){k=k*d.sizes[i]+a});" +
    'root.querySelector(".chart").innerHTML=' +
    'd.parts[k].map(function(p){return typeof p==="number"?d.shared[p]:p}).join("")}';
  const move =
    "var i=+e.dataset.i;at[i]=+e.value;" +
    'var o=e.parentElement.querySelector("output");' +
    "if(o)o.textContent=d.values[i][at[i]];draw()";
  const listen =
    'root.querySelectorAll("[data-i]").forEach(function(e){' +
    `e.addEventListener("input",function(){${move}})});draw()`;
  return `<script>(function(){${root}\n${drawState}\n${listen}})()</script>`;
}

/**
 * The first state as an image: a notebook that is not trusted drops scripts and inline SVG, and keeps this. The script
 * puts the SVG itself in its place.
 */
function firstPicture({ description, width, height }: Chart, svg: string): string {
  const size = `width="${width}" height="${height}" style="max-width:100%;height:auto"`;
  const data = base64(svg);
  return `<img alt="${escapeHtml(description)}" ${size} src="data:image/svg+xml;base64,${data}">`;
}

/** In a page as in Node; a letter may be several bytes. */
function base64(text: string): string {
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte));
  return btoa(bytes.join(""));
}

function checkControls(controls: readonly Control[]): void {
  if (controls.length === 0) throw new RangeError("explorable: controls must hold at least one control, got none");
  for (const { name, values, start = 0 } of controls) {
    if (values.length === 0)
      throw new RangeError(`explorable: values of control ${name} must hold at least one value, got none`);
    if (values[start] === undefined)
      throw new RangeError(
        `explorable: start of control ${name} must be an index from 0 to ${values.length - 1}, got ${start}`,
      );
  }
  const twice = controls.find((c, i) => controls.findIndex((d) => d.name === c.name) < i);
  if (twice) throw new RangeError(`explorable: names of controls must differ, got ${shown(twice.name)} twice`);
}

/** Drawings split at their elements; elements that stand in more than one drawing are stored once. */
function compressed(drawings: readonly string[]): { shared: string[]; parts: (number | string)[][] } {
  const split = drawings.map((d) => d.split(/(?=<)/));
  const seen = new Map<string, number>();
  for (const d of split) for (const e of new Set(d)) seen.set(e, (seen.get(e) ?? 0) + 1);
  const shared: string[] = [];
  const index = new Map<string, number>();
  const parts = split.map((d) => {
    const out: (number | string)[] = [];
    for (const e of d) {
      if ((seen.get(e) ?? 0) > 1) {
        let i = index.get(e);
        if (i === undefined) {
          i = shared.length;
          index.set(e, i);
          shared.push(e);
        }
        out.push(i);
      } else if (typeof out[out.length - 1] === "string") out[out.length - 1] += e;
      else out.push(e);
    }
    return out;
  });
  return { shared, parts };
}
