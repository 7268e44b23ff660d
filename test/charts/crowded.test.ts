// Charts with more, longer or more equal rows than any lecture has: text stays apart and inside, the plot keeps its
// room, or one line says what is too much.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addressStrip,
  barChart,
  dotPlot,
  heatmap,
  horizontalBarChart,
  lineChart,
  rooflineChart,
  scatterChart,
  sideBySide,
  slopeChart,
  stackedBarChart,
  type Chart,
} from "../../lib/charts/index.js";
import { overlap, placeLabels, type Box } from "../../lib/charts/labels.js";
import { bandNames, inOneLine, sideNames } from "../../lib/charts/names.js";
import { clipped, textWidth, wrapped } from "../../lib/charts/text.js";
import { legible, palette } from "../../lib/charts/theme.js";
import { device } from "../../lib/devices.js";
import { drawn, parsed, texts } from "./page.js";

const words = "a quite long name of a layer with many words in it, such as block.11/attention/qkv projection";
const solid = "model.layers.31.self_attn.q_proj.weight.quantized.q4_k_m".repeat(9);
const names = (n: number, of = "row") => Array.from({ length: n }, (_, i) => `${of} ${i}`);
const h100 = device("h100-sxm");
const bf16 = { dtypes: ["bf16"] };
const levels = {
  name: "one thread",
  peakFlops: { fp32: 52e9 },
  bandwidth: 11e9,
  levels: [
    ["L1", 120e9],
    ["L2", 60e9],
    ["L3", 24e9],
    ["DRAM", 11e9],
  ].map(([level, read]) => ({ level: level as string, read: read as number })),
};

