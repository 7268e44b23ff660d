// Colours, sizes and symbols of all charts. The palette is Okabe and Ito's, told apart by colour-blind readers and in
// grey print; families also differ by symbol. Every chart is a white card with dark ink, so that it reads on a light
// and on a dark page; an exported page may give it other colours (pageStyle.ts).

export const ink = "#1f2328";
export const faint = "#57606a";
export const card = "#ffffff";
/** Around marks, so that those that touch are told apart. */
export const outline = "#fff";
/** Frames and rules behind marks. */
export const grid = "#c9d1d9";
/** From a mark to its name, and what did not change. */
export const quiet = "#9aa4af";
/** A cell that nothing visits. */
export const unvisited = "#eceff2";
/** What a roof or a bound makes of a point. */
export const computeColor = "#00704f";
export const memoryColor = "#b8430a";
export const overheadColor = "#6e40c9";
/** The names of thresholds and references, and the rules between cache lines. */
export const thresholdColor = "#a04000";

export const palette = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#aa4499",
  "#e69f00",
  "#56b4e9",
  "#44525f",
  "#882255",
] as const;
const symbols = ["circle", "square", "triangle", "diamond", "star", "wye", "cross", "times"] as const;

export const fontFamily = "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif";
export const fontSize = 12;
export const titleSize = 15;

/** A colour and a symbol for each name. */
export type Looks = ReadonlyMap<string, { readonly color: string; readonly symbol: (typeof symbols)[number] }>;

/** A colour and a symbol for each name, in order of first appearance. */
export function families(names: readonly (string | undefined)[]): Looks {
  const map = new Map<string, { color: string; symbol: (typeof symbols)[number] }>();
  for (const name of names)
    if (name !== undefined && !map.has(name))
      map.set(name, { color: palette[map.size % palette.length]!, symbol: symbols[map.size % symbols.length]! });
  return map;
}

/** Where neither white nor the ink reads: on marks of a middle brightness. */
export const black = "#000000";

/** What reads on `fill` (#rrggbb or rgb(r,g,b)) with a contrast of 4.5 or more: white, else the ink, else black. */
export function inkOn(fill: string): string {
  const mark = luminance(fill.startsWith("#") ? channels(fill) : fill.match(/\d+/g)!.map(Number)) + 0.05;
  if (1.05 / mark >= 4.5) return card;
  return mark / (luminance(channels(ink)) + 0.05) >= 4.5 ? ink : black;
}

/** `color` (#rrggbb) darkened until text in it reads on the card: a contrast of 4.5 or more. */
export function legible(color: string): string {
  let rgb = channels(color);
  while (1.05 / (luminance(rgb) + 0.05) < 4.5) rgb = rgb.map((v) => Math.floor(v * 0.95));
  return `#${rgb.map((v) => v.toString(16).padStart(2, "0")).join("")}`;
}

const channels = (hex: string): number[] => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));

function luminance(rgb: readonly number[]): number {
  const [r, g, b] = rgb.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
