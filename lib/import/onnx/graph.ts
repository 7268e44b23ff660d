// Walks a graph in its order: values go from node to node, each node's rule says what it costs, and what cannot be
// counted is listed with the reason.
import { shown } from "../../check.js";
import type { Node } from "../../model.js";
import { elementCount, type TensorSpec } from "../../op.js";
import { visitBodies, type Visits } from "./bodies.js";
import { countNode, type Uncounted } from "./countNode.js";
import { elementTypes } from "./elementTypes.js";
import { innerParameters, storedOf, summed, type Initialisers } from "./initialisers.js";
import type { OnnxFile, OnnxNode, TypeInfo } from "./proto.js";
import { scopeWithin, type Scope } from "./scope.js";
import { contextIn, isKnown, keep, maxCalls, maxExpanded, type OnnxFunction, type State } from "./state.js";
import { valueOf, type Value } from "./value.js";
import { who } from "./wire.js";

export interface Walked {
  nodes: Node[];
  uncounted: Uncounted[];
  graphNodes: number;
  idleParams: number;
  initialisers: Initialisers;
  outputs: TensorSpec[];
}
export type Dim = (dim: number | string | undefined) => number | undefined;

/** Counts `file`'s graph with `inputs` known and symbolic sizes resolved by `dim`. */
export function walk(file: OnnxFile, inputs: ReadonlyMap<string, Value>, dim: Dim): Walked {
  const { graph } = file;
  const state: State = {
    file,
    functions: new Map(file.functions.map((f) => [`${f.domain === "ai.onnx" ? "" : f.domain}:${f.name}`, f])),
    nodes: [],
    uncounted: [],
    paths: new Map(),
    owned: new Set(),
    steering: new Set(),
    declared: new Map([...graph.values, ...graph.outputs].map((v) => [v.name, declaredValue(v, dim)])),
    bodies: new Map(),
    visited: 0,
    expanded: 0,
  };
  const scope = scopeWithin();
  for (const [name, value] of inputs) scope.set(name, value);
  const stored = storedOf(graph);
  for (const { value, tensor } of stored) scope.set(tensor.name, value);
  visit(state, graph.nodes, scope, "", 0);
  const idle = [...stored.filter((s) => s.parameter).map((s) => s.tensor), ...innerParameters(graph.nodes)].filter(
    (t) => !state.owned.has(t.name) && !state.steering.has(t.name),
  );
  return {
    nodes: state.nodes,
    uncounted: state.uncounted,
    graphNodes: state.visited,
    initialisers: summed(stored.map((s) => s.tensor)),
    idleParams: idle.reduce((n, t) => n + elementCount(t.dims), 0),
    outputs: graph.outputs.flatMap(({ name }) => {
      const { shape, dtype = "fp32" } = scope.get(name) ?? {};
      return shape ? [{ name, shape, dtype }] : [];
    }),
  };
}

/** What the file says of a value. */
export function declaredValue(v: TypeInfo, dim: Dim): Value {
  if (v.element) return { element: declaredValue(v.element, dim) };
  const dims = v.dims?.map(dim);
  const known = dims && dims.every((d) => d !== undefined && d >= 0) ? (dims as number[]) : undefined;
  return {
    ...(known ? { shape: known } : {}),
    ...(v.type !== undefined && elementTypes.has(v.type) ? { dtype: elementTypes.get(v.type)!.dtype } : {}),
  };
}

const visits: Visits = { all: visit, node: visitNode };

function visit(state: State, nodes: readonly OnnxNode[], scope: Scope, prefix: string, calls: number): void {
  for (const node of nodes) {
    state.visited++;
    if (calls > 0) state.expanded++;
    if (state.expanded > maxExpanded)
      throw new RangeError(`${who}: functions and branches must expand to at most ${maxExpanded} nodes, got more`);
    const path = uniquePath(state, node, prefix);
    const fn = state.functions.get(`${node.domain}:${node.opType}`);
    if (fn) visitFunction(state, fn, node, scope, path, calls);
    else if ([...node.attributes.values()].some((a) => a.g)) visitBodies(state, node, scope, { path, calls }, visits);
    else visitNode(state, node, scope, path, calls);
  }
}

/** A function's body sees its inputs alone, and gives its outputs. */
function visitFunction(
  state: State,
  fn: OnnxFunction,
  node: OnnxNode,
  scope: Scope,
  path: string,
  calls: number,
): void {
  if (calls >= maxCalls)
    throw new RangeError(`${who}: functions must call each other at most ${maxCalls} deep, got more at ${shown(path)}`);
  const local = scopeWithin();
  node.inputs.slice(0, fn.inputs.length).forEach((name, i) => {
    const value = scope.get(name);
    if (value) local.set(fn.inputs[i]!, value);
  });
  const body = fn.nodes.map((n) => withAttributes(n, node));
  visit(state, body, local, `${path}/`, calls + 1);
  node.outputs.slice(0, fn.outputs.length).forEach((name, i) => {
    const value = local.get(fn.outputs[i]!);
    if (value && name) scope.set(name, value);
  });
}

function visitNode(state: State, node: OnnxNode, scope: Scope, path: string, calls: number): void {
  const c = contextIn(state, node, scope, calls);
  const found = countNode(state, c, path);
  keep(c, found?.outputs ?? [], scope);
  const first = node.outputs.findIndex((name) => name !== "");
  if (!found || found.ops || first < 0) return;
  if (isKnown(found.why === undefined ? scope.get(node.outputs[first]!) : found.outputs[first])) return;
  state.uncounted.push({ path, opType: node.opType, why: found.why ?? "the shape of its output is not known" });
}

/** A function's body takes some attributes from the node that calls it. */
function withAttributes(node: OnnxNode, caller: OnnxNode): OnnxNode {
  const attributes = new Map(
    [...node.attributes].flatMap(([name, a]) => {
      if (a.ref === undefined) return [[name, a] as const];
      const given = caller.attributes.get(a.ref);
      return given ? [[name, { ...given, name }] as const] : [];
    }),
  );
  return { ...node, attributes };
}

/**
 * The node's name, or its type and place; a second one of that name gets a number. A leading "/" of PyTorch's exporter
 * is dropped.
 */
function uniquePath(state: State, node: OnnxNode, prefix: string): string {
  const own = node.name.replace(/^\/+/, "") || `${node.opType}.${state.visited}`;
  const path = prefix + own;
  const seen = (state.paths.get(path) ?? 0) + 1;
  state.paths.set(path, seen);
  return seen === 1 ? path : `${path}#${seen}`;
}

/** A graph input as a value. */
export const inputValue = (shape: readonly number[], type: number | undefined): Value =>
  valueOf(shape, elementTypes.get(type ?? 1)?.dtype);
