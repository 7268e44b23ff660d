// Charts with more, longer or more equal rows than any lecture has.
import {
  addressStripChart,
  barChart,
  dotChart,
  heatmapChart,
  horizontalBarChart,
  lineChart,
  rooflineChart,
  scatterChart,
  sideBySideChart,
  slopeChart,
  stackedBarChart,
  type Chart,
} from "../../lib/charts/index.js";
import { device } from "../../lib/devices.js";

export const words = "a quite long name of a layer with many words in it, such as block.11/attention/qkv projection";
export const solid = "model.layers.31.self_attn.q_proj.weight.quantized.q4_k_m".repeat(9);
export const names = (n: number, of = "row") => Array.from({ length: n }, (_, i) => `${of} ${i}`);
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

export const crowded: Record<string, () => Chart> = {
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
  "dotChart, long names, a band beside a reference": () =>
    dotChart(
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
  "heatmapChart, 100 columns": () =>
    heatmapChart(
      names(100, "x").flatMap((x, i) => ["a", "b"].map((y) => ({ x, y, value: i + 1 }))),
      { x: "Stride", y: "Working set", unit: "B/s" },
    ),
  "heatmapChart, long names": () =>
    heatmapChart(
      [
        { x: words, y: solid, value: 1 },
        { x: solid, y: words, value: 2 },
      ],
      { title: solid, x: words, y: solid },
    ),
  "heatmapChart, all equal": () => heatmapChart([1, 2].map((x) => ({ x, y: 1, value: 0 }))),
  "addressStripChart, 1,000 cells": () =>
    addressStripChart(
      [
        { name: words, addresses: names(250).map((_, i) => 4 * i) },
        { name: solid, addresses: [0] },
      ],
      { lineCells: 16 },
    ),
  "sideBySideChart, small": () =>
    sideBySideChart(
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
