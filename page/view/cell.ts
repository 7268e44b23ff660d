// One cell's elements: its code or its editor, its row of buttons, its outputs, and what is said of it.
import type { ExplorableState } from "../../lib/lecturePage.js";
import { button, foldOf, sourceOf } from "./bar.js";
import { createEditor, type Editor } from "./editor.js";
import type { Ending } from "./kernel.js";
import { createOutputs, type Outputs } from "./outputs.js";

/** What a cell asks of its page. */
export interface CellHandlers {
  changed(source: string): void;
  run(): void;
  ask(id: number, state: ExplorableState): boolean;
}

/** One cell on the page. */
export interface Cell {
  readonly outputs: Outputs;
  /** Opens the editor on `source`. */
  edit(source: string, focus?: boolean): void;
  /** Shows the code, where it is folded. */
  open(): void;
  /** Closes the editor, back to what the lecture has. */
  close(): void;
  /** Everything as the lecture has it. */
  reset(): void;
  begin(): void;
  end(ending: Ending): void;
  interrupted(): void;
  /** It did not run, because cell `failed` did not. */
  skipped(failed: number): void;
  mark(stale: boolean, edited: boolean, own: boolean): void;
}

export function createCell(section: HTMLElement, { changed, run, ask }: CellHandlers): Cell {
  const code = section.querySelector<HTMLElement>(".highlight")!;
  const bar = section.querySelector<HTMLElement>(".bar")!;
  const said = bar.querySelector<HTMLElement>(".said")!;
  const written = sourceOf(section);
  const label = `Code of ${bar.firstElementChild!.getAttribute("aria-label")!.replace(/^.*: /, "")}`;
  const editButton = bar.querySelector<HTMLElement>("[data-does=edit]")!;
  const undo = button("undo");
  const stored = section.querySelector<HTMLElement>(".outputs");
  const place = stored ?? document.createElement("div");
  place.classList.add("outputs");
  if (!stored) section.append(place);
  const before = [...place.childNodes];
  const outputs = createOutputs(place, ask);
  let editor: Editor | undefined;

  /** Shows the code, where it is folded. */
  function open(): void {
    const fold = foldOf(section);
    if (fold) fold.open = true;
  }

  function close(): void {
    editor?.set(written);
    editor?.element.remove();
    editor = undefined;
    undo.remove();
    code.hidden = false;
    editButton.hidden = false;
  }

  return {
    outputs,
    edit(source, focus = false) {
      if (!editor) {
        const leave = (): void => bar.querySelector("button")!.focus();
        editor = createEditor(written, label, { changed, run, leave });
        code.after(editor.element);
        code.hidden = true;
        open();
        editButton.hidden = true;
        bar.insertBefore(undo, said);
      }
      editor.set(source);
      if (focus) editor.focus();
    },
    open,
    close,
    reset() {
      close();
      place.replaceChildren(...before);
      section.classList.remove("stale", "running", "failed");
      said.textContent = "";
    },
    begin() {
      outputs.clear();
      section.classList.remove("stale", "failed");
      section.classList.add("running");
      said.textContent = "running";
    },
    end(ending) {
      section.classList.remove("running");
      section.classList.toggle("failed", ending !== "ok");
      if (ending !== "ok") open();
      said.textContent = { ok: "ran", failed: "failed", stopped: "stopped" }[ending];
    },
    interrupted() {
      const text = "Interrupted: the cell was stopped";
      outputs.add({ kind: "error", ename: "Interrupted", evalue: "the cell was stopped", traceback: [text] });
    },
    skipped(failed) {
      section.classList.add("stale");
      said.textContent = `not run: cell ${failed + 1} did not run to its end`;
    },
    mark(stale, edited, own) {
      section.classList.toggle("stale", stale);
      section.classList.toggle("edited", edited);
      if (stale) said.textContent = own ? "edited: run it to see" : "stale: a cell above has changed";
      else if (/^(edited|stale|not run)/.test(said.textContent ?? "")) said.textContent = "";
    },
  };
}
