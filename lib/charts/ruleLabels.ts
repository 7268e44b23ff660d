// The names of rules, in one place for all charts: of one that crosses marks, where it covers least; of upright ones,
// in one line above the marks, pushed apart.
import { freest, textBox, type Box } from "./labels.js";
import type { Pen } from "./pen.js";
import { clipped, textWidth } from "./text.js";

const size = 11;
/** What covers another text is worse than what covers a mark. */
const textWeight = 3;

/** Where a name may begin: its baseline's left end. */
export type Place = readonly [x: number, y: number];

/**
 * Writes `text`, at most `share` of the frame wide, at that of its `places` (for its width) where it covers least of
 * what is written and of `marks`; it becomes an obstacle. `above`: pixels above the frame that it may reach into.
 */
export function nameRule(
  pen: Pen,
  text: string,
  places: (width: number) => readonly Place[],
  { marks, share, above = 0, color }: { marks: readonly Box[]; share: number; above?: number; color: string },
): void {
  const { frame, obstacles } = pen;
  const label = clipped(text, frame.width * share, size);
  const written = Array.from({ length: textWeight }, () => obstacles).flat();
  const [x, y] = freest(
    places(textWidth(label, size)),
    ([x, y]) => textBox(label, x, y, "start", size),
    [...written, ...marks],
    { x: frame.x, y: frame.y - above, width: frame.width + 1, height: Infinity },
  );
  pen.text(label, x, y, { anchor: "start", size, color, obstacle: true });
}

/** Writes the names of upright rules, each at its `at`, in one line above the frame, from 14 pixels to `high`. */
export function nameRulesAbove(
  pen: Pen,
  rules: readonly { text: string; at: number }[],
  high: number,
  color: string,
): void {
  for (const { text, x } of inOneLine(rules, 14, high, size))
    pen.text(text, x, pen.frame.y - 8, { anchor: "start", size, color });
}

/**
 * Texts of one line, each to be centred at `at`, so that none touches another or leaves [low, high]: clipped and pushed
 * aside as far as needed.
 */
export function inOneLine(
  texts: readonly { text: string; at: number }[],
  low: number,
  high: number,
  size: number,
  gap = 10,
): { text: string; x: number }[] {
  const each = (high - low - gap * (texts.length - 1)) / texts.length;
  const fit = texts.reduce((s, t) => s + textWidth(t.text, size) + gap, -gap) <= high - low;
  const placed = texts
    .map(({ text, at }, i) => {
      const short = fit ? text : clipped(text, each, size);
      const w = textWidth(short, size);
      return { i, text: short, w, x: at - w / 2 };
    })
    .sort((a, b) => a.x + a.w / 2 - b.x - b.w / 2 || a.i - b.i);
  placed.forEach((p, k) => {
    p.x = Math.max(p.x, k ? placed[k - 1]!.x + placed[k - 1]!.w + gap : low);
  });
  let end = high;
  for (const p of [...placed].reverse()) {
    p.x = Math.min(p.x, end - p.w);
    end = p.x - gap;
  }
  return placed.sort((a, b) => a.i - b.i).map(({ text, x }) => ({ text, x }));
}