const crowded: Record<string, () => Chart> = {
  "rooflineChart, 16 points about the ridge": () =>
    rooflineChart(
      h100,
      names(16, "a kernel of number").map((name, i) => ({ name, arithmeticIntensity: 100 * 1.18 ** i })),
      bf16,
    ),
  "rooflineChart, 16 points on the slope": () =>
    rooflineChart(
      h100,
      names(16, "a kernel of number").map((name, i) => ({ name, arithmeticIntensity: 2 * 1.2 ** i })),
      bf16,
    ),
  "rooflineChart, 12 points at one place": () =>
    rooflineChart(
      h100,
      names(12, "kernel").map((name) => ({ name, arithmeticIntensity: 50 })),
      bf16,
    ),
  "rooflineChart, 16 points under four levels": () =>
    rooflineChart(
      levels,
      names(16, "kernel").map((name, i) => ({
        name,
        arithmeticIntensity: 0.08 * 1.6 ** i,
        flops: 0.7 * Math.min(52e9, 0.08 * 1.6 ** i * 11e9),
        measured: true,
      })),
    ),
  "rooflineChart, every dtype": () =>
    rooflineChart(h100, [
      { name: "decode", arithmeticIntensity: 1 },
      { name: "prefill", arithmeticIntensity: 900 },
    ]),
  "rooflineChart, long names": () =>
    rooflineChart(
      { ...levels, name: solid, levels: levels.levels.map((l) => ({ ...l, level: words })) },
      [
        { name: words, arithmeticIntensity: 10 },
        { name: solid, arithmeticIntensity: 100 },
      ],
      { title: words.repeat(9), caption: solid },
    ),
  "barChart, 40 rows": () =>
    barChart(
      names(40).map((name, i) => ({ name, value: 1e6 * Math.sin(i) ** 2 })),
      { rules: [{ value: 4e5, label: "a rule" }] },
    ),
  "barChart, rules among values": () =>
    barChart(
      [120, 124, 126, 130, 90].map((value, i) => ({ name: `b${i}`, value })),
      {
        y: "Value",
        rules: [
          { value: 125, label: "a threshold at 125" },
          { value: 60, label: "another" },
        ],
      },
    ),
  "barChart, long names": () =>
    barChart(
      [
        { name: words, value: 1 },
        { name: solid, value: 2 },
        { name: "c", value: -1 },
      ],
      { title: solid, x: words.repeat(9), y: solid, rules: [{ value: 1.5, label: words }] },
    ),
  "barChart, below zero": () =>
    barChart([
      { name: "gain", value: 3.2 },
      { name: "loss", value: -2.1 },
      { name: "none", value: 0 },
    ]),
  "horizontalBarChart, 200 rows": () =>
    horizontalBarChart(
      names(200).map((name, i) => ({ name, value: 1 + i })),
      { rules: [{ value: 100, label: "a rule" }] },
    ),
  "horizontalBarChart, below zero": () =>
    horizontalBarChart([
      { name: "gain", value: 3.2 },
      { name: "loss", value: -2.1 },
      { name: "all lost", value: -9.9 },
    ]),
  "horizontalBarChart, long names, rules that meet": () =>
    horizontalBarChart(
      [
        { name: words, value: 1, family: solid },
        { name: solid, value: 2, family: words },
      ],
      { title: solid, x: solid, xScale: "log", rules: [1, 1.1, 1.9].map((value) => ({ value, label: words })) },
    ),
  "scatterChart, 30 points": () =>
    scatterChart(
      names(30, "model number").map((name, i) => ({
        name,
        x: 1e6 * (2 + Math.sin(i)),
        y: 1e9 * (2 + Math.cos(3 * i)),
        family: `f${i % 8}`,
      })),
      { x: "Parameters", y: "FLOPs" },
    ),
  "scatterChart, all equal": () =>
    scatterChart(
      names(8).map((name) => ({ name, x: 3, y: 3 })),
      { xScale: "log", yScale: "log" },
    ),
  "scatterChart, long names": () =>
    scatterChart(
      [
        { name: words, x: 1, y: 1, family: solid },
        { name: solid, x: 2, y: 2, family: words },
      ],
      { title: words, x: solid, y: solid },
    ),
  "lineChart, eight ends that meet": () =>
    lineChart(
      names(8, "series").flatMap((series, s) => [1, 10, 100].map((x) => ({ series, x, y: 100 + s * 0.2 + x / 100 }))),
      { xScale: "log", rules: [{ y: 60, label: "a rule" }] },
    ),
  "lineChart, long names": () =>
    lineChart(
      [words, solid].flatMap((series, s) => [1, 2].map((x) => ({ series, x, y: x * s + 1 }))),
      {
        title: solid,
        x: solid,
        y: words,
        rules: [
          { y: 0.5, label: words },
          { x: 1.5, label: solid },
        ],
      },
    ),
  "lineChart, all equal": () => lineChart([1, 2, 3].map((x) => ({ series: "s", x, y: 5 }))),
  "stackedBarChart, 40 bars, 20 parts": () =>
    stackedBarChart(names(40, "bar").flatMap((bar) => names(20, "part").map((part, i) => ({ bar, part, value: i })))),
  "stackedBarChart, long names": () =>
    stackedBarChart(
      [
        { bar: words, part: solid, value: 1 },
        { bar: solid, part: words, value: 2 },
      ],
      { title: words },
    ),
  "dotPlot, long names, a band beside a reference": () =>
    dotPlot(
      [
        { name: words, value: 1 },
        { name: solid, value: 2, low: 1.5, high: 2.5 },
      ],
      { x: solid, reference: { value: 1.4, label: words }, band: { low: 1.5, high: 3, label: words } },
    ),
  "slopeChart, long names": () =>
    slopeChart(
      [
        { name: words, left: 1, right: 2 },
        { name: solid, left: 2, right: 1 },
        { name: "c", left: 3, right: 3 },
      ],
      { left: words, right: solid },
    ),
  "slopeChart, all equal": () => slopeChart(names(5).map((name) => ({ name, left: 1, right: 1 }))),
  "heatmap, 100 columns": () =>
    heatmap(
      names(100, "x").flatMap((x, i) => ["a", "b"].map((y) => ({ x, y, value: i + 1 }))),
      { x: "Stride", y: "Working set", unit: "B/s" },
    ),
  "heatmap, long names": () =>
    heatmap(
      [
        { x: words, y: solid, value: 1 },
        { x: solid, y: words, value: 2 },
      ],
      { title: solid, x: words, y: solid },
    ),
  "heatmap, all equal": () => heatmap([1, 2].map((x) => ({ x, y: 1, value: 0 }))),
  "addressStrip, 1,000 cells": () =>
    addressStrip(
      [
        { name: words, addresses: names(250).map((_, i) => 4 * i) },
        { name: solid, addresses: [0] },
      ],
      { lineCells: 16 },
    ),
  "sideBySide, small": () =>
    sideBySide(
      scatterChart(
        names(6, "model").map((name, i) => ({ name, x: i, y: i * i, family: `f${i}` })),
        { title: "Left", width: 300, height: 260 },
      ),
      barChart(
        [1, 2, 3].map((value) => ({ name: `bar ${value}`, value })),
        { title: solid, width: 300, height: 260, rules: [{ value: 2.5, label: words }] },
      ),
    ),
};

