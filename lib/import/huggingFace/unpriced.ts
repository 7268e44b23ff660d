// A field of a quantization record that leaves its bytes unknown: quantization.ts turns it into words.
import type { Fields } from "./fields.js";

/** Thrown while a record is read; never leaves quantizationOf. */
export class Unpriced extends Error {
  /** `field` of the record must be `must`, got `got`. */
  constructor(
    readonly field: string,
    readonly must: string,
    readonly got: unknown,
  ) {
    super(`${field} must be ${must}`);
  }
}

/** Refuses the bytes because of the field `name` of `q`. */
export function unpriced(q: Fields, name: string, must: string): never {
  throw new Unpriced(name, must, q.raw(name));
}

/** Refuses the bytes where `q` has a field that is not `known`: it may change what is stored. */
export function onlyKnown(q: Fields, known: readonly string[]): void {
  for (const name of q.names()) if (q.has(name) && !known.includes(name)) unpriced(q, name, "absent");
}
