// An explorable of a cell that was run: the worker draws it anew at every move, one picture at a time, of several moves
// that come meanwhile the last.
import type { ExplorableShown, ExplorableState } from "../../lib/lecturePage.js";
import type { Moving } from "../run/runner.js";
import { createField } from "./fields.js";
import { createHandle } from "./handle.js";
import { inPage } from "./inPage.js";
import { createPlayer } from "./player.js";

/** Asks for the explorable `id` in another state. False where nobody can draw it any more. */
export type Ask = (id: number, state: ExplorableState) => boolean;

/** An explorable on the page. */
export interface Explorer {
  readonly element: HTMLElement;
  /** Shows what was drawn of a state. */
  show(shown: ExplorableShown): void;
}

export function createExplorer(
  { title, controls, first, shown }: Moving,
  ask: (state: ExplorableState) => boolean,
): Explorer {
  let state = first;
  /** Whether the worker will be asked once what runs now has set all that it sets. */
  let asking = false;
  const element = made("div", "wide explorer");
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", title);
  const bar = made("div", "controls");
  const box = made("div", "chart");
  const said = made("p", "explained");
  said.setAttribute("role", "status");
  const fields = new Map(controls.map((each) => [each.name, createField(each, (value) => chosen(each.name, value))]));
  const players = controls.filter((each) => each.play).map((each) => createPlayer(each, () => state[each.name]!, set));
  const reset = document.createElement("button");
  reset.type = "button";
  reset.textContent = "Reset";
  reset.addEventListener("click", () => {
    players.forEach((player) => player.stop());
    for (const [name, value] of Object.entries(first)) set(name, value);
  });
  const handle = createHandle(chosen);

  /** What the reader sets: it ends what runs by itself. */
  function chosen(name: string, value: string | number): void {
    players.forEach((player) => player.stop());
    set(name, value);
  }

  function set(name: string, value: string | number): void {
    if (state[name] === value) return;
    state = { ...state, [name]: value };
    fields.get(name)!.show(value);
    if (asking) return;
    asking = true;
    queueMicrotask(() => {
      asking = false;
      if (!ask(state)) end();
    });
  }

  /** The worker that drew it has ended. */
  function end(): void {
    players.forEach((player) => player.stop());
    bar.querySelectorAll("input, select, button").forEach((each) => each.setAttribute("disabled", ""));
    handle.show(undefined, undefined);
    box.replaceChildren();
    said.className = "explained";
    said.textContent = "Run the cell again to move it.";
  }

  function show({ pictures, table, sentence, seen, drag }: ExplorableShown): void {
    while (box.children.length > pictures.length + 1) box.lastElementChild!.remove();
    while (box.children.length < pictures.length + 1) box.append(made("div", "picture"));
    // The first picture's place stays: the pointer that drags over it must not lose what it holds.
    [...pictures, table].forEach((markup, i) => {
      const place = box.children[i]!;
      if (i === 0 && pictures.length > 0) {
        place.querySelector("svg")?.remove();
        place.insertAdjacentHTML("afterbegin", inPage(markup));
        // Put in once: an element that is moved loses the pointer.
        if (handle.element.parentElement !== place) place.append(handle.element);
      } else place.innerHTML = inPage(markup);
    });
    handle.show(drag, drag && state[drag.control]);
    said.className = seen ? "explained" : "explained unseen";
    if (said.textContent !== sentence) said.textContent = sentence;
  }

  for (const [name, field] of fields) field.show(first[name]!);
  bar.append(...[...fields.values()].map((field) => field.element), ...players.map((each) => each.element), reset);
  element.append(bar, box, said);
  show(shown);
  return { element, show };
}

function made(name: string, className: string): HTMLElement {
  const element = document.createElement(name);
  element.className = className;
  return element;
}
