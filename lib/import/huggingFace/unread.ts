// The one rule for fields that a family does not know: one that nobody read, and that may be a size, is refused.
import type { Fields } from "./fields.js";
import { isHarmless } from "./harmless.js";

/** Names of fields between spaces or line ends, as a set. */
export const namesIn = (...words: string[]): ReadonlySet<string> =>
  new Set(words.flatMap((some) => some.split(" ")).filter((name) => name !== ""));

const none = namesIn();

/** Refuses, by its name, a field of `f` that was not read, is not `idle` here and not harmless in every family. */
export function refuseUnread(name: string, f: Fields, idle = none): void {
  const unknown = f.unread().find((field) => !idle.has(field) && !isHarmless(field));
  if (unknown !== undefined)
    f.refuse(unknown, `left out to count this file as ${name}, which has no field of that name`);
}

/** Refuses fields by which files repeat what the class takes from elsewhere, `value`, unless they say the same. */
export function repeated(f: Fields, value: number | boolean, ...names: string[]): void {
  for (const name of names) if (f.has(name) && f.raw(name) !== value) f.refuse(name, `${value}, as it is counted`);
}
