// Names of categories: under an axis wrapped, turned or thinned out; beside one clipped.
import * as Plot from "@observablehq/plot";
import { clipped, textWidth, wrapped } from "./text.js";
import { fontSize } from "./theme.js";

/** Names under a band axis and the pixels that they take below it. `ticks`: which of them stand, where not all do. */
export interface BandNames {
  readonly text: (i: number) => string;
  readonly tickRotate?: number;
  readonly ticks?: readonly number[];
  readonly height: number;
}

const leastStep = 14;
const longestTurned = 120;
const lineHeight = 1.2;

/**
 * `names` under bands with the given `padding`, on `width` pixels: wrapped where their words fit, else turned; `thin`
 * leaves some out where even those would touch.
 */
export function bandNames(
  who: string,
  names: readonly string[],
  width: number,
  { padding, thin = false }: { padding: number; thin?: boolean },
): BandNames {
  const step = width / (names.length + padding);
  if (step < leastStep && !thin)
    throw new RangeError(
      `${who}: rows must be at most ${Math.floor(width / leastStep - padding)} at this width, got ${names.length}`,
    );
  const room = step - 4;
  const fits = names.every((n) => n.split(" ").every((w) => textWidth(w, fontSize) <= room));
  if (fits || step >= 72) {
    const lines = names.map((n) => wrapped(n, room, fontSize, 4));
    return {
      text: (i) => lines[i]!.join("\n"),
      height: Math.ceil(lineHeight * fontSize * Math.max(...lines.map((l) => l.length))),
    };
  }
  const every = Math.ceil(leastStep / step);
  const turned = names.map((n) => clipped(n, longestTurned, fontSize));
  return {
    text: (i) => turned[i]!,
    tickRotate: -60,
    height: Math.ceil(Math.max(...turned.map((n) => textWidth(n, fontSize))) * Math.sin(Math.PI / 3) + 8),
    ...(every > 1 ? { ticks: names.map((_, i) => i).filter((i) => i % every === 0) } : {}),
  };
}

/** The axis that shows them. `domain`: the scale's values, in the order of the names. */
export function bandAxis<T extends string | number>(
  { text, tickRotate, ticks }: BandNames,
  domain: readonly T[],
): Plot.Markish {
  return Plot.axisX(ticks ? ticks.map((i) => domain[i]!) : [...domain], {
    tickFormat: (v: T) => text(domain.indexOf(v)),
    tickSize: 0,
    label: null,
    lineHeight,
    ...(tickRotate ? { tickRotate } : {}),
  });
}

/** The names at the left of a chart, clipped to `share` of its width, and the margin that they take. */
export function sideNames(
  names: readonly string[],
  width: number,
  share = 0.45,
): { margin: number; text: (name: string) => string } {
  const margin = Math.min(width * share, Math.max(...names.map((n) => textWidth(n, fontSize))) + 24);
  return { margin, text: (name) => clipped(name, margin - 20, fontSize) };
}