describe.each(Object.entries(crowded))("%s", (_, make) => {
  const chart = make();
  const svg = parsed(drawn(chart));
  const all = texts(svg).filter((t) => !t.rotated);
  it("keeps its text inside the picture and each text clear of the others", () => {
    const outside = all.filter(
      ({ box: b }) => b.x < -1 || b.y < -1 || b.x + b.width > chart.width + 1 || b.y + b.height > chart.height + 1,
    );
    expect(outside.map((t) => t.text)).toEqual([]);
    const pairs: string[] = [];
    all.forEach((a, i) =>
      all.slice(i + 1).forEach((b) => {
        if (overlap(a.box, b.box) > 4) pairs.push(`${a.text} | ${b.text}`);
      }),
    );
    expect(pairs).toEqual([]);
  });
  it("keeps its marks inside the picture, and room for them", () => {
    for (const e of svg.querySelectorAll("rect"))
      for (const [at, size, most] of [
        ["x", "width", chart.width],
        ["y", "height", chart.height],
      ] as const) {
        const from = Number(e.getAttribute(at) ?? 0);
        const long = Number(e.getAttribute(size));
        expect(from >= 0 && long >= 0 && from + long <= most + 0.01, `${at} ${from} + ${long} of ${most}`).toBe(true);
      }
    expect(svg.querySelectorAll("path, circle, rect, line").length).toBeGreaterThan(2);
    expect(svg.outerHTML).not.toMatch(/NaN|Infinity|undefined/);
  });
  it("keeps the numbers in its description", () => expect(chart.description).toMatch(/\d/));
});

describe("more rows than the width holds", () => {
  it("barChart and stackedBarChart refuse them in one line", () => {
    expect(() => barChart(names(200).map((name) => ({ name, value: 1 })))).toThrow(
      new RangeError("barChart: rows must be at most 44 at this width, got 200"),
    );
    expect(() => stackedBarChart(names(200).map((bar) => ({ bar, part: "p", value: 1 })))).toThrow(
      /^stackedBarChart: rows must be at most \d+ at this width, got 200$/,
    );
    expect(() => barChart(names(44).map((name) => ({ name, value: 1 })))).not.toThrow();
    expect(() =>
      barChart(
        names(60).map((name) => ({ name, value: 1 })),
        { width: 1200 },
      ),
    ).not.toThrow();
  });
});

describe("a plot under long text", () => {
  it("keeps 60 pixels of height and half of the width", () => {
    const long = barChart(
      [
        { name: "a", value: 1, family: solid },
        { name: "b", value: 2, family: words },
      ],
      { title: solid, caption: words.repeat(20), height: 200 },
    );
    const svg = parsed(drawn(long));
    const bars = [...svg.querySelectorAll('[aria-label="bar"] rect')].map((e) =>
      ["width", "height"].map((a) => Number(e.getAttribute(a))),
    );
    expect(long.height).toBeGreaterThan(200);
    expect(Math.max(...bars.map(([, h]) => h!))).toBeGreaterThan(40);
    expect(sideNames([solid], 720).margin).toBeLessThanOrEqual(0.45 * 720);
  });
});

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
});
