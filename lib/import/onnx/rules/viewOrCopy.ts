// What a node that computes nothing gives: a view of its input, or a copy that moves bytes. Known contents and stored
// weights are carried along.
import { elementCount, type Op, type TensorSpec } from "../../../op.js";
import type { Context, Found } from "../context.js";
import { storedBehind, valueOf, type Value } from "../value.js";

/** The same elements under another shape: contents and stored weights stay. */
export function view(c: Context, shape: readonly number[], dtype = c.dtype()): Found {
  const value = valueOf(shape, dtype, c.data(0));
  const stored = c.inputs[0]?.stored;
  return { outputs: [stored ? { ...value, stored } : value] };
}

export const contents = (data: readonly number[] | undefined): { data?: readonly number[] } => (data ? { data } : {});

export const copyOp = (c: Context): Op => ({
  kind: c.node.opType[0]!.toLowerCase() + c.node.opType.slice(1),
  inputs: [],
  weights: [],
  outputs: [],
  macs: 0,
  extras: {},
});

/** A copy to `shape`; done before the first run when the source is stored or known. `operands` are no traffic. */
export function copy(
  c: Context,
  shape: readonly number[],
  {
    data,
    operands = [],
    read,
    dtype = c.dtype(),
  }: { data?: readonly number[]; operands?: number[]; read?: Record<number, number>; dtype?: Value["dtype"] } = {},
): Found {
  const given = c.inputs.filter((v, i) => c.has(i) && !operands.includes(i));
  const value = valueOf(shape, dtype, data);
  const part = (t: TensorSpec): TensorSpec =>
    read?.[0] === undefined ? t : { ...t, elements: Math.min(read[0], elementCount(t.shape)) };
  const stored = given.every((v) => v?.stored || v?.data) ? storedBehind(given)?.map(part) : undefined;
  if (stored) return { outputs: [stored.length > 0 ? { ...value, stored } : value] };
  return { outputs: [value], ops: [{ op: copyOp(c) }], operands, ...(read ? { read } : {}) };
}

/** Sizes that an input or an attribute gives; undefined leaves the output's shape to what the file declares. */
export const listed = (c: Context, input: number, attribute: string): readonly number[] | undefined =>
  c.has(input) ? c.data(input) : c.ints(attribute);
export const unknown: Found = { outputs: [undefined] };
