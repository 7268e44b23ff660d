// Pointwise activations: a table of what each costs per element, and one function each.
import { lookUp } from "../check.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { gradientOf, inputGradientOnly, tensorAt } from "./gradient.js";
import { defineLayer, type Layer } from "./layer.js";
import type { Precision, PrecisionOptions } from "./precision.js";
import { choice, sizes } from "./shapeKeys.js";

export interface PointwiseShape extends PrecisionOptions {
  /** The tensor's shape. */
  shape: readonly number[];
}
export interface GeluShape extends PointwiseShape {
  /** "tanh" for the approximation, "none" for erf (default "none"). */
  approximate?: "none" | "tanh";
}

/** Work of a formula. */
export interface Work {
  /** FLOPs an element. */
  readonly flops: number;
  /** Transcendentals an element, which are FLOPs too. */
  readonly transcendentals: number;
}
/** Work of an activation's gradient. */
export interface GradientWork extends Work {
  /** Whether it reads the input or the output of the forward pass. */
  readonly from: "x" | "y";
}
/** Work of an activation. */
export interface ActivationCost extends Work {
  /** The work of the gradient, and what it reads beside that of y. */
  readonly backward: GradientWork;
}

const of = (
  flops: number,
  transcendentals: number,
  from: "x" | "y",
  backFlops: number,
  backTranscendentals = 0,
): ActivationCost => ({
  flops,
  transcendentals,
  backward: { from, flops: backFlops, transcendentals: backTranscendentals },
});

// FLOPs of the formula as written, each add, multiply, divide and compare one, each transcendental one (and counted
// apart too); a change of sign is free. Forward: FLOPs, transcendentals. Backward, with the product by dy: from x or y,
// FLOPs, transcendentals.
const table = {
  relu: of(1, 0, "y", 1), // max(x, 0) · dy where y > 0
  relu6: of(2, 0, "y", 2), // two compares
  reluSquared: of(2, 0, "x", 3), // max(x, 0)² · dy 2 max(x, 0)
  leakyRelu: of(2, 0, "x", 2), // compare, multiply
  sigmoid: of(3, 1, "y", 3), // 1 / (1 + exp(-x)) · dy y (1 - y)
  tanh: of(1, 1, "y", 3), // · dy (1 - y²)
  silu: of(4, 1, "x", 8, 1), // x σ(x) · dy σ (1 + x (1 - σ))
  gelu: of(5, 1, "x", 11, 2), // x/2 (1 + erf(x/√2)) · dy (Φ(x) + x φ(x))
  geluTanh: of(8, 1, "x", 16, 1), // x/2 (1 + tanh(x (c + d x²)))
  quickGelu: of(5, 1, "x", 9, 1), // x σ(1.702 x)
  hardsigmoid: of(4, 0, "x", 3), // relu6(x + 3) / 6
  hardswish: of(5, 0, "x", 5), // x relu6(x + 3) / 6
  elu: of(4, 1, "y", 3), // x > 0 ? x : α (exp(x) - 1)
  softplus: of(3, 2, "x", 4, 1), // log(1 + exp(x))
  mish: of(5, 3, "x", 13, 4), // x tanh(softplus(x))
  xielu: of(10, 1, "x", 8, 1), // x > 0 ? α x² + β x : γ (exp(x) - 1 - x) + β x
} as const satisfies Record<string, ActivationCost>;

/** What the activations are called. */
export type ActivationKind = keyof typeof table;
/** Every activation's name. */
export const activationKinds = Object.keys(table) as ActivationKind[];

/** What `name` costs per element, forward and backward. Throws a RangeError for an unknown name, on behalf of `who`. */
export const activationCost = (who: string, name: unknown): ActivationCost =>
  lookUp<ActivationCost>(who, "activation", table, name);

function forward(kind: ActivationKind, { shape }: PointwiseShape, { dtype }: Precision) {
  const { flops, transcendentals } = table[kind];
  const x: TensorSpec = { name: "x", shape: [...shape], dtype };
  const n = elementCount(shape);
  return {
    inputs: [x],
    weights: [],
    outputs: [{ ...x, name: "y" }],
    macs: 0,
    extras: { activation: n * flops },
    transcendentals: n * transcendentals,
    attributes: { shape: x.shape },
  };
}

function gradient(kind: ActivationKind, op: Op): Op {
  const { from, flops, transcendentals } = table[kind].backward;
  const x = tensorAt(op, "inputs", 0);
  const y = tensorAt(op, "outputs", 0);
  const n = elementCount(y.shape);
  return {
    kind: `${kind}.backward`,
    inputs: [from === "x" ? x : y, gradientOf(y)],
    weights: [],
    outputs: [gradientOf(x)],
    macs: 0,
    extras: { activation: n * flops },
    transcendentals: n * transcendentals,
    attributes: op.attributes,
  };
}

