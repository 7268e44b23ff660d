// Reductions over axes, and running sums.
import { elementCount, type Op } from "../../../op.js";
import { axisOf, type Context, type Rule } from "../context.js";
import { isFloat } from "../elementTypes.js";
import { flatOf, heldBy, indexOf } from "../fold.js";
import { valueOf } from "../value.js";
import { constantOr, elementwiseOp } from "./elementwise.js";

// FLOPs and transcendentals of an input element, transcendentals and FLOPs of an output element. A sum of n is n adds,
// as a pool counts.
export const reductions: Readonly<
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

export const reduce: Rule = (c) => {
  const { opType } = c.node;
  const shape = c.shape(0);
  const keep = c.int("keepdims", 1);
  const arg = opType.startsWith("Arg");
  const axes = reducedAxes(c, arg);
  if (axes === undefined) {
    const declared = c.declared(0)?.shape;
    if (!declared) return { outputs: [undefined], why: "the axes are not in the file" };
    return {
      outputs: [valueOf(declared, c.dtype())],
      ops: [{ op: reduction(c, elementCount(declared)) }],
      operands: [1],
    };
  }
  const out = shape.flatMap((d, i) => {
    if (!axes.has(i)) return [d];
    return keep ? [1] : [];
  });
  const dtype = arg ? "int64" : c.dtype();
  const op = reduction(c, elementCount(out));
  return constantOr(c, valueOf(out, dtype, folded(c, axes)), op, isFloat(c.dtype()), { operands: [1] });
};

function reduction(c: Context, m: number): Op {
  const { opType } = c.node;
  const [perInput, perOutput, inward = 0, outward = 0] = reductions[opType]!;
  const n = elementCount(c.shape(0));
  return {
    ...elementwiseOp(opType.toLowerCase(), "reduce", 1, n * perInput + m * perOutput),
    ...(inward + outward ? { transcendentals: n * inward + m * outward } : {}),
  };
}

/** What is known of the reduced elements, in the order of the output. */
function folded(c: Context, axes: ReadonlySet<number>): number[] | undefined {
  const f = fold[c.node.opType];
  const data = c.data(0);
  const shape = c.shape(0);
  if (!f || !data || data.length === 0) return undefined;
  const kept = shape.map((d, i) => (axes.has(i) ? 1 : d));
  const groups = Array.from({ length: elementCount(kept) }, (): number[] => []);
  data.forEach((x, flat) => {
    groups[
      flatOf(
        indexOf(flat, shape).map((d, i) => (axes.has(i) ? 0 : d)),
        kept,
      )
    ]!.push(x);
  });
  const dtype = c.node.opType.startsWith("Arg") ? "int64" : c.dtype();
  return heldBy(
    dtype,
    groups.map((group) => f(group)),
  );
}

/** The axes that a node names: an attribute of ArgMax and ArgMin, else an input or an attribute; all without any. */
function reducedAxes(c: Context, arg: boolean): Set<number> | undefined {
  const rank = c.shape(0).length;
  if (arg) return new Set([axisOf(c.int("axis", 0), rank)]);
  const none = c.int("noop_with_empty_axes", 0) === 1;
  const empty = c.has(1) && c.inputs[1]?.shape?.[0] === 0;
  const listed = c.has(1) && !empty ? c.data(1) : c.ints("axes");
  if (listed === undefined && c.has(1) && !empty) return undefined;
  if (listed && listed.length > 0) return new Set(listed.map((a) => axisOf(a, rank)));
  return new Set(none ? [] : c.shape(0).keys());
}

const fold: Readonly<Record<string, (d: readonly number[]) => number>> = {
  ReduceProd: (d) => d.reduce((a, b) => a * b, 1),
  ReduceSum: (d) => d.reduce((a, b) => a + b, 0),
  ReduceMax: (d) => d.reduce((a, b) => Math.max(a, b)),
  ReduceMin: (d) => d.reduce((a, b) => Math.min(a, b)),
  ReduceMean: (d) => d.reduce((a, b) => a + b, 0) / d.length,
  ArgMax: (d) => d.indexOf(d.reduce((a, b) => Math.max(a, b))),
  ArgMin: (d) => d.indexOf(d.reduce((a, b) => Math.min(a, b))),
};

/** A sum or product of all before, along an axis. */
export const running =
  (kind: string, extra: string): Rule =>
  (c) =>
    constantOr(
      c,
      valueOf(c.shape(0), c.dtype()),
      elementwiseOp(kind, extra, elementCount(c.shape(0)), 1),
      isFloat(c.dtype()),
      { operands: [1] },
    );
