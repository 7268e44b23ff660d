// Activations: nodes that are a layer of ops/ under another name.
import { elementCount } from "../../../op.js";
import { activation, type ActivationKind } from "../../../ops/activation.js";
import type { Rule } from "../context.js";
import { foldElementwise } from "../fold.js";
import { valueOf } from "../value.js";

/** Our name of an activation by its op type. */
export const activations: Readonly<Record<string, ActivationKind>> = {
  Relu: "relu",
  LeakyRelu: "leakyRelu",
  Sigmoid: "sigmoid",
  Tanh: "tanh",
  HardSigmoid: "hardsigmoid",
  HardSwish: "hardswish",
  Elu: "elu",
  Celu: "elu",
  Selu: "elu",
  Softplus: "softplus",
  Mish: "mish",
  QuickGelu: "quickGelu",
  FastGelu: "geluTanh",
  BiasGelu: "gelu",
  Swish: "silu",
  PRelu: "leakyRelu",
  ThresholdedRelu: "relu",
};

export const activated =
  (kind: ActivationKind): Rule =>
  (c) => {
    const shape = c.shape(0);
    const op = activation(kind, { shape, dtype: c.dtype() });
    const bias = c.node.opType === "BiasGelu" || (c.node.opType === "FastGelu" && c.has(1));
    const known = foldElementwise(c.node.opType, [shape], [c.data(0)], c.dtype());
    if (known) return { outputs: [valueOf(shape, c.dtype(), known)] };
    return {
      outputs: [valueOf(shape, c.dtype())],
      ops: [{ op: bias ? { ...op, extras: { ...op.extras, add: elementCount(shape) } } : op }],
    };
  };

export const gelu: Rule = (c) => activated(c.text("approximate", "none") === "tanh" ? "geluTanh" : "gelu")(c);