const pointwise = <const Kind extends ActivationKind>(kind: Kind, about: string) =>
  defineLayer({
    kind,
    about,
    shapeKeys: { shape: sizes },
    example: { shape: [8, 3072] },
    forward: (shape: PointwiseShape, p: Precision) => forward(kind, shape, p),
    backward: (op, options) => inputGradientOnly(options, () => gradient(kind, op)),
  });

/** max(x, 0): 1 FLOP an element. */
export const relu = pointwise("relu", "max(x, 0)");
/** min(max(x, 0), 6): 2 FLOPs an element. */
export const relu6 = pointwise("relu6", "min(max(x, 0), 6)");
/** max(x, 0)²: 2 FLOPs an element (Hugging Face: relu2). */
export const reluSquared = pointwise("reluSquared", "max(x, 0)²");
/** x, or α x below 0: 2 FLOPs an element. */
export const leakyRelu = pointwise("leakyRelu", "x, or α x below 0");
/** 1 / (1 + exp(-x)): 3 FLOPs an element. */
export const sigmoid = pointwise("sigmoid", "1 / (1 + exp(-x))");
/** tanh(x): 1 FLOP an element, a transcendental. */
export const tanh = pointwise("tanh", "tanh(x)");
/** x σ(x): 4 FLOPs an element. */
export const silu = pointwise("silu", "x σ(x)");
/** x/2 (1 + tanh(x (c + d x²))): 8 FLOPs an element. */
export const geluTanh = pointwise("geluTanh", "x/2 (1 + tanh(x (c + d x²)))");
/** x σ(1.702 x): 5 FLOPs an element. */
export const quickGelu = pointwise("quickGelu", "x σ(1.702 x)");
/** relu6(x + 3) / 6: 4 FLOPs an element. */
export const hardsigmoid = pointwise("hardsigmoid", "relu6(x + 3) / 6");
/** x relu6(x + 3) / 6: 5 FLOPs an element. */
export const hardswish = pointwise("hardswish", "x relu6(x + 3) / 6");
/** x, or α (exp(x) - 1) below 0: 4 FLOPs an element. */
export const elu = pointwise("elu", "x, or α (exp(x) - 1) below 0");
/** log(1 + exp(x)): 3 FLOPs an element. */
export const softplus = pointwise("softplus", "log(1 + exp(x))");
/** x tanh(softplus(x)): 5 FLOPs an element. */
export const mish = pointwise("mish", "x tanh(softplus(x))");
/** α x² + β x, or γ (exp(x) - 1 - x) + β x below 0: 10 FLOPs an element. α and γ are the model's (arXiv 2411.13010). */
export const xielu = pointwise("xielu", "α x² + β x, or γ (exp(x) - 1 - x) + β x below 0");

/** x/2 (1 + erf(x/√2)); `approximate: "tanh"` is PyTorch's name for geluTanh. */
export const gelu = defineLayer({
  kind: "gelu",
  about: "x/2 (1 + erf(x/√2))",
  shapeKeys: { shape: sizes, approximate: choice("none", "tanh") },
  example: { shape: [8, 3072] },
  forward: ({ approximate = "none", ...shape }: GeluShape, p: Precision) =>
    approximate === "tanh" ? geluTanh(shape) : forward("gelu", shape, p),
  backward: (op, options) => inputGradientOnly(options, () => gradient("gelu", op)),
});

/** What every activation is. */
export type PointwiseLayer = Layer<string, PointwiseShape, { readonly shape: readonly number[] }>;

/** Every activation by its name. */
export const activationLayers: Readonly<Record<ActivationKind, PointwiseLayer>> = {
  relu,
  relu6,
  reluSquared,
  leakyRelu,
  sigmoid,
  tanh,
  silu,
  gelu,
  geluTanh,
  quickGelu,
  hardsigmoid,
  hardswish,
  elu,
  softplus,
  mish,
  xielu,
};

/**
 * The activation called `name` on a tensor of `shape`: some FLOPs and transcendentals an element (ReLU 1 + 0, SiLU 4 +
 * 1, GELU 5 + 1 by erf, 8 + 1 by tanh), no macs. Reads x, writes y; run in the same kernel as its producer it would
 * move nothing. Throws a RangeError for an unknown name.
 */
export function activation(name: ActivationKind, shape: PointwiseShape, options: PrecisionOptions = {}): Op {
  activationCost("activation", name);
  return activationLayers[name](shape, options);
}
