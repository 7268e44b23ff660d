// Checks on the rows that a chart is given: an empty or broken chart is refused in one line, never drawn.
import { shown } from "../check.js";

/** Throws unless `rows` is a list with at least one row whose `numbers` are finite (and positive on a log axis). */
export function checkRows<T extends object>(who: string, rows: readonly T[], numbers: readonly (keyof T & string)[], { positive = [] }: { positive?: readonly string[] } = {}): void {
  if (!Array.isArray(rows)) throw new TypeError(`${who}: rows must be a list, got ${shown(rows)}`);
  if (rows.length === 0) throw new RangeError(`${who}: rows must hold at least one row, got none`);
  rows.forEach((row, i) => {
    for (const key of numbers) {
      const value = row[key] as unknown, name = "name" in row ? ` (${shown(row.name)})` : "";
      if (typeof value !== "number" || !Number.isFinite(value)) throw new RangeError(`${who}: ${key} of row ${i}${name} must be a finite number, got ${shown(value)}`);
      if (positive.includes(key) && value <= 0) throw new RangeError(`${who}: ${key} of row ${i}${name} must be positive on a log axis, got ${value}`);
    }
  });
}
