// Walks a graph in its order: values go from node to node, each node's rule says what it costs, and what cannot be
// counted is listed with the reason.
import { shown } from "../../check.js";
import type { Node } from "../../model.js";
import { elementCount, type TensorSpec } from "../../op.js";
import { contextOf } from "./context.js";
import { countNode, type Counted, type Uncounted } from "./countNode.js";
import { elementTypes } from "./elementTypes.js";
import { innerParameters, storedOf, summed, type Initialisers } from "./initialisers.js";
import type { Graph, OnnxFile, OnnxNode, ValueInfo } from "./proto.js";
import { valueOf, type Value } from "./value.js";
import { who } from "./wire.js";

export interface Walked {
  nodes: Node[];
  uncounted: Uncounted[];
  idleParams: number;
  initialisers: Initialisers;
  outputs: TensorSpec[];
}
export type Dim = (dim: number | string | undefined) => number | undefined;

/** A small file of functions that call functions could otherwise grow without end. */
const maxExpanded = 100_000;
const maxCalls = 32;

type OnnxFunction = OnnxFile["functions"][number];

interface State extends Counted {
  file: OnnxFile;
  functions: Map<string, OnnxFunction>;
  paths: Map<string, number>;
  declared: Map<string, Value>;
  visited: number;
  expanded: number;
}

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
    visited: 0,
    expanded: 0,
  };
  const scope = new Map(inputs);
  const stored = storedOf(graph);
  for (const { value, tensor } of stored) scope.set(tensor.name, value);
  visit(state, graph.nodes, scope, "", 0);
  const idle = [...stored.filter((s) => s.parameter).map((s) => s.tensor), ...innerParameters(graph.nodes)].filter(
    (t) => !state.owned.has(t.name) && !state.steering.has(t.name),
  );
  return {
    nodes: state.nodes,
    uncounted: state.uncounted,
    initialisers: summed(stored.map((s) => s.tensor)),
    idleParams: idle.reduce((n, t) => n + elementCount(t.dims), 0),
    outputs: graph.outputs.map(({ name }) => ({
      name,
      shape: scope.get(name)?.shape ?? [],
      dtype: scope.get(name)?.dtype ?? "fp32",
    })),
  };
}

function declaredValue(v: ValueInfo, dim: Dim): Value {
  const dims = v.dims?.map(dim);
  const known = dims && dims.every((d) => d !== undefined && d >= 0) ? (dims as number[]) : undefined;
  return {
    ...(known ? { shape: known } : {}),
    ...(v.type !== undefined && elementTypes.has(v.type) ? { dtype: elementTypes.get(v.type)!.dtype } : {}),
  };
}

function visit(
  state: State,
  nodes: readonly OnnxNode[],
  scope: Map<string, Value>,
  prefix: string,
  calls: number,
): void {
  for (const node of nodes) {
    state.visited++;
    if (calls > 0) state.expanded++;
    if (state.expanded > maxExpanded)
      throw new RangeError(`${who}: functions and branches must expand to at most ${maxExpanded} nodes, got more`);
    const path = uniquePath(state, node, prefix);
    const fn = state.functions.get(`${node.domain}:${node.opType}`);
    const branch = node.opType === "If" ? takenBranch(node, scope) : undefined;
    if (fn) visitFunction(state, fn, node, scope, path, calls);
    else if (branch) visitBranch(state, branch, node, scope, path, calls);
    else visitNode(state, node, scope, path, calls);
  }
}

/** A function's body sees its inputs alone, and gives its outputs. */
function visitFunction(
  state: State,
  fn: OnnxFunction,
  node: OnnxNode,
  scope: Map<string, Value>,
  path: string,
  calls: number,
): void {
  if (calls >= maxCalls)
    throw new RangeError(`${who}: functions must call each other at most ${maxCalls} deep, got more at ${shown(path)}`);
  const local = new Map<string, Value>();
  fn.inputs.forEach((name, i) => {
    const value = scope.get(node.inputs[i] ?? "");
    if (value) local.set(name, value);
  });
  const body = fn.nodes.map((n) => withAttributes(n, node));
  visit(state, body, local, `${path}/`, calls + 1);
  hand(local, fn.outputs, scope, node.outputs);
}

/** A branch sees all that is around it. */
function visitBranch(
  state: State,
  branch: Graph,
  node: OnnxNode,
  scope: Map<string, Value>,
  path: string,
  calls: number,
): void {
  const local = new Map(scope);
  for (const { value, tensor } of storedOf(branch)) local.set(tensor.name, value);
  visit(state, branch.nodes, local, `${path}/`, calls + 1);
  const names = branch.outputs.map(({ name }) => name);
  hand(local, names, scope, node.outputs);
}

/** Values of an inner scope, under the names that the outer one has for them. */
function hand(
  from: ReadonlyMap<string, Value>,
  names: readonly string[],
  to: Map<string, Value>,
  outer: readonly string[],
): void {
  names.forEach((name, i) => {
    const value = from.get(name);
    const as = outer[i];
    if (value && as) to.set(as, value);
  });
}

function visitNode(state: State, node: OnnxNode, scope: Map<string, Value>, path: string, calls: number): void {
  const opset = state.file.opsets.get(node.domain) ?? 1;
  const given = node.inputs.map((name) => scope.get(name));
  const found = countNode(state, contextOf(node, opset, given), path);
  node.outputs.forEach((name, i) => {
    const value = found?.outputs[i];
    const declared = calls === 0 ? state.declared.get(name) : undefined;
    scope.set(name, value?.shape ? value : { ...declared, ...(value?.dtype ? { dtype: value.dtype } : {}) });
  });
  const first = node.outputs[0];
  if (found && !found.ops && first && !scope.get(first)?.shape)
    state.uncounted.push({ path, opType: node.opType, why: "the shape of its output is not known" });
}

/**
 * The branch of an If whose condition is known before the first run, as exporters write for sizes that they could not
 * fold.
 */
function takenBranch(node: OnnxNode, scope: ReadonlyMap<string, Value>): Graph | undefined {
  const condition = scope.get(node.inputs[0] ?? "")?.data;
  return condition?.length === 1 ? node.attributes.get(condition[0] ? "then_branch" : "else_branch")?.g : undefined;
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
