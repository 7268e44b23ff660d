// Names and their values, in a body within the names around it.
import type { Value } from "./value.js";

export interface Scope {
  get(name: string): Value | undefined;
  set(name: string, value: Value): void;
}

/** A scope that sees all of `around`; what is set in it stays in it. */
export function scopeWithin(around?: Scope): Scope {
  const own = new Map<string, Value>();
  return {
    get: (name) => own.get(name) ?? around?.get(name),
    set: (name, value) => {
      own.set(name, value);
    },
  };
}
