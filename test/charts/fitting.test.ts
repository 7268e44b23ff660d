// Text that is cut, wrapped, placed and coloured to fit.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { barChart, lineChart, scatterChart } from "../../lib/charts/index.js";
import { overlap, placeLabels, type Box } from "../../lib/charts/labels.js";
import { bandNames } from "../../lib/charts/names.js";
import { inOneLine } from "../../lib/charts/ruleLabels.js";
import { clipped, textWidth, wrapped } from "../../lib/charts/text.js";
import { legible, palette } from "../../lib/charts/theme.js";
import { names } from "./crowdedSamples.js";
import { drawn, parsed, texts } from "./page.js";

describe("fitting text", () => {
  it("clipped and wrapped never exceed the width, and say by … that something is missing", () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 80 }),
        fc.integer({ min: 20, max: 300 }),
        fc.integer({ min: 1, max: 4 }),
        (text, width, most) => {
          const short = clipped(text, width, 12);
          const lines = wrapped(text, width, 12, most);
          expect(textWidth(short, 12)).toBeLessThanOrEqual(width);
          expect(short === text || short.endsWith("…")).toBe(true);
          expect(lines.length).toBeLessThanOrEqual(most);
          for (const line of lines) expect(textWidth(line, 12)).toBeLessThanOrEqual(width);
          expect(wrapped(text, width, 12).join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
        },
      ),
      { numRuns: 300, seed: 1 },
    );
  });
  it("inOneLine keeps texts apart, in the order of their places, and between its ends", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ text: fc.string({ minLength: 1, maxLength: 60 }), at: fc.integer({ min: -50, max: 800 }) }),
          { minLength: 1, maxLength: 6 },
        ),
        (items) => {
          const placed = inOneLine(items, 14, 706, 11)
            .map((p) => ({ ...p, end: p.x + textWidth(p.text, 11) }))
            .sort((a, b) => a.x - b.x);
          for (const p of placed) expect(p.x >= 13.99 && p.end <= 706.01).toBe(true);
          placed.slice(1).forEach((p, i) => expect(p.x).toBeGreaterThan(placed[i]!.end + 5));
        },
      ),
      { numRuns: 300, seed: 1 },
    );
  });
  it("bandNames wraps words, turns what no wrap fits, and thins only where it may", () => {
    expect(bandNames("c", ["two words", "x"], 120, { padding: 0 }).height).toBe(29);
    expect(bandNames("c", ["two words", "x"], 120, { padding: 0 }).text(0)).toBe("two\nwords");
    expect(bandNames("c", ["two words", "x"], 40, { padding: 0 })).toMatchObject({ tickRotate: -60 });
    expect(bandNames("c", names(9), 63, { padding: 0, thin: true }).ticks).toEqual([0, 2, 4, 6, 8]);
  });
  it("placeLabels places 30 labels in a crowd clear of each other while the frame has room", () => {
    const frame: Box = { x: 0, y: 0, width: 640, height: 320 };
    fc.assert(
      fc.property(
        fc.array(fc.record({ x: fc.integer({ min: 250, max: 390 }), y: fc.integer({ min: 100, max: 220 }) }), {
          minLength: 20,
          maxLength: 30,
        }),
        (points) => {
          const placed = placeLabels(
            points.map((p, i) => ({ ...p, text: `operation ${i}` })),
            frame,
          );
          placed.forEach(({ box: a }, i) => placed.slice(i + 1).forEach(({ box: b }) => expect(overlap(a, b)).toBe(0)));
        },
      ),
      { numRuns: 30, seed: 1 },
    );
  });
  it("legible darkens a colour until its text has a contrast of 4.5 on the card, and no further", () => {
    const luminance = (hex: string) =>
      [1, 3, 5]
        .map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
        .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
        .reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i]!, 0);
    for (const color of palette) {
      const contrast = 1.05 / (luminance(legible(color)) + 0.05);
      const before = 1.05 / (luminance(color) + 0.05);
      expect(contrast, color).toBeGreaterThanOrEqual(4.5);
      expect(contrast, color).toBeLessThan(Math.max(before, 4.5) * 1.12);
    }
  });
  it.each(["", "s", "FLOP", "FLOP/byte", "MACs a parameter"])("no label of an axis is cut at the edge: %j", (unit) => {
    const rows = [12, 3_400_000, 96_600_000_000].map((y, x) => ({ series: "a", name: String(x), x, y, value: y }));
    const charts = [
      lineChart(rows, { unit, yFormat: "plain" }),
      lineChart(rows, { unit, yFormat: "si" }),
      scatterChart(rows, { yUnit: unit }),
      barChart(rows, { unit }),
    ];
    for (const { text, box } of charts.flatMap((chart) => texts(parsed(drawn(chart)))))
      expect([text, box.x >= 0]).toEqual([text, true]);
  });
});
