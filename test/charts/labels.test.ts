// The label placer, ticks and number formats: small pure functions under all charts.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { axis, domainOf, logTicks } from "../../lib/charts/axis.js";
import { overlap, placeLabels, type Box } from "../../lib/charts/labels.js";
import { formatted, textWidth, wrapped } from "../../lib/charts/text.js";
import { families, inkOn, palette } from "../../lib/charts/theme.js";

const frame: Box = { x: 0, y: 0, width: 700, height: 400 };

describe("placeLabels", () => {
  it("keeps eight labels apart, off all points and inside, wherever the points are", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ x: fc.integer({ min: 20, max: 680 }), y: fc.integer({ min: 20, max: 380 }) }), {
          minLength: 1,
          maxLength: 8,
        }),
        (points) => {
          const placed = placeLabels(
            points.map((p, i) => ({ ...p, text: `operation ${i}` })),
            frame,
          );
          expect(placed).toHaveLength(points.length);
          placed.forEach(({ box: a }, i) => {
            expect(a.x >= 0 && a.y >= 0 && a.x + a.width <= 700 && a.y + a.height <= 400).toBe(true);
            placed.slice(i + 1).forEach(({ box: b }) => expect(overlap(a, b)).toBe(0));
          });
        },
      ),
      { numRuns: 300, seed: 1 },
    );
  });
  it("separates labels of points that coincide, by leader lines once the places beside them are taken", () => {
    const placed = placeLabels(
      Array.from({ length: 10 }, (_, i) => ({ x: 350, y: 200, text: `model ${i}` })),
      frame,
    );
    placed.forEach(({ box: a }, i) => placed.slice(i + 1).forEach(({ box: b }) => expect(overlap(a, b)).toBe(0)));
    expect(placed.some((p) => p.leader)).toBe(true);
  });
  it("gives the same places every time", () => {
    const points = [
      { x: 100, y: 100, text: "a" },
      { x: 104, y: 101, text: "b" },
    ];
    expect(placeLabels(points, frame)).toEqual(placeLabels(points, frame));
  });
  it("keeps off obstacles while there is room", () => {
    const wall: Box = { x: 110, y: 0, width: 600, height: 400 };
    expect(overlap(placeLabels([{ x: 100, y: 100, text: "short" }], frame, [wall])[0]!.box, wall)).toBe(0);
  });
  it("places a label that is wider than the frame at its left edge, rather than dropping it", () => {
    expect(placeLabels([{ x: 50, y: 50, text: "w".repeat(200) }], frame)[0]).toMatchObject({ x: 0, anchor: "start" });
  });
});

describe("logTicks", () => {
  it.each([
    [
      [0.01, 1e4],
      [0.01, 0.1, 1, 10, 100, 1000, 1e4],
    ],
    [
      [0.9, 70],
      [1, 2, 4, 8, 16, 32, 64],
    ],
    [
      [4e6, 2e8],
      [5e6, 1e7, 2e7, 5e7, 1e8, 2e8],
    ],
    [
      [0.9, 3.4],
      [1, 1.5, 2, 2.5, 3],
    ],
    [
      [0.02, 0.9],
      [0.02, 0.05, 0.1, 0.2, 0.5],
    ],
  ] as [[number, number], number[]][])("of %j are %j", (domain, ticks) => {
    expect(logTicks(domain).map((t) => Number(t.toPrecision(9)))).toEqual(ticks);
  });
  it("are two to nine, and inside, on any domain", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -12, max: 12, noNaN: true }),
        fc.double({ min: 0.2, max: 20, noNaN: true }),
        (e, decades) => {
          const domain: [number, number] = [10 ** e, 10 ** (e + decades)];
          const ticks = logTicks(domain);
          expect(ticks.length).toBeGreaterThanOrEqual(2);
          expect(ticks.length).toBeLessThanOrEqual(9);
          for (const t of ticks) expect(t >= domain[0] * (1 - 1e-9) && t <= domain[1] * (1 + 1e-9)).toBe(true);
        },
      ),
      { numRuns: 500, seed: 1 },
    );
  });
});

describe("domainOf", () => {
  it("starts a linear axis at zero unless told otherwise", () => {
    expect(domainOf([3, 10])[0]).toBe(0);
    expect(domainOf([3, 10], {}, { zero: false })[0]).toBeGreaterThan(2);
    expect(domainOf([-3, 10])[0]).toBeLessThan(-3);
  });
  it("has width for a single value", () => {
    for (const scale of ["linear", "log"] as const) {
      const [low, high] = domainOf([5], { scale }, { zero: false });
      expect(high).toBeGreaterThan(low);
    }
  });
});

describe("formatted", () => {
  it.each([
    [3.35e12, "si", "B/s", "3.35 TB/s"],
    [1e12, "si", "FLOP/s", "1 TFLOP/s"],
    [0.125, "percent", "", "12.5 %"],
    [0.0026, "percent", "", "0.26 %"],
    [0, "percent", "", "0 %"],
    [1, "percent", "", "100 %"],
    [295.22, "plain", "", "295.2"],
    [2048, "plain", "", "2,048"],
    [-3, "plain", "", "-3"],
  ] as const)("%s as %s of %j is %s", (value, format, unit, text) => {
    expect(formatted(value, format, unit)).toBe(text);
  });
});

describe("wrapped", () => {
  it("keeps every word and no line wider than asked, words alone excepted", () => {
    const text = "Arithmetic intensity of a linear layer against its batch, on three devices";
    const lines = wrapped(text, 160, 12);
    expect(lines.join(" ")).toBe(text);
    for (const l of lines) expect(textWidth(l, 12)).toBeLessThanOrEqual(160);
  });
});

describe("theme", () => {
  const luminance = (hex: string) =>
    [1, 3, 5]
      .map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
      .reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i]!, 0);
  it("sets text on every colour of the palette at a contrast of at least 3", () => {
    for (const fill of palette) {
      const [a, b] = [luminance(fill), luminance(inkOn(fill))].sort((x, y) => y - x) as [number, number];
      expect((a + 0.05) / (b + 0.05), fill).toBeGreaterThanOrEqual(3);
    }
  });
  it("tells eight families apart by colour and by symbol", () => {
    const looks = [...families("abcdefgh".split("")).values()];
    expect(new Set(looks.map((l) => l.color)).size).toBe(8);
    expect(new Set(looks.map((l) => l.symbol)).size).toBe(8);
  });
});

describe("axis", () => {
  it("names its ticks in SI, with the unit", () => {
    const { ticks, tickFormat } = axis([1e9, 1e12], { scale: "log", format: "si", unit: "FLOP/s" });
    expect((ticks as number[]).map(tickFormat)).toEqual(["1 GFLOP/s", "10 GFLOP/s", "100 GFLOP/s", "1 TFLOP/s"]);
  });
});
