// How figures are laid out for people: a few labelled lines, exact beside short, aligned. Text from files goes through
// printable().
import { printable } from "../text/escape.js";
import { binary, grouped, si } from "../units.js";

/** `label  value` lines with their labels aligned. */
export function lines(rows: readonly (readonly [label: string, value: string] | undefined)[]): string {
  const kept = rows.filter((r): r is readonly [string, string] => r !== undefined);
  const width = Math.max(0, ...kept.map(([label]) => label.length));
  return kept.map(([label, value]) => `${label.padEnd(width)}  ${printable(value)}\n`).join("");
}

/** "8,030,261,248 (8.03 G)". */
export const counted = (n: number, unit = ""): string =>
  n < 1e4 ? `${grouped(n)}${unit && ` ${unit}`}` : `${grouped(n)}${unit && ` ${unit}`} (${si(n, unit)})`;

/** "16,060,522,496 B (15.0 GiB)". */
export const bytes = (n: number): string => (n < 1024 ? `${grouped(n)} B` : `${grouped(n)} B (${binary(n)})`);

/** `record` as "batch 1, tokens 128". */
export const described = (record: Readonly<Record<string, unknown>>): string =>
  Object.entries(record)
    .filter(([, v]) => v !== undefined && v !== null)
    .map(([k, v]) => `${k} ${Array.isArray(v) ? v.join("x") : String(v)}`)
    .join(", ");

/** One JSON object, indented; a value that JSON has no number for (Infinity, NaN) becomes null. */
export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
