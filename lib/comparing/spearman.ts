// How well one figure orders things as another does, and how far that depends on which things were looked at.
import { shown } from "../check.js";
import { generator } from "./random.js";

/** The rank of each value, from 1 for the smallest; equal values share the mean of their ranks. */
export function ranks(values: readonly number[]): number[] {
  const { places, counts } = distinctValues("ranks", values);
  const means = meanRanks(counts);
  return places.map((place) => means[place]!);
}

/**
 * Spearman's rank correlation of two figures of the same things: 1 where both order them alike, -1 where they order
 * them in reverse. Ties share their ranks. Throws a RangeError where a figure is the same for all.
 */
export function spearman(xs: readonly number[], ys: readonly number[]): number {
  samePairs("spearman", xs, ys);
  const [a, b] = [xs, ys].map((values) => distinctValues("spearman", values)) as [Distinct, Distinct];
  return correlation(a, b, new Uint32Array(xs.length).fill(1));
}

/** What `spearmanInterval` takes beside the figures. */
export interface BootstrapOptions {
  /** How often the things are drawn anew; default 1000. */
  readonly draws?: number;
  /** The share of draws that the interval holds; default 0.95. */
  readonly level?: number;
  /** Of the generator; default 1. */
  readonly seed?: number;
}

/**
 * A bootstrap interval of `spearman`: as many pairs are drawn with replacement as there are, again and again, and the
 * interval holds `level` of the correlations that come out (percentiles). Same seed, same interval. (Efron 1979)
 */
export function spearmanInterval(
  xs: readonly number[],
  ys: readonly number[],
  { draws = 1000, level = 0.95, seed = 1 }: BootstrapOptions = {},
): [low: number, high: number] {
  samePairs("spearmanInterval", xs, ys);
  if (!Number.isInteger(draws) || draws < 1)
    throw new RangeError(`spearmanInterval: draws must be a positive integer, got ${shown(draws)}`);
  if (!(level > 0 && level < 1)) throw new RangeError(`spearmanInterval: level must be in (0, 1), got ${shown(level)}`);
  const random = generator(seed);
  const [a, b] = [xs, ys].map((values) => distinctValues("spearmanInterval", values)) as [Distinct, Distinct];
  const once = new Uint32Array(xs.length).fill(1);
  correlation(a, b, once);
  // A draw of things that are all the same has no order, and is made again.
  const next = (): number => {
    for (;;) {
      const times = new Uint32Array(xs.length);
      for (let i = 0; i < xs.length; i++) times[Math.floor(random() * xs.length)]! += 1;
      const rho = rankCorrelation(a, b, times);
      if (!Number.isNaN(rho)) return rho;
    }
  };
  const found = Array.from({ length: draws }, next).sort((p, q) => p - q);
  const at = (share: number): number => found[Math.min(draws - 1, Math.max(0, Math.round(share * (draws - 1))))]!;
  return [at((1 - level) / 2), at((1 + level) / 2)];
}

/** For each thing the place of its value among the distinct ones, in order, and how many things each one has. */
interface Distinct {
  readonly places: readonly number[];
  readonly counts: readonly number[];
}

function distinctValues(who: string, values: readonly number[]): Distinct {
  const bad = values.findIndex((value) => Number.isNaN(value));
  if (bad >= 0) throw new RangeError(`${who}: every value must be a number, got NaN at ${bad}`);
  const order = values.map((_, i) => i).sort((i, j) => values[i]! - values[j]!);
  const places = new Array<number>(values.length);
  const counts: number[] = [];
  order.forEach((i, at) => {
    if (at === 0 || values[i] !== values[order[at - 1]!]) counts.push(0);
    places[i] = counts.length - 1;
    counts[counts.length - 1]! += 1;
  });
  return { places, counts };
}

/** The rank that the things of each distinct value share. */
function meanRanks(counts: readonly number[]): number[] {
  let before = 0;
  return counts.map((count) => {
    const rank = before + (count + 1) / 2;
    before += count;
    return rank;
  });
}

/** The rank that the things of each distinct value share, where each thing stands `times` times. */
function ranksAmong({ places, counts }: Distinct, times: Uint32Array): number[] {
  const drawn = new Array<number>(counts.length).fill(0);
  for (let i = 0; i < times.length; i++) drawn[places[i]!]! += times[i]!;
  return meanRanks(drawn);
}

/** `rankCorrelation`, where there is one. */
function correlation(a: Distinct, b: Distinct, times: Uint32Array): number {
  const rho = rankCorrelation(a, b, times);
  if (Number.isNaN(rho)) throw new RangeError("spearman: figures must differ from thing to thing, got all the same");
  return rho;
}

/**
 * Pearson's correlation of ranks, each thing `times` times, NaN where a figure is the same for all; the mean of n ranks
 * is (n + 1) / 2.
 */
function rankCorrelation(a: Distinct, b: Distinct, times: Uint32Array): number {
  const x = ranksAmong(a, times);
  const y = ranksAmong(b, times);
  const mean = (times.reduce((n, count) => n + count, 0) + 1) / 2;
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < times.length; i++) {
    const dx = x[a.places[i]!]! - mean;
    const dy = y[b.places[i]!]! - mean;
    xx += times[i]! * dx * dx;
    yy += times[i]! * dy * dy;
    xy += times[i]! * dx * dy;
  }
  return xy / Math.sqrt(xx * yy);
}

function samePairs(who: string, xs: readonly number[], ys: readonly number[]): void {
  if (xs.length !== ys.length || xs.length < 2)
    throw new RangeError(`${who}: two or more pairs must be given, got ${xs.length} and ${ys.length} values`);
}
