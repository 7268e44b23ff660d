// Positions: between offsets and lines, through a source map, and through edits of a text.

/** Line and column, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Line and column of an offset in `text`. */
export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: offset - lineStart + 1 };
}

/** The offset of a line and column in `text`; undefined where it has no such line. */
export function offsetOf(text: string, { line, column }: Position): number | undefined {
  const lines = text.split("\n");
  if (line < 1 || line > lines.length) return undefined;
  const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  return start + column - 1;
}

/** One change of a text: `length` characters from `at` on give way to `text`. */
export interface Edit {
  readonly at: number;
  readonly length: number;
  readonly text: string;
}

/** The text after `edits`, which must not overlap, and where an offset in it was before. */
export function edited(source: string, edits: readonly Edit[]): { text: string; before(offset: number): number } {
  const sorted = [...edits].sort((a, b) => a.at - b.at);
  const pieces: { readonly start: number; readonly from: number; readonly kept: boolean }[] = [];
  let text = "";
  let at = 0;
  const add = (piece: string, from: number, kept: boolean): void => {
    pieces.push({ start: text.length, from, kept });
    text += piece;
  };
  for (const edit of sorted) {
    add(source.slice(at, edit.at), at, true);
    add(edit.text, edit.at, false);
    at = edit.at + edit.length;
  }
  add(source.slice(at), at, true);
  return {
    text,
    before(offset) {
      const piece = pieces.findLast(({ start }) => start <= offset)!;
      return piece.kept ? piece.from + offset - piece.start : piece.from;
    },
  };
}

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The fields of one segment of a source map. */
function numbers(segment: string): number[] {
  const found: number[] = [];
  let value = 0;
  let shift = 0;
  for (const digit of segment) {
    const bits = digits.indexOf(digit);
    value += (bits & 31) << shift;
    shift += 5;
    if (bits & 32) continue;
    found.push(value & 1 ? -(value >> 1) : value >> 1);
    value = 0;
    shift = 0;
  }
  return found;
}

/** Where the source map's `mappings` say that a position of the generated text was in the source. */
export function traced(mappings: string): (position: Position) => Position | undefined {
  let line = 0;
  let column = 0;
  const lines = mappings.split(";").map((segments) => {
    let generated = 0;
    return segments
      .split(",")
      .filter((segment) => segment !== "")
      .map((segment) => {
        const [ahead = 0, , down = 0, along = 0] = numbers(segment);
        generated += ahead;
        line += down;
        column += along;
        return { generated, line, column };
      });
  });
  return (position) => {
    const segment = lines[position.line - 1]?.findLast(({ generated }) => generated <= position.column - 1);
    return segment && { line: segment.line + 1, column: segment.column + position.column - segment.generated };
  };
}
