// Transposed convolution: the adjoint of a convolution, which scatters each input position over a window of outputs.
import { divides, nonNegativeIntegers } from "../check.js";
import { elementCount, type Extras, type TensorSpec } from "../op.js";
import { fixedConvKeys, type ConvOptions } from "./conv.js";
import { bilinearBackward } from "./gradient.js";
import { defineLayer } from "./layer.js";
import { weightTensors, type Precision } from "./precision.js";
import { perDimension, positivePerDimension, type Spatial } from "./shape.js";
import { optional, perDimensionCount, size } from "./shapeKeys.js";
import { explicitPadding, extent, outSizes, tapsInside, type Window } from "./window.js";

/** `padding` crops the output; exactMacs of `exactPadding` leaves out what is cropped. */
export interface ConvTransposeOptions extends ConvOptions {
  /** Rows added behind the output, which only the bias reaches (default 0). */
  outputPadding?: Spatial;
}
export interface ConvTranspose1dShape extends ConvTransposeOptions {
  /** Positions of x. */
  length: number;
}
export interface ConvTranspose2dShape extends ConvTransposeOptions {
  /** Rows of x. */
  height: number;
  /** Columns of x. */
  width: number;
}
export interface ConvTranspose3dShape extends ConvTransposeOptions {
  /** Planes (or frames) of x. */
  depth: number;
  /** Rows of x. */
  height: number;
  /** Columns of x. */
  width: number;
}

const keys = { ...fixedConvKeys, outputPadding: optional(perDimensionCount) };

function transposed(kind: string, sizes: Record<string, number>, shape: ConvTransposeOptions, p: Precision) {
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
  } = shape;
  divides(kind, "groups", groups, "inChannels", inChannels);
  divides(kind, "groups", groups, "outChannels", outChannels);
  const { adjoint, extra } = adjointWindow(kind, sizes, { kernelSize, stride, padding, outputPadding, dilation });
  const positions = Object.values(sizes);
  const out = adjoint.size;
  const y: TensorSpec = { name: "y", shape: [batch, outChannels, ...out], dtype: p.dtype };
  const weights = weightTensors("weight", [inChannels, outChannels / groups, ...adjoint.kernelSize], p, out.length + 1);
  if (bias) weights.push({ name: "bias", shape: [outChannels], dtype: p.dtype });
  const extras: Extras = bias ? { bias: elementCount(y.shape) } : {};
  const perTap = batch * inChannels * (outChannels / groups);
  return {
    inputs: [{ name: "x", shape: [batch, inChannels, ...positions], dtype: p.dtype }],
    weights,
    outputs: [y],
    macs: perTap * elementCount(positions) * elementCount(adjoint.kernelSize),
    ...(exactPadding ? { exactMacs: perTap * tapsInside(kind, adjoint) } : {}),
    extras,
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
}

/** 1-d transposed convolution over `length`: as convTranspose2d. */
export const convTranspose1d = defineLayer({
  kind: "convTranspose1d",
  about: "1-d transposed convolution",
  shapeKeys: { length: size, ...keys },
  example: { inChannels: 4, outChannels: 8, length: 8, kernelSize: 4, stride: 2, padding: 1 },
  forward: (shape: ConvTranspose1dShape, p: Precision) =>
    transposed("convTranspose1d", { length: shape.length }, shape, p),
  backward: bilinearBackward,
});

/**
 * 2-d transposed convolution: macs = batch · inChannels · height · width · (outChannels / groups) · kernelHeight
 * · kernelWidth. Input positions are counted; counting output positions (thop, torchinfo) is stride² too high. One
 * extra FLOP per output for a bias. Shapes: x [batch, inChannels, height, width], W [inChannels, outChannels / groups,
 * kh, kw]; out size (size - 1) · stride - padding + dilation · (k - 1) + 1 + outputPadding. Backward: dx (a
 * convolution of dy) and dW, as many macs each. Throws when outputPadding is not below stride or dilation, or padding
 * crops all.
 */
export const convTranspose2d = defineLayer({
  kind: "convTranspose2d",
  about: "2-d transposed convolution",
  shapeKeys: { height: size, width: size, ...keys },
  example: { inChannels: 4, outChannels: 8, height: 8, width: 8, kernelSize: 4, stride: 2, padding: 1 },
  forward: (shape: ConvTranspose2dShape, p: Precision) =>
    transposed("convTranspose2d", { height: shape.height, width: shape.width }, shape, p),
  backward: bilinearBackward,
});

/** 3-d transposed convolution over `depth`, `height`, `width`: as convTranspose2d. */
export const convTranspose3d = defineLayer({
  kind: "convTranspose3d",
  about: "3-d transposed convolution",
  shapeKeys: { depth: size, height: size, width: size, ...keys },
  example: { inChannels: 4, outChannels: 8, depth: 4, height: 4, width: 4, kernelSize: 4, stride: 2, padding: 1 },
  forward: (shape: ConvTranspose3dShape, p: Precision) =>
    transposed("convTranspose3d", { depth: shape.depth, height: shape.height, width: shape.width }, shape, p),
  backward: bilinearBackward,
});

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
  const pads = outSize.map((_, i) => explicitPadding(who, padding === "valid" ? 0 : padding, i, rank));
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
