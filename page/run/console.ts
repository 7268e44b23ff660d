// The console of cells: each call is a line of the cell's own output.
import { inspect } from "./inspect.js";

/** What the runner is told of what a cell prints. */
type Print = (name: "stdout" | "stderr", text: string) => void;

/** The arguments of console.log as one text: `%s %d %i %f %j %o %O` in a first text, then what is left. */
export function formatted(parts: readonly unknown[]): string {
  const [first, ...rest] = parts;
  if (typeof first !== "string" || !/%[sdifjoOc%]/.test(first) || rest.length === 0)
    return parts.map((part) => (typeof part === "string" ? part : inspect(part))).join(" ");
  const text = first.replace(/%([sdifjoOc%])/g, (whole, letter: string) => {
    if (letter === "%") return "%";
    return rest.length === 0 ? whole : placed(letter, rest.shift());
  });
  return [text, ...rest.map((part) => (typeof part === "string" ? part : inspect(part)))].join(" ");
}

function placed(letter: string, value: unknown): string {
  switch (letter) {
    case "s":
      return typeof value === "string" ? value : inspect(value);
    case "d":
      return typeof value === "bigint" ? `${value}n` : String(Number(value));
    case "i":
      return String(parseInt(String(value), 10));
    case "f":
      return String(parseFloat(String(value)));
    case "j":
      return JSON.stringify(value) ?? "undefined";
    case "c":
      return "";
    default:
      return inspect(value);
  }
}

/** The methods of `console` that cells have; where they print is up to `print`. */
export function cellConsole(print: Print): Pick<Console, "log" | "info" | "debug" | "warn" | "error" | "assert"> {
  const to =
    (name: "stdout" | "stderr") =>
    (...parts: unknown[]): void =>
      print(name, `${formatted(parts)}\n`);
  return {
    log: to("stdout"),
    info: to("stdout"),
    debug: to("stdout"),
    warn: to("stderr"),
    error: to("stderr"),
    assert(condition, ...parts) {
      if (!condition) to("stderr")(...(parts.length ? ["Assertion failed:", ...parts] : ["Assertion failed"]));
    },
  };
}
