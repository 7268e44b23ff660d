// Losses and optimizer steps.
import { elementCount } from "../../../op.js";
import { softmax } from "../../../ops/softmax.js";
import type { Context, Rule } from "../context.js";
import { valueOf } from "../value.js";
import { elementwiseOp } from "./elementwise.js";

const lossShape = (c: Context): readonly number[] => (c.text("reduction", "mean") === "none" ? c.shape(1) : []);

/** Of each target one score is taken, weighted and added. */
const likelihoodLoss: Rule = (c) => ({
  outputs: [valueOf(lossShape(c), c.dtype())],
  ops: [{ op: elementwiseOp("negativeLogLikelihoodLoss", "loss", elementCount(c.shape(1)), c.has(2) ? 3 : 2) }],
  read: { 0: elementCount(c.shape(1)) },
});

/** The logarithm of a softmax of every score, then the loss. */
const crossEntropy: Rule = (c) => {
  const shape = c.shape(0);
  const op = softmax({ shape, dim: shape.length > 1 ? 1 : 0, dtype: c.dtype() });
  const loss = elementCount(c.shape(1)) * (c.has(2) ? 3 : 2);
  return {
    outputs: [valueOf(lossShape(c), c.dtype()), valueOf(shape, c.dtype())],
    ops: [{ op: { ...op, kind: "softmaxCrossEntropyLoss", extras: { ...op.extras, loss } } }],
  };
};

/**
 * Inputs are rate, step, then all parameters, all gradients and `states` states of each; the new parameters and states
 * are given back, for `flops` and `roots` a parameter.
 */
const optimizer =
  (states: number, flops: number, roots: number): Rule =>
  (c) => {
    const count = (c.node.inputs.length - 2) / (2 + states);
    const shapes = Array.from({ length: count }, (_, i) => c.shape(2 + i));
    const kept = [0, ...Array.from({ length: states }, (_, i) => 2 + i)];
    const n = shapes.reduce((sum, s) => sum + elementCount(s), 0);
    return {
      outputs: kept.flatMap((group) => shapes.map((s, i) => valueOf(s, c.dtype(2 + group * count + i)))),
      ops: [{ op: elementwiseOp(c.node.opType.toLowerCase(), "optimizer", n, flops, roots) }],
      operands: [0, 1],
    };
  };

export const learning: Readonly<Record<string, Rule>> = {
  NegativeLogLikelihoodLoss: likelihoodLoss,
  SoftmaxCrossEntropyLoss: crossEntropy,
  Momentum: optimizer(1, 6, 0),
  Adagrad: optimizer(1, 8, 1),
  Adam: optimizer(2, 13, 1),
};
