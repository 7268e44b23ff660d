// The discrete Fourier transform by the fast algorithm, of complex or real signals.
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { gradientOf, inputGradientOnly, tensorAt } from "./gradient.js";
import { defineLayer } from "./layer.js";
import type { Precision, PrecisionOptions } from "./precision.js";
import { flag, optional, size, sizeOrSizes } from "./shapeKeys.js";

export interface FftShape extends PrecisionOptions {
  /** Signals (default 1). */
  batch?: number;
  /** Numbers of a signal: one size, or one for each dimension that is transformed. */
  n: number | readonly number[];
  /** Whether the signal is real, and of its transform one half is kept (default false). */
  real?: boolean;
  /** Whether the signal is made of its transform (default false). */
  inverse?: boolean;
}

function forward({ batch = 1, n, real = false, inverse = false }: FftShape, { dtype }: Precision) {
  const sizes = typeof n === "number" ? [n] : [...n];
  const half = sizes.map((d, i) => (real && i === sizes.length - 1 ? Math.floor(d / 2) + 1 : d));
  const signal: TensorSpec = { name: "x", shape: [batch, ...sizes, ...(real ? [] : [2])], dtype };
  const transform: TensorSpec = { name: "y", shape: [batch, ...half, 2], dtype };
  const numbers = elementCount(sizes);
  const flops = Math.round((real ? 2.5 : 5) * batch * numbers * Math.log2(numbers));
  return {
    inputs: [inverse ? { ...transform, name: "x" } : signal],
    weights: [],
    outputs: [inverse ? { ...signal, name: "y" } : transform],
    macs: 0,
    extras: { fft: flops },
    attributes: { batch, n: sizes, real, inverse },
  };
}

/** The adjoint is the transform in the other direction, unscaled. */
const gradient = (op: Op): Op => ({
  kind: "fft.backward",
  inputs: [gradientOf(tensorAt(op, "outputs", 0))],
  weights: [],
  outputs: [gradientOf(tensorAt(op, "inputs", 0))],
  macs: 0,
  extras: op.extras,
  attributes: op.attributes,
});

/**
 * Fast Fourier transform of `batch` signals (torch.fft: fftn, ifftn; rfftn, irfftn where `real`): 5 n log2 n FLOPs for
 * n complex numbers, half of it for real ones, n the product of all sizes, whatever the algorithm and whether n is a
 * power of two, rounded. No macs. A complex number is two of `dtype`: x [batch, …n, 2], y the same; real x [batch, …n],
 * y [batch, …, floor(n / 2) + 1, 2]. The scale by 1 / n is neglected. Backward: one transform back. (FFTW's authors,
 * fftw.org/speed/method.html)
 */
export const fft = defineLayer({
  kind: "fft",
  about: "fast Fourier transform",
  shapeKeys: { batch: optional(size), n: sizeOrSizes, real: flag, inverse: flag },
  example: { batch: 8, n: 64 },
  forward,
  backward: (op, options) => inputGradientOnly(options, () => gradient(op)),
});
