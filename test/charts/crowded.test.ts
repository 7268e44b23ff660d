// Charts with more, longer or more equal rows than any lecture has: text stays apart and inside, the plot keeps its
// room, or one line says what is too much.
import { describe, expect, it } from "vitest";
import { barChart, stackedBarChart } from "../../lib/charts/index.js";
import { overlap } from "../../lib/charts/labels.js";
import { sideNames } from "../../lib/charts/names.js";
import { drawn, parsed, texts } from "./page.js";
import { words, solid, names, crowded } from "./crowdedSamples.js";

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
