// A model is a list of ops, each under a path such as "layer1.0/conv2"; every total and every table is a sum over it.
import { having } from "./check.js";
import { cost, totalCost, type Cost, type Op } from "./op.js";

/** An op at its place in a model. */
export interface Node {
  /** Its place: "block.0/attention/qkv". */
  readonly path: string;
  /** What it computes. */
  readonly op: Op;
  /** Path whose parameters this op uses again (a tied lm_head): its bytes count, its params do not. */
  readonly sharedWeights?: string;
  /** The PyTorch module that holds the op, where some tool counts by module ("MultiheadAttention"). */
  readonly module?: string;
  /** Indices of the nodes whose outputs it reads, where they are known (liveness). */
  readonly reads?: readonly number[];
  /** Whether no gradient passes it: training leaves its parameters as they are (an indexer's). */
  readonly detached?: boolean;
}

/** A model at one workload: a list of ops, each at its place. */
export interface Model {
  /** As it was asked for, or as its file says. */
  readonly name: string;
  /** The ops, in the order in which they run. */
  readonly nodes: readonly Node[];
  /**
   * Parameters that no op of this workload reads (a decoder that is not run, unused positions are *not* here: they are
   * in their embedding).
   */
  readonly idleParams?: number;
  /** What the counts hold for: image size, batch, tokens, context, phase, dtype. */
  readonly workload: Readonly<Record<string, unknown>>;
  /** Why the bytes of its weights are not known, where they are not: they are NaN then, all else holds. */
  readonly unpriced?: string;
  /** Where it is described. */
  readonly source?: string;
}

/** The cost of one node; parameters that another node owns are not counted again. */
export const nodeCost = (node: Node): Cost => costAt(node, cost(node.op));

const costAt = ({ sharedWeights }: Node, c: Cost): Cost =>
  sharedWeights === undefined ? c : { ...c, params: 0, activeParams: 0 };

/** The cost of each node; an op that stands in several places is costed once. */
function* nodeCosts(nodes: readonly Node[]): Generator<Cost> {
  const known = new Map<Op, Cost>();
  for (const node of nodes) {
    let c = known.get(node.op);
    if (c === undefined) {
      c = cost(node.op);
      known.set(node.op, c);
    }
    yield costAt(node, c);
  }
}

/** Totals of `model`: `{params, activeParams, macs, flops, bytesRead, bytesWritten, …}` for its workload. */
export function modelCost(model: Model): Cost {
  having("modelCost", "model", 'a Model such as model("resnet50")', model, "nodes");
  const total = totalCost(nodeCosts(model.nodes));
  return model.idleParams
    ? { ...total, params: total.params + model.idleParams, activeParams: total.activeParams + model.idleParams }
    : total;
}

/** What all ops under one path cost. */
export interface PathCost {
  /** The first parts of their paths. */
  readonly path: string;
  /** Their sum. */
  readonly cost: Cost;
  /** How many they are. */
  readonly ops: number;
}

/** Costs summed over the first `depth` parts of the path, in order of first appearance. Depth 0 is the whole model. */
export function costByPath(model: Model, depth: number): PathCost[] {
  const groups = new Map<string, Cost[]>();
  for (const node of model.nodes) {
    const key = node.path.split("/").slice(0, depth).join("/") || model.name;
    const group = groups.get(key);
    if (group) group.push(nodeCost(node));
    else groups.set(key, [nodeCost(node)]);
  }
  return [...groups].map(([path, costs]) => ({ path, cost: totalCost(costs), ops: costs.length }));
}
