// When what a forward pass keeps is freed, and what a backward pass holds beside it: liveness from the last op to the
// first.
import type { Node } from "../model.js";
import { storedBytes } from "../op.js";
import { outputKey, type Kept } from "./kept.js";

/** Nodes from `first` to `last`, of which only the input is kept. */
interface Block {
  readonly first: number;
  readonly last: number;
}

/** Bytes of activations in a training step. */
export interface TrainingActivations {
  /** Kept at the end of the forward pass. */
  readonly kept: number;
  /** The most that is alive at once in the backward pass, what is kept included; at least `kept`. */
  readonly peak: number;
}

/** The path of the repeated block that a node belongs to: up to its first numbered part that has parts below it. */
const blockPath = (path: string): string | undefined => /^(?:[^/]*\/)*?[^/]*\d(?:\/\d+)*(?=\/)/.exec(path)?.[0];

/** The repeated blocks of a model, by the numbers in its paths ("layers.0", "layer1.0", "encoder/layer.3"). */
export function blocksOf(nodes: readonly Node[]): Block[] {
  const blocks: { path: string; first: number; last: number }[] = [];
  nodes.forEach(({ path }, i) => {
    const own = blockPath(path);
    const open = blocks.at(-1);
    if (own === undefined) return;
    if (open?.path === own && open.last === i - 1) open.last = i;
    else blocks.push({ path: own, first: i, last: i });
  });
  return blocks.filter(({ first, last }) => last > first);
}

/**
 * What is kept, and the peak of the backward pass: a tensor is freed behind the first op that saved it, the gradient of
 * an output lives from its last reader to its own op, unfused attention holds the gradients of its scores. `recompute`:
 * of each repeated block only what enters it is kept, and the rest is there again while its backward pass runs.
 */
export function trainingActivations(
  nodes: readonly Node[],
  { tensors, reached }: Kept,
  { recompute = false, share = () => 1 }: { recompute?: boolean; share?: (node: Node) => number } = {},
): TrainingActivations {
  const blocks = recompute ? blocksOf(nodes) : [];
  const blockAt = new Map<number, Block>();
  for (const block of blocks) for (let i = block.first; i <= block.last; i++) blockAt.set(i, block);
  const sizeOf = (i: number): number => Math.ceil(storedBytes(nodes[i]!.op.outputs[0]!) * share(nodes[i]!));

  // Storage -> bytes and the op behind which it is freed; that of a block goes with its first op.
  const kept = new Map<string, { bytes: number; until: number }>();
  const keep = (key: string, bytes: number, until: number): void => {
    kept.set(key, { bytes, until: Math.min(until, kept.get(key)?.until ?? Infinity) });
  };
  for (const { first, last } of blocks)
    for (let i = first; i <= last; i++)
      for (const from of nodes[i]!.reads ?? [])
        if (from < first && reached[i]) keep(outputKey(from), sizeOf(from), first);
  const again = new Map<Block, { bytes: number; until: number }[]>();
  for (const [key, { bytes, savers }] of tensors) {
    const outside = key.startsWith("input") ? savers : savers.filter((i) => !blockAt.has(i));
    if (outside.length > 0) keep(key, bytes, Math.min(...savers));
    if (kept.has(key)) continue;
    for (const block of new Set(savers.map((i) => blockAt.get(i)!))) {
      const until = Math.min(...savers.filter((i) => blockAt.get(i) === block));
      again.set(block, [...(again.get(block) ?? []), { bytes, until }]);
    }
  }

  const freed = new Map<number, number>();
  let alive = 0;
  for (const { bytes, until } of kept.values()) {
    alive += bytes;
    freed.set(until, (freed.get(until) ?? 0) + bytes);
  }
  const total = alive;
  let peak = total;
  const gradients = new Set<number>();
  const demand = (i: number): void => {
    if (!reached[i] || gradients.has(i)) return;
    gradients.add(i);
    alive += sizeOf(i);
  };
  demand(nodes.length - 1);
  peak = Math.max(peak, alive);
  alive -= freed.get(nodes.length) ?? 0;
  for (let i = nodes.length - 1; i >= 0; i--) {
    const { op, reads = [] } = nodes[i]!;
    const block = blockAt.get(i);
    if (block?.last === i)
      for (const { bytes, until } of again.get(block) ?? []) {
        alive += bytes;
        freed.set(until, (freed.get(until) ?? 0) + bytes);
      }
    if (reached[i]) for (const from of reads) demand(from);
    const inside = op.inputs.filter((x) => op.outputs.some((y) => y.name === x.name));
    const held = reached[i] ? inside.reduce((n, t) => n + storedBytes(t), 0) : 0;
    peak = Math.max(peak, alive + Math.ceil(held * share(nodes[i]!)));
    alive -= (gradients.delete(i) ? sizeOf(i) : 0) + (freed.get(i) ?? 0);
  }
  return { kept: total, peak };
}
