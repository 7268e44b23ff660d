// Arithmetic, comparisons and logic with broadcasting, and what each costs an element.
import { elementCount } from "../../../op.js";
import { broadcast, type Context, type Rule } from "../context.js";
import { isFloat } from "../elementTypes.js";
import { foldElementwise, spread } from "../fold.js";
import { valueOf } from "../value.js";
import { constantOr, elementwiseOp } from "./elementwise.js";

// FLOPs and transcendentals of an output element, and what they are itemised as; each further operand of a variadic
// node costs as much again.
export const arithmetic: Readonly<Record<string, readonly [extra: string, flops: number, transcendentals?: number]>> = {
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

export const arithmeticRule: Rule = (c) => {
  const { opType } = c.node;
  const [extra, flops, transcendentals = 0] = arithmetic[opType]!;
  const used = c.node.inputs.map((_, i) => i).filter((i) => c.has(i));
  const shapes = used.map((i) => c.shape(i));
  const shape = broadcast(...shapes);
  const from = opType === "Where" ? 1 : 0;
  const dtype = toBool.has(opType) ? "bool" : c.dtype(from);
  const float = isFloat(c.dtype(from));
  const folded = opType === "Mod" && c.int("fmod", 0) === 1 ? "Fmod" : opType;
  const operands = used.map((i) => c.data(i));
  const data =
    opType === "Where"
      ? selected(c, shape)
      : foldElementwise(folded, shapes, operands, toBool.has(opType) ? dtype : c.dtype(from));
  const kind = opType.toLowerCase();
  const n = elementCount(shape);
  const op = float
    ? elementwiseOp(kind, extra, n, flops * pairs(opType, used.length), transcendentals)
    : elementwiseOp(kind, extra, n, 0);
  return constantOr(c, valueOf(shape, dtype, data), op, float);
};

/** How often a node of `operands` does its work for an element. A mean also divides. */
function pairs(opType: string, operands: number): number {
  if (opType === "Where") return 1;
  return Math.max(1, operands - 1) + (opType === "Mean" ? 1 : 0);
}

function selected(c: Context, shape: readonly number[]): number[] | undefined {
  if (elementCount(shape) > 1024) return undefined;
  const [condition, yes, no] = [0, 1, 2].map((i) => {
    const data = c.data(i);
    return data && spread(data, c.shape(i), shape);
  });
  if (!condition || !yes || !no) return undefined;
  return condition.map((x, i) => (x ? yes[i]! : no[i]!));
}

/**
 * A power by a known small integer is that many products less one; by a half a square root; any other a transcendental.
 */
export const pow: Rule = (c) => {
  const shape = broadcast(c.shape(0), c.shape(1));
  const exponent = c.data(1)?.length === 1 ? c.data(1)![0]! : NaN;
  const whole = Number.isInteger(exponent) && exponent >= 1 && exponent <= 4;
  const data = foldElementwise("Pow", [c.shape(0), c.shape(1)], [c.data(0), c.data(1)], c.dtype());
  const n = elementCount(shape);
  const op = whole ? elementwiseOp("pow", "mul", n, exponent - 1) : elementwiseOp("pow", "math", n, 1, 1);
  const more = c.data(1) ? { operands: [1] } : {};
  return constantOr(c, valueOf(shape, c.dtype(), data), op, isFloat(c.dtype()), more);
};
