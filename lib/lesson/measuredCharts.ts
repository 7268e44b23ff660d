// Charts and tables of what this machine measured: kernels under its roofs, and the rungs of one product.
import { dotChart, horizontalBarChart, rooflineChart, type Chart } from "../charts/index.js";
import type { Ladder, Machine, PlacedPoints } from "../measure/index.js";
import { formatTime, si } from "../units.js";
import type { Provenance } from "./recordedRun.js";

/** Kernels under the roofs of one thread, each over the bar of its prediction, from no overlap to a perfect one. */
export const kernelRoofline = ({ rows, machine, origin }: PlacedPoints & Provenance): Chart =>
  rooflineChart(
    machine.oneThread,
    rows
      .filter((row) => row.arithmeticIntensity > 0)
      .map((row) => ({
        name: row.name.replace("small, ", ""),
        arithmeticIntensity: row.arithmeticIntensity,
        flops: row.flopsPerSecond,
        measured: true,
        lowFlops: (row.flopsPerSecond * row.seconds) / row.upperSeconds,
        highFlops: (row.flopsPerSecond * row.seconds) / row.predictedSeconds,
      })),
    { title: `Measured kernels on ${machine.oneThread.name}`, caption: origin, height: 560 },
  );

/** Each kernel's share of what its bound allows: its bar goes down to where nothing overlaps. */
export const kernelShares = ({ rows, origin }: PlacedPoints & Provenance): Chart =>
  dotChart(
    rows.map((row) => ({
      name: row.name,
      value: row.ratio,
      low: row.predictedSeconds / row.upperSeconds,
      high: 1,
      family: `${row.bound}-bound`,
    })),
    {
      title: "Predicted ÷ measured time",
      caption: origin,
      x: "Share of what the roofline allows",
      reference: { value: 1, label: "the bound" },
    },
  );

/** The rungs of a ladder as bars, beside the peaks of one thread and of all. */
export const ladderChart = ({ n, rows, peak, origin }: Ladder & Provenance, { oneThread }: Machine): Chart =>
  horizontalBarChart(
    rows.map((row) => ({ name: row.name, value: row.flopsPerSecond, family: row.engine })),
    {
      title: `One ${n} × ${n} × ${n} matmul, from three loops to the native library`,
      caption: origin,
      x: "Performance (FLOP/s)",
      xScale: "log",
      xFormat: "si",
      unit: "FLOP/s",
      rules: [
        { value: oneThread.peakFlops.fp32!, label: "peak, one thread" },
        { value: peak, label: "peak, all threads" },
      ],
    },
  );

/** Each rung's time, its gain over the first, and its share of the peak of as many threads as it runs on. */
export const ladderRows = ({ rows, peak }: Ladder, { oneThread }: Machine): object[] =>
  rows.map((row) => ({
    rung: row.name,
    threads: row.threads,
    time: formatTime(row.seconds),
    "times the first": row.speedup.toFixed(1),
    "share of its threads' peak": (row.flopsPerSecond / (row.threads > 1 ? peak : oneThread.peakFlops.fp32!)).toFixed(
      3,
    ),
  }));

/** What one thread and all of them can compute, by engine. */
export const roofRows = ({ roofs, oneThread, threads }: Machine): object[] =>
  [{ threads: "one", of: oneThread.roofs } as const, { threads: `all ${threads}`, of: roofs } as const].map(
    ({ threads: name, of }) => ({
      threads: name,
      ...Object.fromEntries(Object.entries(of).map(([engine, peak]) => [engine, si(peak, "FLOP/s")])),
    }),
  );
