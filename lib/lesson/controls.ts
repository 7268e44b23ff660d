// What a reader sets in an explorable: checked, counted, and its states one after another. No markup, no drawing.
import { shown } from "../check.js";

/** What each control is set to, by its name. */
export type ExplorableState = Readonly<Record<string, string | number>>;

/** Whole numbers from `min` to `max`. */
export interface ControlRange {
  /** The first number. */
  readonly min: number;
  /** The last number. */
  readonly max: number;
  /** How a slider runs through them; default "linear". On "log" all must be positive. */
  readonly scale?: "linear" | "log";
}

/** One thing that the reader sets, to one of its `values` or to a number of its `range`. */
export interface Control {
  /** Key of its value in the state that `draw` is handed. */
  readonly name: string;
  /** What stands beside it, as text. */
  readonly label: string;
  /** What it may be set to, in order; in place of a range. */
  readonly values?: readonly (string | number)[];
  /** The whole numbers that it may be set to; in place of values. */
  readonly range?: ControlRange;
  /** Index of the first value, default 0; of a range the first number, default its `min`. */
  readonly start?: number;
  /** How values look; default "slider". */
  readonly kind?: "slider" | "select";
  /**
   * What it may be set to where no kernel is at hand, in order and with its start: a picture of each is made
   * beforehand. Default all values; a range must say it.
   */
  readonly states?: readonly (string | number)[];
  /** Whether a live page can run through the values by itself, to the last; default false. */
  readonly play?: boolean;
}

/** The values that stand in pictures made beforehand. */
export const statesOf = ({ states, values = [] }: Control): readonly (string | number)[] => states ?? values;

/** What a control is set to at first. */
export const startOf = ({ values, range, start }: Control): string | number =>
  range ? (start ?? range.min) : values![start ?? 0]!;

/** What all controls are set to at first. */
export const firstState = (controls: readonly Control[]): ExplorableState =>
  Object.fromEntries(controls.map((c) => [c.name, startOf(c)]));

/** How many pictures are made beforehand. */
export const countStates = (controls: readonly Control[]): number =>
  controls.reduce((n, c) => n * statesOf(c).length, 1);

/** The `k`-th of the states that are made beforehand; the last control's values change fastest. */
export function stateAt(controls: readonly Control[], k: number): ExplorableState {
  const state: Record<string, string | number> = {};
  let rest = k;
  for (const c of [...controls].reverse()) {
    const states = statesOf(c);
    state[c.name] = states[rest % states.length]!;
    rest = Math.floor(rest / states.length);
  }
  return state;
}

/** More than this in a list of values is a number. */
const mostNamed = 12;

/** A control and its values in words: "Batch: 64 of 1, 16, 64". */
export function inWords(control: Control): string {
  const { label, values = [], range } = control;
  const of = range ? `${range.min} to ${range.max}` : values.length > mostNamed ? values.length : values.join(", ");
  return `${label}: ${startOf(control)} of ${of}`;
}

const mostStates = 200;

/** Throws a RangeError unless each control can be set, and all of them have at most 200 states beforehand. */
export function checkControls(controls: readonly Control[]): void {
  if (controls.length === 0) throw new RangeError("explorable: controls must hold at least one control, got none");
  controls.forEach(checkControl);
  const twice = controls.find((c, i) => controls.findIndex((d) => d.name === c.name) < i);
  if (twice) throw new RangeError(`explorable: names of controls must differ, got ${shown(twice.name)} twice`);
  const count = countStates(controls);
  if (count > mostStates)
    throw new RangeError(`explorable: controls must have at most ${mostStates} combinations, got ${count}`);
}

function checkControl(control: Control): void {
  const { name, values, range, start } = control;
  if ((values === undefined) === (range === undefined))
    throw new RangeError(
      `explorable: control ${name} must have either values or a range, got ${values ? "both" : "none"}`,
    );
  if (range) checkRange(name, range, start ?? range.min);
  else if (values!.length === 0)
    throw new RangeError(`explorable: values of control ${name} must hold at least one value, got none`);
  else if (values![start ?? 0] === undefined)
    throw new RangeError(
      `explorable: start of control ${name} must be an index from 0 to ${values!.length - 1}, got ${start}`,
    );
  const states = statesOf(control);
  if (!states.includes(startOf(control)))
    throw new RangeError(
      `explorable: states of control ${name} must hold its start ${startOf(control)}, ` +
        `got ${states.join(", ") || "none"}`,
    );
  const foreign = states.find((state) => !mayBe(control, state));
  if (foreign !== undefined)
    throw new RangeError(`explorable: states of control ${name} must be among its values, got ${shown(foreign)}`);
}

function checkRange(name: string, { min, max, scale }: ControlRange, start: number): void {
  if (!Number.isInteger(min) || !Number.isInteger(max) || min >= max)
    throw new RangeError(`explorable: range of control ${name} must be rising whole numbers, got ${min} to ${max}`);
  if (scale === "log" && min <= 0)
    throw new RangeError(`explorable: a logarithmic range of control ${name} must be positive, got ${min} to ${max}`);
  if (!Number.isInteger(start) || start < min || start > max)
    throw new RangeError(
      `explorable: start of control ${name} must be a whole number from ${min} to ${max}, got ${start}`,
    );
}

/** Whether a control can be set to `value`. */
const mayBe = ({ values, range }: Control, value: string | number): boolean =>
  range ? Number.isInteger(value) && Number(value) >= range.min && Number(value) <= range.max : values!.includes(value);
