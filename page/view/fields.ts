// What sets a control of an explorable: a list, a slider, or a slider beside a field for the exact number.
import type { Control, ControlRange } from "../../lib/lecturePage.js";
import { numberAt, positionOf, positions, stepped } from "./position.js";

/** A control on the page. */
export interface Field {
  readonly element: HTMLElement;
  /** Shows what the control is set to. */
  show(value: string | number): void;
}

/** The field of `control`; `set` hears what the reader sets. */
export function createField(control: Control, set: (value: string | number) => void): Field {
  const { range, values = [], kind } = control;
  if (range) return rangeField(control, range, set);
  return kind === "select" ? listField(control, values, set) : sliderField(control, values, set);
}

type Values = readonly (string | number)[];

function labelled(text: string, ...parts: (Node | string)[]): HTMLLabelElement {
  const label = document.createElement("label");
  label.append(`${text} `, ...parts);
  return label;
}

function input(attributes: Readonly<Record<string, string>>): HTMLInputElement {
  const made = document.createElement("input");
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function listField({ label }: Control, values: Values, set: (value: string | number) => void): Field {
  const list = document.createElement("select");
  list.append(...values.map((value, i) => new Option(String(value), String(i))));
  list.addEventListener("input", () => set(values[list.selectedIndex]!));
  return {
    element: labelled(label, list),
    show(value): void {
      list.selectedIndex = values.indexOf(value);
    },
  };
}

function sliderField({ label }: Control, values: Values, set: (value: string | number) => void): Field {
  const slider = input({ type: "range", min: "0", max: String(values.length - 1), step: "1" });
  const said = document.createElement("output");
  slider.addEventListener("input", () => set(values[Number(slider.value)]!));
  return {
    element: labelled(label, slider, " ", said),
    show(value): void {
      slider.value = String(values.indexOf(value));
      slider.setAttribute("aria-valuetext", String(value));
      said.textContent = String(value);
    },
  };
}

const arrows: Readonly<Record<string, 1 | -1>> = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };

function rangeField({ label }: Control, range: ControlRange, set: (value: number) => void): Field {
  const { min, max, scale } = range;
  const ends = scale === "log" ? { min: "0", max: String(positions) } : { min: String(min), max: String(max) };
  const slider = input({ type: "range", ...ends, step: "1" });
  const exact = input({
    type: "number",
    min: String(min),
    max: String(max),
    step: "1",
    "aria-label": `${label}, exact`,
  });
  let now = min;
  slider.addEventListener("input", () => set(numberAt(range, Number(slider.value))));
  slider.addEventListener("keydown", (event) => {
    const by = arrows[event.key];
    if (by === undefined) return;
    event.preventDefault();
    set(stepped(range, now, by));
  });
  exact.addEventListener("input", () => {
    const value = exact.valueAsNumber;
    if (Number.isInteger(value) && value >= min && value <= max) set(value);
  });
  // What is no number of the range is not kept.
  exact.addEventListener("change", () => {
    exact.value = String(now);
  });
  const element = document.createElement("span");
  element.className = "field";
  element.append(labelled(label, slider), " ", exact);
  return {
    element,
    show(value): void {
      now = Number(value);
      slider.value = String(positionOf(range, now));
      slider.setAttribute("aria-valuetext", String(value));
      if (document.activeElement !== exact || exact.valueAsNumber !== now) exact.value = String(value);
    },
  };
}
