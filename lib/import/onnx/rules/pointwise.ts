// Nodes that work element by element, along one axis, or over reduced axes: activations, arithmetic with broadcasting,
// softmax, reductions.
import { elementCount, type Op } from "../../../op.js";
import { activation, type ActivationKind } from "../../../ops/activation.js";
import { softmax } from "../../../ops/softmax.js";
import { axisOf, broadcast, type Context, type Found, type Rule } from "../context.js";
import { isFloat } from "../elementTypes.js";
import { foldElementwise, spread } from "../fold.js";
import { valueOf } from "../value.js";

/** An op of `flops` and `transcendentals` for each of `n` elements; its tensors are the node's. */
export const elementwiseOp = (kind: string, extra: string, n: number, flops: number, transcendentals = 0): Op => ({
  kind,
  inputs: [],
  weights: [],
  outputs: [],
  macs: 0,
  extras: flops === 0 ? {} : { [extra]: n * flops },
  ...(transcendentals ? { transcendentals: n * transcendentals } : {}),
});

const activations: Readonly<Record<string, ActivationKind>> = {
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

const activated =
  (kind: ActivationKind): Rule =>
  (c) => {
    const shape = c.shape(0);
    const op = activation(kind, { shape, dtype: c.dtype() });
    const bias = c.node.opType === "BiasGelu" || (c.node.opType === "FastGelu" && c.has(1));
    return {
      outputs: [valueOf(shape, c.dtype())],
      ops: [{ op: bias ? { ...op, extras: { ...op.extras, add: elementCount(shape) } } : op }],
    };
  };

const gelu: Rule = (c) => activated(c.text("approximate", "none") === "tanh" ? "geluTanh" : "gelu")(c);

// FLOPs and transcendentals of an output element, and what they are itemised as; each further operand of a variadic
// node costs as much again.
const arithmetic: Readonly<Record<string, readonly [extra: string, flops: number, transcendentals?: number]>> = {
  Add: ["add", 1],
  Sub: ["sub", 1],
  Mul: ["mul", 1],
  Div: ["div", 1],
  Sum: ["add", 1],
  Mean: ["add", 1],
  Min: ["compare", 1],
  Max: ["compare", 1],
  Mod: ["div", 1],
  Equal: ["compare", 1],
  Less: ["compare", 1],
  Greater: ["compare", 1],
  LessOrEqual: ["compare", 1],
  GreaterOrEqual: ["compare", 1],
  Neg: ["neg", 0],
  Abs: ["neg", 0],
  Sign: ["compare", 1],
  Floor: ["round", 1],
  Ceil: ["round", 1],
  Round: ["round", 1],
  Reciprocal: ["div", 1],
  IsNaN: ["compare", 1],
  IsInf: ["compare", 1],
  Sqrt: ["math", 1, 1],
  Exp: ["math", 1, 1],
  Log: ["math", 1, 1],
  Erf: ["math", 1, 1],
  Sin: ["math", 1, 1],
  Cos: ["math", 1, 1],
  Tan: ["math", 1, 1],
  Asin: ["math", 1, 1],
  Acos: ["math", 1, 1],
  Atan: ["math", 1, 1],
  Sinh: ["math", 1, 1],
  Cosh: ["math", 1, 1],
  Asinh: ["math", 1, 1],
  Acosh: ["math", 1, 1],
  Atanh: ["math", 1, 1],
  Softsign: ["activation", 2],
  And: ["logic", 0],
  Or: ["logic", 0],
  Xor: ["logic", 0],
  Not: ["logic", 0],
  BitShift: ["logic", 0],
  BitwiseAnd: ["logic", 0],
  BitwiseOr: ["logic", 0],
  BitwiseXor: ["logic", 0],
  BitwiseNot: ["logic", 0],
  Where: ["select", 0],
};
const toBool = new Set([
  "Equal",
  "Less",
  "Greater",
  "LessOrEqual",
  "GreaterOrEqual",
  "And",
  "Or",
  "Xor",
  "Not",
  "IsNaN",
  "IsInf",
]);

const arithmeticRule: Rule = (c) => {
  const { opType } = c.node;
  const [extra, flops, transcendentals = 0] = arithmetic[opType]!;
  const used = c.node.inputs.map((_, i) => i).filter((i) => c.has(i));
  const shapes = used.map((i) => c.shape(i));
  const shape = broadcast(...shapes);
  const from = opType === "Where" ? 1 : 0;
  const dtype = toBool.has(opType) ? "bool" : c.dtype(from);
  const float = isFloat(c.dtype(from));
  const data =
    opType === "Where"
      ? selected(c, shape)
      : foldElementwise(
          opType,
          shapes,
          used.map((i) => c.data(i)),
          !float,
        );
  const pairs = opType === "Where" ? 1 : Math.max(1, used.length - 1) + (opType === "Mean" ? 1 : 0);
  return constantOr(
    c,
    valueOf(shape, dtype, data),
    elementwiseOp(
      opType.toLowerCase(),
      extra,
      elementCount(shape),
      float ? flops * pairs : 0,
      float ? transcendentals : 0,
    ),
    float,
  );
};

/**
 * No op where every operand is known before the first run: folded once, and then a stored tensor. Index arithmetic on
 * integers is no floating-point work.
 */
export function constantOr(
  c: Context,
  value: ReturnType<typeof valueOf>,
  op: Op,
  counts = true,
  more: Partial<Found> = {},
): Found {
  const given = c.inputs.filter((v, i) => c.has(i) && !more.operands?.includes(i));
  const constant = given.every((v) => v?.stored || v?.data);
  const stored = constant ? given.flatMap((v) => v!.stored ?? []) : [];
  return {
    outputs: [stored.length > 0 ? { ...value, stored } : value],
    ...(constant || !counts ? {} : { ops: [{ op }] }),
    ...more,
  };
}

function selected(c: Context, shape: readonly number[]): number[] | undefined {
  const [condition, yes, no] = [0, 1, 2].map((i) =>
    c.data(i) && elementCount(shape) <= 1024 ? spread(c.data(i)!, c.shape(i), shape) : undefined,
  );
  return condition && yes && no ? condition.map((x, i) => (x ? yes[i]! : no[i]!)) : undefined;
}

/**
 * A power by a known small integer is that many products less one; by a half a square root; any other a transcendental.
 */
const pow: Rule = (c) => {
  const shape = broadcast(c.shape(0), c.shape(1));
  const exponent = c.data(1)?.length === 1 ? c.data(1)![0]! : NaN;
  const whole = Number.isInteger(exponent) && exponent >= 1 && exponent <= 4;
  const data = foldElementwise("Pow", [c.shape(0), c.shape(1)], [c.data(0), c.data(1)], false);
  return constantOr(
    c,
    valueOf(shape, c.dtype(), data),
    elementwiseOp("pow", whole ? "mul" : "math", elementCount(shape), whole ? exponent - 1 : 1, whole ? 0 : 1),
    isFloat(c.dtype()),
    c.data(1) ? { operands: [1] } : {},
  );
};

const clip: Rule = (c) => {
  const bounds =
    (c.has(1) || c.node.attributes.has("min") ? 1 : 0) + (c.has(2) || c.node.attributes.has("max") ? 1 : 0);
  const shape = c.shape(0);
  return constantOr(
    c,
    valueOf(shape, c.dtype()),
    elementwiseOp("clip", "activation", elementCount(shape), bounds),
    isFloat(c.dtype()),
    { operands: [1, 2] },
  );
};

const softmaxRule: Rule = (c) => {
  const shape = c.shape(0);
  const dim = axisOf(c.int("axis", c.opset < 13 ? 1 : -1), shape.length);
  return { outputs: [valueOf(shape, c.dtype())], ops: [{ op: softmax({ shape, dim, dtype: c.dtype() }) }] };
};

// FLOPs and transcendentals of an input element, transcendentals and FLOPs of an output element. A sum of n is n adds,
// as a pool counts.
const reductions: Readonly<
  Record<string, readonly [perInput: number, perOutput: number, transcendentalIn?: number, transcendentalOut?: number]>
> = {
  ReduceSum: [1, 0],
  ReduceMean: [1, 1],
  ReduceMax: [1, 0],
  ReduceMin: [1, 0],
  ReduceProd: [1, 0],
  ReduceL1: [1, 0],
  ReduceL2: [2, 1, 0, 1],
  ReduceSumSquare: [2, 0],
  ReduceLogSum: [1, 1, 0, 1],
  ReduceLogSumExp: [4, 2, 1, 1],
  ArgMax: [1, 0],
  ArgMin: [1, 0],
};

const reduce: Rule = (c) => {
  const { opType } = c.node;
  const shape = c.shape(0);
  const keep = c.int("keepdims", 1);
  const arg = opType.startsWith("Arg");
  const listed = arg ? [c.int("axis", 0)] : c.has(1) ? c.data(1) : c.ints("axes");
  const none = !arg && c.int("noop_with_empty_axes", 0) === 1;
  if (listed === undefined && c.has(1)) return { outputs: [undefined] };
  const axes = new Set(
    listed && listed.length > 0 ? listed.map((a) => axisOf(a, shape.length)) : none ? [] : shape.map((_, i) => i),
  );
  const out = shape.flatMap((d, i) => (!axes.has(i) ? [d] : keep ? [1] : []));
  const dtype = arg ? "int64" : c.dtype();
  const [perInput, perOutput, inward = 0, outward = 0] = reductions[opType]!;
  const n = elementCount(shape);
  const m = elementCount(out);
  const op: Op = {
    ...elementwiseOp(opType.toLowerCase(), "reduce", 1, n * perInput + m * perOutput),
    ...(inward + outward ? { transcendentals: n * inward + m * outward } : {}),
  };
  const all = out.length === 0 || axes.size === shape.length;
  const data = c.data(0);
  const folded = data && all && data.length > 0 ? fold[opType]?.(data) : undefined;
  return constantOr(c, valueOf(out, dtype, folded === undefined ? undefined : [folded]), op, isFloat(c.dtype()), {
    operands: [1],
  });
};
const fold: Readonly<Record<string, (d: readonly number[]) => number>> = {
  ReduceProd: (d) => d.reduce((a, b) => a * b, 1),
  ReduceSum: (d) => d.reduce((a, b) => a + b, 0),
  ReduceMax: (d) => d.reduce((a, b) => Math.max(a, b)),
  ReduceMin: (d) => d.reduce((a, b) => Math.min(a, b)),
};

const cumSum: Rule = (c) =>
  constantOr(
    c,
    valueOf(c.shape(0), c.dtype()),
    elementwiseOp("cumsum", "add", elementCount(c.shape(0)), 1),
    isFloat(c.dtype()),
    { operands: [1] },
  );

export const pointwise: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(Object.entries(activations).map(([name, kind]) => [name, activated(kind)])),
  Gelu: gelu,
  ...Object.fromEntries(Object.keys(arithmetic).map((name) => [name, arithmeticRule])),
  Pow: pow,
  Clip: clip,
  Softmax: softmaxRule,
  LogSoftmax: softmaxRule,
  ...Object.fromEntries(Object.keys(reductions).map((name) => [name, reduce])),
  CumSum: cumSum,
};
