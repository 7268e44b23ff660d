// What a walk through a file knows on its way, and how a node finds its inputs and leaves its outputs.
import { contextOf, type Context } from "./context.js";
import type { Counted } from "./countNode.js";
import type { Stored } from "./initialisers.js";
import type { Graph, OnnxFile, OnnxNode } from "./proto.js";
import type { Scope } from "./scope.js";
import type { Value } from "./value.js";

/** A small file of functions that call functions could otherwise grow without end. */
export const maxExpanded = 100_000;
export const maxCalls = 32;

export type OnnxFunction = OnnxFile["functions"][number];

export interface State extends Counted {
  file: OnnxFile;
  functions: Map<string, OnnxFunction>;
  paths: Map<string, number>;
  declared: Map<string, Value>;
  bodies: Map<Graph, Stored[]>;
  visited: number;
  expanded: number;
}

/** A node with what is known of its inputs; names of the outermost graph alone are declared. */
export function contextIn(state: State, node: OnnxNode, scope: Scope, calls: number): Context {
  const opset = state.file.opsets.get(node.domain) ?? 1;
  return contextOf(
    node,
    opset,
    node.inputs.map((name) => scope.get(name)),
    (i) => (calls === 0 ? state.declared.get(node.outputs[i] ?? "") : undefined),
  );
}

/** Whether a value says what it is. */
export const isKnown = (v: Value | undefined): boolean => Boolean(v?.shape ?? v?.element ?? v?.absent);

/** What a node gave, under its names; where that is not known, what the file declares. */
export function keep(c: Context, outputs: readonly (Value | undefined)[], scope: Scope): void {
  c.node.outputs.forEach((name, i) => {
    if (name === "") return;
    const value = outputs[i];
    scope.set(
      name,
      value && isKnown(value) ? value : { ...c.declared(i), ...(value?.dtype ? { dtype: value.dtype } : {}) },
    );
  });
}
