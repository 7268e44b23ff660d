// Operations that treat each element by itself: activations, and sums and products of two tensors.
import { positiveIntegers, record, shown } from "../check.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { precision, type PrecisionOptions } from "./precision.js";

/** A tensor given by its `shape`, or just by its number of `elements`. */
export interface ElementwiseShape extends PrecisionOptions { shape?: readonly number[]; elements?: number }

/** The shape that `who` was given, checked. */
export function elementwiseShape(who: string, { shape, elements }: { shape?: readonly number[]; elements?: number }): readonly number[] {
  if ((shape === undefined) === (elements === undefined)) throw new TypeError(`${who}: shape or elements must be given, and only one of them, got ${shown({ shape, elements })}`);
  if (elements !== undefined) { positiveIntegers(who, { elements }); return [elements]; }
  if (!Array.isArray(shape)) throw new TypeError(`${who}: shape must be a list of positive integers, got ${shown(shape)}`);
  positiveIntegers(who, Object.fromEntries(shape.map((d, i) => [`shape[${i}]`, d])));
  return shape;
}

function unary(kind: string, flopsPerElement: number, transcendentalsPerElement: number) {
  const factory = (input: ElementwiseShape, options: PrecisionOptions = {}): Op => {
    record(kind, "shape", input);
    const { shape, elements, ...rest } = input;
    const dims = elementwiseShape(kind, { shape, elements }), { dtype } = precision(kind, { ...rest, ...options });
    const n = elementCount(dims), x: TensorSpec = { name: "x", shape: dims, dtype };
    return {
      kind, inputs: [x], weights: [], outputs: [{ ...x, name: "y" }], macs: 0,
      extras: flopsPerElement ? { activation: flopsPerElement * n } : {}, transcendentals: transcendentalsPerElement * n, attributes: { shape: dims, elements: n },
      // dX = dY · f'(x): the derivative costs about what the function did, and one product.
      backward: () => [{ kind: `${kind}.backward`, inputs: [{ ...x, name: "dY" }, x], weights: [], outputs: [{ ...x, name: "dX" }], macs: 0, extras: { activation: (flopsPerElement + 1) * n }, transcendentals: transcendentalsPerElement * n }],
    };
  };
  return factory;
}

/** max(x, 0): 1 FLOP per element. */
export const relu = unary("relu", 1, 0);
/** min(max(x, 0), 6): 2 FLOPs per element. */
export const relu6 = unary("relu6", 2, 0);
/** max(x, 0) + a·min(x, 0): 2 FLOPs per element. */
export const leakyRelu = unary("leakyRelu", 2, 0);
/** x · Φ(x) by erf: 4 FLOPs (divide by √2, add 1, two products) and 1 transcendental per element. */
export const gelu = unary("gelu", 4, 1);
/** The tanh form of GELU: 8 FLOPs (x³ by 2 products, 2 multiply-adds, add 1, two products) and 1 transcendental per element. */
export const geluTanh = unary("geluTanh", 8, 1);
/** x · sigmoid(1.702 x): 4 FLOPs and 1 transcendental per element. */
export const quickGelu = unary("quickGelu", 4, 1);
/** x · sigmoid(x): 3 FLOPs (add, divide, multiply) and 1 transcendental (exp) per element. */
export const silu = unary("silu", 3, 1);
/** 1 / (1 + exp(−x)): 2 FLOPs and 1 transcendental per element. */
export const sigmoid = unary("sigmoid", 2, 1);
/** 1 transcendental per element. */
export const tanh = unary("tanh", 0, 1);
/** relu6(x + 3) / 6: 4 FLOPs per element. */
export const hardsigmoid = unary("hardsigmoid", 4, 0);
/** x · relu6(x + 3) / 6: 5 FLOPs per element. */
export const hardswish = unary("hardswish", 5, 0);

/** Two tensors: shapes that broadcast, or `elements` of both. */
export interface BinaryShape extends ElementwiseShape { other?: readonly number[] }

function binary(kind: string) {
  const factory = (input: BinaryShape, options: PrecisionOptions = {}): Op => {
    record(kind, "shape", input);
    const { shape, elements, other, ...rest } = input;
    const dims = elementwiseShape(kind, { shape, elements }), { dtype } = precision(kind, { ...rest, ...options });
    const second = other === undefined ? dims : elementwiseShape(kind, { shape: other });
    const out = broadcastShape(kind, dims, second), n = elementCount(out);
    const a: TensorSpec = { name: "a", shape: dims, dtype }, b: TensorSpec = { name: "b", shape: second, dtype }, y: TensorSpec = { name: "y", shape: out, dtype };
    return {
      kind, inputs: [a, b], weights: [], outputs: [y], macs: 0, extras: { elementwise: n }, attributes: { shape: dims, other: second, output: out, elements: n },
      // A sum passes its gradient on; a product multiplies it by the other operand.
      backward: () => kind === "add" ? [] : [{ kind: `${kind}.backward`, inputs: [{ ...y, name: "dY" }, a, b], weights: [], outputs: [{ ...a, name: "dA" }, { ...b, name: "dB" }], macs: 0, extras: { elementwise: 2 * n } }],
    };
  };
  return factory;
}

/** a + b, broadcasting: 1 FLOP per output element. */
export const add = binary("add");
/** a · b, broadcasting: 1 FLOP per output element. */
export const mul = binary("mul");

/** The shape of two broadcast operands; throws where two sizes differ and neither is 1. */
export function broadcastShape(who: string, a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length), at = (s: readonly number[], i: number) => s[i - rank + s.length] ?? 1;
  return Array.from({ length: rank }, (_, i) => {
    const x = at(a, i), y = at(b, i);
    if (x !== y && x !== 1 && y !== 1) throw new RangeError(`${who}: shapes must broadcast, got ${shown(a)} and ${shown(b)}`);
    return Math.max(x, y);
  });
}
