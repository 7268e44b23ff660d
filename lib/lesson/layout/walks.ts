// Strided walks: what a cache model and two measured figures predict, beside what was measured.
import { dotChart, heatmapChart, lineChart, type Chart } from "../../charts/index.js";
import type { LayoutSumRow, MountainRow, Sweep } from "../../measure/index.js";
import { loopAddresses, missRatio, type CacheModel } from "../../tensor/index.js";
import { tableOf, type Table } from "../../text/table.js";
import { binary, formatTime } from "../../units.js";
import type { Provenance } from "../recordedRun.js";

/** What a chart of a run needs of it. */
export type LayoutRun<Row> = { readonly rows: readonly Row[] } & Pick<Provenance, "origin">;

/** The walks of one sum. */
export const layoutSumTable = ({ rows, origin }: LayoutRun<LayoutSumRow>): Table =>
  tableOf(
    rows.map((row) => ({
      walk: row.walk,
      strides: `(${row.strides.join(", ")})`,
      "one sum": formatTime(row.seconds),
      "ns per element": row.nsPerElement,
      "time ÷ copy's": row.ratio,
    })),
    { title: origin },
  );

/** The share of accesses that miss, by stride in fp32: a line at a time until a step is a line. */
export const strideMissChart = (strides: readonly number[], cache: CacheModel): Chart =>
  lineChart(
    strides.map((stride) => ({
      series: "predicted",
      x: stride,
      y: missRatio(loopAddresses({ sizes: [2 ** 14], strides: [stride] }), cache),
    })),
    {
      title: "Share of accesses that miss, walking 16,384 elements with a stride",
      x: "Stride (fp32 elements)",
      xScale: "log",
      y: "Miss ratio",
      yFormat: "percent",
      rules: [{ x: cache.lineBytes / 4, label: "one line" }],
    },
  );

/** A stride sweep, and the two figures that a prediction is made of. */
export interface StrideRun {
  /** By stride, far beyond the caches. */
  readonly sweep: Sweep<MountainRow>;
  /** Stride 1 in the first cache: what the instructions take. */
  readonly near: Sweep<MountainRow>;
  /** Whole lines from main memory. */
  readonly far: {
    /** Byte/s. */
    readonly bytesPerSecond: number;
  };
}

/** A strided walk with its prediction. */
export interface PredictedWalk extends MountainRow {
  /** Seconds for each value. */
  readonly predictedSeconds: number;
}

/** The larger of two times counts for each value: its instructions' in the first cache, and that of its lines. */
export function predictedWalks({ sweep, near, far }: StrideRun, cache: CacheModel): PredictedWalk[] {
  return sweep.rows.map((row) => {
    const lines = missRatio(loopAddresses({ sizes: [4096], strides: [row.stride] }), cache);
    const instructions = near.rows.find(({ language }) => language === row.language)!.secondsPerValue;
    return { ...row, predictedSeconds: Math.max(instructions, (lines * cache.lineBytes) / far.bytesPerSecond) };
  });
}

/** Useful bandwidth by stride: measured, and predicted as a dashed line. */
export const strideChart = ({ rows, origin }: LayoutRun<PredictedWalk>): Chart =>
  lineChart(
    rows.flatMap((row) => [
      { series: row.language, x: row.stride, y: row.bytesPerSecond },
      { series: `${row.language}, predicted`, x: row.stride, y: 4 / row.predictedSeconds },
    ]),
    {
      title: "Useful bandwidth of a strided walk over 64 MiB",
      caption: origin,
      x: "Stride (fp32 elements)",
      xScale: "log",
      y: "Useful bandwidth",
      yScale: "log",
      yFormat: "si",
      unit: "B/s",
      dashed: ["wasm, predicted", "javascript, predicted"],
    },
  );

/** How good the prediction is, by stride. */
export const strideRatioChart = ({ rows, origin }: LayoutRun<PredictedWalk>): Chart =>
  dotChart(
    rows.map((row) => ({
      name: `stride ${row.stride}`,
      family: row.language,
      value: row.predictedSeconds / row.secondsPerValue,
    })),
    {
      title: "Strided walk: predicted ÷ measured time",
      caption: origin,
      x: "Predicted ÷ measured",
      reference: { value: 1, label: "as predicted" },
    },
  );

/** Working sets from the top, the least first; strides from the left. */
export const mountainChart = ({ rows, origin }: LayoutRun<MountainRow>): Chart =>
  heatmapChart(
    rows.map((row) => ({ x: `${row.stride}`, y: binary(row.bytes), value: row.bytesPerSecond })),
    {
      title: "Useful bandwidth by working set and stride, WebAssembly",
      caption: origin,
      x: "Stride (fp32 elements)",
      y: "Working set",
      unit: "B/s",
      scale: "log",
      valueLabel: "Useful bandwidth",
    },
  );
