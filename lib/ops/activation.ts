// Pointwise activations: a table of what each costs per element, and one function each.
import { lookUp, shown } from "../check.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { gradientOf } from "./gradient.js";
import { precision, type PrecisionOptions } from "./precision.js";
import { merged, tensorShape } from "./shape.js";

export interface PointwiseShape extends PrecisionOptions {
  shape: readonly number[];
}
export interface GeluShape extends PointwiseShape {
  approximate?: "none" | "tanh";
}

export interface Work {
  readonly flops: number;
  readonly transcendentals: number;
}
export interface ActivationCost extends Work {
  readonly backward: Work & { readonly from: "x" | "y" };
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
} as const satisfies Record<string, ActivationCost>;

export type ActivationKind = keyof typeof table;
export const activationKinds = Object.keys(table) as ActivationKind[];

/** What `name` costs per element, forward and backward. Throws a RangeError for an unknown name, on behalf of `who`. */
export const activationCost = (who: string, name: unknown): ActivationCost =>
  lookUp<ActivationCost>(who, "activation", table, name);

/**
 * The activation called `name` on a tensor of `shape`: some FLOPs and transcendentals an element (ReLU 1 + 0, SiLU 4 +
 * 1, GELU 5 + 1 by erf, 8 + 1 by tanh), no macs. Reads x, writes y; run in the same kernel as its producer it would
 * move nothing. Throws a RangeError for an unknown name.
 */
export function activation(name: ActivationKind, shape: PointwiseShape, options: PrecisionOptions = {}): Op {
  const { flops, transcendentals, backward } = activationCost("activation", name);
  const { shape: sizes, ...rest } = merged(name, shape, options);
  const { dtype } = precision(name, rest, ["shape"]);
  const x: TensorSpec = { name: "x", shape: tensorShape(name, "shape", sizes), dtype };
  const y: TensorSpec = { ...x, name: "y" };
  const n = elementCount(x.shape);
  const attributes = { shape: x.shape };
  return {
    kind: name,
    inputs: [x],
    weights: [],
    outputs: [y],
    macs: 0,
    extras: { activation: n * flops },
    transcendentals: n * transcendentals,
    attributes,
    backward: ({ inputGradient = true } = {}) =>
      !inputGradient
        ? []
        : [
            {
              kind: `${name}.backward`,
              inputs: [backward.from === "x" ? x : y, gradientOf(y)],
              weights: [],
              outputs: [gradientOf(x)],
              macs: 0,
              extras: { activation: n * backward.flops },
              transcendentals: n * backward.transcendentals,
              attributes,
            },
          ],
  };
}

const named =
  (name: ActivationKind) =>
  (shape: PointwiseShape, options?: PrecisionOptions): Op =>
    activation(name, shape, options);

export const relu = named("relu");
export const relu6 = named("relu6");
export const leakyRelu = named("leakyRelu");
export const sigmoid = named("sigmoid");
export const tanh = named("tanh");
/** As activation; `approximate: "tanh"` is PyTorch's name for geluTanh. */
export function gelu(shape: GeluShape, options: PrecisionOptions = {}): Op {
  const { approximate = "none", ...rest } = merged("gelu", shape, options);
  if (approximate !== "none" && approximate !== "tanh")
    throw new RangeError(`gelu: approximate must be "none" or "tanh", got ${shown(approximate)}`);
  return activation(approximate === "tanh" ? "geluTanh" : "gelu", rest);
}

export const silu = named("silu");
export const geluTanh = named("geluTanh");
export const quickGelu = named("quickGelu");
export const hardsigmoid = named("hardsigmoid");
export const hardswish = named("hardswish");
export const elu = named("elu");
export const softplus = named("softplus");
export const mish = named("mish");
