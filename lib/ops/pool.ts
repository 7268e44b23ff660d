// Maximum and average pooling, by a sliding window or to a given output size.
import { shown } from "../check.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { gradientOf, inputGradientOnly, tensorAt } from "./gradient.js";
import { defineLayer } from "./layer.js";
import type { Precision } from "./precision.js";
import { positivePerDimension, type Spatial } from "./shape.js";
import { flag, optional, padding, perDimensionSize } from "./shapeKeys.js";
import { spaceKeys, spaceOf, type SpaceShape } from "./space.js";
import { extent, outSizes, slidingWindow, type Padding } from "./window.js";

/** Give `kernelSize` or `outputSize` beside the sizes. */
export interface PoolShape extends SpaceShape {
  /** Window: a number for all dimensions, or one for each. */
  kernelSize?: Spatial;
  /** Positions from one window to the next (default `kernelSize`). */
  stride?: Spatial;
  /** Positions around the input, at most half the window, or the rule that gives them (default 0). */
  padding?: Padding;
  /** Positions from one tap to the next (default 1; max pooling's). */
  dilation?: Spatial;
  /** Whether a last partial window counts (default false). */
  ceilMode?: boolean;
  /** Output size of an adaptive pool, instead of a window (1 is a global one). */
  outputSize?: Spatial;
}

const keys = {
  ...spaceKeys,
  kernelSize: optional(perDimensionSize),
  stride: optional(perDimensionSize),
  padding,
  dilation: optional(perDimensionSize),
  ceilMode: flag,
  outputSize: optional(perDimensionSize),
};

function pool(who: string, given: PoolShape, { dtype }: Precision) {
  const { batch = 1, channels, kernelSize, stride = kernelSize, padding: around = 0, dilation = 1 } = given;
  const { ceilMode = false, outputSize } = given;
  const space = spaceOf(who, given);
  const { outSize, taps, attributes } =
    outputSize !== undefined
      ? adaptive(who, space, outputSize, given)
      : windowed(who, space, { kernelSize: kernelSize!, stride, padding: around, dilation, ceilMode });
  const x: TensorSpec = { name: "x", shape: [batch, channels, ...Object.values(space)], dtype };
  return {
    inputs: [x],
    weights: [],
    outputs: [{ name: "y", shape: [batch, channels, ...outSize], dtype }],
    macs: 0,
    extras: { pool: batch * channels * taps },
    attributes: { batch, channels, ...space, ...outSizes(space, outSize), ...attributes },
  };
}

/** A maximum's gradient goes to one place, which is looked for again in x; an average's to all of the window. */
function gradient(op: Op, winnerOnly: boolean): Op {
  const x = tensorAt(op, "inputs", 0);
  const y = tensorAt(op, "outputs", 0);
  return {
    kind: `${op.kind}.backward`,
    inputs: winnerOnly ? [x, gradientOf(y)] : [gradientOf(y)],
    weights: [],
    outputs: [gradientOf(x)],
    macs: 0,
    extras: { pool: op.extras["pool"]! + (winnerOnly ? elementCount(y.shape) : 0) },
    attributes: op.attributes,
  };
}

/**
 * Max pool: one FLOP (a compare) per tap of each output, kernelHeight · kernelWidth in all; padding counts as in a
 * convolution. An adaptive pool's windows differ by one and may overlap. Shapes: x [batch, channels, …sizes], y [batch,
 * channels, …out]; out size as conv2d's, by ceil with `ceilMode`. Backward: finds each winner again and adds dy to it
 * (one FLOP more). Throws when the window exceeds the padded input, or padding half the window (PyTorch's limit).
 */
export const maxPool = defineLayer({
  kind: "maxPool",
  about: "the largest value of each window",
  shapeKeys: keys,
  example: { channels: 64, height: 16, width: 16, kernelSize: 2 },
  forward: (shape: PoolShape, p: Precision) => pool("maxPool", shape, p),
  backward: (op, options) => inputGradientOnly(options, () => gradient(op, true)),
});

/**
 * Average pool: as maxPool with adds, the division counted for the first tap (k adds of which the first is none, one
 * division). Backward: one add per tap.
 */
export const avgPool = defineLayer({
  kind: "avgPool",
  about: "the mean of each window",
  shapeKeys: keys,
  example: { channels: 64, height: 16, width: 16, kernelSize: 2 },
  forward: (shape: PoolShape, p: Precision) => pool("avgPool", shape, p),
  backward: (op, options) => inputGradientOnly(options, () => gradient(op, false)),
});

/** Average pool to `outputSize` (default 1: the mean of each channel), as avgPool with that key. */
export const adaptiveAvgPool = defineLayer({
  ...avgPool,
  layerName: "adaptiveAvgPool",
  about: "avgPool to a given output size",
  example: { channels: 64, height: 16, width: 16 },
  forward: (shape: PoolShape, p: Precision) => pool("adaptiveAvgPool", { outputSize: 1, ...shape }, p),
});

/** Max pool to `outputSize` (default 1), as maxPool with that key. */
export const adaptiveMaxPool = defineLayer({
  ...maxPool,
  layerName: "adaptiveMaxPool",
  about: "maxPool to a given output size",
  example: { channels: 64, height: 16, width: 16 },
  forward: (shape: PoolShape, p: Precision) => pool("adaptiveMaxPool", { outputSize: 1, ...shape }, p),
});

function windowed(
  kind: string,
  sizes: Record<string, number>,
  options: { kernelSize: Spatial; stride: Spatial | undefined; padding: Padding; dilation: Spatial; ceilMode: boolean },
) {
  const w = slidingWindow(kind, sizes, options);
  w.padding.forEach(([before, after], i) => {
    const most = Math.floor(extent(w.kernelSize[i]!, w.dilation[i]!) / 2);
    if (Math.max(before, after) > most)
      throw new RangeError(`${kind}: padding must be at most half the window, ${most}, got ${Math.max(before, after)}`);
  });
  return {
    outSize: w.outSize,
    taps: elementCount(w.outSize) * elementCount(w.kernelSize),
    attributes: {
      adaptive: false,
      kernelSize: w.kernelSize,
      stride: w.stride,
      padding: w.padding,
      dilation: w.dilation,
      ceilMode: options.ceilMode,
    },
  };
}

/**
 * Output i averages the input from floor(i · size / out) to ceil((i + 1) · size / out): windows differ by one and may
 * overlap (PyTorch). Every border between outputs that falls inside a position gives it to both: size + out - gcd taps.
 */
function adaptive(kind: string, sizes: Record<string, number>, outputSize: Spatial, given: PoolShape) {
  for (const key of ["kernelSize", "stride", "padding", "dilation", "ceilMode"] as const)
    if (given[key] !== undefined)
      throw new TypeError(`${kind}: ${key} must be absent beside outputSize, got ${shown(given[key])}`);
  const outSize = positivePerDimension(kind, "outputSize", outputSize, Object.keys(sizes).length);
  const taps = elementCount(Object.values(sizes).map((n, d) => n + outSize[d]! - gcd(n, outSize[d]!)));
  return { outSize, taps, attributes: { adaptive: true, outputSize: outSize } };
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
