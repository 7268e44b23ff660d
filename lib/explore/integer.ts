// A number as a reader typed it.
import { shown } from "../check.js";

/** "128" -> 128. Throws when `text` is no integer from `least` on. */
export function integer(who: string, option: string, text: string, least = 1): number {
  const n = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  const must = least === 1 ? "a positive integer" : `an integer from ${least} on`;
  if (!Number.isSafeInteger(n) || n < least)
    throw new RangeError(`${who}: --${option} must be ${must}, got ${shown(text)}`);
  return n;
}
