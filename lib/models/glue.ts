// What stands between layers: joining tensors, and adding or multiplying a learned tensor. Too small to be layers of their own.
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { add, mul, type PrecisionOptions } from "../ops/index.js";

/** Tensors written side by side along `axis`: no arithmetic, every byte read and written once. Its gradient is a view of the output's. */
export function concat(shapes: readonly (readonly number[])[], axis: number, options: PrecisionOptions): Op {
  const shape = shapes[0]!.map((d, i) => (i === axis ? shapes.reduce((n, s) => n + s[axis]!, 0) : d));
  const { dtype } = add({ shape }, options).outputs[0]!;
  return {
    kind: "concat", macs: 0, extras: {}, weights: [], attributes: { axis, output: shape },
    inputs: shapes.map((s, i) => ({ name: `x${i}`, shape: s, dtype })), outputs: [{ name: "y", shape, dtype }],
  };
}

/** A learned tensor of `shape`; when `stored` is another shape, the tensor is gathered from a smaller table of that shape. */
export interface Learned { shape: readonly number[]; stored?: readonly number[] }

/** x + p, p learned and broadcast (position embeddings, relative position biases). The gradient of p sums that of the output. */
export const addLearned = (x: readonly number[], p: Learned, options: PrecisionOptions): Op => withLearned(add({ shape: x, other: p.shape }, options), p);

/** x · p, p learned and broadcast (a scale per channel). */
export const multiplyLearned = (x: readonly number[], p: Learned, options: PrecisionOptions): Op => withLearned(mul({ shape: x, other: p.shape }, options), p);

function withLearned(op: Op, { stored = op.inputs[1]!.shape }: Learned): Op {
  const [x, p] = op.inputs as [TensorSpec, TensorSpec], y = op.outputs[0]!;
  const weight: TensorSpec = { ...p, name: "weight", shape: stored, elements: elementCount(p.shape) };
  const dW: TensorSpec = { ...weight, name: "dWeight", stored: false };
  const n = elementCount(y.shape), product = op.kind === "mul";
  return {
    ...op, inputs: [x], weights: [weight],
    backward: () => [{
      kind: `${op.kind}.backward`, macs: 0, weights: [],
      inputs: [{ ...y, name: "dY" }, ...(product ? [x, { ...weight, stored: false }] : [])],
      outputs: [...(product ? [{ ...x, name: "dX" }] : []), dW],
      extras: { elementwise: (product ? 3 : 1) * n },
    }],
  };
}

/** A learned vector put before the tokens (a class token): [batch, tokens, width] -> [batch, tokens + 1, width]. */
export function prependLearned(x: readonly number[], options: PrecisionOptions): Op {
  const [batch, , width] = x as [number, number, number];
  const op = concat([[batch, 1, width], x], 1, options);
  const token: TensorSpec = { ...op.inputs[0]!, name: "weight", shape: [1, 1, width] };
  return {
    ...op, inputs: op.inputs.slice(1), weights: [token],
    backward: () => [{ kind: "concat.backward", macs: 0, weights: [], inputs: [{ ...op.inputs[0]!, name: "dToken" }], outputs: [{ ...token, name: "dWeight" }], extras: { elementwise: batch * width } }],
  };
}
