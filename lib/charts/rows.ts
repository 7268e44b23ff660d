// Checks on the rows that a chart is given: an empty or broken chart is refused in one line, never drawn.
import { shown } from "../check.js";

/**
 * Throws unless `rows` is a list with at least one row whose `numbers`, and those of `optional` that are there, are
 * finite (and positive on a log axis).
 */
export function checkRows<T extends object>(
  who: string,
  rows: readonly T[],
  numbers: readonly (keyof T & string)[],
  { positive = [], optional = [] }: { positive?: readonly string[]; optional?: readonly (keyof T & string)[] } = {},
): void {
  if (!Array.isArray(rows)) throw new TypeError(`${who}: rows must be a list, got ${shown(rows)}`);
  if (rows.length === 0) throw new RangeError(`${who}: rows must hold at least one row, got none`);
  checkNumbers(who, "row", rows, numbers, { positive, optional });
}

/** The same for what goes with the rows, an empty list allowed: rules, bands. `what` names one of them. */
export function checkNumbers<T extends object>(
  who: string,
  what: string,
  rows: readonly T[],
  numbers: readonly (keyof T & string)[],
  { positive = [], optional = [] }: { positive?: readonly string[]; optional?: readonly (keyof T & string)[] } = {},
): void {
  rows.forEach((row, i) => {
    for (const key of [...numbers, ...optional.filter((k) => row[k] !== undefined)]) {
      const value = row[key] as unknown;
      const name = "name" in row ? ` (${shown(row.name)})` : "";
      if (typeof value !== "number" || !Number.isFinite(value))
        throw new RangeError(`${who}: ${key} of ${what} ${i}${name} must be a finite number, got ${shown(value)}`);
      if (positive.includes(key) && value <= 0)
        throw new RangeError(`${who}: ${key} of ${what} ${i}${name} must be positive on a log axis, got ${value}`);
    }
  });
}

/** Throws unless the `keys` of every row are strings. */
export function checkTexts<T extends object>(
  who: string,
  rows: readonly T[],
  keys: readonly (keyof T & string)[],
): void {
  rows.forEach((row, i) => {
    for (const key of keys)
      if (typeof row?.[key] !== "string")
        throw new TypeError(`${who}: ${key} of row ${i} must be a string, got ${shown(row?.[key])}`);
  });
}

/** Throws when two of `names` are the same: one would be drawn over the other. */
export function distinct(who: string, what: string, names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new RangeError(`${who}: every ${what} must stand once, got ${shown(twice)} twice`);
}
