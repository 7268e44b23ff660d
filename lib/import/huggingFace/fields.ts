// Reading a stranger's configuration: own fields only, each checked on its way out. Which fields an architecture has is
// known elsewhere.
import { shown } from "../../check.js";

export const who = "fromHuggingFace";
/**
 * No published size is larger; a product of a few such sizes still says that it is not exact instead of overflowing.
 */
const largest = 1e9;

/** What can be asked of a configuration. `size` and `optional` take the first of the names that is there. */
export interface Fields {
  raw(name: string): unknown;
  names(): string[];
  refuse(name: string, must: string): never;
  has(name: string): boolean;
  size(...names: string[]): number;
  optional(...names: string[]): number | undefined;
  count(name: string, otherwise?: number): number;
  flag(name: string, otherwise: boolean): boolean;
  fraction(otherwise: number, ...names: string[]): number;
  text(name: string): string | undefined;
  list(name: string, most: number): readonly unknown[] | undefined;
  inner(name: string): Fields | undefined;
}

/** Typed access to `config`. Null counts as absent, as in the files. Every error is one line that names the field. */
export function fieldsOf(config: Readonly<Record<string, unknown>>, at = ""): Fields {
  const raw = (name: string): unknown =>
    Object.hasOwn(config, name) && config[name] !== null ? config[name] : undefined;
  const refuse = (name: string, must: string): never => {
    const value = raw(name);
    const Kind = value === undefined || typeof value !== "number" ? TypeError : RangeError;
    throw new Kind(`${who}: ${at}${name} must be ${must}, got ${value === undefined ? "nothing" : shown(value)}`);
  };
  const within = (name: string, least: number, must: string): number | undefined => {
    const value = raw(name);
    if (value === undefined) return undefined;
    if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > largest)
      return refuse(name, must);
    return value;
  };
  const optional = (...names: string[]): number | undefined => {
    for (const name of names) {
      const n = within(name, 1, `an integer from 1 to ${largest}`);
      if (n !== undefined) return n;
    }
    return undefined;
  };
  return {
    raw,
    names: () => Object.keys(config),
    refuse,
    optional,
    has: (name: string): boolean => raw(name) !== undefined,
    size: (...names: string[]): number => optional(...names) ?? refuse(names[0]!, `an integer from 1 to ${largest}`),
    count: (name: string, otherwise = 0): number => within(name, 0, `an integer from 0 to ${largest}`) ?? otherwise,
    flag(name: string, otherwise: boolean): boolean {
      const value = raw(name) ?? otherwise;
      return typeof value === "boolean" ? value : refuse(name, "true or false");
    },
    fraction(otherwise: number, ...names: string[]): number {
      const name = names.find((n) => raw(n) !== undefined);
      if (name === undefined) return otherwise;
      const value = raw(name);
      return typeof value === "number" && value >= 0 && value <= 1 ? value : refuse(name, "a number from 0 to 1");
    },
    text(name: string): string | undefined {
      const value = raw(name);
      return value === undefined || typeof value === "string" ? value : refuse(name, "a string");
    },
    list(name: string, most: number): readonly unknown[] | undefined {
      const value = raw(name);
      if (value === undefined) return undefined;
      return Array.isArray(value) && value.length <= most ? value : refuse(name, `a list of at most ${most}`);
    },
    inner(name: string): Fields | undefined {
      const value = raw(name);
      if (value === undefined) return undefined;
      return typeof value === "object" && !Array.isArray(value)
        ? fieldsOf(value as Record<string, unknown>, `${at}${name}.`)
        : refuse(name, "an object");
    },
  };
}
