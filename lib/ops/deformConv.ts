// Deformable convolution: a 2-d convolution whose taps are read at learned places between the positions of x.
import { divides } from "../check.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { convKeys, convolution, type Conv2dShape } from "./conv.js";
import { gradientOf, readAgain, tensorAt } from "./gradient.js";
import { defineLayer, type BackwardOptions } from "./layer.js";
import type { Precision } from "./precision.js";
import { flag, optional, size } from "./shapeKeys.js";

/** Sizes of a 2-D convolution whose taps are moved by offsets. */
export interface DeformConv2dShape extends Omit<Conv2dShape, "exactPadding"> {
  /** Groups of input channels with places of their own (default 1). */
  offsetGroups?: number;
  /** Whether each tap has a learned factor too, as in version 2 (default false). */
  mask?: boolean;
}

// Of a sample between four positions: its value (4 products, 3 sums); what goes back to the four (a product and a sum
// each); its derivative in each of two directions, times the gradient, summed over channels; and by its factor.
const read = 7;
const scattered = 8;
const moved = 2 * (read + 2);
const weighed = 2;

function forward(shape: DeformConv2dShape, p: Precision) {
  const { offsetGroups = 1, mask = false, ...rest } = shape;
  divides("deformConv2d", "offsetGroups", offsetGroups, "inChannels", shape.inChannels);
  const plain = convolution("deformConv2d", { height: shape.height, width: shape.width }, rest, p);
  const { attributes } = plain;
  const [batch, , ...out] = plain.outputs[0]!.shape as [number, number, number, number];
  const taps = elementCount(attributes.kernelSize);
  const places = (name: string, each: number): TensorSpec => ({
    name,
    shape: [batch, each * offsetGroups * taps, ...out],
    dtype: p.dtype,
  });
  const samples = batch * attributes.inChannels * taps * elementCount(out);
  return {
    ...plain,
    inputs: [...plain.inputs, places("offset", 2), ...(mask ? [places("mask", 1)] : [])],
    extras: { ...plain.extras, interpolate: samples * (mask ? read + 1 : read) },
    attributes: { ...attributes, offsetGroups, mask, samples },
  };
}

function gradients(
  op: Op,
  { samples, mask }: { samples: number; mask: boolean },
  { inputGradient }: Required<BackwardOptions>,
): Op[] {
  const [x, ...places] = op.inputs as [TensorSpec, ...TensorSpec[]];
  const dy = gradientOf(tensorAt(op, "outputs", 0), x.dtype);
  const bias = op.weights.filter((w) => w.shape.length === 1);
  const back = moved + (inputGradient ? scattered : 0) + (mask ? read + weighed + 1 : 0);
  return [
    {
      kind: "deformConv2d.inputGradient",
      inputs: [dy, x, ...places],
      weights: readAgain(op.weights.filter((w) => w.shape.length > 1)),
      outputs: [...(inputGradient ? [x] : []), ...places].map((t) => gradientOf(t)),
      macs: op.macs,
      extras: { interpolate: back * samples },
      attributes: op.attributes,
    },
    {
      kind: "deformConv2d.weightGradient",
      inputs: [...op.inputs, dy],
      weights: [],
      outputs: [tensorAt(op, "weights", 0), ...bias].map((t) => gradientOf(t, x.dtype)),
      macs: op.macs,
      extras: {
        interpolate: (mask ? read + 1 : read) * samples,
        ...(bias.length > 0 ? { bias: elementCount(dy.shape) } : {}),
      },
      attributes: op.attributes,
    },
  ];
}

/**
 * Deformable convolution (torchvision.ops): macs as conv2d's, of taps that are read between positions: interpolate, 7
 * FLOPs a sample of batch · inChannels · kh · kw · outHeight · outWidth, 8 with a mask. Shapes: as conv2d's; offset
 * [batch, 2 · offsetGroups · kh · kw, outHeight, outWidth], mask half of it. The weights of a sample, the same for all
 * channels, are neglected. Backward: of x 8 FLOPs a sample, of offset 18, of mask 10, beside the macs of dx and dW;
 * the places' gradients are always wanted. Throws as conv2d, or when offsetGroups do not divide inChannels.
 * (arXiv 1703.06211, 1811.11168)
 */
export const deformConv2d = defineLayer({
  kind: "deformConv2d",
  about: "2-d convolution at learned places",
  shapeKeys: { height: size, width: size, ...convKeys, offsetGroups: optional(size), mask: flag },
  example: { inChannels: 4, outChannels: 8, height: 16, width: 16, kernelSize: 3, padding: 1 },
  forward,
  backward: (op, options) => gradients(op, op.attributes, options),
});
