// This machine as a device: measured when the reader asks, in a worker of its own, and added to the list.
import type { Machine } from "../../lib/measuring.js";
import { measureThisMachine } from "../measure/thisMachine.js";
import { element } from "./element.js";

/** What of a measured machine stands for it in a link: the figures of a roofline. */
function figuresOf({ name, kind, peakFlops, bandwidth, memory, roofs }: Machine): string {
  return JSON.stringify({ name, kind, peakFlops, bandwidth, memory, roofs });
}

/** A button that measures; `add` hears a machine's name and its figures as JSON. */
export function machineField(add: (name: string, figures: string) => void): HTMLElement {
  const start = element("button", { type: "button" }, "Measure this machine");
  const stop = element("button", { type: "button", hidden: true }, "Stop");
  const said = element("p", { role: "status", class: "note" });
  const notes = element("ul");
  const known = element("details", { hidden: true }, element("summary", {}, "What to know of its figures"), notes);
  let running: AbortController | undefined;

  async function measure(): Promise<void> {
    running = new AbortController();
    const { signal } = running;
    start.disabled = true;
    stop.hidden = false;
    known.hidden = true;
    said.textContent = "Measuring, some ten seconds: keep this page in front …";
    try {
      const machine = await measureThisMachine(
        ({ fraction, message }) => {
          said.textContent = `${Math.round(100 * fraction)} %: ${message}`;
        },
        { signal },
      );
      add(machine.name, figuresOf(machine));
      said.textContent = "Its peak is of fp32: choose that dtype.";
      notes.replaceChildren(...machine.notes.map((note) => element("li", {}, note)));
      known.hidden = false;
    } catch (error) {
      said.textContent = signal.aborted ? "Stopped." : error instanceof Error ? error.message : String(error);
    }
    start.disabled = false;
    stop.hidden = true;
  }

  start.addEventListener("click", () => void measure());
  stop.addEventListener("click", () => running?.abort());
  return element("div", { class: "machine" }, start, " ", stop, said, known);
}
