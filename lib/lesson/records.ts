// Recorded runs: what the measured cells gave on machines that were quiet, one file a machine, written by `npm run
// notebooks -- --measured`.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { thisMachine } from "../measure/index.js";
import type { Recorded } from "./recordedRun.js";

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
 * Writes one run into `target`, a folder that scripts/lectures.py collects into a record: figures to five digits.
 * Gives the result as it is recorded: what is shown is what a later reader gets. Throws on a figure that is none.
 */
export function writeRun<Result extends object>(target: string, title: string, result: Result): Result {
  const figure = (key: string, value: unknown): unknown => {
    if (typeof value !== "number" || Number.isInteger(value)) return value;
    if (!Number.isFinite(value))
      throw new Error(`internal: ${title}: ${key} must be a finite number to be recorded, got ${value}`);
    return Number(value.toPrecision(5));
  };
  mkdirSync(target, { recursive: true });
  const text = JSON.stringify({ title, machine: thisMachine(), result }, figure);
  writeFileSync(join(target, `${encodeURIComponent(title)}.json`), text);
  return (JSON.parse(text) as { result: Result }).result;
}
