// A cell's outputs as elements of the page, as the export writes them.
import type { Moving, Output } from "../run/runner.js";

/** Makes what is shown of an explorable move: called with its state at every change. False where nobody can draw it. */
type Ask = (id: number, state: Record<string, string | number>) => boolean;

let place = 0;

/** The outputs of one cell. */
export interface Outputs {
  readonly element: HTMLElement;
  clear(): void;
  add(output: Output): void;
  /** Another picture for an explorable of this cell; nothing where it has none of that id. */
  picture(id: number, svg: string): void;
}

export function createOutputs(element: HTMLElement, ask: Ask): Outputs {
  let named = new Map<string, HTMLElement>();
  let pictures = new Map<number, HTMLElement>();
  return {
    element,
    clear() {
      element.replaceChildren();
      named = new Map();
      pictures = new Map();
    },
    add(output) {
      if (output.kind === "stream") return addStream(element, output.name, output.text);
      if (output.kind === "error") return void element.append(preformatted("stderr", output.traceback.join("\n")));
      if (output.kind === "explorable") {
        const { block, figure } = explorable(output.id, output.explorable, ask);
        pictures.set(output.id, figure);
        return void element.append(block);
      }
      const shown = displayed(output.bundle);
      const before = output.id !== undefined && output.update ? named.get(output.id) : undefined;
      if (before) before.replaceWith(shown);
      else element.append(shown);
      if (output.id !== undefined) named.set(output.id, shown);
    },
    picture(id, svg) {
      const figure = pictures.get(id);
      if (figure) figure.innerHTML = inPage(svg);
    },
  };
}

function addStream(element: HTMLElement, name: string, text: string): void {
  const last = element.lastElementChild;
  if (last?.matches(`pre.${name}:not(.shown)`)) last.append(text);
  else element.append(preformatted(name, text));
}

function preformatted(name: string, text: string): HTMLElement {
  const pre = document.createElement("pre");
  pre.className = name;
  pre.textContent = text;
  return pre;
}

/** The richest form of a bundle: a picture, markup of the library's own, or text. */
function displayed(bundle: Readonly<Record<string, string>>): HTMLElement {
  const svg = bundle["image/svg+xml"];
  const html = bundle["text/html"];
  if (svg !== undefined) return filled("figure", "chart", inPage(svg));
  if (html !== undefined) return filled("div", "wide", html);
  const pre = preformatted("stdout", bundle["text/plain"] ?? "");
  pre.classList.add("shown");
  return pre;
}

function filled(name: string, className: string, markup: string): HTMLElement {
  const element = document.createElement(name);
  element.className = className;
  element.innerHTML = markup; // scripts in it do not run, here or by the page's policy
  return element;
}

/**
 * The picture as part of the page: its ids told apart from those of the same picture elsewhere on it, its marks without
 * names, for it is one image with a title.
 */
function inPage(markup: string): string {
  const svg = markup.replace(/(<(?:g|rect|path|line|text)\b[^<>]*?) aria-label="[^"]*"/g, "$1");
  const ids = [...new Set([...svg.matchAll(/ id="([^"]+)"/g)].map((found) => found[1]!))];
  if (ids.length === 0) return svg;
  const end = `-live${++place}`;
  return ids
    .sort((a, b) => b.length - a.length)
    .reduce(
      (text, id) =>
        text
          .replaceAll(` id="${id}"`, ` id="${id}${end}"`)
          .replaceAll(`url(#${id})`, `url(#${id}${end})`)
          .replaceAll(`href="#${id}"`, `href="#${id}${end}"`),
      svg,
    );
}

function explorable(id: number, { title, controls, svg }: Moving, ask: Ask) {
  const block = document.createElement("div");
  block.className = "wide";
  block.setAttribute("role", "group");
  block.setAttribute("aria-label", title);
  const figure = filled("div", "chart", inPage(svg));
  const state = Object.fromEntries(controls.map((each) => [each.name, each.values[each.start ?? 0]!]));
  const bar = document.createElement("div");
  bar.className = "controls";
  for (const control of controls) {
    const label = document.createElement("label");
    const value = document.createElement("output");
    value.textContent = String(state[control.name]);
    const input = control.kind === "select" ? select(control) : slider(control);
    input.addEventListener("input", () => {
      state[control.name] = control.values[Number(input.value)]!;
      value.textContent = String(state[control.name]);
      if (!ask(id, { ...state })) disable(bar);
    });
    label.append(`${control.label} `, input, ...(control.kind === "select" ? [] : [" ", value]));
    bar.append(label);
  }
  block.append(bar, figure);
  return { block, figure };
}

/** The worker that drew it has ended. */
function disable(bar: HTMLElement): void {
  bar.querySelectorAll("input, select").forEach((each) => each.setAttribute("disabled", ""));
  bar.append("Run the cell again to move it.");
}

type Control = Moving["controls"][number];

function slider({ values, start = 0 }: Control): HTMLInputElement {
  const input = document.createElement("input");
  Object.assign(input, { type: "range", min: "0", max: String(values.length - 1), step: "1" });
  input.value = String(start);
  return input;
}

function select({ values, start = 0 }: Control): HTMLSelectElement {
  const element = document.createElement("select");
  element.append(...values.map((value, i) => new Option(String(value), String(i), i === start, i === start)));
  return element;
}
