// What must stand in memory: weights, and the activations that are alive at once.
import { record, shown } from "../check.js";
import { bytesOf, parseDType } from "../dtype.js";
import type { Model, Node } from "../model.js";
import { storedBytes, type Op, type TensorSpec } from "../op.js";
import { isElementwise } from "../ops/isElementwise.js";
import { lastReaders, producersOf } from "./readers.js";

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

/** Which ops may write over what they read, where nobody reads it after them. */
export type InPlace = "elementwise" | "depthwise";

/** What `liveBytes` takes beside the model. */
export interface LiveOptions {
  /**
   * "elementwise": folded or running norms, activation functions and sums write over their first operand. "depthwise":
   * depthwise convolutions write each channel over its own input, one channel at a time. Default none.
   */
  readonly inPlace?: readonly InPlace[];
  /** The part of a node's outputs that one device holds; default all. */
  readonly share?: (node: Node) => number;
}

/** What is alive while one op runs. */
export interface LiveRow {
  /** The op's place in its model. */
  readonly path: string;
  /** Its kind. */
  readonly kind: string;
  /** Bytes of activations that stand in memory while it runs. */
  readonly bytes: number;
}

/**
 * Activation bytes alive while each op of a forward pass runs, by liveness over the op list: ops run in order, a tensor
 * lives from its op to its last reader. Who reads what is a node's `reads` where it is known. Elsewhere readers are
 * found by size: an operand is the latest output of as many elements, the second operand of an `add` the stream that
 * entered its block. Weights, caches and the model's own input are not counted. Throws a RangeError in training: see
 * trainingMemory.
 */
export function liveBytes(model: Model, options: LiveOptions = {}): LiveRow[] {
  return live("liveBytes", model, options);
}

/** The largest of `liveBytes`: the room that the activations of one forward pass need. `share` is as there. */
export function peakActivationBytes(model: Model, share: (node: Node) => number = () => 1): number {
  return live("peakActivationBytes", model, { share }).reduce((peak, { bytes }) => Math.max(peak, bytes), 0);
}

function live(who: string, model: Model, { inPlace = [], share = () => 1 }: LiveOptions): LiveRow[] {
  record(who, "model", model);
  if (model.workload.phase === "train")
    throw new RangeError(`${who}: phase must be prefill or decode, got ${shown("train")}`);
  const other = inPlace.find((each) => each !== "elementwise" && each !== "depthwise");
  if (other !== undefined)
    throw new RangeError(`${who}: inPlace must list "elementwise" or "depthwise", got ${shown(other)}`);
  const producers = producersOf(model.nodes);
  const lastUse = lastReaders(producers);
  const ending = new Map<number, number>();
  let alive = 0;
  return model.nodes.map((node, i) => {
    const made = Math.ceil(bytesOut(node.op) * share(node));
    const end = lastUse.get(i) ?? i;
    const written = producers[i]![0];
    const over = written !== undefined && lastUse.get(written) === i && bytesOut(model.nodes[written]!.op);
    const within = over !== false && over >= made && inPlace.some((each) => writesOver[each](node.op));
    const bytes = alive + (within ? 0 : made);
    alive += made;
    ending.set(end, (ending.get(end) ?? 0) + made);
    alive -= ending.get(i) ?? 0;
    return { path: node.path, kind: node.op.kind, bytes };
  });
}

const bytesOut = ({ outputs }: Op): number => outputs.reduce((n, t) => n + storedBytes(t), 0);

const writesOver: Readonly<Record<InPlace, (op: Op) => boolean>> = {
  elementwise: isElementwise,
  depthwise: ({ kind, attributes = {} }) => {
    const { groups, inChannels, outChannels } = attributes as Record<string, number>;
    return kind.startsWith("conv") && groups === inChannels && groups === outChannels && groups! > 1;
  },
};
