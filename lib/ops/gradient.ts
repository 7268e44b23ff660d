// What backward passes share: gradients as tensors, and the two transposes of a layer with a weight. No layer is known
// by name here.
import { elementCount, type Op, type TensorSpec } from "../op.js";
import type { BackwardOptions } from "./layer.js";

/** The gradient of `t`: the same shape, stored as `dtype` (a quantized weight's gradient is not quantized). */
export const gradientOf = (t: TensorSpec, dtype = t.dtype): TensorSpec => ({
  name: `∂${t.name ?? ""}`,
  shape: t.shape,
  dtype,
});

/** As gradientOf, where only some elements are written (rows of a table, experts that a batch touched). */
export const partialGradientOf = (t: TensorSpec, dtype = t.dtype): TensorSpec => ({
  ...gradientOf(t, dtype),
  ...(t.elements === undefined ? {} : { elements: t.elements }),
});

/** Whether `t` is a gradient, and so nothing that the forward pass must keep. */
export const isGradient = (t: TensorSpec): boolean => t.name?.startsWith("∂") ?? false;

/** Weights that a backward op reads again: bytes, but no parameters a second time. */
export const readAgain = (weights: readonly TensorSpec[]): TensorSpec[] =>
  weights.map((w) => ({ ...w, stored: false }));

/** Tensors that are parameters: not scales, zero points or statistics. */
export const learned = (weights: readonly TensorSpec[]): TensorSpec[] => weights.filter((w) => w.stored !== false);

/** The tensor at `index` of a list. Throws a RangeError where `op` has no such tensor: it is no longer its layer's. */
export function tensorAt(op: Op, list: "inputs" | "weights" | "outputs", index: number): TensorSpec {
  const tensor = op[list][index];
  if (tensor === undefined)
    throw new RangeError(`${op.kind}: ${list}[${index}] must be there for a backward pass, got ${op[list].length}`);
  return tensor;
}

/** The only gradient of an op without weights: of its input, where that is wanted. */
export const inputGradientOnly = ({ inputGradient }: Required<BackwardOptions>, gradient: () => Op): Op[] =>
  inputGradient ? [gradient()] : [];

/**
 * Backward of a layer y = weight * x (+ bias) that is linear in both: dx is the contraction of dy with the weight, the
 * weight gradient that of x with dy, each with as many multiply-adds as the forward pass; the bias gradient sums dy,
 * one FLOP an element. Gradients are stored in the activations' dtype.
 */
export function bilinearBackward(op: Op, { inputGradient }: Required<BackwardOptions>): Op[] {
  const { kind, attributes, macs, exactMacs } = op;
  const x = tensorAt(op, "inputs", 0);
  const weight = tensorAt(op, "weights", 0);
  const bias = op.weights.filter((w) => w.shape.length === 1);
  const matrices = op.weights.filter((w) => w.shape.length > 1);
  const dy = op.outputs.map((y) => gradientOf(y, x.dtype));
  const work = { macs, ...(exactMacs === undefined ? {} : { exactMacs }) };
  const weightGradient: Op = {
    kind: `${kind}.weightGradient`,
    inputs: [x, ...dy],
    weights: [],
    outputs: [gradientOf(weight, x.dtype), ...bias.map((b) => gradientOf(b, x.dtype))],
    ...work,
    extras: bias.length > 0 ? { bias: dy.reduce((n, t) => n + elementCount(t.shape), 0) } : {},
    attributes,
  };
  if (!inputGradient) return [weightGradient];
  const toInput: Op = {
    kind: `${kind}.inputGradient`,
    inputs: dy,
    weights: readAgain(matrices),
    outputs: [gradientOf(x)],
    ...work,
    extras: {},
    attributes,
  };
  return [toInput, weightGradient];
}
