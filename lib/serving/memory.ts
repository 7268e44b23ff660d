// What must stand in memory: weights, and the activations that are alive at once.
import { record, shown } from "../check.js";
import { bytesOf, parseDType } from "../dtype.js";
import type { Model, Node } from "../model.js";
import { elementCount, storedBytes, type TensorSpec } from "../op.js";

/** A weight where it stands in a model. */
export interface PlacedWeight {
  /** Whose weight it is. */
  readonly node: Node;
  /** The weight, as stored. */
  readonly tensor: TensorSpec;
}

/**
 * Every weight of `model` that an op reads, scales and running statistics included; shared ones once. Throws a
 * RangeError where the format that they are stored in is not known.
 */
export function weightTensorsOf({ nodes, unpriced }: Model): PlacedWeight[] {
  if (unpriced !== undefined) throw new RangeError(unpriced);
  return nodes.flatMap((node) =>
    node.sharedWeights === undefined ? node.op.weights.map((tensor) => ({ node, tensor })) : [],
  );
}

/** Bytes of the parameters that no op of the workload reads, at its dtype. */
export const idleBytes = ({ idleParams = 0, workload }: Model): number =>
  bytesOf(idleParams, parseDType("weightBytes", workload.dtype ?? "fp32"));

/**
 * Bytes of `model`'s weights as stored, scales, zero points and running statistics included; shared ones once, idle
 * ones at the workload's dtype. Throws a RangeError where the format that they are stored in is not known.
 */
export function weightBytes(model: Model): number {
  record("weightBytes", "model", model);
  return weightTensorsOf(model).reduce((n, { tensor }) => n + storedBytes(tensor), idleBytes(model));
}

/**
 * The largest sum of activation bytes alive at once in a forward pass, by liveness over the op list: ops run in order,
 * none in place, a tensor lives from its op to its last reader. Who reads what is a node's `reads` where it is known.
 * Elsewhere readers are found by size: an operand is the latest output of as many elements, the second operand of an
 * `add` the stream that entered its block, which is kept all the way. Weights, caches and the model's own input are not
 * counted. `share`: the part of a node's outputs that one device holds. Throws a RangeError in training: see
 * trainingMemory.
 */
export function peakActivationBytes(model: Model, share: (node: Node) => number = () => 1): number {
  record("peakActivationBytes", "model", model);
  if (model.workload.phase === "train")
    throw new RangeError(`peakActivationBytes: phase must be prefill or decode, got ${shown("train")}`);
  const lastUse = lastReaders(model.nodes);
  const ending = new Map<number, number>();
  let alive = 0;
  let peak = 0;
  model.nodes.forEach((node, i) => {
    const made = Math.ceil(node.op.outputs.reduce((n, t) => n + storedBytes(t), 0) * share(node));
    const end = lastUse.get(i) ?? i;
    alive += made;
    ending.set(end, (ending.get(end) ?? 0) + made);
    peak = Math.max(peak, alive);
    alive -= ending.get(i) ?? 0;
  });
  return peak;
}

/** Index of an op -> index of the last op that reads its output. */
function lastReaders(nodes: readonly Node[]): Map<number, number> {
  const producers = new Map<number, number[]>();
  const last = new Map<number, number>();
  nodes.forEach(({ op, path, reads }, i) => {
    for (const from of reads ?? []) last.set(from, i);
    const block = path.slice(0, path.lastIndexOf("/") + 1);
    const taken = new Set<number>();
    if (!reads)
      op.inputs.forEach((t: TensorSpec, operand) => {
        const candidates = producers.get(elementCount(t.shape)) ?? [];
        const stream = op.kind === "add" && operand === 1 ? streamOf(nodes, candidates, block) : undefined;
        const from = stream ?? findLast(candidates, (j) => !taken.has(j));
        if (from === undefined) return;
        taken.add(from);
        last.set(from, i);
      });
    for (const t of op.outputs) {
      const n = elementCount(t.shape);
      const list = producers.get(n);
      if (list) list.push(i);
      else producers.set(n, [i]);
    }
  });
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
