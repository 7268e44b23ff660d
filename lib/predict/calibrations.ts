// Shares of peak and their errors, fitted by bench/fitPredict.mjs. Data only; the formula is in matmulTime.ts.
import type { MatmulFit } from "./matmulTime.js";

/** A fit to measured matrix products, and its errors. */
export interface Calibration {
  /** The numbers of the formula. */
  readonly fit: MatmulFit;
  /** How many matrix products were fitted to. */
  readonly products: number;
  /** Errors on products that the fit did not see. */
  readonly heldOut: {
    /** Mean absolute error over measured time. */
    readonly mape: number;
    /** 5 % and 95 % quantiles of measured over predicted time. */
    readonly ratio: readonly [number, number];
  };
  /** Who published the measurements. */
  readonly source: string;
}

// Medians of fp16 products of three models' projections, 1 to 4096 tokens, tensor-parallel 1 to 8; one model at a time
// was held out. A max(flops, bytes) + overhead fit of three numbers, held out the same way, errs by 9.4 %, 11.5 % and
// 9.3 %.
const source = "microsoft/vidur, data/profiling/compute (MIT): CodeLlama-34b, Llama-2-7b, Llama-2-70b";

/** By device id; "a40" is not in the table of devices. */
export const calibrations: Readonly<Record<string, Calibration>> = {
  "a100-80-sxm": {
    products: 12528,
    heldOut: { mape: 0.06, ratio: [0.888, 1.153] },
    source,
    fit: { compute: 0.768, memory: 0.901, overhead: 4.84e-6, sharpness: 2.1, smallTile: 0.962, waveShare: 0.274 },
  },
  "h100-sxm": {
    products: 12528,
    heldOut: { mape: 0.074, ratio: [0.873, 1.249] },
    source,
    fit: { compute: 0.752, memory: 0.943, overhead: 5.84e-6, sharpness: 3.06, smallTile: 0.871, waveShare: 0.291 },
  },
  a40: {
    products: 12528,
    heldOut: { mape: 0.071, ratio: [0.881, 1.244] },
    source,
    fit: { compute: 0.801, memory: 0.813, overhead: 4.05e-6, sharpness: 2.32, smallTile: 0.974, waveShare: 0.391 },
  },
};

/**
 * For GPUs without a fit of their own: all three together. Errors are those of each GPU under a fit to the other two
 * (6.3 %, 9.3 %, 8.5 %), the worst of them.
 */
export const elsewhere: Calibration = {
  products: 37584,
  heldOut: { mape: 0.093, ratio: [0.833, 1.317] },
  source,
  fit: { compute: 0.768, memory: 0.894, overhead: 5.92e-6, sharpness: 2.47, smallTile: 0.924, waveShare: 0.159 },
};

/**
 * Streaming multiprocessors by device id: how many tiles run at once. From memory, no source was read; they agree with
 * the core counts that test/devices.test.ts holds to the peaks.
 */
export const multiprocessors: Readonly<Record<string, number>> = {
  "v100-sxm2": 80,
  t4: 40,
  l4: 58,
  l40s: 142,
  a40: 84,
  "a100-40-sxm": 108,
  "a100-80-sxm": 108,
  "a100-80-pcie": 108,
  "h100-pcie": 114,
  "h100-sxm": 132,
  "h200-sxm": 132,
  "gh200-96": 132,
  rtx3090: 82,
  rtx4090: 128,
  rtx5090: 170,
};
