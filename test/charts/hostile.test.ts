// Text from a user is text, in every chart.
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

describe("a hostile name", () => {
  const names = [
    "<script>alert(1)</script>",
    '"><image href="https://example.org/x"/>',
    "]]></desc><script/>",
    "a&nbsp;b\u00a0c",
    "\u0000\u0007\ud800",
    "&lt;b&gt;",
    "x".repeat(300),
    "名前 😀",
    "${1}",
    "__proto__",
  ];
  const charts = (n: string): Chart[] => [
    barChart(
      [
        { name: n, value: 1, family: n },
        { name: "b", value: 2 },
      ],
      { title: n, x: n, y: n, rules: [{ value: 1.5, label: n }] },
    ),
    horizontalBarChart([{ name: n, value: 1, family: n }], { title: n, x: n }),
    scatterChart(
      [
        { name: n, x: 1, y: 1, family: n },
        { name: "b", x: 2, y: 2 },
      ],
      { title: n },
    ),
    lineChart(
      [
        { series: n, x: 1, y: 1 },
        { series: n, x: 2, y: 2 },
        { series: "b", x: 1, y: 3 },
      ],
      { title: n, rules: [{ x: 1.5, label: n }] },
    ),
    stackedBarChart([{ bar: n, part: n, value: 1 }], { title: n }),
    dotChart([{ name: n, value: 1, family: n }], { title: n, reference: { value: 1, label: n } }),
    slopeChart(
      [
        { name: n, left: 1, right: 2 },
        { name: "b", left: 2, right: 1 },
      ],
      { left: n, right: n },
    ),
    heatmapChart([{ x: n, y: n, value: 1 }], { title: n, unit: n }),
    addressStripChart([{ name: n, addresses: [0, 1] }], { title: n }),
    rooflineChart({ ...device, name: n, levels: [{ level: n, read: 2e11 }] }, [{ name: n, arithmeticIntensity: 1 }], {
      caption: n,
    }),
  ];
  it.each(names)("%j stays text in every chart, and the picture well-formed", (name) => {
    for (const chart of charts(name)) {
      const markup = drawn(chart);
      const svg = parsed(markup);
      expect(svg.querySelectorAll("script, image, b, a, foreignObject"), chart.kind).toHaveLength(0);
      expect(
        [...svg.querySelectorAll("*")].flatMap((e) => [...e.attributes]).filter((a) => /^on|href/.test(a.name)),
        chart.kind,
      ).toEqual([]);
      if (/^[ -~]{1,40}$/.test(name)) expect(svg.textContent, chart.kind).toContain(name);
    }
  });
});
