// Which nodes made what a call is given: the edges of a model's graph, noted as it is written down.
import type { Activation } from "./sheet.js";
import type { LayerNode } from "./training.js";

type Call = (...args: unknown[]) => unknown;

/**
 * `net` so that each call notes on its node which nodes made the activations that it was given; what has no maker and
 * is no view of another is taken for the result of the node before.
 */
export function traced<Net extends object>(nodes: LayerNode[], net: Net): Net {
  const makers = new WeakMap<object, number>();
  const makerOf = (x: Activation): number | undefined => makers.get(x) ?? (x.of ? makerOf(x.of) : undefined);
  const follow = (call: Call): Call => {
    return (...args) => {
      const from = nodes.length;
      const result = call(...args);
      if (nodes.length === from) return result;
      const reads: number[] = [];
      for (const x of args.slice(1).flatMap(given)) {
        const maker = x.leaf ? -1 : (makerOf(x) ?? from - 1);
        if (maker >= 0 && !reads.includes(maker)) reads.push(maker);
      }
      // The node was just made, and nobody has seen it yet.
      (nodes[from] as { reads?: readonly number[] }).reads = reads;
      if (isActivation(result)) makers.set(result, from);
      return result;
    };
  };
  const followed = Object.entries(net).map(([name, value]) => [
    name,
    typeof value === "function" ? follow(value as Call) : value,
  ]);
  return Object.fromEntries(followed) as Net;
}

function isActivation(arg: unknown): arg is Activation {
  return typeof arg === "object" && arg !== null && Array.isArray((arg as Activation).shape);
}

/** The activations of an argument: itself, or those in a list. */
function given(arg: unknown): readonly Activation[] {
  if (isActivation(arg)) return [arg];
  return Array.isArray(arg) ? arg.filter(isActivation) : [];
}
