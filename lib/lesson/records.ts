// Recorded runs: what the measured cells gave on machines that were quiet, one file a machine, written by `npm run
// notebooks -- --measured`.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { thisMachine } from "../measure/index.js";

/** What one machine measured, by the title of what was measured. */
export interface Recorded {
  /** As `thisMachine()` names it. */
  readonly machine: string;
  /** The day, as "2026-11-27". */
  readonly date: string;
  /** Results by the title of what was measured. */
  readonly runs: Readonly<Record<string, object>>;
}

const folder = fileURLToPath(new URL("./records/", import.meta.url));
let read: readonly Recorded[] | undefined;

/** Every recorded machine, by file name. */
export function recordedMachines(): readonly Recorded[] {
  read ??= readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Recorded);
  return read;
}

/**
 * The recorded machine, among those that hold `title`, that is most like `machine`: the same processor, or one of the
 * same maker, or the first. Undefined where none holds it.
 */
export function recordFor(title: string, machine: string, among: readonly Recorded[]): Recorded | undefined {
  const able = among.filter(({ runs }) => Object.hasOwn(runs, title));
  const processor = (name: string): string => name.split(",")[0]!;
  const maker = (name: string): string => name.split(/[ (]/)[0]!;
  return (
    able.find((record) => record.machine === machine) ??
    able.find((record) => processor(record.machine) === processor(machine)) ??
    able.find((record) => maker(record.machine) === maker(machine)) ??
    able[0]
  );
}

/**
 * Writes one run into `target`, a folder that scripts/lectures.py collects into a record: figures to five digits.
 * Throws on a figure that is none.
 */
export function writeRun(target: string, title: string, result: object): void {
  const figure = (key: string, value: unknown): unknown => {
    if (typeof value !== "number" || Number.isInteger(value)) return value;
    if (!Number.isFinite(value))
      throw new Error(`internal: ${title}: ${key} must be a finite number to be recorded, got ${value}`);
    return Number(value.toPrecision(5));
  };
  mkdirSync(target, { recursive: true });
  const text = JSON.stringify({ title, machine: thisMachine(), result }, figure);
  writeFileSync(join(target, `${encodeURIComponent(title)}.json`), text);
}
