// The row of buttons below a cell, and what it says of the cell. The same row serves before the runtime is loaded.

/** What a button does; the page hears of it by its `data-does`. */
export type Deed =
  "run" | "edit" | "from" | "undo" | "hint" | "solution" | "all" | "reset" | "forget" | "stop" | "measure";

const words: Readonly<Record<Deed, string>> = {
  run: "Run",
  edit: "Edit",
  from: "Run from here",
  undo: "Undo the edit",
  hint: "Hint",
  solution: "Solution",
  all: "Run all",
  reset: "Reset to the lecture",
  forget: "Reset answers",
  stop: "Stop",
  measure: "Measure on this machine",
};

/** A button for `deed`; `about` is what a screen reader hears after its word. */
export function button(deed: Deed, about = ""): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.dataset.does = deed;
  made.textContent = words[deed];
  if (about) made.setAttribute("aria-label", `${words[deed]}: ${about}`);
  return made;
}

/** The id of the exercise that a cell checks, where it does. */
export const exerciseIn = (source: string): string | undefined => /\bcheck\(\s*"([^"]+)"/.exec(source)?.[1];

/** Every code cell of the page, in order. */
export const cellsOf = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("section[data-cell]")];

/** A cell's source, as the page shows it. */
export const sourceOf = (section: HTMLElement): string =>
  section.querySelector(".highlight pre")!.textContent!.replace(/\n$/, "");

/** Gives a cell its row. */
export function addBar(section: HTMLElement, index: number): void {
  const about = `cell ${index + 1}`;
  const bar = document.createElement("div");
  bar.className = "bar";
  const exercise = exerciseIn(sourceOf(section));
  const deeds: Deed[] = exercise ? ["run", "edit", "from", "hint", "solution"] : ["run", "edit", "from"];
  bar.append(...deeds.map((deed) => button(deed, about)));
  if (exercise) {
    const check = bar.firstElementChild!;
    check.textContent = "Check";
    check.setAttribute("aria-label", `Check: ${about}`);
  }
  const said = document.createElement("span");
  said.className = "said";
  bar.append(said);
  (foldOf(section) ?? section.querySelector(".highlight")!).after(bar);
}

/** What holds the code of a cell whose picture stands first, closed until a reader wants it. */
export const foldOf = (section: HTMLElement): HTMLDetailsElement | null => section.querySelector("details.fold");

/** The row above the lecture, for all of it; with a button to measure, where it has cells that do. */
export function addHead(exercises: number, measures: boolean): void {
  const head = document.createElement("div");
  head.className = "live";
  head.setAttribute("role", "group");
  head.setAttribute("aria-label", "This lecture's code");
  const line = document.createElement("p");
  line.textContent =
    "The code of this page runs in it: edit a cell, run it with Shift-Enter, leave it with Escape. " +
    "Types are not checked here, and nothing is sent anywhere.";
  const score = document.createElement("span");
  score.className = "score";
  const row = document.createElement("div");
  row.className = "bar";
  const forget = button("forget");
  forget.hidden = true; // until there is an answer
  const also = measures ? [button("measure")] : [];
  row.append(button("all"), ...also, button("reset"), ...(exercises ? [score, forget] : []));
  head.append(line, row);
  const title = document.querySelector("main h1");
  const opening = title?.closest("section") ?? title;
  if (opening) opening.after(head);
  else document.querySelector("main")!.prepend(head);
}
