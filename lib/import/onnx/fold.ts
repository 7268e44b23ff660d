// Arithmetic on small known contents: the chains Shape -> Gather -> Concat -> Reshape by which exporters write sizes.
// Anything else is left unknown.
import { broadcast } from "./context.js";

type Data = readonly number[];
const binary: Readonly<Record<string, (a: number, b: number, integer: boolean) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b, integer) => (integer ? Math.trunc(a / b) : a / b),
  Mod: (a, b) => a - b * Math.floor(a / b),
  Pow: (a, b) => a ** b,
  Min: (a, b) => Math.min(a, b),
  Max: (a, b) => Math.max(a, b),
  Equal: (a, b) => Number(a === b),
  Less: (a, b) => Number(a < b),
  Greater: (a, b) => Number(a > b),
  LessOrEqual: (a, b) => Number(a <= b),
  GreaterOrEqual: (a, b) => Number(a >= b),
  And: (a, b) => Number(a !== 0 && b !== 0),
  Or: (a, b) => Number(a !== 0 || b !== 0),
};
const unary: Readonly<Record<string, (a: number) => number>> = {
  Neg: (a) => -a,
  Abs: Math.abs,
  Floor: Math.floor,
  Ceil: Math.ceil,
  Sqrt: Math.sqrt,
  Not: (a) => Number(a === 0),
  Sign: Math.sign,
  Round: Math.round,
};

/** Contents of an elementwise node's output, or undefined where an operand's are not known. */
export function foldElementwise(
  opType: string,
  shapes: readonly (readonly number[])[],
  data: readonly (Data | undefined)[],
  integer: boolean,
): number[] | undefined {
  if (data.length === 0 || data.some((d) => d === undefined)) return undefined;
  const known = data as readonly Data[];
  if (known.length === 1) {
    const f = unary[opType];
    return f ? known[0]!.map(f) : undefined;
  }
  const f = binary[opType];
  if (!f) return undefined;
  let left = known[0]!;
  let shape = shapes[0]!;
  for (let i = 1; i < known.length; i++) {
    const out = broadcast(shape, shapes[i]!);
    if (out.reduce((n, d) => n * d, 1) > 1024) return undefined;
    const a = spread(left, shape, out);
    const b = spread(known[i]!, shapes[i]!, out);
    left = a.map((x, j) => f(x, b[j]!, integer));
    shape = out;
  }
  return [...left];
}

/** `data` of `shape` repeated to the broadcast shape `out`. */
export function spread(data: Data, shape: readonly number[], out: readonly number[]): number[] {
  const n = out.reduce((m, d) => m * d, 1);
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

/** Contents of an output of shape `out` whose element at `index` is the input's at `from(index)`. */
export function reindexed(
  data: Data | undefined,
  shape: readonly number[],
  out: readonly number[],
  from: (index: readonly number[]) => readonly number[],
): number[] | undefined {
  const n = out.reduce((m, d) => m * d, 1);
  if (!data || n > 1024) return undefined;
  return Array.from({ length: n }, (_, flat) => {
    const index = new Array<number>(out.length);
    let rest = flat;
    for (let i = out.length - 1; i >= 0; i--) {
      index[i] = rest % out[i]!;
      rest = Math.floor(rest / out[i]!);
    }
    return data[from(index).reduce((at, x, i) => at * shape[i]! + x, 0)]!;
  });
}
