// Charts refuse what they cannot draw, in one line that names it, and draw the least that they can.
import { describe, expect, it } from "vitest";
import {
  addressStripChart,
  barChart,
  dotChart,
  heatmapChart,
  horizontalBarChart,
  lineChart,
  rooflineChart,
  scatterChart,
  slopeChart,
  stackedBarChart,
  type Chart,
} from "../../lib/charts/index.js";
import { drawn, parsed } from "./page.js";

const device = { name: "d", peakFlops: { fp32: 1e12 }, bandwidth: 1e11 };

describe("an empty chart", () => {
  it.each(
    Object.entries({
      barChart,
      horizontalBarChart,
      scatterChart,
      lineChart,
      stackedBarChart,
      dotChart,
      slopeChart,
      heatmapChart,
    }),
  )("%s([]) throws, and no list throws another way", (name, make) => {
    expect(() => (make as (rows: unknown) => Chart)([])).toThrow(
      new RangeError(`${name}: rows must hold at least one row, got none`),
    );
    expect(() => (make as (rows: unknown) => Chart)("rows")).toThrow(
      new TypeError(`${name}: rows must be a list, got "rows"`),
    );
  });
  it("addressStripChart and rooflineChart throw as well", () => {
    expect(() => addressStripChart([])).toThrow("addressStripChart: rows must hold at least one address, got none");
    expect(() => rooflineChart([])).toThrow("rooflineChart: devices must be a device or a list of them, got []");
  });
});

describe("a row without its name", () => {
  it.each(Object.entries({ barChart, horizontalBarChart, dotChart, slopeChart }))(
    "%s throws, and names the row",
    (name, make) => {
      for (const bad of [undefined, 5, null])
        expect(() => (make as (rows: unknown) => Chart)([{ name: bad, value: 1, left: 1, right: 2 }])).toThrow(
          new TypeError(`${name}: name of row 0 must be a string, got ${bad}`),
        );
    },
  );
  it("stackedBarChart throws for a bar or a part without a name", () => {
    expect(() => stackedBarChart([{ name: "a", value: 1 } as never])).toThrow(
      "stackedBarChart: bar of row 0 must be a string, got undefined",
    );
    expect(() => stackedBarChart([{ bar: "a", value: 1 } as never])).toThrow(
      "stackedBarChart: part of row 0 must be a string, got undefined",
    );
  });
});

