// A model as a compiler would run it: elementwise ops inside the kernel that makes what they read.
import { record } from "../check.js";
import type { Model, Node } from "../model.js";
import { elementCount, type Extras, type Op } from "../op.js";
import { isElementwise } from "../ops/isElementwise.js";
import { producersOf } from "../serving/readers.js";

/**
 * `model` with each elementwise op inside the kernel of its producer, where nobody else reads what that one made: the
 * tensor between them does not touch memory. What changes an op's inner values (a bias on attention's scores) moves
 * them no more. Norms over rows, pools and softmax stay kernels of their own. The arithmetic stays the same, the bytes
 * are the least that such a compiler leaves.
 */
export function fused(model: Model): Model {
  record("fused", "model", model);
  const { nodes } = model;
  const producers = producersOf(nodes);
  const inner = innerOps(nodes, producers);
  const readers = nodes.map(() => 0);
  producers.forEach((from, i) => {
    if (!inner.has(i)) for (const j of new Set(from)) readers[j]! += 1;
  });

  const heads: number[] = [];
  const kernels = new Map<number, number[]>();
  nodes.forEach(({ op }, i) => {
    const size = sizeOf(op);
    const joined = inner.has(i)
      ? producers[i]![0]
      : producers[i]!.findLast((j) => readers[j] === 1 && sizeOf(nodes[j]!.op) === size);
    const head = isElementwise(op) && joined !== undefined ? heads[joined]! : i;
    heads.push(head);
    kernels.set(head, [...(kernels.get(head) ?? []), i]);
  });

  const ordered = [...kernels.values()].sort((a, b) => a.at(-1)! - b.at(-1)!);
  const kernelOf = new Map(ordered.flatMap((members, kernel) => members.map((i) => [i, kernel] as const)));
  return {
    ...model,
    nodes: ordered.map((members, kernel) => {
      const reads = new Set(members.flatMap((i) => producers[i]!.map((j) => kernelOf.get(j)!)));
      reads.delete(kernel);
      return { ...nodes[members[0]!]!, op: kernelFor({ nodes, producers, inner }, members), reads: [...reads] };
    }),
  };
}

/** A list of ops with what each reads, and those that work on what an op holds inside. */
interface Read {
  readonly nodes: readonly Node[];
  readonly producers: readonly (readonly number[])[];
  readonly inner: ReadonlySet<number>;
}

/** Elementwise ops, but the last of all, whose result no op reads, or only such ones. */
function innerOps(nodes: readonly Node[], producers: Read["producers"]): Set<number> {
  const inner = new Set<number>();
  const readOutside = new Set<number>();
  for (let i = nodes.length - 1; i >= 0; i--) {
    const reads = producers[i]!;
    if (i < nodes.length - 1 && isElementwise(nodes[i]!.op) && reads.length > 0 && !readOutside.has(i)) inner.add(i);
    else for (const j of reads) readOutside.add(j);
  }
  return inner;
}

const sizeOf = ({ outputs }: Op): number => outputs.reduce((n, t) => n + elementCount(t.shape), 0);

/** One op that does what `members` do, and touches what enters or leaves them. */
function kernelFor({ nodes, producers, inner }: Read, members: readonly number[]): Op {
  const ops = members.map((i) => nodes[i]!.op);
  const entering = members.slice(1).flatMap((i) => {
    const made = Math.max(
      0,
      producers[i]!.findIndex((j) => members.includes(j)),
    );
    return nodes[i]!.op.inputs.filter((_, operand) => operand !== made);
  });
  const leaving = members.findLast((i) => !inner.has(i))!;
  return {
    ...ops[0]!,
    inputs: [...ops[0]!.inputs, ...entering],
    weights: ops.flatMap(({ weights }) => weights),
    outputs: nodes[leaving]!.op.outputs,
    macs: ops.reduce((sum, { macs }) => sum + macs, 0),
    extras: ops.reduce<Extras>((sum, { extras }) => added(sum, extras), {}),
  };
}

const added = (a: Extras, b: Extras): Extras =>
  Object.entries(b).reduce((sum, [cause, flops]) => ({ ...sum, [cause]: (sum[cause] ?? 0) + flops }), a);
