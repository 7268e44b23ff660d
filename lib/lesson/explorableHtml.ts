// An explorable as markup that moves by itself: every state is drawn beforehand by the library, and a few lines of
// script only swap pictures, so it needs no network and no kernel, and its first state reads without a script.
import { hash, type Chart } from "../charts/chart.js";
import { escapeHtml } from "../text/escape.js";
import { countStates, firstState, startOf, stateAt, statesOf, type Control, type ExplorableState } from "./controls.js";
import { refusedBy, shownView, type ExplorableShown, type ExplorableView } from "./shown.js";

/** What is written. */
export interface Written {
  readonly title: string;
  readonly controls: readonly Control[];
  view(state: ExplorableState): ExplorableView;
}

/** Its markup, with every state drawn in `document`. */
export function explorableHtml({ title, controls, view }: Written, document: unknown): string {
  const all = Array.from({ length: countStates(controls) }, (_, k) => drawn(view, stateAt(controls, k), document));
  const start = controls.map((c) => statesOf(c).indexOf(startOf(c)));
  const first = view(firstState(controls));
  const now = shownView(first, document);
  const pictures = all.map(markup);
  // A class, not an id, and each script takes the first copy that none has taken: the same explorable may stand on a
  // page twice.
  const name = `x${hash(title + pictures.join(""))}`;
  const data = {
    sizes: controls.map((c) => statesOf(c).length),
    values: controls.map(statesOf),
    // A sentence that only says again what the pictures describe is read from them.
    sentences: all.map(({ seen, sentence }) => (seen ? sentence : 0)),
    ...compressed(pictures),
  };
  const inputs = controls.map((c, i) => controlHtml(c, i, start[i]!)).join(" ");
  const bar = `<div style="margin:.4em 0">${inputs}</div>`;
  const images = first.charts.map((chart, i) => firstPicture(chart, now.pictures[i]!)).join("");
  const chart = `<div class="chart" style="${row}">${images}${now.table}</div>`;
  const said = `<p role="status" style="${now.seen ? plain : unseen}">${escapeHtml(now.sentence)}</p>`;
  const page = `${bar}${chart}${said}\n${script(name, data, start)}`;
  return `<div class="${name}" role="group" aria-label="${escapeHtml(title)}">${page}</div>`;
}

const row = "display:flex;flex-wrap:wrap;gap:8px;align-items:flex-start";
const plain = "margin:.4em 0";
const unseen = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)";

/** One state beforehand: what cannot be is said, what fails for another reason is a fault of the explorable. */
function drawn(view: Written["view"], state: ExplorableState, document: unknown): ExplorableShown {
  try {
    return shownView(view(state), document);
  } catch (error) {
    if (error instanceof RangeError) return refusedBy(error);
    throw error;
  }
}

const markup = ({ pictures, table }: ExplorableShown): string => pictures.join("") + table;

function controlHtml(control: Control, i: number, start: number): string {
  const { kind, label } = control;
  const values = statesOf(control);
  const text = (v: string | number): string => escapeHtml(String(v));
  if (values.length === 1) return `<span style="${apart}">${escapeHtml(label)} ${text(values[0]!)}</span>`;
  if (kind === "select") {
    const options = values.map((v, j) => `<option value="${j}"${j === start ? " selected" : ""}>${text(v)}</option>`);
    return labelled(label, `<select data-i="${i}">${options.join("")}</select>`);
  }
  const range = `min="0" max="${values.length - 1}" step="1" value="${start}" aria-valuetext="${text(values[start]!)}"`;
  const style = "vertical-align:middle;width:12em";
  const slider = `<input type="range" data-i="${i}" ${range} style="${style}">`;
  return labelled(label, `${slider} <output>${text(values[start]!)}</output>`);
}

const apart = "display:inline-block;margin:.15em 1.2em .15em 0";

const labelled = (label: string, input: string): string =>
  `<label style="${apart}">${escapeHtml(label)} ${input}</label>`;

/** The script that puts the drawing of the chosen state in place, for the first block of class `name` without one. */
function script(name: string, data: object, start: readonly number[]): string {
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  const at = JSON.stringify(start);
  const root =
    `var root=document.querySelector(".${name}:not([data-moves])");` +
    `if(!root)return;root.dataset.moves="";var d=${json},at=${at},` +
    'all=root.querySelectorAll("[data-i]"),box=root.querySelector(".chart"),said=root.querySelector("[role=status]"),' +
    'reset=document.createElement("button");';
  const drawState =
    "function draw(){var k=0;at.forEach(function(a,i){k=k*d.sizes[i]+a});" +
    'box.innerHTML=d.parts[k].map(function(p){return typeof p==="number"?d.shared[p]:p}).join("");' +
    `var t=d.sentences[k];said.style.cssText=t?"${plain}":"${unseen}";said.textContent=` +
    't||[].map.call(box.querySelectorAll("desc"),function(e){return e.textContent}).join(" ");' +
    'all.forEach(function(e){var i=+e.dataset.i,v=d.values[i][at[i]],o=e.parentElement.querySelector("output");' +
    'e.value=at[i];if(o){o.textContent=v;e.setAttribute("aria-valuetext",v)}})}';
  const listen =
    'all.forEach(function(e){e.addEventListener("input",function(){at[+e.dataset.i]=+e.value;draw()})});' +
    `reset.type="button";reset.textContent="Reset";root.firstElementChild.append(" ",reset);` +
    `reset.addEventListener("click",function(){at=${at};draw()});draw()`;
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