describe("a number that cannot be drawn", () => {
  const wrong: [string, () => Chart, string][] = [
    [
      "barChart",
      () =>
        barChart([
          { name: "a", value: 1 },
          { name: "b", value: NaN },
        ]),
      'barChart: value of row 1 ("b") must be a finite number, got NaN',
    ],
    [
      "barChart's rule",
      () => barChart([{ name: "a", value: 1 }], { rules: [{ value: Infinity, label: "x" }] }),
      "barChart: value of rule 0 must be a finite number, got Infinity",
    ],
    [
      "horizontalBarChart, log",
      () => horizontalBarChart([{ name: "a", value: 0 }], { xScale: "log" }),
      'horizontalBarChart: value of row 0 ("a") must be positive on a log axis, got 0',
    ],
    [
      "scatterChart",
      () => scatterChart([{ name: "a", x: 1, y: "2" as unknown as number }]),
      'scatterChart: y of row 0 ("a") must be a finite number, got "2"',
    ],
    [
      "scatterChart, log",
      () => scatterChart([{ name: "a", x: -1, y: 2 }], { xScale: "log" }),
      'scatterChart: x of row 0 ("a") must be positive on a log axis, got -1',
    ],
    [
      "lineChart",
      () => lineChart([{ series: "s", x: 1, y: Infinity }]),
      "lineChart: y of row 0 must be a finite number, got Infinity",
    ],
    [
      "lineChart's rule",
      () => lineChart([{ series: "s", x: 1, y: 1 }], { yScale: "log", rules: [{ y: 0, label: "x" }] }),
      "lineChart: y of rule 0 must be positive on a log axis, got 0",
    ],
    [
      "lineChart of nine series",
      () => lineChart(Array.from({ length: 9 }, (_, i) => ({ series: `s${i}`, x: 1, y: 1 }))),
      "lineChart: rows must hold at most 8 series, got 9",
    ],
    [
      "stackedBarChart",
      () => stackedBarChart([{ bar: "a", part: "p", value: -1 }]),
      "stackedBarChart: values must be 0 or more, got -1 for p of a",
    ],
    [
      "dotChart",
      () => dotChart([{ name: "a", value: 1, low: NaN, high: 2 }]),
      'dotChart: low of row 0 ("a") must be a finite number, got NaN',
    ],
    [
      "dotChart's reference",
      () => dotChart([{ name: "a", value: 1 }], { reference: { value: NaN, label: "r" } }),
      "dotChart: value of reference 0 must be a finite number, got NaN",
    ],
    [
      "slopeChart",
      () =>
        slopeChart([
          { name: "a", left: 1, right: 2 },
          { name: "a", left: 2, right: 1 },
        ]),
      'slopeChart: every name must stand once, got "a" twice',
    ],
    [
      "heatmapChart",
      () =>
        heatmapChart([
          { x: 1, y: 1, value: 1 },
          { x: 1, y: 1, value: 2 },
        ]),
      'heatmapChart: every cell must stand once, got "1, 1" twice',
    ],
    [
      "addressStripChart",
      () => addressStripChart([{ name: "a", addresses: [0, 1.5] }]),
      "addressStripChart: a: address 1 must be a non-negative integer, got 1.5",
    ],
    [
      "rooflineChart's point",
      () => rooflineChart(device, [{ name: "p", arithmeticIntensity: 0 }]),
      'rooflineChart: arithmeticIntensity of row 0 ("p") must be positive on a log axis, got 0',
    ],
    [
      "rooflineChart's reached FLOP/s",
      () => rooflineChart(device, [{ name: "p", arithmeticIntensity: 1, flops: NaN }]),
      'rooflineChart: flops of row 0 ("p") must be a finite number, got NaN',
    ],
    [
      "rooflineChart's device",
      () => rooflineChart({ ...device, bandwidth: 0 }),
      'rooflineChart: bandwidth of device 0 ("d") must be positive on a log axis, got 0',
    ],
    [
      "rooflineChart's peak",
      () => rooflineChart({ ...device, peakFlops: { fp32: NaN } }),
      "rooflineChart: peakFlops of d must be positive and finite, got NaN for fp32",
    ],
    [
      "rooflineChart's dtype",
      () => rooflineChart(device, [], { dtypes: ["bf16"] }),
      'rooflineChart: dtypes must be among fp32 of d, got "bf16"',
    ],
    [
      "rooflineChart's domain",
      () => rooflineChart(device, [], { xDomain: [0, 0] }),
      "rooflineChart: xDomain must be two rising positive numbers, got [0,0]",
    ],
    [
      "addressStripChart's width",
      () => addressStripChart([{ name: "a", addresses: [0] }], { width: 1 }),
      "addressStripChart: width must leave room beside names",
    ],
  ];
  it.each(wrong)("%s is refused by name", (_, make, message) => {
    expect(make).toThrow(message);
    expect(message).not.toContain("\n");
  });
});

describe("a chart of one row", () => {
  it.each([
    ["barChart", () => barChart([{ name: "a", value: 0 }])],
    ["horizontalBarChart", () => horizontalBarChart([{ name: "a", value: 3 }], { xScale: "log" })],
    ["scatterChart", () => scatterChart([{ name: "a", x: 5, y: 5 }], { xScale: "log", yScale: "log" })],
    ["lineChart", () => lineChart([{ series: "s", x: 1, y: 1 }])],
    ["dotChart", () => dotChart([{ name: "a", value: 1 }])],
    ["slopeChart", () => slopeChart([{ name: "a", left: 1, right: 1 }])],
    ["heatmapChart", () => heatmapChart([{ x: 1, y: 1, value: 5 }])],
    ["addressStripChart", () => addressStripChart([{ name: "a", addresses: [0] }])],
    ["stackedBarChart", () => stackedBarChart([{ bar: "a", part: "p", value: 0 }])],
    ["rooflineChart", () => rooflineChart(device)],
  ] as const)("%s draws it, without a number that is none", (_, make) => {
    const markup = drawn(make());
    expect(parsed(markup).querySelectorAll("text").length).toBeGreaterThan(1);
    expect(markup).not.toMatch(/NaN|Infinity|undefined/);
  });
});
