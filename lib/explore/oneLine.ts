// What a reader is told of an error.
import { printable } from "../text/escape.js";

/** An error's message on one line, without what a terminal would obey. */
export function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return printable(message.replace(/\s*\n\s*/g, " ")).slice(0, 2000);
}
