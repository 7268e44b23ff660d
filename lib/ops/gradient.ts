// What backward passes share: gradients as tensors, and the two transposes of a layer with a weight. No layer is known
// by name here.
import { elementCount, type Op, type TensorSpec } from "../op.js";

export interface BackwardOptions {
  inputGradient?: boolean;
}

/** The gradient of `t`: the same shape, stored as `dtype` (a quantized weight's gradient is not quantized). */
export const gradientOf = (t: TensorSpec, dtype = t.dtype): TensorSpec => ({
  name: `∂${t.name ?? ""}`,
  shape: t.shape,
  dtype,
});

/** Whether `t` is a gradient, and so nothing that the forward pass must keep. */
export const isGradient = (t: TensorSpec): boolean => t.name?.startsWith("∂") ?? false;

/** Weights that a backward op reads again: bytes, but no parameters a second time. */
export const readAgain = (weights: readonly TensorSpec[]): TensorSpec[] =>
  weights.map((w) => ({ ...w, stored: false }));

/**
 * Backward of a layer y = weight * x (+ bias) that is linear in both: dx is the contraction of dy with the weight, the
 * weight gradient that of x with dy, each with as many multiply-adds as the forward pass; the bias gradient sums dy,
 * one FLOP an element. Gradients are stored in the activations' dtype.
 */
export function bilinearBackward(forward: Op, weight: TensorSpec, bias?: TensorSpec) {
  const [x] = forward.inputs as [TensorSpec];
  const [y] = forward.outputs as [TensorSpec];
  const dy = gradientOf(y);
  const { attributes } = forward;
  const work = { macs: forward.macs, ...(forward.exactMacs === undefined ? {} : { exactMacs: forward.exactMacs }) };
  const matrices = forward.weights.filter((w) => w !== bias);
  return ({ inputGradient = true }: BackwardOptions = {}): Op[] => [
    ...(inputGradient
      ? [
          {
            kind: `${forward.kind}.inputGradient`,
            inputs: [dy],
            weights: readAgain(matrices),
            outputs: [gradientOf(x)],
            ...work,
            extras: {},
            attributes,
          },
        ]
      : []),
    {
      kind: `${forward.kind}.weightGradient`,
      inputs: [x, dy],
      weights: [],
      outputs: [gradientOf(weight, x.dtype), ...(bias ? [gradientOf(bias)] : [])],
      ...work,
      extras: bias ? { bias: elementCount(y.shape) } : {},
      attributes,
    },
  ];
}
