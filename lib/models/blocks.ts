// Blocks that several vision families share.
import type { ActivationKind } from "../ops/index.js";
import type { Activation, Layers } from "./layers.js";

/**
 * The nearest multiple of `divisor` that is not below `least` of `value`: how the MobileNet line rounds its widths.
 */
export function makeDivisible(value: number, divisor = 8, least = 0.9): number {
  const rounded = Math.max(divisor, Math.floor((value + divisor / 2) / divisor) * divisor);
  return rounded < least * value ? rounded + divisor : rounded;
}

/** Options of a convolution with batch norm and activation. */
export interface ConvNormOptions {
  /** Default 1. */
  stride?: number;
  /** Default 1. */
  groups?: number;
  /** Default: the size is kept at stride 1. */
  padding?: number;
  /** Default none. */
  activation?: ActivationKind;
}

/**
 * Convolution without bias, padded to keep the size, batch norm, activation: torchvision's Conv2dNormActivation with
 * its paths .0, .1, .2.
 */
export function convNorm(
  net: Layers,
  path: string,
  x: Activation,
  outChannels: number,
  kernelSize: number,
  { stride = 1, groups = 1, padding = (kernelSize - 1) / 2, activation }: ConvNormOptions = {},
): Activation {
  const y = net.batchNorm(`${path}.1`, net.conv(`${path}.0`, x, outChannels, kernelSize, { stride, padding, groups }));
  return activation ? net.activate(`${path}.2`, y, activation) : y;
}

/** A convolution as Hugging Face's MobileNets and MobileViT have it. */
export interface ConvLayer {
  /** Channels of the result. */
  out: number;
  /** Kernel of both sides; the size is kept at stride 1. */
  kernel: number;
  /** Default 1. */
  stride?: number;
  /** Default 1. */
  groups?: number;
  /** Default none. */
  act?: ActivationKind;
}

/**
 * Convolution without bias, batch norm, activation. Padding is the same on both sides: maps are as large as
 * TensorFlow's, whose zeros stand elsewhere.
 */
export function convLayer(
  net: Layers,
  path: string,
  x: Activation,
  { out, kernel, stride = 1, groups = 1, act }: ConvLayer,
): Activation {
  const y = net.conv(`${path}/convolution`, x, out, kernel, { stride, groups, padding: (kernel - 1) / 2 });
  const normed = net.batchNorm(`${path}/normalization`, y);
  return act ? net.activate(`${path}/activation`, normed, act) : normed;
}

/**
 * Squeeze and excitation (Hu et al. 2017, arXiv 1709.01507): pool, two 1x1 convolutions with bias, a gate per channel.
 */
export function squeezeExcitation(
  net: Layers,
  path: string,
  x: Activation,
  squeeze: number,
  activation: ActivationKind,
  gate: ActivationKind,
): Activation {
  const channels = x.shape[1]!;
  let s = net.globalAvgPool(`${path}/avgpool`, x);
  s = net.activate(`${path}/activation`, net.conv(`${path}/fc1`, s, squeeze, 1, { bias: true }), activation);
  s = net.activate(`${path}/scale_activation`, net.conv(`${path}/fc2`, s, channels, 1, { bias: true }), gate);
  return net.multiply(`${path}/scale`, x, s);
}
