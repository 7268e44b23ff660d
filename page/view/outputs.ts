// A cell's outputs as elements of the page, as the export writes them.
import type { ExplorableShown } from "../../lib/lecturePage.js";
import { narrow } from "../run/narrow.js";
import type { Output } from "../run/runner.js";
import { createExplorer, type Ask, type Explorer } from "./explorer.js";
import { inPage } from "./inPage.js";
import { fitTables } from "./tables.js";

/** The outputs of one cell. */
export interface Outputs {
  readonly element: HTMLElement;
  clear(): void;
  add(output: Output): void;
  /** Another state of an explorable of this cell; nothing where it has none of that id. */
  picture(id: number, shown: ExplorableShown): void;
}

export function createOutputs(element: HTMLElement, ask: Ask): Outputs {
  let named = new Map<string, HTMLElement>();
  let explorers = new Map<number, Explorer>();
  return {
    element,
    clear() {
      element.replaceChildren();
      named = new Map();
      explorers = new Map();
    },
    add(output) {
      if (output.kind === "stream") return addStream(element, output.name, output.text);
      if (output.kind === "error") return void element.append(preformatted("stderr", output.traceback.join("\n")));
      if (output.kind === "explorable") {
        const explorer = createExplorer(output.explorable, (state) => ask(output.id, state));
        explorers.set(output.id, explorer);
        return void element.append(explorer.element);
      }
      const shown = displayed(output.bundle);
      const before = output.id !== undefined && output.update ? named.get(output.id) : undefined;
      if (before) before.replaceWith(shown);
      else element.append(shown);
      if (shown.querySelector("table")) fitTables(element);
      if (output.id !== undefined) named.set(output.id, shown);
    },
    picture: (id, shown) => explorers.get(id)?.show(shown),
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
  if (svg !== undefined) return filled("figure", "chart", inPage(svg) + forPhone(bundle[narrow.form]));
  if (html !== undefined) return filled("div", "wide", html);
  const pre = preformatted("stdout", bundle["text/plain"] ?? "");
  pre.classList.add("shown");
  return pre;
}

/** The same chart drawn for a phone, which the page's style shows in its place there; as the export writes it. */
const forPhone = (svg?: string): string => (svg ? inPage(svg).replace("<svg ", '<svg class="narrow" ') : "");

function filled(name: string, className: string, markup: string): HTMLElement {
  const element = document.createElement(name);
  element.className = className;
  element.innerHTML = markup; // scripts in it do not run, here or by the page's policy
  return element;
}
