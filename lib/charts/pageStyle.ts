// The colours of charts in an exported page, as a style sheet. The drawings keep the theme's own colours, and the sheet
// finds them by those: so a stored chart, a live one and every state of an explorable follow the page alike, and the
// same file is a white card wherever the sheet is not.
import {
  black,
  card,
  computeColor,
  faint,
  grid,
  ink,
  quiet,
  legible,
  memoryColor,
  outline,
  overheadColor,
  palette,
  thresholdColor,
  unvisited,
} from "./theme.js";

/** Ink within marks, which are light on a dark page, all of them. */
export const darkInkOnMarks = "#14171b";

/** On a dark page: light enough that dark ink reads on every mark, and every one of them as text on the card. */
export const darkColors: Readonly<Record<string, string>> = {
  [card]: "#1b2026",
  [outline]: "#1b2026",
  [ink]: "#e3e6ea",
  [black]: darkInkOnMarks,
  [faint]: "#a9b2bd",
  [grid]: "#4a535e",
  [quiet]: "#7c8793",
  [unvisited]: "#808b97",
  [computeColor]: "#4cc79b",
  [memoryColor]: "#f2955a",
  [overheadColor]: "#bb9bf5",
  [thresholdColor]: "#f0a868",
  ...inPalette(["#5eb0ea", "#f08c50", "#3fc39a", "#d28fd6", "#efb43c", "#93d2f6", "#a6b3c0", "#f291ab"]),
};

/** The colours of the palette, as marks and, darkened, as text. */
function inPalette(dark: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    palette.flatMap((color, i) => [
      [color, dark[i]!],
      [legible(color), dark[i]!],
    ]),
  );
}

const variable = (color: string): string => `--chart-${color.slice(1)}`;
const declared = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([color, value]) => `${variable(color)}: ${value};`)
    .join(" ");

/**
 * The style sheet: dark where the page is dark, the reader's own colours for card and ink where they are forced, the
 * drawing's own on paper.
 */
export function pageStyle(): string {
  const rules = Object.keys(darkColors).map(
    (color) =>
      `.chart [fill="${color}"] { fill: var(${variable(color)}, ${color}); } ` +
      `.chart [stroke="${color}"] { stroke: var(${variable(color)}, ${color}); }`,
  );
  // Text without an outline stands within a mark.
  const within = [ink, card, black].map((color) => `.chart text[fill="${color}"]:not([stroke])`).join(", ");
  const own = { [card]: "Canvas", [outline]: "Canvas", [ink]: "CanvasText", [faint]: "CanvasText" };
  return [
    ...rules,
    `.chart svg[color="${ink}"] { color: var(${variable(ink)}, ${ink}); }`,
    "@media screen and (prefers-color-scheme: dark) {",
    `:root { ${declared(darkColors)} }`,
    `${within} { fill: ${darkInkOnMarks}; }`,
    "}",
    "@media (forced-colors: active) {",
    ".chart svg, .chart svg * { forced-color-adjust: none; }",
    `:root { ${declared({ ...own, [grid]: "GrayText", [quiet]: "GrayText" })} }`,
    "}",
    "",
  ].join("\n");
}
