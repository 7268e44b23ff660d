// Nodes that work element by element, along one axis, or over reduced axes.
import { elementCount } from "../../../op.js";
import { softmax } from "../../../ops/softmax.js";
import { axisOf, type Rule } from "../context.js";
import { isFloat } from "../elementTypes.js";
import { valueOf } from "../value.js";
import { activated, activations, gelu } from "./activations.js";
import { arithmetic, arithmeticRule, pow } from "./arithmetic.js";
import { constantOr, elementwiseOp } from "./elementwise.js";
import { reduce, reductions, running } from "./reductions.js";

const clip: Rule = (c) => {
  const low = c.has(1) || c.node.attributes.has("min");
  const high = c.has(2) || c.node.attributes.has("max");
  const shape = c.shape(0);
  const op = elementwiseOp("clip", "activation", elementCount(shape), Number(low) + Number(high));
  const bound = (i: number, name: string, otherwise: number): number | undefined =>
    c.has(i) ? c.data(i)?.[0] : c.float(name, otherwise);
  const [from, to] = [bound(1, "min", -Infinity), bound(2, "max", Infinity)];
  const data =
    from === undefined || to === undefined ? undefined : c.data(0)?.map((x) => Math.min(to, Math.max(from, x)));
  return constantOr(c, valueOf(shape, c.dtype(), data), op, isFloat(c.dtype()), { operands: [1, 2] });
};

const softmaxRule: Rule = (c) => {
  const shape = c.shape(0);
  const dim = axisOf(c.int("axis", c.opset < 13 ? 1 : -1), shape.length);
  return { outputs: [valueOf(shape, c.dtype())], ops: [{ op: softmax({ shape, dim, dtype: c.dtype() }) }] };
};

/** So many FLOPs and transcendentals for each element. */
const perElement =
  (kind: string, extra: string, flops: number, transcendentals = 0): Rule =>
  (c) => ({
    outputs: [valueOf(c.shape(0), c.dtype())],
    ops: [{ op: elementwiseOp(kind, extra, elementCount(c.shape(0)), flops, transcendentals) }],
  });

/** By LU decomposition: 2/3 n³ of an n by n matrix. */
const determinant: Rule = (c) => {
  const shape = c.shape(0);
  const n = shape.at(-1)!;
  const batch = shape.slice(0, -2);
  const op = elementwiseOp("det", "decomposition", elementCount(batch), Math.round((2 * n ** 3) / 3));
  return { outputs: [valueOf(batch, c.dtype())], ops: [{ op }] };
};

export const pointwise: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(Object.entries(activations).map(([name, kind]) => [name, activated(kind)])),
  Gelu: gelu,
  ...Object.fromEntries(Object.keys(arithmetic).map((name) => [name, arithmeticRule])),
  Pow: pow,
  Clip: clip,
  Softmax: softmaxRule,
  LogSoftmax: softmaxRule,
  ...Object.fromEntries(Object.keys(reductions).map((name) => [name, reduce])),
  CumSum: running("cumsum", "add"),
  CumProd: running("cumprod", "mul"),
  Hardmax: perElement("hardmax", "compare", 1),
  Shrink: perElement("shrink", "activation", 2),
  SwiGLU: perElement("swiGLU", "activation", 5, 1),
  Det: determinant,
};
