// The colours of charts in a page: each of the theme's has one on a dark card, and reads on it.
import { describe, expect, it } from "vitest";
import { darkColors, darkInkOnMarks, pageStyle } from "../../lib/charts/pageStyle.js";
import * as theme from "../../lib/charts/theme.js";
import { samples } from "./samples.js";

const luminance = (hex: string): number => {
  const [r, g, b] = [1, 3, 5]
    .map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
};
const contrast = (a: string, b: string): number => {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high! + 0.05) / (low! + 0.05);
};
const dark = (color: string): string => darkColors[color]!;

describe("pageStyle", () => {
  it("has a dark colour for each of the theme's", () => {
    const named = Object.values(theme).filter((value) => typeof value === "string" && value.startsWith("#"));
    for (const color of [...(named as string[]), ...theme.palette, ...theme.palette.map(theme.legible)])
      expect([color, dark(color)]).toEqual([color, expect.stringMatching(/^#[0-9a-f]{6}$/)]);
  });

  it("has texts that read on the dark card, and marks that dark ink reads on", () => {
    const { ink, faint, computeColor, memoryColor, overheadColor, thresholdColor, palette } = theme;
    const card = dark(theme.card);
    for (const color of [ink, faint, computeColor, memoryColor, overheadColor, thresholdColor, ...palette])
      expect([color, contrast(dark(color), card) >= 4.5]).toEqual([color, true]);
    for (const color of palette) expect([color, contrast(dark(color), darkInkOnMarks) >= 4.5]).toEqual([color, true]);
    expect(new Set(palette.map(dark)).size).toBe(palette.length);
  });

  it("names no colour twice, and each that it has a variable for", () => {
    const rules = [...pageStyle().matchAll(/\[fill="([^"]+)"\] \{/g)].map((found) => found[1]!);
    expect(new Set(rules).size).toBe(rules.length);
    expect(rules).toEqual(Object.keys(darkColors));
  });
});

describe("a chart at another width", () => {
  it.each(Object.entries(samples))("%s says the same, and is that wide", (_, chart) => {
    const narrow = chart.at!(360);
    expect([narrow.kind, narrow.title, narrow.description]).toEqual([chart.kind, chart.title, chart.description]);
    expect(narrow.width).toBe(360);
    expect(narrow.at!(chart.width).height).toBe(chart.height);
  });
});
