// Text as charts set it: numbers with units, and how wide a string will be. No DOM: widths are estimated from a table
// of a common sans-serif.
import { grouped, si, significant } from "../units.js";

/**
 * How numbers are printed: "si" with a decimal prefix ("3.35 TB/s"), "percent" as a share ("12 %"), "plain" as they are
 * ("295.2"), "year" without a comma ("2026").
 */
export type Format = "si" | "percent" | "plain" | "year";

/** `value` as a chart prints it: "3.35 TB/s", "12 %", "295.2". */
export function formatted(value: number, format: Format = "plain", unit = "", digits = 3): string {
  if (format === "percent")
    return `${significant(value * 100, value !== 0 && Math.abs(value) < 0.1 ? 2 : 3).replace(/\.0+$/, "")} %`;
  if (format === "si") return trimmed(si(value, unit, digits));
  if (format === "year") return String(value);
  const text = plain(value, digits);
  return unit ? `${text} ${unit}` : text;
}

function plain(value: number, digits: number): string {
  if (Number.isInteger(value)) return grouped(value);
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) return value.toExponential(2);
  return significant(value, Math.max(digits, size >= 100 ? 4 : 3));
}

/** "1.00 T" -> "1 T": ticks need no trailing zeros. */
export const trimmed = (text: string): string =>
  text.replace(/(\d)\.0+(?=\D|$)/, "$1").replace(/(\.\d*[1-9])0+(?=\D|$)/, "$1");

const narrow = new Set("iljtfr.,:;'|!()[]{}I -/");
const wide = new Set("mwMWGOQ@%×÷→←≈≤≥±−=+<>~");

/**
 * Width of `text` in pixels at `size`, as a wide sans-serif (DejaVu, Verdana) would set it: narrower fonts leave room.
 */
export function textWidth(text: string, size: number): number {
  let em = 0;
  for (const c of text) em += characterWidth(c);
  return em * size;
}

/** Width of a character in em. From U+2E80 on come the scripts of East Asia, which fill a square. */
function characterWidth(c: string): number {
  if (narrow.has(c)) return 0.38;
  if (wide.has(c)) return 0.95;
  if (c > "\u2e7f") return 1.1;
  return c >= "A" && c <= "Z" ? 0.72 : 0.63;
}

/** `text`, or as much of it as `width` pixels hold, with an ellipsis. */
export function clipped(text: string, width: number, size: number): string {
  if (textWidth(text, size) <= width) return text;
  let out = "";
  let used = textWidth("…", size);
  for (const c of text) {
    used += textWidth(c, size);
    if (used > width) break;
    out += c;
  }
  return `${out.trimEnd()}…`;
}

/**
 * `text` in lines of at most `width` pixels, at most `most` of them: a word that is wider is broken, what is too long
 * is clipped.
 */
export function wrapped(text: string, width: number, size: number, most = Infinity): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((w) => pieces(w, width, size))) {
    const next = line ? `${line} ${word}` : word;
    if (line && textWidth(next, size) > width) {
      lines.push(line);
      line = word;
    } else line = next;
  }
  lines.push(line);
  return lines.length <= most
    ? lines
    : [...lines.slice(0, most - 1), clipped(lines.slice(most - 1).join(" "), width, size)];
}

function pieces(word: string, width: number, size: number): string[] {
  if (textWidth(word, size) <= width) return [word];
  const out: string[] = [];
  let piece = "";
  for (const c of word) {
    if (piece && textWidth(piece + c, size) > width) {
      out.push(piece);
      piece = c;
    } else piece += c;
  }
  return [...out, piece];
}
