// How long a matrix product takes on a processor of many equal units: tiles, waves and a smooth maximum. Formula only;
// the fitted numbers are in calibrations.ts.

export interface MatmulSizes {
  readonly batch?: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

/**
 * What the formula needs of a device. FLOP/s, byte/s, and how many tiles run at once (streaming multiprocessors);
 * without `units` waves are not rounded up.
 */
export interface MatmulRoofs {
  readonly peakFlops: number;
  readonly bandwidth: number;
  readonly units?: number;
}

/** Numbers fitted to measurements. */
export interface MatmulFit {
  /** Share of peakFlops that the largest tiles reach. */
  readonly compute: number;
  /** Share of bandwidth. */
  readonly memory: number;
  /** Seconds that a kernel takes before and after its work. */
  readonly overhead: number;
  /** Exponent p of (compute^p + memory^p)^(1/p): 1 is the sum, infinity the maximum. */
  readonly sharpness: number;
  /** Efficiency of a tile relative to one twice its area. */
  readonly smallTile: number;
  /** How much of a last, partly filled wave is paid: 1 all of it, 0 only what is filled. */
  readonly waveShare: number;
}

// Output tiles that libraries for these GPUs choose from, largest first; [rows, columns, halvings from the largest].
const tiles = [
  [256, 128, 0],
  [128, 256, 0],
  [128, 128, 1],
  [64, 128, 2],
  [128, 64, 2],
  [64, 64, 3],
] as const;

/**
 * Seconds of arithmetic of an m x k by k x n product: whole tiles are computed (padding too), `units` at a time, so
 * that a last wave may run nearly empty; the best tile of a few is taken. Neglects split-k, pipeline fill and clocks.
 */
export function matmulComputeSeconds(
  { batch = 1, m, n, k }: MatmulSizes,
  { peakFlops, units }: MatmulRoofs,
  fit: MatmulFit,
): number {
  let best = Infinity;
  for (const [rows, columns, halvings] of tiles) {
    const count = batch * Math.ceil(m / rows) * Math.ceil(n / columns);
    const filled = units === undefined ? count : count / units;
    const waves = units === undefined ? filled : fit.waveShare * Math.ceil(filled) + (1 - fit.waveShare) * filled;
    const flopsPerWave = 2 * rows * columns * k * (units ?? 1);
    best = Math.min(best, (waves * flopsPerWave) / (peakFlops * fit.compute * fit.smallTile ** halvings));
  }
  return best;
}

/** (a^p + b^p)^(1/p), scaled so that nothing underflows: between max(a, b) and a + b for p from 1. */
export function smoothMaximum(a: number, b: number, p: number): number {
  const large = Math.max(a, b);
  const small = Math.min(a, b);
  return large === 0 || !Number.isFinite(large) ? large : large * (1 + (small / large) ** p) ** (1 / p);
}
