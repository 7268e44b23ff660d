// What the levels that were found are called, and what to say where two caches of the system show themselves as one.
import { binary } from "../units.js";
import type { SystemCache } from "./systemCaches.js";

/** "L1", "L2", …, and "DRAM" for the last. */
export const levelNames = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => (i === count - 1 ? "DRAM" : `L${i + 1}`));

/** Names of the levels found, and a sentence where one of them stands for several caches. */
export interface NamedLevels {
  readonly names: readonly string[];
  readonly note?: string;
}

/**
 * Names the levels that end at `ends` bytes (the memory, which has no end, left out). Where the system names more
 * caches than the curve has steps, each cache goes to the step nearest in size, and a level that got two is called by
 * both: "L1+L2". Otherwise they are counted: L1, L2, …
 */
export function namedLevels(ends: readonly number[], caches: readonly SystemCache[]): NamedLevels {
  const counted = levelNames(ends.length + 1);
  if (caches.length <= ends.length) return { names: counted };
  const said = caches.map(({ level, bytes }) => `L${level} ${binary(bytes)}`).join(", ");
  if (ends.length === 0)
    return { names: counted, note: `No cache could be told from the memory (the system names ${said}).` };
  const owners = caches.map(({ bytes }) => nearest(ends, bytes));
  const names = ends.map((_, i) => {
    const own = caches.filter((_, c) => owners[c] === i).map(({ level }) => `L${level}`);
    return own.length > 0 ? own.join("+") : counted[i]!;
  });
  const merged = names.filter((name) => name.includes("+")).map((name) => name.replaceAll("+", " and "));
  if (merged.length === 0 || new Set(names).size < names.length) return { names: counted };
  return {
    names: [...names, "DRAM"],
    note: `${merged.join("; ")} could not be told apart on this curve and share one row (the system names ${said}).`,
  };
}

function nearest(ends: readonly number[], bytes: number): number {
  const distances = ends.map((end) => Math.abs(Math.log(end / bytes)));
  return distances.indexOf(Math.min(...distances));
}
