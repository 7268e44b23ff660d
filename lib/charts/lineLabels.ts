// The names in a line chart: of curves at their right ends, and of the rules that they are held against.
import type { Box } from "./labels.js";
import type { LineRow, LineRule } from "./line.js";
import type { Pen } from "./pen.js";
import { nameRule, type Place } from "./ruleLabels.js";
import { clipped } from "./text.js";
import { faint, legible, type Looks } from "./theme.js";

/** Names each series at the right end of its curve, at most `width` pixels wide; pushed apart where ends meet. */
export function nameCurves(pen: Pen, rows: readonly LineRow[], looks: Looks, width: number): void {
  const { x, y: top, width: across, height } = pen.frame;
  const ends = [...looks.keys()]
    .map((series) => {
      const own = rows.filter((r) => r.series === series);
      const last = own.reduce((a, b) => (b.x > a.x ? b : a));
      return { series, y: Math.min(Math.max(pen.y(last.y), top + 6), top + height - 2) };
    })
    .sort((a, b) => a.y - b.y);
  pushApart(ends, top + height + 4);
  for (const { series, y } of ends)
    pen.text(clipped(series, width, 12), x + across + 8, y + 4, {
      anchor: "start",
      color: legible(looks.get(series)!.color),
      weight: "600",
    });
}

/** Names by their heights, at least a line apart and none below `floor`. */
function pushApart(ends: { y: number }[], floor: number): void {
  for (let i = 1; i < ends.length; i++) ends[i]!.y = Math.max(ends[i]!.y, ends[i - 1]!.y + 15);
  let lowest = floor;
  for (const end of [...ends].reverse()) {
    end.y = Math.min(end.y, lowest);
    lowest = end.y - 15;
  }
}

/** Names each rule where its name covers least of the other names and of the points of the curves. */
export function nameLineRules(pen: Pen, rules: readonly LineRule[], rows: readonly LineRow[]): void {
  const marks = rows.map((r): Box => ({ x: pen.x(r.x) - 5, y: pen.y(r.y) - 5, width: 10, height: 10 }));
  for (const rule of rules)
    nameRule(pen, rule.label, (width) => placesOf(pen, rule, width), { marks, share: 0.6, color: faint });
}

/** Where the name of a rule may stand: above or below a horizontal one, on either side of a vertical one. */
function placesOf(pen: Pen, rule: LineRule, width: number): Place[] {
  const { x: left, y: top, width: across, height } = pen.frame;
  const right = left + across;
  if (rule.y !== undefined) {
    const at = pen.y(rule.y);
    return [
      [left + 8, at - 5],
      [right - width - 6, at - 5],
      [left + 8, at + 13],
      [right - width - 6, at + 13],
      [left + across / 2 - width / 2, at - 5],
    ];
  }
  const at = pen.x(rule.x!);
  return [0.05, 0.92, 0.3, 0.7, 0.5].flatMap((share): Place[] => [
    [at + 5, top + height * share + 8],
    [at - width - 5, top + height * share + 8],
  ]);
}
