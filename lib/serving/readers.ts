// Who reads what in a list of ops: a node's own `reads` where it is known, else found by size.
import type { Node } from "../model.js";
import { elementCount, type TensorSpec } from "../op.js";

/**
 * For each op, the indices of the ops whose outputs it reads. Where `reads` is not known an operand is the latest
 * output of as many elements, the second operand of an `add` the stream that entered its block.
 */
export function producersOf(nodes: readonly Node[]): (readonly number[])[] {
  const bySize = new Map<number, number[]>();
  return nodes.map(({ op, path, reads }, i) => {
    const block = path.slice(0, path.lastIndexOf("/") + 1);
    const taken: number[] = [];
    if (!reads)
      op.inputs.forEach((t: TensorSpec, operand) => {
        const candidates = bySize.get(elementCount(t.shape)) ?? [];
        const stream = op.kind === "add" && operand === 1 ? streamOf(nodes, candidates, block) : undefined;
        const from = stream ?? findLast(candidates, (j) => !taken.includes(j));
        if (from !== undefined) taken.push(from);
      });
    for (const t of op.outputs) {
      const n = elementCount(t.shape);
      const list = bySize.get(n);
      if (list) list.push(i);
      else bySize.set(n, [i]);
    }
    return reads ?? taken;
  });
}

/** Index of an op -> index of the last op that reads its output. */
export function lastReaders(producers: readonly (readonly number[])[]): Map<number, number> {
  const last = new Map<number, number>();
  producers.forEach((from, i) => from.forEach((j) => last.set(j, i)));
  return last;
}

/** The latest earlier sum of the same block, else the latest output from before the block. */
const streamOf = (nodes: readonly Node[], candidates: readonly number[], block: string): number | undefined =>
  findLast(
    candidates,
    (j) =>
      !nodes[j]!.path.startsWith(block) ||
      (nodes[j]!.op.kind === "add" && nodes[j]!.path.lastIndexOf("/") + 1 === block.length),
  );

function findLast(list: readonly number[], wanted: (n: number) => boolean): number | undefined {
  for (let i = list.length - 1; i >= 0; i--) if (wanted(list[i]!)) return list[i];
  return undefined;
}
