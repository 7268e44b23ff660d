// A chart that the reader moves. Every state is drawn beforehand by the library; the page only swaps pictures, so it
// cannot disagree with the library, needs no network and no kernel, and its first state reads without a script.
import { shown } from "../check.js";
import { hash, svgText, type Chart } from "../charts/chart.js";
import { escapeHtml } from "./html.js";

/** A control: a slider over `values`, or a list to choose from. `label`s are text. */
export interface Control {
  readonly name: string;
  readonly label: string;
  readonly values: readonly (string | number)[];
  readonly start?: number;
  readonly kind?: "slider" | "select";
}

export interface ExplorableSpec {
  readonly title: string;
  readonly controls: readonly Control[];
  draw(state: Record<string, string | number>): Chart;
}

export interface Explorable {
  readonly kind: "explorable";
  readonly description: string;
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
  return {
    kind: "explorable",
    description: `${title}. ${controls.map((c, i) => `${c.label}: ${c.values[start[i]!]} of ${c.values.join(", ")}`).join("; ")}. ${first.description}`,
    html(document) {
      const all = Array.from({ length: count }, (_, k) => {
        const at: number[] = [];
        for (const c of [...controls].reverse()) {
          at.unshift(k % c.values.length);
          k = Math.floor(k / c.values.length);
        }
        return svgText(draw(state(at)), document);
      });
      const index = start.reduce((k, s, i) => k * controls[i]!.values.length + s, 0);
      const id = `x${hash(title + all.join(""))}`;
      const control = (c: Control, i: number) =>
        c.kind === "select"
          ? `<label style="margin-right:1.2em">${escapeHtml(c.label)} <select data-i="${i}">${c.values.map((v, j) => `<option value="${j}"${j === start[i] ? " selected" : ""}>${escapeHtml(String(v))}</option>`).join("")}</select></label>`
          : `<label style="margin-right:1.2em">${escapeHtml(c.label)} <input type="range" data-i="${i}" min="0" max="${c.values.length - 1}" step="1" value="${start[i]}" style="vertical-align:middle;width:12em"> <output>${escapeHtml(String(c.values[start[i]!]))}</output></label>`;
      const { shared, parts } = compressed(all);
      // A class, not an id, and each script takes the first copy that none has taken: the same explorable may stand on
      // a page twice.
      const data = JSON.stringify({
        sizes: controls.map((c) => c.values.length),
        values: controls.map((c) => c.values),
        shared,
        parts,
      }).replaceAll("<", "\\u003c");
      return `<div class="${id}" role="group" aria-label="${escapeHtml(title)}"><div style="margin:.4em 0">${controls.map(control).join(" ")}</div><div class="chart">${firstPicture(first, all[index]!)}</div>
<script>(function(){var root=document.querySelector(".${id}:not([data-moves])");if(!root)return;root.dataset.moves="";var d=${data},at=${JSON.stringify(start)};
function draw(){var k=0;at.forEach(function(a,i){k=k*d.sizes[i]+a});root.querySelector(".chart").innerHTML=d.parts[k].map(function(p){return typeof p==="number"?d.shared[p]:p}).join("")}
root.querySelectorAll("[data-i]").forEach(function(e){e.addEventListener("input",function(){var i=+e.dataset.i;at[i]=+e.value;var o=e.parentElement.querySelector("output");if(o)o.textContent=d.values[i][at[i]];draw()})});draw()})()</script></div>`;
    },
  };
}

/**
 * The first state as an image: a notebook that is not trusted drops scripts and inline SVG, and keeps this. The script
 * puts the SVG itself in its place.
 */
const firstPicture = (chart: Chart, svg: string): string =>
  `<img alt="${escapeHtml(chart.description)}" width="${chart.width}" height="${chart.height}" style="max-width:100%;height:auto" src="data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}">`;

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
