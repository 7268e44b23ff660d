// The number of ways, read off the clock, and what follows from it; two counters that share a line or do not.
import { dotChart, lineChart, type Chart } from "../../charts/index.js";
import type { FalseSharingRow, WaysRow } from "../../measure/index.js";
import { cacheModel, loopAddresses, missRatio } from "../../tensor/index.js";
import type { LayoutRun } from "./walks.js";

/** A circle of lines with its prediction. */
export interface PredictedCircle extends WaysRow {
  /** Seconds for one load. */
  readonly predictedSeconds: number;
}

/** What the step of the first distance's curve says. */
export interface WaysFound {
  /** Lines that one set keeps. */
  readonly ways: number;
  /** The circles, each with what a cache of 64 sets and so many ways would take. */
  readonly rows: readonly PredictedCircle[];
}

/** Lines of `distance` that fit: one fewer than in the first circle nearer in time to the last than to the first. */
export function waysOf(rows: readonly WaysRow[], distance: number): number {
  const curve = rows.filter((row) => row.distance === distance);
  const [hit, miss] = [curve[0]!.seconds, curve.at(-1)!.seconds];
  return (curve.find(({ seconds }) => seconds > (hit + miss) / 2) ?? curve.at(-1)!).lines - 1;
}

/** Reads the ways off the first distance's curve, and predicts all curves from them. */
export function waysFound({ rows }: { readonly rows: readonly WaysRow[] }): WaysFound {
  const distance = rows[0]!.distance;
  const first = rows.filter((row) => row.distance === distance);
  const ways = waysOf(rows, distance);
  const cache = cacheModel({ lineBytes: 64, sets: 64, ways });
  const [hit, miss] = [first[0]!.seconds, first.at(-1)!.seconds];
  const share = (row: WaysRow): number =>
    missRatio(loopAddresses({ sizes: [100, row.lines], strides: [0, row.distance / 4] }), cache);
  return { ways, rows: rows.map((row) => ({ ...row, predictedSeconds: hit + share(row) * (miss - hit) })) };
}

/** Time of one access by the lines in the circle: measured, and predicted as a dashed line. */
export const waysChart = ({ rows, ways, origin }: WaysFound & LayoutRun<PredictedCircle>): Chart =>
  lineChart(
    rows.flatMap(({ distance, lines, seconds, predictedSeconds }) => [
      { series: `${distance} B apart`, x: lines, y: seconds },
      { series: `${distance} B, predicted`, x: lines, y: predictedSeconds },
    ]),
    {
      title: `The first cache acts as if it had ${ways} ways`,
      caption: origin,
      x: "Lines in the circle",
      y: "Time of one access",
      yFormat: "si",
      unit: "s",
      dots: true,
      dashed: [...new Set(rows.map(({ distance }) => `${distance} B, predicted`))],
    },
  );

/** Time of one addition by the distance of the counters, the nearest first. */
export const sharingChart = ({ rows, origin }: LayoutRun<FalseSharingRow>): Chart =>
  dotChart(
    [...rows].reverse().map((row) => ({ name: `${row.distance} bytes apart`, value: row.secondsPerAddition })),
    {
      title: `One atomic addition, ${rows[0]!.threads} threads, a counter each`,
      caption: origin,
      x: "Time of one addition",
      xScale: "log",
      xFormat: "si",
      unit: "s",
    },
  );

/** The least distance, in bytes, at which an addition takes at most a quarter more than at the best one. */
export function fastDistance({ rows }: { readonly rows: readonly FalseSharingRow[] }): number {
  const best = Math.min(...rows.map((row) => row.secondsPerAddition));
  return Math.min(...rows.filter((row) => row.secondsPerAddition <= 1.25 * best).map(({ distance }) => distance));
}
