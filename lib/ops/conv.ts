// Convolution in one, two and three dimensions: one formula, three ways of naming the spatial sizes.
import { divides, positiveIntegers } from "../check.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { bilinearBackward } from "./gradient.js";
import { precision, weightTensors, type PrecisionOptions } from "./precision.js";
import { booleans, merged, type Spatial } from "./shape.js";
import { outSizes, slidingWindow, tapsInside, type Padding } from "./window.js";

/**
 * Spatial keys take a number or one for each dimension. `exactPadding`: exactMacs leaves out the taps that fall on
 * padding zeros.
 */
export interface ConvOptions extends PrecisionOptions {
  batch?: number;
  inChannels: number;
  outChannels: number;
  kernelSize: Spatial;
  stride?: Spatial;
  padding?: Padding;
  dilation?: Spatial;
  groups?: number;
  bias?: boolean;
  exactPadding?: boolean;
}
export interface Conv1dShape extends ConvOptions {
  length: number;
}
export interface Conv2dShape extends ConvOptions {
  height: number;
  width: number;
}
export interface Conv3dShape extends ConvOptions {
  depth: number;
  height: number;
  width: number;
}

const keys = [
  "batch",
  "inChannels",
  "outChannels",
  "kernelSize",
  "stride",
  "padding",
  "dilation",
  "groups",
  "bias",
  "exactPadding",
];

/** 1-d convolution over `length`: as conv2d. */
export function conv1d(shape: Conv1dShape, options: PrecisionOptions = {}): Op {
  const { length, ...rest } = merged("conv1d", shape, options);
  return convolution("conv1d", { length }, rest);
}

/**
 * 2-d convolution: macs = batch · outChannels · outHeight · outWidth · (inChannels / groups) · kernelHeight ·
 * kernelWidth, one extra FLOP per output for a bias. Shapes: x [batch, inChannels, height, width], W [outChannels,
 * inChannels / groups, kh, kw], y [batch, outChannels, outHeight, outWidth]. Out size: floor((size + padding - dilation
 * · (k - 1) - 1) / stride) + 1. Padding positions count, as in every tool; `exactPadding` gives the rest in exactMacs.
 * Backward: dx (a transposed convolution of dy) and dW, as many macs each. Throws when groups divide neither channels,
 * or the kernel exceeds the padded input.
 */
export function conv2d(shape: Conv2dShape, options: PrecisionOptions = {}): Op {
  const { height, width, ...rest } = merged("conv2d", shape, options);
  return convolution("conv2d", { height, width }, rest);
}

/** 3-d convolution over `depth`, `height`, `width`: as conv2d. */
export function conv3d(shape: Conv3dShape, options: PrecisionOptions = {}): Op {
  const { depth, height, width, ...rest } = merged("conv3d", shape, options);
  return convolution("conv3d", { depth, height, width }, rest);
}

function convolution(kind: string, sizes: Record<string, number>, shape: ConvOptions): Op {
  const {
    batch = 1,
    inChannels,
    outChannels,
    kernelSize,
    stride = 1,
    padding = 0,
    dilation = 1,
    groups = 1,
    bias = false,
    exactPadding = false,
    ...rest
  } = shape;
  const p = precision(kind, rest, [...keys, ...Object.keys(sizes)]);
  positiveIntegers(kind, { batch, inChannels, outChannels, ...sizes, groups });
  booleans(kind, { bias, exactPadding });
  divides(kind, "groups", groups, "inChannels", inChannels);
  divides(kind, "groups", groups, "outChannels", outChannels);
  const window = slidingWindow(kind, sizes, { kernelSize, stride, padding, dilation });
  const x: TensorSpec = { name: "x", shape: [batch, inChannels, ...window.size], dtype: p.dtype };
  const y: TensorSpec = { name: "y", shape: [batch, outChannels, ...window.outSize], dtype: p.dtype };
  const weights = weightTensors(
    "weight",
    [outChannels, inChannels / groups, ...window.kernelSize],
    p,
    window.kernelSize.length + 1,
  );
  const b: TensorSpec | undefined = bias ? { name: "bias", shape: [outChannels], dtype: p.dtype } : undefined;
  const perTap = batch * outChannels * (inChannels / groups);
  const op: Op = {
    kind,
    inputs: [x],
    weights: b ? [...weights, b] : weights,
    outputs: [y],
    macs: perTap * elementCount(window.outSize) * elementCount(window.kernelSize),
    ...(exactPadding ? { exactMacs: perTap * tapsInside(window) } : {}),
    extras: bias ? { bias: elementCount(y.shape) } : {},
    attributes: {
      batch,
      inChannels,
      outChannels,
      ...sizes,
      ...outSizes(sizes, window.outSize),
      kernelSize: window.kernelSize,
      stride: window.stride,
      padding: window.padding,
      dilation: window.dilation,
      groups,
      bias,
      exactPadding,
    },
  };
  return { ...op, backward: bilinearBackward(op, weights[0]!, b) };
}
