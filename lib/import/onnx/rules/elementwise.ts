// What the nodes that work element by element share: an op of so much work an element, and none where all is known.
import type { Op } from "../../../op.js";
import type { Context, Found } from "../context.js";
import { storedBehind, type valueOf } from "../value.js";

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
  const behind = given.every((v) => v?.stored || v?.data) ? storedBehind(given) : undefined;
  const constant = behind !== undefined;
  const stored = behind ?? [];
  return {
    outputs: [stored.length > 0 ? { ...value, stored } : value],
    ...(constant || !counts ? {} : { ops: [{ op }] }),
    ...more,
  };
}
