// Convolutions in one, two and three dimensions.
import { divides, positiveIntegers, record } from "../check.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { precision, weightTensors, type Precision, type PrecisionOptions } from "./precision.js";
import { allTaps, realTaps, slidingWindow, type Padding, type PerAxis, type Window } from "./spatial.js";

/** Keys that all convolutions share. `exactPadding`: also count the taps that fall on real input, as `exactMacs`. */
export interface ConvOptions extends PrecisionOptions {
  batch?: number; inChannels: number; outChannels: number; kernelSize: PerAxis;
  stride?: PerAxis; padding?: Padding; dilation?: PerAxis; groups?: number; bias?: boolean; exactPadding?: boolean;
}
export interface Conv1dShape extends ConvOptions { length: number }
export interface Conv2dShape extends ConvOptions { height: number; width: number }
export interface Conv3dShape extends ConvOptions { depth: number; height: number; width: number }

/** 1-D convolution; see conv2d. Shapes: x [batch, inChannels, length]. */
export function conv1d(shape: Conv1dShape, options: PrecisionOptions = {}): Op {
  record("conv1d", "shape", shape);
  const { length, ...rest } = shape;
  return convolution("conv1d", { length }, { ...rest, ...options });
}

/**
 * 2-D convolution: macs = batch · outHeight · outWidth · outChannels · (inChannels / groups) · kernelHeight · kernelWidth.
 * Shapes: x [batch, inChannels, height, width], W [outChannels, inChannels/groups, kh, kw], y [batch, outChannels, outHeight, outWidth].
 * Multiplications by padding zeros count, as in every tool; `exactPadding` gives the true ones as exactMacs. Bias is one extra FLOP per output.
 * Throws a RangeError when a size is no positive integer, groups do not divide the channels, or the kernel exceeds the padded input.
 */
export function conv2d(shape: Conv2dShape, options: PrecisionOptions = {}): Op {
  record("conv2d", "shape", shape);
  const { height, width, ...rest } = shape;
  return convolution("conv2d", { height, width }, { ...rest, ...options });
}

/** 3-D convolution; see conv2d. Shapes: x [batch, inChannels, depth, height, width]. */
export function conv3d(shape: Conv3dShape, options: PrecisionOptions = {}): Op {
  record("conv3d", "shape", shape);
  const { depth, height, width, ...rest } = shape;
  return convolution("conv3d", { depth, height, width }, { ...rest, ...options });
}

function convolution(kind: string, sizes: Record<string, number>, options: ConvOptions): Op {
  const { batch = 1, inChannels, outChannels, kernelSize, stride = 1, padding = 0, dilation = 1, groups = 1, bias = false, exactPadding = false, ...rest } = options;
  const p = precision(kind, rest);
  positiveIntegers(kind, { batch, inChannels, outChannels, ...sizes, groups });
  divides(kind, "groups", groups, "inChannels", inChannels);
  divides(kind, "groups", groups, "outChannels", outChannels);
  const window = slidingWindow(kind, Object.keys(sizes).length, { input: Object.values(sizes), kernelSize, stride, padding, dilation });
  const x: TensorSpec = { name: "x", shape: [batch, inChannels, ...window.input], dtype: p.dtype };
  const y: TensorSpec = { name: "y", shape: [batch, outChannels, ...window.output], dtype: p.dtype };
  const weights = [...weightTensors("weight", [outChannels, inChannels / groups, ...window.kernel], p), ...(bias ? [{ name: "bias", shape: [outChannels], dtype: p.dtype }] : [])];
  const perTap = batch * outChannels * (inChannels / groups);
  const macs = perTap * allTaps(window);
  return {
    kind, inputs: [x], weights, outputs: [y], macs,
    ...(exactPadding ? { exactMacs: perTap * realTaps(window) } : {}),
    extras: bias ? { bias: elementCount(y.shape) } : {},
    attributes: { batch, inChannels, outChannels, ...sizes, kernelSize: window.kernel, stride: window.stride, dilation: window.dilation, padding: window.padding, groups, bias, output: window.output },
    backward: ({ inputGradient = true } = {}) => convBackward(kind, { x, y, weights, macs, bias, p, window }, inputGradient),
  };
}

interface ConvTensors { x: TensorSpec; y: TensorSpec; weights: readonly TensorSpec[]; macs: number; bias: boolean; p: Precision; window: Window }

/** dX = transposed convolution of dY with W; dW = correlation of x with dY: as many multiply-adds each as the forward pass. dB sums dY. */
export function convBackward(kind: string, { x, y, weights, macs, bias }: ConvTensors, inputGradient: boolean): Op[] {
  const dY: TensorSpec = { ...y, name: "dY" };
  const weight = weights[0]!;
  const gradient = (name: string, of: TensorSpec): TensorSpec => ({ ...of, name, stored: false });
  const dW: Op = {
    kind: `${kind}.weightGradient`, inputs: [x, dY], weights: [], macs,
    outputs: [gradient("dW", weight), ...(bias ? [gradient("dB", weights[weights.length - 1]!)] : [])],
    extras: bias ? { bias: elementCount(y.shape) } : {},
  };
  // The weights are read again, but they are the forward op's parameters.
  const dX: Op = { kind: `${kind}.inputGradient`, inputs: [dY, ...weights.filter((w) => w.name !== "bias").map((w) => ({ ...w, stored: false }))], weights: [], outputs: [{ ...x, name: "dX" }], macs, extras: {} };
  return inputGradient ? [dX, dW] : [dW];
}
