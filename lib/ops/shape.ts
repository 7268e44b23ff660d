// Reading a layer's shape: one record from shape and options, and a number or a list for each spatial key. What a layer
// counts is not decided here.
import { positiveInteger, positiveIntegers, record, shown } from "../check.js";

/** A number for all dimensions, or one for each. */
export type Spatial = number | readonly number[];

/** Shape and options as one record; an option wins. Throws a TypeError when either is no object. */
export function merged<T extends object>(who: string, shape: T, options: object = {}): T {
  record(who, "shape", shape);
  record(who, "options", options);
  return { ...shape, ...options };
}

/**
 * `value` for each of `rank` dimensions. Throws unless it is a number or a list of that many. Values are not checked
 * here.
 */
export function perDimension(who: string, name: string, value: unknown, rank: number): number[] {
  if (!Array.isArray(value)) return new Array<number>(rank).fill(value as number);
  if (value.length !== rank)
    throw new RangeError(`${who}: ${name} must be a number or a list of ${rank}, got ${shown(value)}`);
  return [...value] as number[];
}

/** As perDimension, and throws unless every value is a positive integer. */
export function positivePerDimension(who: string, name: string, value: unknown, rank: number): number[] {
  const values = perDimension(who, name, value, rank);
  for (const n of values) positiveInteger(who, name, n);
  return values;
}

/**
 * Leading sizes of a layer that treats each row alone, and how many rows they are: [tokens], [batch, tokens], or
 * [batch] when only that is given.
 */
export function leading(
  who: string,
  batch: number | undefined,
  tokens: number | undefined,
): { rows: number; sizes: number[] } {
  const given = Object.entries({ batch, tokens }).filter(([, n]) => n !== undefined) as [string, number][];
  positiveIntegers(who, Object.fromEntries(given));
  const sizes = given.length === 0 ? [1] : given.map(([, n]) => n);
  const rows = sizes.reduce((n, d) => n * d, 1);
  positiveInteger(who, "batch times tokens", rows);
  return { rows, sizes };
}

/** A tensor's shape as its sizes: throws unless it is a list of positive integers (an empty list is a scalar). */
export function tensorShape(who: string, name: string, value: unknown): number[] {
  if (!Array.isArray(value))
    throw new TypeError(`${who}: ${name} must be a list of positive integers, got ${shown(value)}`);
  const list = [...value] as number[];
  list.forEach((n, i) => {
    positiveInteger(who, `${name}[${i}]`, n);
  });
  return list;
}

/** Throws a TypeError unless every flag is true or false. */
export function booleans(who: string, flags: Record<string, unknown>): void {
  for (const [name, flag] of Object.entries(flags))
    if (typeof flag !== "boolean") throw new TypeError(`${who}: ${name} must be true or false, got ${shown(flag)}`);
}

/** The shape of two operands broadcast against each other, from the last dimension on. */
export function broadcastShape(who: string, a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const m = a[a.length - rank + i] ?? 1;
    const n = b[b.length - rank + i] ?? 1;
    if (m !== n && m !== 1 && n !== 1)
      throw new RangeError(`${who}: other must broadcast against shape ${shown(a)}, got ${shown(b)}`);
    return Math.max(m, n);
  });
}
