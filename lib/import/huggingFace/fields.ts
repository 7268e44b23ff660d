// Reading a stranger's configuration: own fields only, each checked on its way out. Which fields an architecture has is
// known elsewhere.
import { shown } from "../../check.js";

export const who = "fromHuggingFace";
/**
 * No published size is larger; a product of a few such sizes still says that it is not exact instead of overflowing.
 */
const largest = 1e9;

/** What a configuration class gives the fields that a file leaves out. */
export type Defaults = Readonly<Record<string, number | boolean | string>>;

/** What can be asked of a configuration. Several names are spellings of one field: they must agree. */
export interface Fields {
  raw(name: string): unknown;
  refuse(name: string, must: string): never;
  over(defaults: Defaults): Fields;
  names(): string[];
  unread(): string[];
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

/** Whether a value says that something is not there. */
const isAbsent = (value: unknown): boolean =>
  value === undefined || value === null || value === false || value === 0 || isEmpty(value);
const isEmpty = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.keys(value).length === 0;

/**
 * Typed access to `config`. An absent field has its value of `defaults`; null is none, whatever the default. Every
 * error is one line that names the field. `unread` names the fields that nobody `asked` for, but for those
 * whose value says that something is not there.
 */
export function fieldsOf(
  config: Readonly<Record<string, unknown>>,
  at = "",
  defaults: Defaults = {},
  asked = new Set<string>(),
): Fields {
  const given = (name: string): boolean => Object.hasOwn(config, name) && config[name] !== undefined;
  const raw = (name: string): unknown => {
    asked.add(name);
    if (given(name)) return config[name] ?? undefined;
    return Object.hasOwn(defaults, name) ? defaults[name] : undefined;
  };
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
    const spelt = names.filter(given);
    const values = (spelt.length > 0 ? spelt : names).map((name) => ({
      name,
      n: within(name, 1, `an integer from 1 to ${largest}`),
    }));
    const [first, ...others] = values.filter(({ n }) => n !== undefined);
    const other = others.find(({ n }) => n !== first!.n);
    return other ? refuse(other.name, `${first!.n}, as ${first!.name} is`) : first?.n;
  };
  return {
    raw,
    refuse,
    optional,
    over: (more: Defaults): Fields => fieldsOf(config, at, { ...defaults, ...more }, asked),
    names: (): string[] => Object.keys(config).slice(0, 1000),
    unread: (): string[] => Object.keys(config).filter((name) => !isAbsent(config[name]) && !asked.has(name)),
    has: (name: string): boolean => raw(name) !== undefined,
    size: (...names: string[]): number => optional(...names) ?? refuse(names[0]!, `an integer from 1 to ${largest}`),
    count: (name: string, otherwise = 0): number => within(name, 0, `an integer from 0 to ${largest}`) ?? otherwise,
    flag(name: string, otherwise: boolean): boolean {
      const value = raw(name) ?? (given(name) ? false : otherwise);
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
