// Ops between layers: joining tensors, and adding or multiplying a learned tensor. Too small to be layers of their own.
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { add, type PrecisionOptions } from "../ops/index.js";

/**
 * Tensors written side by side along `axis`: no arithmetic, every byte read and written once. Its gradient is a view of
 * the output's.
 */
export function concat(shapes: readonly (readonly number[])[], axis: number, options: PrecisionOptions): Op {
  const shape = shapes[0]!.map((d, i) => (i === axis ? shapes.reduce((n, s) => n + s[axis]!, 0) : d));
  const { dtype } = add({ shape }, options).outputs[0]!;
  return {
    kind: "concat",
    macs: 0,
    extras: {},
    weights: [],
    attributes: { axis, output: shape },
    inputs: shapes.map((s, i) => ({ name: `x${i}`, shape: s, dtype })),
    outputs: [{ name: "y", shape, dtype }],
  };
}

/** A learned tensor. */
export interface Learned {
  /** Its shape where it is used. */
  shape: readonly number[];
  /** The shape of the smaller table that it is gathered from; default `shape`. */
  stored?: readonly number[];
}

/** x + p, p learned and broadcast (position embeddings, relative position biases). */
export function addLearned(x: readonly number[], { shape, stored }: Learned, options: PrecisionOptions): Op {
  const op = add({ shape: x, other: shape, parameter: true }, options);
  if (stored === undefined) return op;
  const gathered = (t: TensorSpec): TensorSpec => ({ ...t, shape: stored, elements: elementCount(shape) });
  return {
    ...op,
    weights: op.weights.map(gathered),
    backward: (o) => op.backward!(o).map((g) => ({ ...g, outputs: g.outputs.map(gathered) })),
  };
}

/** `op` on a tensor and a constant (a mask, a factor): the second operand has no gradient. */
export const withConstant = (op: Op): Op => ({
  ...op,
  backward: (options) => op.backward!(options).filter((g) => !g.kind.endsWith(".gradientB")),
});

/** A learned vector put before the tokens (a class token): [batch, tokens, width] -> [batch, tokens + 1, width]. */
export function prependLearned(x: readonly number[], options: PrecisionOptions): Op {
  const [batch, , width] = x as [number, number, number];
  const op = concat([[batch, 1, width], x], 1, options);
  const token: TensorSpec = { ...op.inputs[0]!, name: "weight", shape: [1, 1, width] };
  return {
    ...op,
    inputs: op.inputs.slice(1),
    weights: [token],
    backward: () => [
      {
        kind: "concat.backward",
        macs: 0,
        weights: [],
        inputs: [{ ...op.inputs[0]!, name: "dToken" }],
        outputs: [{ ...token, name: "dWeight" }],
        extras: { elementwise: batch * width },
      },
    ],
  };
}
