// What is shown of an error: as the kernel shows it, the name, the message, and the frames that are the reader's own,
// with positions in the cell as it was written.
import type { CompiledCell } from "../compile/cell.js";
import { CellSyntaxError } from "../compile/types.js";
import { inspect } from "./inspect.js";

/** A cell's failure, as a notebook keeps it. */
export interface Failure {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
  /** The line of the cell that it is about, from 1, where one is known. */
  readonly line?: number;
}

/** A module that was loaded, so that its frames are known by its address. */
export interface LoadedCell extends CompiledCell {
  readonly index: number;
  readonly address: string;
}

/** Chromium: "    at f (address:1:2)"; Firefox and Safari: "f@address:1:2". */
const frame = /^(?:\s+at (?:async )?(?:(.*?) \()?|([^@\s]*)@)(\S+?):(\d+):(\d+)\)?$/;

/** What is shown of `thrown` by cell `index`. */
export function failureOf(thrown: unknown, index: number, loaded: readonly LoadedCell[]): Failure {
  if (thrown instanceof CellSyntaxError)
    return {
      ename: thrown.name,
      evalue: thrown.message,
      traceback: [`SyntaxError at cell:${thrown.message}`],
      line: thrown.position.line,
    };
  if (!(thrown instanceof Error)) {
    const text = typeof thrown === "string" ? thrown : inspect(thrown);
    return { ename: "thrown", evalue: text, traceback: [`thrown: ${text}`] };
  }
  const frames = ownFrames(thrown, loaded);
  const line = frames.find((each) => each.index === index)?.line;
  const head = `${thrown.name}: ${thrown.message}`;
  const place = (each: OwnFrame): string =>
    `${each.index === index ? "cell" : `cell ${each.index + 1}`}:${each.line}:${each.column}`;
  return {
    ename: thrown.name,
    evalue: thrown.message,
    traceback: [head, ...frames.map((each) => `    at ${each.name ? `${each.name} (${place(each)})` : place(each)}`)],
    ...(line === undefined ? {} : { line }),
  };
}

interface OwnFrame {
  readonly name: string;
  readonly index: number;
  readonly line: number;
  readonly column: number;
}

function ownFrames(error: Error, loaded: readonly LoadedCell[]): OwnFrame[] {
  return (error.stack ?? "").split("\n").flatMap((text) => {
    const [, chromium, firefox, address, line, column] = frame.exec(text) ?? [];
    const cell = loaded.findLast((each) => each.address === address);
    const at = cell?.original({ line: Number(line), column: Number(column) });
    if (!cell || !at) return [];
    const name = chromium ?? firefox ?? "";
    // The cell's own code is the module's default export.
    return [{ name: /(^|\.)default$/.test(name) ? "" : name.replace(/^Module\./, ""), index: cell.index, ...at }];
  });
}
