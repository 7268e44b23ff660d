// Maximum and average pooling, by a sliding window or to a given output size.
import { positiveIntegers } from "../check.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { gradientOf } from "./gradient.js";
import { precision, type PrecisionOptions } from "./precision.js";
import { booleans, merged, positivePerDimension, type Spatial } from "./shape.js";
import { extent, outSizes, slidingWindow, type Padding } from "./window.js";

/**
 * Give `length` (1-d), `height` and `width` (2-d) or `depth` too (3-d); and `kernelSize`, or `outputSize` for an
 * adaptive pool (1 is a global one). `stride` defaults to kernelSize; `ceilMode` keeps a last partial window;
 * `dilation` is max pooling's.
 */
export interface PoolShape extends PrecisionOptions {
  batch?: number;
  channels: number;
  length?: number;
  depth?: number;
  height?: number;
  width?: number;
  kernelSize?: Spatial;
  stride?: Spatial;
  padding?: Padding;
  dilation?: Spatial;
  ceilMode?: boolean;
  outputSize?: Spatial;
}

const keys = [
  "batch",
  "channels",
  "length",
  "depth",
  "height",
  "width",
  "kernelSize",
  "stride",
  "padding",
  "dilation",
  "ceilMode",
  "outputSize",
];

/**
 * Max pool: one FLOP (a compare) per tap of each output, kernelHeight · kernelWidth in all; padding counts as in a
 * convolution. An adaptive pool's windows are counted one by one. Shapes: x [batch, channels, …sizes], y [batch,
 * channels, …out]; out size as conv2d's, by ceil with `ceilMode`. Backward: finds each winner again and adds dy to it
 * (one FLOP more). Throws when the window exceeds the padded input, or padding half the window (PyTorch's limit).
 */
export const maxPool = (shape: PoolShape, options: PrecisionOptions = {}): Op => pool("maxPool", shape, options);

/**
 * Average pool: as maxPool with adds, the division counted for the first tap (k adds of which the first is none, one
 * division). Backward: one add per tap.
 */
export const avgPool = (shape: PoolShape, options: PrecisionOptions = {}): Op => pool("avgPool", shape, options);

/** Average pool to `outputSize` (default 1: the mean of each channel), as avgPool with that key. */
export const adaptiveAvgPool = (shape: PoolShape, options: PrecisionOptions = {}): Op =>
  pool("avgPool", { outputSize: 1, ...merged("avgPool", shape) }, options);

/** Max pool to `outputSize` (default 1), as maxPool with that key. */
export const adaptiveMaxPool = (shape: PoolShape, options: PrecisionOptions = {}): Op =>
  pool("maxPool", { outputSize: 1, ...merged("maxPool", shape) }, options);

function pool(kind: "maxPool" | "avgPool", given: PoolShape, options: PrecisionOptions): Op {
  const {
    batch = 1,
    channels,
    length,
    depth,
    height,
    width,
    kernelSize,
    stride = kernelSize,
    padding = 0,
    dilation = 1,
    ceilMode = false,
    outputSize,
    ...rest
  } = merged(kind, given, options);
  const { dtype } = precision(kind, rest, keys);
  const plane = { height: height!, width: width! };
  const inSpace: Record<string, number> = depth === undefined ? plane : { depth, ...plane };
  const sizes: Record<string, number> = length === undefined ? inSpace : { length };
  if (length !== undefined && (height !== undefined || width !== undefined || depth !== undefined))
    throw new TypeError(`${kind}: sizes must be length, or height and width (and depth), got both`);
  positiveIntegers(kind, { batch, channels, ...sizes });
  booleans(kind, { ceilMode });
  const { outSize, taps, attributes } =
    outputSize !== undefined
      ? adaptive(kind, sizes, outputSize, given)
      : windowed(kind, sizes, { kernelSize: kernelSize!, stride, padding, dilation, ceilMode });
  const x: TensorSpec = { name: "x", shape: [batch, channels, ...Object.values(sizes)], dtype };
  const y: TensorSpec = { name: "y", shape: [batch, channels, ...outSize], dtype };
  const work = batch * channels * taps;
  const all = { batch, channels, ...sizes, ...outSizes(sizes, outSize), ...attributes };
  // A maximum's gradient goes to one place, which is looked for again in x.
  const again = kind === "maxPool";
  const gradient: Op = {
    kind: `${kind}.backward`,
    inputs: again ? [x, gradientOf(y)] : [gradientOf(y)],
    weights: [],
    outputs: [gradientOf(x)],
    macs: 0,
    extras: { pool: work + (again ? elementCount(y.shape) : 0) },
    attributes: all,
  };
  return {
    kind,
    inputs: [x],
    weights: [],
    outputs: [y],
    macs: 0,
    extras: { pool: work },
    attributes: all,
    backward: ({ inputGradient = true } = {}) => (inputGradient ? [gradient] : []),
  };
}

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
 * overlap (PyTorch).
 */
function adaptive(kind: string, sizes: Record<string, number>, outputSize: Spatial, given: PoolShape) {
  for (const key of ["kernelSize", "stride", "padding", "dilation", "ceilMode"] as const)
    if (given[key] !== undefined)
      throw new TypeError(`${kind}: ${key} must be absent beside outputSize, got ${String(given[key])}`);
  const outSize = positivePerDimension(kind, "outputSize", outputSize, Object.keys(sizes).length);
  let taps = 1;
  Object.values(sizes).forEach((n, d) => {
    const out = outSize[d]!;
    let inDimension = 0;
    for (let i = 0; i < out; i++) inDimension += Math.ceil(((i + 1) * n) / out) - Math.floor((i * n) / out);
    taps *= inDimension;
  });
  return { outSize, taps, attributes: { adaptive: true, outputSize: outSize } };
}
