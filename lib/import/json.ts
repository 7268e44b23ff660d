// Parsing JSON that a stranger wrote: depth is bounded before the parser sees it, and errors name an offset.
import { shown } from "../check.js";
import { jsonFault } from "./jsonFault.js";
import { utf8 } from "./utf8.js";

/**
 * Parses `bytes`, which start at `offset` of their file. Throws a RangeError, on one line, when they are no UTF-8, no
 * JSON or nested deeper than `maxDepth`.
 */
export function parseJson(
  who: string,
  what: string,
  bytes: Uint8Array,
  { offset = 0, maxDepth = 16 }: { offset?: number; maxDepth?: number } = {},
): unknown {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < bytes.length; i++) {
    const c = bytes[i];
    if (inString) {
      if (c === 0x5c) i++;
      else if (c === 0x22) inString = false;
      continue;
    }
    if (c === 0x22) inString = true;
    else if (c === 0x7b || c === 0x5b) {
      depth++;
      if (depth > maxDepth)
        throw new RangeError(`${who}: ${what} must nest at most ${maxDepth} levels, got more at offset ${offset + i}`);
    } else if (c === 0x7d || c === 0x5d) depth--;
  }
  const text = utf8(who, what, bytes, offset).replace(/^\ufeff/, "");
  try {
    return JSON.parse(pythonNumbers(text));
  } catch (error) {
    const at = jsonFault(text) ?? text.length;
    const got = `${at < text.length ? shown(text.slice(at, at + 20)) : "its end"} at character ${at}`;
    throw new RangeError(`${who}: ${what} at offset ${offset} must be JSON, got ${got}`, { cause: error });
  }
}

/** Python writes Infinity and NaN without quotes. */
const pythonNumbers = (text: string): string =>
  /Infinity|NaN/.test(text)
    ? text.replace(/"(?:[^"\\]|\\.)*"|\bInfinity\b|\bNaN\b/gs, (found) => {
        if (found === "Infinity") return "1e999";
        return found === "NaN" ? "null" : found;
      })
    : text;

/** Whether `value` is a JSON object. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
