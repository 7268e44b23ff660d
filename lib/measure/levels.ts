// Where the levels of a memory hierarchy end, read from the measured curve. Nothing here asks the system what it
// believes to have.

/** A point of the curve: working set in bytes, byte/s and seconds. */
export interface KneePoint {
  readonly bytes: number;
  readonly read: number;
  readonly latency: number;
}

/** One plateau: the points `first` to `last` of the curve, and the working set at which the next one begins. */
export interface Plateau {
  readonly first: number;
  readonly last: number;
  readonly bytes: number;
}

const translated = 2 ** 22;

/**
 * Cuts the curve into plateaus: the piecewise-constant fit of log bandwidth and log latency with the least squared
 * error, in which each further plateau must pay `penalty` and holds at least two points. A step of latency alone, up to
 * what memory has, is the reach of address translation and no level. At most `most` plateaus: three caches and the
 * memory. A plateau ends at the geometric mean of its last working set and the next one's first; the last ends at
 * Infinity.
 */
export function plateaus(
  curve: readonly KneePoint[],
  { penalty = 0.15, most = 4 }: { penalty?: number; most?: number } = {},
): Plateau[] {
  const n = curve.length;
  if (n < 2) throw new RangeError(`plateaus: curve must have two points or more, got ${n}`);
  const features = curve.map(({ read, latency }) => [Math.log(read), Math.log(latency)] as const);
  const begins = kept(curve, features, bestCut(features, { penalty, most: most + 3 }), most);
  return begins.map((first, i) => {
    const next = begins[i + 1];
    if (next === undefined) return { first, last: n - 1, bytes: Infinity };
    return { first, last: next - 1, bytes: Math.sqrt(curve[next - 1]!.bytes * curve[next]!.bytes) };
  });
}

/** Log bandwidth and log latency of a point. */
type Features = readonly [bandwidth: number, latency: number];

/** Where the plateaus of the best fit begin, by dynamic programming over their number and the curve's beginning. */
function bestCut(features: readonly Features[], { penalty, most }: { penalty: number; most: number }): number[] {
  const n = features.length;
  // best[k][i]: least misfit of the first i points in k plateaus, and where the last of them begins.
  const best: { misfit: number; begin: number }[][] = [[{ misfit: 0, begin: 0 }]];
  let chosen = 1;
  let chosenScore = Infinity;
  for (let k = 1; k <= Math.min(most, Math.floor(n / 2)); k++) {
    best[k] = [];
    for (let i = 2 * k; i <= n; i++) {
      for (let begin = 2 * (k - 1); begin <= i - 2; begin++) {
        const before = best[k - 1]![begin];
        if (!before) continue;
        const total = before.misfit + misfit(features.slice(begin, i));
        if (total < (best[k]![i]?.misfit ?? Infinity)) best[k]![i] = { misfit: total, begin };
      }
    }
    const score = (best[k]![n]?.misfit ?? Infinity) + penalty * k;
    if (score < chosenScore) {
      chosen = k;
      chosenScore = score;
    }
  }
  const begins: number[] = [];
  let end = n;
  for (let k = chosen; k > 0; k--) {
    end = best[k]![end]!.begin;
    begins.unshift(end);
  }
  return begins;
}

/** Squared error of one plateau through `points`. */
function misfit(points: readonly Features[]): number {
  let sum = 0;
  for (const f of [0, 1] as const) {
    const mean = meanOf(points, f);
    sum += points.reduce((s, point) => s + (point[f] - mean) ** 2, 0);
  }
  return sum;
}

const meanOf = (points: readonly Features[], f: 0 | 1): number =>
  points.reduce((sum, point) => sum + point[f], 0) / points.length;

/** `cut` without the steps of latency alone, and then without the lowest steps until `most` plateaus are left. */
function kept(
  curve: readonly KneePoint[],
  features: readonly Features[],
  cut: readonly number[],
  most: number,
): readonly number[] {
  let begins = cut;
  const mean = (i: number, f: 0 | 1): number => meanOf(features.slice(begins[i]!, begins[i + 1]), f);
  const step = (i: number, f: 0 | 1): number => Math.abs(mean(i, f) - mean(i - 1, f));
  // Beyond a thousand pages of 4 KiB, latency rises inside a cache too, with the translation of addresses: there it
  // counts for little.
  const height = (i: number): number => step(i, 0) + (curve[begins[i]!]!.bytes > translated ? 0.1 : 1) * step(i, 1);
  const drop = (i: number): void => {
    begins = begins.filter((_, at) => at !== i);
  };
  for (let i = begins.length - 1; i > 0; i--) {
    const memoryLatency = mean(begins.length - 1, 1);
    if (step(i, 0) < 0.25 && mean(i, 1) > memoryLatency - Math.LN2) drop(i);
  }
  while (begins.length > most) {
    const steps = begins.map((_, i) => i).slice(1);
    drop(steps.reduce((least, i) => (height(i) < height(least) ? i : least)));
  }
  return begins;
}

/**
 * A working set that lies well inside plateau `i`: `above` times the end of the one before, at most half its own end.
 */
export function inside(cuts: readonly Plateau[], i: number, largest: number, above = 4): number {
  const end = cuts[i]!.bytes;
  const begin = i === 0 ? 0 : cuts[i - 1]!.bytes;
  if (end === Infinity) return largest;
  return i === 0 ? end / 2 : Math.max(begin * Math.SQRT2, Math.min(end / 2, begin * above));
}
