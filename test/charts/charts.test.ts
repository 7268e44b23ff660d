// Every kind of chart, on the lectures' data: the picture is kept, is a document of its own, and nothing in it lies
// over anything else.
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { overlap } from "../../lib/charts/labels.js";
import * as charts from "../../lib/charts/index.js";
import { drawn, parsed, snapshot, texts } from "./page.js";
import { samples } from "./samples.js";

const { svgText } = charts;
/** What the charts' room exports beside functions that make a chart. */
const others = ["isChart", "svgText"];
const makers = Object.entries(charts).filter(([name, value]) => typeof value === "function" && !others.includes(name));

it.each(makers.map(([name]) => name))("%s has a sample, so that a picture of it is kept", (name) => {
  expect(Object.values(samples).map((chart) => chart.kind)).toContain(name);
});

// Read before a test can write one.
const kept = readdirSync(new URL("../golden/charts", import.meta.url));

it("every sample has a picture that is kept, and every picture a sample", () => {
  expect(kept.sort()).toEqual(
    Object.keys(samples)
      .map((name) => `${name}.svg`)
      .sort(),
  );
});

describe.each(Object.entries(samples))("%s", (name, chart) => {
  const markup = drawn(chart);
  const svg = parsed(markup);

  it("equals the picture that is kept", async () => {
    await expect(snapshot(markup)).toMatchFileSnapshot(`../golden/charts/${name}.svg`);
  });

  it("is one standalone SVG with its size, a name, a description and an opaque card", () => {
    expect(svg.tagName).toBe("svg");
    expect(svg.namespaceURI).toBe("http://www.w3.org/2000/svg");
    expect(["width", "height", "viewBox", "role"].map((a) => svg.getAttribute(a))).toEqual([
      String(chart.width),
      String(chart.height),
      `0 0 ${chart.width} ${chart.height}`,
      "img",
    ]);
    expect([svg.children[0]!.tagName, svg.children[0]!.textContent]).toEqual(["title", chart.title]);
    expect([svg.children[1]!.tagName, svg.children[1]!.textContent]).toEqual(["desc", chart.description]);
    const card = svg.children[2]!;
    expect([card.tagName, card.getAttribute("width"), card.getAttribute("height"), card.getAttribute("fill")]).toEqual([
      "rect",
      String(chart.width),
      String(chart.height),
      "#ffffff",
    ]);
  });

  it("refers to nothing outside, holds no style, no figure, no id", () => {
    expect(markup.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(
      /https?:|href|url\(|<style|<figure|<script|<h\d| id=/,
    );
  });

  it("says what it shows, with numbers", () => {
    expect(chart.description.length).toBeGreaterThan(40);
    expect(chart.description).toMatch(/\d/);
    expect(chart.description).not.toMatch(/NaN|undefined|Infinity/);
    expect(markup).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("draws marks beside its text", () => {
    expect(svg.querySelectorAll("path, circle, rect, line").length - 1).toBeGreaterThan(4);
  });

  it("sets no text below 11 pixels", () => {
    expect(
      texts(svg)
        .filter((t) => !(t.size >= 11))
        .map((t) => `${t.text} at ${t.size}`),
    ).toEqual([]);
  });

  it("keeps every text inside the picture", () => {
    const outside = texts(svg).filter(
      ({ box: b, rotated }) =>
        !rotated && (b.x < 0 || b.y < 0 || b.x + b.width > chart.width || b.y + b.height > chart.height),
    );
    expect(outside.map((t) => t.text)).toEqual([]);
  });

  it("lets no text lie over another", () => {
    const all = texts(svg).filter((t) => !t.rotated);
    const pairs: string[] = [];
    all.forEach((a, i) =>
      all.slice(i + 1).forEach((b) => {
        if (overlap(a.box, b.box) > 2) pairs.push(`${a.text} | ${b.text}`);
      }),
    );
    expect(pairs).toEqual([]);
  });
});

describe("svgText", () => {
  it("gives the same text for the same chart, to the byte", () => {
    for (const chart of Object.values(samples)) expect(drawn(chart)).toBe(drawn(chart));
  });

  it("throws on a drawing without marks, whatever drew it", () => {
    const { draw, ...rest } = samples.bar!;
    const empty = {
      ...rest,
      draw: (document: unknown) => (document as Document).createElementNS("http://www.w3.org/2000/svg", "svg"),
    };
    expect(draw).toBeTypeOf("function");
    expect(() => drawn(empty)).toThrow("internal: barChart: the drawing must have marks, got an empty picture");
  });

  it("prefixes ids by the drawing, so that two charts on one page share none and references still meet", () => {
    const clipped = (size: number) => ({
      ...samples.bar!,
      draw(document: unknown) {
        const holder = (document as Document).createElement("div");
        holder.innerHTML =
          `<svg xmlns="http://www.w3.org/2000/svg">` +
          `<clipPath id="a-1"><rect width="${size}"/></clipPath><clipPath id="a-10"><rect/></clipPath>` +
          `<g clip-path="url(#a-1)"><path/><text>x</text></g><g clip-path="url(#a-10)"/></svg>`;
        return holder.firstElementChild;
      },
    });
    const ids = (m: string) => [...m.matchAll(/ id="([^"]+)"/g)].map((x) => x[1]!);
    const used = (m: string) => [...m.matchAll(/url\(#([^)]+)\)/g)].map((x) => x[1]!);
    const a = drawn(clipped(1));
    const b = drawn(clipped(2));
    expect(ids(a)).toHaveLength(2);
    expect(used(a)).toEqual(ids(a));
    expect(used(b)).toEqual(ids(b));
    expect(new Set([...ids(a), ...ids(b)]).size).toBe(4);
  });

  it("draws by whatever document it is given", async () => {
    const { JSDOM } = await import("jsdom");
    expect(svgText(samples.scatter!, new JSDOM("<p>another</p>").window.document)).toBe(drawn(samples.scatter!));
  });
});

it("rooflineChart names in its legend every kind of point that it draws, and no other", () => {
  const device = { name: "d", peakFlops: { fp32: 1e12 }, bandwidth: 1e11 };
  const kinds = ["memory", "compute", "overhead"] as const;
  for (const bound of kinds) {
    const point = { name: "p", arithmeticIntensity: 3, flops: 1e10, bound };
    const written = texts(parsed(drawn(charts.rooflineChart(device, [point])))).map((t) => t.text);
    // The regions below the roofs are named, too: memory-bound left of the ridge point, compute-bound right of it.
    const count = (kind: string) => written.filter((text) => text === `${kind}-bound`).length;
    expect(kinds.map(count)).toEqual(kinds.map((kind) => (kind === bound ? 1 : 0) + (kind === "overhead" ? 0 : 1)));
  }
});
