// Colours, sizes and symbols of all charts. The palette is Okabe and Ito's, told apart by colour-blind readers and in grey print;
// families also differ by symbol. Every chart is a white card with dark ink, so that it reads on a light and on a dark page.

export const ink = "#1f2328";
export const faint = "#57606a";
export const grid = "#e4e7eb";
export const card = "#ffffff";
/** What a roof or a bound makes of a point. */
export const computeColor = "#00704f";
export const memoryColor = "#b8430a";

export const palette = ["#0072b2", "#d55e00", "#009e73", "#aa4499", "#e69f00", "#56b4e9", "#44525f", "#882255"] as const;
export const symbols = ["circle", "square", "triangle", "diamond", "star", "wye", "cross", "times"] as const;

export const fontFamily = "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif";
export const fontSize = 12;
export const titleSize = 15;

/** A colour and a symbol for each name, in order of first appearance. */
export function families(names: readonly (string | undefined)[]): Map<string, { color: string; symbol: (typeof symbols)[number] }> {
  const map = new Map<string, { color: string; symbol: (typeof symbols)[number] }>();
  for (const name of names)
    if (name !== undefined && !map.has(name)) map.set(name, { color: palette[map.size % palette.length]!, symbol: symbols[map.size % symbols.length]! });
  return map;
}

/** The ink that reads on `fill` (#rrggbb or rgb(r,g,b)): white on dark, dark on light, by relative luminance. */
export function inkOn(fill: string): string {
  const [r, g, b] = fill.startsWith("#") ? [1, 3, 5].map((i) => parseInt(fill.slice(i, i + 2), 16)) : fill.match(/\d+/g)!.map(Number);
  const linear = (v: number) => ((v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const luminance = 0.2126 * linear(r!) + 0.7152 * linear(g!) + 0.0722 * linear(b!);
  return luminance < 0.3 ? "#ffffff" : ink;
}
