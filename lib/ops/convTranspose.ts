// Transposed convolution: the adjoint of a convolution, which scatters each input position over a window of outputs.
import { divides, nonNegativeIntegers, positiveIntegers } from "../check.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";
import type { ConvOptions } from "./conv.js";
import { bilinearBackward } from "./gradient.js";
import { precision, weightTensors, type PrecisionOptions } from "./precision.js";
import { booleans, merged, perDimension, positivePerDimension, type Spatial } from "./shape.js";
import { explicitPadding, extent, outSizes, tapsInside, type Window } from "./window.js";

/**
 * `padding` crops the output; `outputPadding` adds rows behind it that only the bias reaches. `exactPadding`: exactMacs
 * leaves out what is cropped.
 */
export interface ConvTransposeOptions extends ConvOptions {
  outputPadding?: Spatial;
}
export interface ConvTranspose1dShape extends ConvTransposeOptions {
  length: number;
}
export interface ConvTranspose2dShape extends ConvTransposeOptions {
  height: number;
  width: number;
}
export interface ConvTranspose3dShape extends ConvTransposeOptions {
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
  "outputPadding",
  "dilation",
  "groups",
  "bias",
  "exactPadding",
];

/** 1-d transposed convolution over `length`: as convTranspose2d. */
export function convTranspose1d(shape: ConvTranspose1dShape, options: PrecisionOptions = {}): Op {
  const { length, ...rest } = merged("convTranspose1d", shape, options);
  return transposed("convTranspose1d", { length }, rest);
}

/**
 * 2-d transposed convolution: macs = batch · inChannels · height · width · (outChannels / groups) · kernelHeight
 * · kernelWidth. Input positions are counted; counting output positions (thop, torchinfo) is stride² too high. One
 * extra FLOP per output for a bias. Shapes: x [batch, inChannels, height, width], W [inChannels, outChannels / groups,
 * kh, kw]; out size (size - 1) · stride - padding + dilation · (k - 1) + 1 + outputPadding. Backward: dx (a
 * convolution of dy) and dW, as many macs each. Throws when outputPadding is not below stride or dilation, or padding
 * crops all.
 */
export function convTranspose2d(shape: ConvTranspose2dShape, options: PrecisionOptions = {}): Op {
  const { height, width, ...rest } = merged("convTranspose2d", shape, options);
  return transposed("convTranspose2d", { height, width }, rest);
}

/** 3-d transposed convolution over `depth`, `height`, `width`: as convTranspose2d. */
export function convTranspose3d(shape: ConvTranspose3dShape, options: PrecisionOptions = {}): Op {
  const { depth, height, width, ...rest } = merged("convTranspose3d", shape, options);
  return transposed("convTranspose3d", { depth, height, width }, rest);
}

function transposed(kind: string, sizes: Record<string, number>, shape: ConvTransposeOptions): Op {
  const {
    batch = 1,
    inChannels,
    outChannels,
    kernelSize,
    stride = 1,
    padding = 0,
    outputPadding = 0,
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
  const { adjoint, extra } = adjointWindow(kind, sizes, { kernelSize, stride, padding, outputPadding, dilation });
  const size = Object.values(sizes);
  const out = adjoint.size;
  const x: TensorSpec = { name: "x", shape: [batch, inChannels, ...size], dtype: p.dtype };
  const y: TensorSpec = { name: "y", shape: [batch, outChannels, ...out], dtype: p.dtype };
  const weights = weightTensors("weight", [inChannels, outChannels / groups, ...adjoint.kernelSize], p, out.length + 1);
  const b: TensorSpec | undefined = bias ? { name: "bias", shape: [outChannels], dtype: p.dtype } : undefined;
  const perTap = batch * inChannels * (outChannels / groups);
  const op: Op = {
    kind,
    inputs: [x],
    weights: b ? [...weights, b] : weights,
    outputs: [y],
    macs: perTap * elementCount(size) * elementCount(adjoint.kernelSize),
    ...(exactPadding ? { exactMacs: perTap * tapsInside(adjoint) } : {}),
    extras: bias ? { bias: elementCount(y.shape) } : {},
    attributes: {
      batch,
      inChannels,
      outChannels,
      ...sizes,
      ...outSizes(sizes, out),
      kernelSize: adjoint.kernelSize,
      stride: adjoint.stride,
      padding: adjoint.padding,
      outputPadding: extra,
      dilation: adjoint.dilation,
      groups,
      bias,
      exactPadding,
    },
  };
  return { ...op, backward: bilinearBackward(op, weights[0]!, b) };
}

/** The convolution's window whose output positions are our input's: its `size` is our output. */
function adjointWindow(
  who: string,
  sizes: Record<string, number>,
  {
    kernelSize,
    stride,
    padding,
    outputPadding,
    dilation,
  }: Required<Pick<ConvTransposeOptions, "kernelSize" | "stride" | "padding" | "outputPadding" | "dilation">>,
): { adjoint: Window; extra: number[] } {
  const outSize = Object.values(sizes);
  const rank = outSize.length;
  const kernel = positivePerDimension(who, "kernelSize", kernelSize, rank);
  const steps = positivePerDimension(who, "stride", stride, rank);
  const dilations = positivePerDimension(who, "dilation", dilation, rank);
  const extra = perDimension(who, "outputPadding", outputPadding, rank);
  const pads = outSize.map((_, i) => explicitPadding(who, padding, i, rank));
  const size = outSize.map((n, i) => {
    nonNegativeIntegers(who, { outputPadding: extra[i] });
    if (extra[i]! >= Math.max(steps[i]!, dilations[i]!))
      throw new RangeError(
        `${who}: outputPadding must be below stride ${steps[i]} or dilation ${dilations[i]}, got ${extra[i]}`,
      );
    const full = (n - 1) * steps[i]! + extent(kernel[i]!, dilations[i]!) + extra[i]!;
    if (full - pads[i]![0] - pads[i]![1] < 1)
      throw new RangeError(
        `${who}: padding must leave some of the ${full} output positions, got ${pads[i]![0] + pads[i]![1]} in all`,
      );
    return full - pads[i]![0] - pads[i]![1];
  });
  return { adjoint: { size, kernelSize: kernel, stride: steps, padding: pads, dilation: dilations, outSize }, extra };
}
