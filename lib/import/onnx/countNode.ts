// One node by its rule: the ops that it costs, with the node's own tensors, or the reason why it cannot be counted.
import { shown } from "../../check.js";
import type { Node } from "../../model.js";
import { elementCount, type Op, type TensorSpec } from "../../op.js";
import { isEmpty, type Context, type Found } from "./context.js";
import { ruleOf } from "./coverage.js";
import { Uncountable } from "./value.js";
import { who } from "./wire.js";

/** A node that could not be counted. */
export interface Uncounted {
  /** Where the node stands. */
  readonly path: string;
  /** Its operator. */
  readonly opType: string;
  /** Why it could not be counted. */
  readonly why: string;
}

/** What counting leaves behind. `owned` are parameters that an op has, `steering` those that only steer one. */
export interface Counted {
  nodes: Node[];
  uncounted: Uncounted[];
  owned: Set<string>;
  steering: Set<string>;
}

/** Adds what node `c` costs to `state`, or the reason why that is not known. */
export function countNode(state: Counted, c: Context, path: string): Found | undefined {
  const { opType, domain } = c.node;
  const rule = ruleOf(opType);
  try {
    if (!rule) throw new Uncountable(whyNoRule(opType, domain));
    const found = rule(c);
    // An empty result computes and moves nothing.
    if (found.outputs[0]?.shape && isEmpty(found.outputs[0].shape)) return { outputs: found.outputs };
    for (const i of [...(found.operands ?? []), ...(found.unstored ?? [])])
      for (const t of c.inputs[i]?.stored ?? []) if (t.name !== undefined) state.steering.add(t.name);
    const placed = (found.ops ?? []).map(({ suffix, op }) => ({
      path: suffix ? `${path}/${suffix}` : path,
      op: found.ownTensors ? op : withTensors(op, c, found),
    }));
    for (const { op } of placed)
      if (![op.macs, ...Object.values(op.extras)].every((n) => Number.isFinite(n) && n >= 0))
        throw new Uncountable("its shapes must give a number of operations, got none");
    for (const { path: at, op } of placed)
      state.nodes.push({ path: at, op: { ...op, weights: op.weights.map((w) => owned(state, w)) } });
    return found;
  } catch (error) {
    if (!isSurvivable(error)) throw error;
    state.uncounted.push({ path, opType, why: reason(error, c) });
    return undefined;
  }
}

/** Only what a rule found wrong with a node is survivable; a file that does not hold together is not. */
export function isSurvivable(error: unknown): error is Error {
  if (error instanceof Uncountable || error instanceof TypeError) return true;
  return error instanceof RangeError && !error.message.startsWith(who);
}

/**
 * In one line. What the language itself says names nothing of the file, nor does a size that a shape does not have: the
 * shapes are said then.
 */
export function reason(error: Error, { node, inputs }: Context): string {
  const ours = error instanceof Uncountable || /^[\w.]+: /.test(error.message);
  if (ours && !/\b(undefined|NaN|null|Infinity)\b/.test(error.message)) return line(error.message);
  const shapes = inputs.map((value) => (value?.shape ? shown(value.shape) : "none")).join(", ");
  return line(`the shapes of its inputs must be those of ${shown(node.opType)}, got ${shapes || "none"}`);
}

const longest = 400;
const line = (text: string): string => {
  const one = text.replace(/\s+/g, " ");
  return one.length > longest ? `${one.slice(0, longest - 1)}…` : one;
};

function whyNoRule(opType: string, domain: string): string {
  return `no rule for op type ${shown(domain ? `${domain}.${opType}` : opType)}`;
}

/** A parameter belongs to the first op that uses it. */
function owned(state: Counted, weight: TensorSpec): TensorSpec {
  if (weight.stored === false || weight.name === undefined) return weight;
  if (state.owned.has(weight.name)) return { ...weight, stored: false };
  state.owned.add(weight.name);
  return weight;
}

/** `op` with the node's own tensors: stored ones are weights, each tensor once. */
function withTensors(op: Op, c: Context, { outputs, operands = [], unstored = [], read = {} }: Found): Op {
  const inputs = new Map<string, TensorSpec>();
  const weights = new Map<string, TensorSpec>();
  c.node.inputs.forEach((name, i) => {
    if (name === "" || operands.includes(i)) return;
    const part = read[i];
    const stored = c.inputs[i]?.stored;
    if (!stored) {
      const elements = part === undefined ? {} : { elements: part };
      if (!inputs.has(name)) inputs.set(name, { name, shape: c.shape(i), dtype: c.dtype(i), ...elements });
      return;
    }
    const unowned = unstored.includes(i) ? { stored: false } : {};
    stored.forEach((t, j) => {
      const key = t.name ?? name;
      if (weights.has(key)) return;
      const elements = j === 0 && part !== undefined ? { elements: Math.min(part, elementCount(t.shape)) } : {};
      weights.set(key, { ...t, ...unowned, ...elements });
    });
  });
  const results = c.node.outputs.flatMap((name, i) => {
    const { shape, dtype } = outputs[i] ?? {};
    return name && shape && dtype ? [{ name, shape, dtype }] : [];
  });
  return { ...op, inputs: [...inputs.values()], weights: [...weights.values()], outputs: results };
}
