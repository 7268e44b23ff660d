// The one place that throws on bad sizes. Every message reads: who: what must hold, got what.
import { familyOf, plainName } from "./lookUp.js";

/** What a caller passed, on one line and short enough for one. */
export function shown(value: unknown): string {
  if (value === undefined || value === null || typeof value === "function" || typeof value === "symbol")
    return String(value ?? value);
  if (typeof value === "number" || typeof value === "bigint") return Object.is(value, -0) ? "-0" : String(value);
  let text: string;
  try {
    text = JSON.stringify(value) ?? String(value);
  } catch {
    text = Object.prototype.toString.call(value);
  }
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** Throws unless `object` is a record; the first argument of every layer goes through here. */
export function record(who: string, what: string, object: unknown): void {
  if (typeof object !== "object" || object === null || Array.isArray(object))
    throw new TypeError(`${who}: ${what} must be an object, got ${shown(object)}`);
}

/**
 * Throws unless `value` is a record that has `key`, as every `what` has: an op where a cost belongs would otherwise end
 * as NaN.
 */
export function having(who: string, name: string, what: string, value: unknown, key: PropertyKey): void {
  if (typeof value !== "object" || value === null || !(key in value))
    throw new TypeError(`${who}: ${name} must be ${what}, got ${shown(value)}`);
}

/**
 * Throws unless every size is a positive integer that a double holds exactly: a TypeError for kinds, a RangeError for
 * values.
 */
export function positiveIntegers(who: string, sizes: Record<string, unknown>): void {
  for (const name of Object.keys(sizes)) positiveInteger(who, name, sizes[name]);
}

/** The same of one size, which is called `name`. */
export function positiveInteger(who: string, name: string, n: unknown): void {
  integerFrom(who, name, n, 1, "a positive integer");
}

/** As positiveIntegers, but zero is allowed (padding, cached context). */
export function nonNegativeIntegers(who: string, sizes: Record<string, unknown>): void {
  for (const name of Object.keys(sizes)) nonNegativeInteger(who, name, sizes[name]);
}

/** The same of one size, which is called `name`. */
export function nonNegativeInteger(who: string, name: string, n: unknown): void {
  integerFrom(who, name, n, 0, "a non-negative integer");
}

function integerFrom(who: string, name: string, n: unknown, least: number, must: string): void {
  if (typeof n !== "number") throw new TypeError(`${who}: ${name} must be ${must}, got ${shown(n)}`);
  if (!Number.isSafeInteger(n) || n < least) throw new RangeError(`${who}: ${name} must be ${must}, got ${shown(n)}`);
}

/** Throws unless `divisor` divides `n`: `conv2d: groups must divide inChannels 64, got 5`. */
export function divides(who: string, divisorName: string, divisor: number, name: string, n: number): void {
  if (n % divisor !== 0) throw new RangeError(`${who}: ${divisorName} must divide ${name} ${n}, got ${divisor}`);
}

/** Throws when `object` has a key outside `known`: a misspelt size must not silently take its default. */
export function knownKeys(who: string, object: object, known: readonly string[]): void {
  for (const key of Object.keys(object))
    if (!known.includes(key)) throw new TypeError(`${who}: keys must be among ${known.join(", ")}, got ${shown(key)}`);
}

/**
 * Looks a name up. The error lists the known names; of more than 80 only those like it, and where there is none `help`
 * (where the names are listed) instead.
 */
export function lookUp<T>(who: string, what: string, table: Readonly<Record<string, T>>, name: unknown, help = ""): T {
  if (typeof name === "string" && Object.hasOwn(table, name)) return table[name]!;
  const names = Object.keys(table);
  const listed = names.length <= 80 ? names : similar(typeof name === "string" ? name : shown(name), names, 12);
  const more = listed.length < names.length ? ", …" : "";
  const known = listed.length > 0 ? `one of ${listed.join(", ")}${more}` : `one of ${names.length} known names`;
  const where = listed.length < names.length && help ? `; ${help}` : "";
  throw new RangeError(`${who}: ${what} must be ${known}, got ${shown(name)}${where}`);
}

/**
 * At most `count` of `names` that someone may have meant by `name`: those with few edits (one, or one in four
 * characters) and those of its family, the nearest first. May be none.
 */
export function similar(name: string, names: readonly string[], count: number): string[] {
  const query = plainName(name.slice(name.lastIndexOf("/") + 1).slice(0, 100));
  const family = familyOf(query);
  const edits = Math.max(1, Math.floor(query.length / 4));
  return names
    .map((n) => ({ n, d: editDistance(query, plainName(n)) }))
    .filter(({ n, d }) => d <= edits || (family.length > 2 && familyOf(n) === family))
    .sort((a, b) => a.d - b.d)
    .slice(0, count)
    .map(({ n }) => n);
}

/** The `count` names nearest to `name` by edit distance. */
export function nearest(name: string, names: readonly string[], count: number): string[] {
  const query = name.slice(0, 100).toLowerCase();
  return names
    .map((n) => ({ n, d: editDistance(query, n.toLowerCase()) }))
    .sort((a, b) => a.d - b.d)
    .slice(0, count)
    .map(({ n }) => n);
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
}
