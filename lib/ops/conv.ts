// Convolution in one, two and three dimensions: one formula, three ways of naming the spatial sizes.
import { divides } from "../check.js";
import { elementCount, type Extras, type TensorSpec } from "../op.js";
import { bilinearBackward } from "./gradient.js";
import { defineLayer } from "./layer.js";
import { weightTensors, type Precision, type PrecisionOptions } from "./precision.js";
import type { Spatial } from "./shape.js";
import { flag, optional, padding, perDimensionSize, size } from "./shapeKeys.js";
import { outSizes, slidingWindow, tapsInside, type Padding } from "./window.js";

/** What the convolutions of one, two and three dimensions share. */
export interface ConvOptions extends PrecisionOptions {
  /** Samples (default 1). */
  batch?: number;
  /** Channels of x. */
  inChannels: number;
  /** Channels of y. */
  outChannels: number;
  /** Taps: a number for all dimensions, or one for each. */
  kernelSize: Spatial;
  /** Positions from one window to the next (default 1). */
  stride?: Spatial;
  /** Zeros around the input, or the rule that gives them (default 0). */
  padding?: Padding;
  /** Positions from one tap to the next (default 1). */
  dilation?: Spatial;
  /** Groups of channels that do not see each other (default 1; as many as channels: depthwise). */
  groups?: number;
  /** Whether a number is added to each output channel (default false). */
  bias?: boolean;
  /** Whether exactMacs leaves out the taps that fall on padding zeros (default false). */
  exactPadding?: boolean;
}
export interface Conv1dShape extends ConvOptions {
  /** Positions of x. */
  length: number;
}
export interface Conv2dShape extends ConvOptions {
  /** Rows of x. */
  height: number;
  /** Columns of x. */
  width: number;
}
export interface Conv3dShape extends ConvOptions {
  /** Planes (or frames) of x. */
  depth: number;
  /** Rows of x. */
  height: number;
  /** Columns of x. */
  width: number;
}

/** The keys that all convolutions share, transposed and deformable ones too. */
export const convKeys = {
  batch: optional(size),
  inChannels: size,
  outChannels: size,
  kernelSize: perDimensionSize,
  stride: optional(perDimensionSize),
  padding,
  dilation: optional(perDimensionSize),
  groups: optional(size),
  bias: flag,
};
/** The keys of those whose taps have places that are known. */
export const fixedConvKeys = { ...convKeys, exactPadding: flag };

/** A convolution over named `sizes` as the data of an op, on behalf of `kind`. */
export function convolution(kind: string, sizes: Record<string, number>, shape: ConvOptions, p: Precision) {
  const {
    batch = 1,
    inChannels,
    outChannels,
    kernelSize,
    stride = 1,
    padding: around = 0,
    dilation = 1,
    groups = 1,
    bias = false,
    exactPadding = false,
  } = shape;
  divides(kind, "groups", groups, "inChannels", inChannels);
  divides(kind, "groups", groups, "outChannels", outChannels);
  const window = slidingWindow(kind, sizes, { kernelSize, stride, padding: around, dilation });
  const y: TensorSpec = { name: "y", shape: [batch, outChannels, ...window.outSize], dtype: p.dtype };
  const filter = [outChannels, inChannels / groups, ...window.kernelSize];
  const weights = weightTensors("weight", filter, p, filter.length - 1);
  if (bias) weights.push({ name: "bias", shape: [outChannels], dtype: p.dtype });
  const extras: Extras = bias ? { bias: elementCount(y.shape) } : {};
  const perTap = batch * outChannels * (inChannels / groups);
  return {
    inputs: [{ name: "x", shape: [batch, inChannels, ...window.size], dtype: p.dtype }],
    weights,
    outputs: [y],
    macs: perTap * elementCount(window.outSize) * elementCount(window.kernelSize),
    ...(exactPadding ? { exactMacs: perTap * tapsInside(kind, window) } : {}),
    extras,
    attributes: {
      batch,
      inChannels,
      outChannels,
      ...sizes,
      ...outSizes(sizes, window.outSize),
      kernelSize: window.kernelSize,
      stride: window.stride,
      padding: window.padding,
      ...(typeof around === "string" ? { paddingRule: around } : {}),
      dilation: window.dilation,
      groups,
      bias,
      exactPadding,
    },
  };
}

/** 1-d convolution over `length`: as conv2d. */
export const conv1d = defineLayer({
  kind: "conv1d",
  about: "1-d convolution",
  shapeKeys: { length: size, ...fixedConvKeys },
  example: { inChannels: 4, outChannels: 8, length: 16, kernelSize: 3 },
  forward: (shape: Conv1dShape, p: Precision) => convolution("conv1d", { length: shape.length }, shape, p),
  backward: bilinearBackward,
});

/**
 * 2-d convolution: macs = batch · outChannels · outHeight · outWidth · (inChannels / groups) · kernelHeight ·
 * kernelWidth, one extra FLOP per output for a bias. Shapes: x [batch, inChannels, height, width], W [outChannels,
 * inChannels / groups, kh, kw], y [batch, outChannels, outHeight, outWidth]. Out size: floor((size + padding - dilation
 * · (k - 1) - 1) / stride) + 1. Padding positions count, as in every tool; `exactPadding` gives the rest in exactMacs.
 * Backward: dx (a transposed convolution of dy) and dW, as many macs each. Throws when groups divide neither channels,
 * or the kernel exceeds the padded input.
 */
export const conv2d = defineLayer({
  kind: "conv2d",
  about: "2-d convolution",
  shapeKeys: { height: size, width: size, ...fixedConvKeys },
  example: { inChannels: 4, outChannels: 8, height: 16, width: 16, kernelSize: 3 },
  forward: (shape: Conv2dShape, p: Precision) =>
    convolution("conv2d", { height: shape.height, width: shape.width }, shape, p),
  backward: bilinearBackward,
});

/** 3-d convolution over `depth`, `height`, `width`: as conv2d. */
export const conv3d = defineLayer({
  kind: "conv3d",
  about: "3-d convolution",
  shapeKeys: { depth: size, height: size, width: size, ...fixedConvKeys },
  example: { inChannels: 4, outChannels: 8, depth: 4, height: 8, width: 8, kernelSize: 3 },
  forward: (shape: Conv3dShape, p: Precision) =>
    convolution("conv3d", { depth: shape.depth, height: shape.height, width: shape.width }, shape, p),
  backward: bilinearBackward,
});
