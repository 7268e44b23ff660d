// TypeScript to JavaScript, by sucrase: types go, lines stay. Types are not checked; the kernel does that.
import { transform } from "sucrase";
import { traced, type Position } from "./positions.js";

/** A cell that no engine can read: what is wrong, and where. */
export class CellSyntaxError extends Error {
  override readonly name = "SyntaxError";
  constructor(
    readonly what: string,
    readonly position: Position,
  ) {
    super(`${position.line}:${position.column} - ${what}`);
  }
}

/** JavaScript, and where a position in it was in the TypeScript. */
export interface Untyped {
  readonly code: string;
  original(position: Position): Position;
}

/** `source` without its types. Throws a CellSyntaxError. */
export function withoutTypes(source: string): Untyped {
  try {
    const { code, sourceMap } = transform(source, {
      transforms: ["typescript"],
      disableESTransforms: true,
      keepUnusedImports: true, // a later cell uses them
      sourceMapOptions: { compiledFilename: "cell.js" },
      filePath: "cell.ts",
    });
    const trace = traced(sourceMap!.mappings);
    return { code, original: (position) => trace(position) ?? position };
  } catch (error) {
    throw syntaxError(error);
  }
}

/** What sucrase and acorn throw, in one form: their position stands at the end of the message. */
export function syntaxError(error: unknown, original: (position: Position) => Position = (p) => p): unknown {
  if (!(error instanceof Error)) return error;
  const found = /^(?:Error transforming [^:]*: )?([^]*?)\s*\((\d+):(\d+)\)$/.exec(error.message);
  if (!found) return error;
  const [, what, line, column] = found;
  // acorn counts columns from 0, sucrase from 1
  const first = error.message.startsWith("Error transforming") ? 0 : 1;
  return new CellSyntaxError(what!, original({ line: Number(line), column: Number(column) + first }));
}
