// A value as Node's console prints it, for what cells print: primitives, lists, records, maps, sets, errors, instances.
import { mostItems, quoted, wrapped } from "./layout.js";

const mostDepth = 2;

/** `value` in words, as `util.inspect` of Node writes plain data. */
export function inspect(value: unknown): string {
  return inspected(value, { depth: 0, path: [], indentation: 0, reached: { depth: 0 } });
}

interface Place {
  readonly depth: number;
  /** The objects around it, from the outside. */
  readonly path: readonly object[];
  readonly indentation: number;
  /** How deep the value stands that was written last. */
  readonly reached: { depth: number };
}

function inspected(value: unknown, place: Place): string {
  switch (typeof value) {
    case "string":
      return quoted(value);
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "bigint":
      return `${value}n`;
    case "function":
      return named(value);
    case "object":
      return value === null ? "null" : inspectedObject(value, place);
    default:
      return String(value);
  }
}

function named(value: { name: string }): string {
  const text = Function.prototype.toString.call(value);
  if (/^class\b/.test(text)) {
    const parent = Object.getPrototypeOf(value) as { name?: string };
    return `[class ${value.name || "(anonymous)"}${parent.name ? ` extends ${parent.name}` : ""}]`;
  }
  const kind = (value as object).constructor.name;
  return `[${kind}${value.name ? `: ${value.name}` : " (anonymous)"}]`;
}

function inspectedObject(value: object, place: Place): string {
  if (place.path.includes(value)) return "[Circular *1]";
  if (value instanceof Error) return value.stack ?? `${value.name}: ${value.message}`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (value instanceof RegExp) return String(value);
  const { name: kind, length } = kindOf(value);
  const list = isList(value);
  const [open, close] = list ? ["[", "]"] : ["{", "}"];
  const usual = list ? kind === "Array" && Array.isArray(value) : kind === "Object";
  const prefix = usual ? "" : `${kind || "[Object: null prototype]"}${length === undefined ? "" : `(${length})`} `;
  if (isEmpty(value)) return `${prefix}${open}${close}`;
  if (place.depth > mostDepth) return `[${list ? "Array" : kind || "Object: null prototype"}]`;
  place.reached.depth = place.depth;
  const inner: Place = {
    ...place,
    depth: place.depth + 1,
    path: [...place.path, value],
    indentation: place.indentation + 2,
  };
  const entries = [...itemsOf(value, inner), ...propertiesOf(value, inner)];
  const inside = place.reached.depth - place.depth;
  const items = list ? value : undefined;
  return wrapped(entries, { prefix: `${prefix}${open}`, close, indentation: place.indentation, inside, items });
}

function isEmpty(value: object): boolean {
  const things = isList(value) ? value.length : value instanceof Map || value instanceof Set ? value.size : 0;
  return things === 0 && shownKeys(value).length === 0;
}

const isList = (value: object): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));

/** The name of what made an object, and how many things it holds where Node says so. */
function kindOf(value: object): { name: string; length?: number } {
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null;
  const name = prototype === null ? "" : (prototype.constructor?.name ?? "Object");
  if (value instanceof Map || value instanceof Set) return { name, length: value.size };
  if (isList(value) && name !== "Array") return { name, length: value.length };
  return { name };
}

function itemsOf(value: object, place: Place): string[] {
  const all: string[] = [];
  if (isList(value)) {
    const { length } = value;
    for (let i = 0; i < Math.min(length, mostItems); i++)
      all.push(i in value ? inspected(value[i], place) : "<1 empty item>");
    if (length > mostItems) all.push(more(length - mostItems));
  } else if (value instanceof Map)
    for (const [key, each] of value) all.push(`${inspected(key, place)} => ${inspected(each, place)}`);
  else if (value instanceof Set) for (const each of value) all.push(inspected(each, place));
  return all;
}

const more = (count: number): string => `... ${count} more item${count > 1 ? "s" : ""}`;

function propertiesOf(value: object, place: Place): string[] {
  return shownKeys(value).map((key) => {
    const { get, set, value: held } = Object.getOwnPropertyDescriptor(value, key)!;
    const plain = typeof key === "string" && /^[a-zA-Z_][a-zA-Z_0-9]*$/.test(key);
    const label = typeof key === "symbol" ? `[${String(key)}]` : plain ? key : quoted(key);
    if (get) return `${label}: [Getter${set ? "/Setter" : ""}]`;
    return `${label}: ${set ? "[Setter]" : inspected(held, place)}`;
  });
}

/** The keys that are written: enumerable, and no place of a list. */
const shownKeys = (value: object): (string | symbol)[] =>
  Reflect.ownKeys(value).filter(
    (key) => Object.getOwnPropertyDescriptor(value, key)!.enumerable && !(isList(value) && /^\d+$/.test(String(key))),
  );
