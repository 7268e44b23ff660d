// How Node's console lays out the parts of a value: on one line where they fit, in columns where they are many numbers
// or words, else a line each. After lib/internal/util/inspect.js of Node (MIT licence).

const breakLength = 80;
const compact = 3;
/** Of a list are written. */
export const mostItems = 100;

/** Around the parts of a value. */
export interface Frame {
  /** What opens it, such as "Map(1) {". */
  readonly prefix: string;
  readonly close: string;
  readonly indentation: number;
  /** How many values deep the last of its parts goes. */
  readonly inside: number;
  /** The values themselves where it is a list, whose many parts stand in columns. */
  readonly items: ArrayLike<unknown> | undefined;
}

/** A text in quotes, in the first of ' " ` that it does not hold. */
export function quoted(text: string): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\t", "\\t").replaceAll("\r", "\\r");
  if (!text.includes("'")) return `'${escaped}'`;
  if (!text.includes('"')) return `"${escaped}"`;
  if (!text.includes("`") && !text.includes("${")) return `\`${escaped}\``;
  return `'${escaped.replaceAll("'", "\\'")}'`;
}

/** The parts between what opens and what closes them. */
export function wrapped(entries: readonly string[], { prefix, close, indentation, inside, items }: Frame): string {
  if (entries.length === 0) return `${prefix}${close}`;
  const output = items && entries.length > 6 ? grouped(entries, items, indentation) : entries;
  if (inside < compact && entries.length === output.length) {
    const start = 2 * output.length + indentation + prefix.length + 10;
    const total = output.reduce((sum, each) => sum + each.length, start);
    const joined = output.join(", ");
    if (total <= breakLength && !joined.includes("\n")) return `${prefix} ${joined} ${close}`;
  }
  const line = `\n${" ".repeat(indentation)}`;
  return `${prefix}${line}  ${output.join(`,${line}  `)}${line}${close}`;
}

/** The entries of a long list in columns, several to a line. */
function grouped(output: readonly string[], items: ArrayLike<unknown>, indentation: number): readonly string[] {
  const length = items.length > mostItems ? output.length - 1 : output.length;
  const lengths = output.slice(0, length).map((each) => each.length);
  const total = lengths.reduce((sum, each) => sum + each + 2, 0);
  const longest = Math.max(...lengths);
  const wide = longest + 2;
  if (!(wide * 3 + indentation < breakLength && (total / wide > 5 || longest <= 6))) return output;
  const biased = Math.max(wide - 3 - Math.sqrt(wide - total / output.length), 1);
  const square = Math.round(Math.sqrt(2.5 * biased * length) / biased);
  const columns = Math.min(square, Math.floor((breakLength - indentation) / wide), compact * 4, 15);
  if (columns <= 1) return output;
  const widths = Array.from(
    { length: columns },
    (_, column) => 2 + Math.max(0, ...lengths.filter((_each, i) => i % columns === column)),
  );
  const numeric = output.every((_, i) => typeof items[i] === "number" || typeof items[i] === "bigint");
  const lines: string[] = [];
  for (let i = 0; i < length; i += columns) {
    const end = Math.min(i + columns, length);
    const line = output.slice(i, end).map((each, j) => {
      const last = i + j === end - 1;
      if (numeric) return (last ? each : `${each}, `).padStart(widths[j]! - (last ? 2 : 0));
      return last ? each : `${each}, `.padEnd(widths[j]!);
    });
    lines.push(line.join(""));
  }
  return length < output.length ? [...lines, output.at(-1)!] : lines;
}
