// Published times of matrix products, to hold a prediction against. Data only.

/** One matrix product as somebody timed it. */
export interface MeasuredProduct {
  /** Id of the device. */
  readonly device: string;
  /** Rows of the input: tokens. */
  readonly tokens: number;
  /** Columns of the input. */
  readonly inFeatures: number;
  /** Columns of the weight. */
  readonly outFeatures: number;
  /** Median of the measured times; the file keeps them to half a microsecond. */
  readonly seconds: number;
}

// Llama-2-7b, the projection before attention, fp16, one GPU.
const times: readonly (readonly [tokens: number, microseconds: number])[] = [
  [1, 38],
  [64, 40],
  [256, 52],
  [512, 90],
  [1024, 151],
  [4096, 588.5],
];

/**
 * Six products with a weight of 12,288 × 4,096 on an H100 in fp16, out of those that `predict` was fitted to. Source:
 * microsoft/vidur, data/profiling/compute (MIT), read in November 2026.
 */
export const measuredProducts: readonly MeasuredProduct[] = times.map(([tokens, microseconds]) => ({
  device: "h100-sxm",
  tokens,
  inFeatures: 4096,
  outFeatures: 12_288,
  seconds: microseconds * 1e-6,
}));
