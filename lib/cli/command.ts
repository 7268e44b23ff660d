// What a command is, and how its arguments are read: node's own parser, with errors in the house's form.
import { parseArgs } from "node:util";
import { shown } from "../check.js";
import type { Kind, Options } from "../explore/workload.js";

/** Where text goes; `terminal`: someone watches the error stream. */
export interface Streams {
  out(text: string): void;
  err(text: string): void;
  readonly terminal: boolean;
}

/** Takes the arguments behind its name; resolves to what is printed. */
export type Command = (args: readonly string[], streams: Streams) => Promise<string> | string;

/** `args` as options of `spec` and at most `places` words. Throws a RangeError for whatever is not known. */
export function read<const Spec extends Record<string, Kind>>(
  who: string,
  args: readonly string[],
  spec: Spec,
  places: readonly string[],
): { options: Options<Spec>; words: string[] } {
  const parsed = parse(who, args, spec);
  const given = (parsed.tokens ?? []).flatMap((t) =>
    t.kind === "option" && t.name !== undefined && spec[t.name] !== "strings" ? [t.name] : [],
  );
  const twice = given.find((name, i) => given.indexOf(name) !== i);
  if (twice !== undefined) throw new RangeError(`${who}: --${twice} must be given once, got it twice`);
  const words = parsed.positionals;
  const must = places.length === 0 ? "none" : places.join(" ");
  if (words.length > places.length)
    throw new RangeError(`${who}: arguments must be ${must}, got ${shown(words[places.length])} too`);
  return { options: parsed.values as Options<Spec>, words };
}

interface Parsed {
  values: Record<string, unknown>;
  positionals: string[];
  tokens?: readonly { kind: string; name?: string }[];
}

function parse(who: string, args: readonly string[], spec: Readonly<Record<string, Kind>>): Parsed {
  const options = Object.fromEntries(
    Object.entries(spec).map(([name, kind]) => {
      if (kind === "boolean") return [name, { type: "boolean" as const }];
      return [name, { type: "string" as const, multiple: kind === "strings" }];
    }),
  );
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true, tokens: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const option = /'(-[^\s'<]*)/.exec(message)?.[1];
    const names = Object.keys(spec).map((n) => `--${n}`);
    if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION")
      throw new RangeError(`${who}: options must be among ${names.join(", ")}, got ${shown(option)}`, { cause: error });
    const must = /does not take/.test(message)
      ? "no value, got one"
      : "a value, got none (one that starts with - is given as --name=-value)";
    throw new RangeError(`${who}: ${option ?? "arguments"} must have ${must}`, { cause: error });
  }
}

/** The word at `index`, which must be there. */
export function needed(who: string, words: readonly string[], index: number, what: string): string {
  const word = words[index];
  if (word === undefined || word === "") throw new RangeError(`${who}: ${what} must be given, got none`);
  return word;
}
