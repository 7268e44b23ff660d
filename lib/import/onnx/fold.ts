// Arithmetic on small known contents: the chains by which exporters write sizes. The results are those of the element
// type: integers are truncated, fp32 is rounded to fp32. Anything else is left unknown.
import type { DType } from "../../dtype.js";
import { broadcast } from "./context.js";
import { isFloat } from "./elementTypes.js";
import { maxData } from "./maxData.js";

type Data = readonly number[];

const binary: Readonly<Record<string, (a: number, b: number, integer: boolean) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b, integer) => (integer ? Math.trunc(a / b) : a / b),
  Mod: (a, b) => a - b * Math.floor(a / b),
  Fmod: (a, b) => a % b,
  Pow: (a, b) => a ** b,
  Min: (a, b) => Math.min(a, b),
  Max: (a, b) => Math.max(a, b),
  Sum: (a, b) => a + b,
  Equal: (a, b) => Number(a === b),
  Less: (a, b) => Number(a < b),
  Greater: (a, b) => Number(a > b),
  LessOrEqual: (a, b) => Number(a <= b),
  GreaterOrEqual: (a, b) => Number(a >= b),
  And: (a, b) => Number(a !== 0 && b !== 0),
  Or: (a, b) => Number(a !== 0 || b !== 0),
  Xor: (a, b) => Number((a !== 0) !== (b !== 0)),
};
const unary: Readonly<Record<string, (a: number) => number>> = {
  Neg: (a) => -a,
  Abs: Math.abs,
  Floor: Math.floor,
  Ceil: Math.ceil,
  Sqrt: Math.sqrt,
  Reciprocal: (a) => 1 / a,
  Relu: (a) => Math.max(0, a),
  Not: (a) => Number(a === 0),
  Sign: Math.sign,
  Round: (a) => (Math.abs(a - Math.trunc(a)) === 0.5 ? 2 * Math.round(a / 2) : Math.round(a)),
  IsNaN: (a) => Number(Number.isNaN(a)),
  Exp: Math.exp,
  Log: Math.log,
};

/**
 * Contents as a type holds them; undefined where a number is none of the type's, or its rounding is not known here. An
 * integer from 2^53 on is a bound that means "to the end" and stays as it is.
 */
export function heldBy(dtype: DType, data: Data | undefined): number[] | undefined {
  if (!data) return undefined;
  if (dtype === "fp32") return data.map(Math.fround);
  if (dtype === "fp64") return [...data];
  if (isFloat(dtype)) return data.every((x) => Number.isInteger(x) && Math.abs(x) <= 256) ? [...data] : undefined;
  if (dtype === "bool") return data.map((x) => Number(x !== 0));
  return data.every(Number.isFinite) ? data.map((x) => Math.trunc(x) + 0) : undefined;
}

/** Contents of an elementwise node's output, or undefined where an operand's are not known. */
export function foldElementwise(
  opType: string,
  shapes: readonly (readonly number[])[],
  data: readonly (Data | undefined)[],
  dtype: DType,
): number[] | undefined {
  if (data.length === 0 || data.some((d) => d === undefined)) return undefined;
  const known = data as readonly Data[];
  if (known.length === 1) {
    const f = unary[opType] ?? (opType === "Sum" ? (a: number) => a : undefined);
    return f ? heldBy(dtype, known[0]!.map(f)) : undefined;
  }
  const f = binary[opType];
  if (!f) return undefined;
  const integer = !isFloat(dtype);
  let left = known[0]!;
  let shape = shapes[0]!;
  for (let i = 1; i < known.length; i++) {
    const out = broadcast(shape, shapes[i]!);
    if (out.reduce((n, d) => n * d, 1) > maxData) return undefined;
    const a = spread(left, shape, out);
    const b = spread(known[i]!, shapes[i]!, out);
    left = a.map((x, j) => f(x, b[j]!, integer));
    shape = out;
  }
  return heldBy(dtype, left);
}

/** `data` of `shape` repeated to the broadcast shape `out`. */
export function spread(data: Data, shape: readonly number[], out: readonly number[]): Data {
  const n = out.reduce((m, d) => m * d, 1);
  if (data.length === n) return data;
  if (data.length === 1) return new Array<number>(n).fill(data[0]!);
  const lead = out.length - shape.length;
  return Array.from({ length: n }, (_, flat) => {
    let rest = flat;
    let at = 0;
    let step = 1;
    for (let i = out.length - 1; i >= 0; i--) {
      const index = rest % out[i]!;
      const size = i >= lead ? shape[i - lead]! : 1;
      rest = Math.floor(rest / out[i]!);
      if (size > 1) at += index * step;
      step *= size;
    }
    return data[at]!;
  });
}

/** Contents with dimension i of the output being dimension perm[i] of the input. */
export function permuted(data: Data | undefined, shape: readonly number[], perm: readonly number[]): Data | undefined {
  if (!data) return undefined;
  // Dimensions of 1 have no place to go to.
  const axes = perm.filter((p) => shape[p]! > 1);
  const steps = axes.map((p) => shape.slice(p + 1).reduce((n, d) => n * d, 1));
  let from = [0];
  axes.forEach((p, i) => {
    from = from.flatMap((at) => Array.from({ length: shape[p]! }, (_, j) => at + j * steps[i]!));
  });
  return data.length === 0 ? data : from.map((at) => data[at]!);
}

/** The index of element `flat` of a tensor of `shape`. */
export function indexOf(flat: number, shape: readonly number[]): number[] {
  const index = new Array<number>(shape.length);
  let rest = flat;
  for (let i = shape.length - 1; i >= 0; i--) {
    index[i] = rest % shape[i]!;
    rest = Math.floor(rest / shape[i]!);
  }
  return index;
}

/** Where the element at `index` of a tensor of `shape` lies. */
export const flatOf = (index: readonly number[], shape: readonly number[]): number =>
  index.reduce((at, x, i) => at * shape[i]! + x, 0);

/**
 * Contents of an output of shape `out` whose element at `index` is the input's at `from(index)`, or `otherwise` where
 * that is none.
 */
export function reindexed(
  data: Data | undefined,
  shape: readonly number[],
  out: readonly number[],
  from: (index: readonly number[]) => readonly number[] | undefined,
  otherwise?: number,
): number[] | undefined {
  const n = out.reduce((m, d) => m * d, 1);
  if (!data || n > maxData) return undefined;
  return Array.from({ length: n }, (_, flat) => {
    const index = from(indexOf(flat, out));
    return index ? data[flatOf(index, shape)]! : otherwise!;
  });
}
