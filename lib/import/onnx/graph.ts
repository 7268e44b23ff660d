// Walks a graph in its order: values go from node to node, each node's rule says what it costs, and what cannot be
// counted is listed with the reason.
import { shown } from "../../check.js";
import type { Node } from "../../model.js";
import { elementCount, type TensorSpec } from "../../op.js";
import { contextOf, type Context } from "./context.js";
import { controlFlow, type Controlled, type Runner } from "./controlFlow.js";
import { countNode, isSurvivable, reason, type Counted, type Uncounted } from "./countNode.js";
import { elementTypes } from "./elementTypes.js";
import { innerParameters, storedOf, summed, type Initialisers, type Stored } from "./initialisers.js";
import type { Graph, OnnxFile, OnnxNode, TypeInfo } from "./proto.js";
import { scopeWithin, type Scope } from "./scope.js";
import { Uncountable, valueOf, type Value } from "./value.js";
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
  bodies: Map<Graph, Stored[]>;
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

function visit(state: State, nodes: readonly OnnxNode[], scope: Scope, prefix: string, calls: number): void {
  for (const node of nodes) {
    state.visited++;
    if (calls > 0) state.expanded++;
    if (state.expanded > maxExpanded)
      throw new RangeError(`${who}: functions and bodies must expand to at most ${maxExpanded} nodes, got more`);
    const path = uniquePath(state, node, prefix);
    const fn = state.functions.get(`${node.domain}:${node.opType}`);
    if (fn) visitFunction(state, fn, node, scope, path, calls);
    else if ([...node.attributes.values()].some((a) => a.g)) visitBodies(state, node, scope, path, calls);
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

/** A node with graphs of its own. What its bodies cost counts once it is known that they all could be run. */
function visitBodies(state: State, node: OnnxNode, scope: Scope, path: string, calls: number): void {
  const trial: State = { ...state, ...nothingYet(), owned: new Set(state.owned), steering: new Set(state.steering) };
  const runner = runnerIn(trial, scope, path, calls);
  const c = contextIn(state, node, scope, calls);
  let found: Controlled | undefined;
  try {
    found = controlFlow(c, runner);
  } catch (error) {
    if (!isSurvivable(error)) throw error;
    found = { outputs: [], why: reason(error) };
  }
  state.visited = trial.visited;
  state.expanded = trial.expanded;
  if (!found) {
    visitNode(state, node, scope, path, calls);
    return;
  }
  keep(c, found.outputs, scope);
  if (found.why !== undefined) {
    state.uncounted.push({ path, opType: node.opType, why: found.why });
    return;
  }
  for (const n of trial.nodes) state.nodes.push(n);
  for (const u of trial.uncounted) state.uncounted.push(u);
  state.owned = trial.owned;
  state.steering = trial.steering;
}

const nothingYet = () => ({ nodes: [], uncounted: [] });

/** Runs bodies into `state`; a body sees all that is around it. */
function runnerIn(state: State, scope: Scope, path: string, calls: number): Runner {
  const inside =
    (into: State): Runner["run"] =>
    (body, given, step) => {
      const local = scopeWithin(scope);
      for (const { value, tensor } of storedIn(state, body)) local.set(tensor.name, value);
      body.inputs.forEach(({ name }, i) => {
        local.set(name, given[i] ?? {});
      });
      visit(into, body.nodes, local, `${path}/${step}`, calls + 1);
      return body.outputs.map(({ name }) => local.get(name));
    };
  return {
    run: inside(state),
    dry(body, given) {
      const trial: State = { ...state, ...nothingYet(), paths: new Map(), owned: new Set(), steering: new Set() };
      const outputs = inside(trial)(body, given, "");
      state.expanded = trial.expanded;
      return { outputs, free: trial.nodes.length === 0 && trial.uncounted.length === 0 };
    },
    state(value) {
      for (const t of value?.stored ?? []) if (t.name !== undefined) state.steering.add(t.name);
    },
    room(nodes) {
      if (state.expanded + nodes > maxExpanded)
        throw new Uncountable(`its bodies must be at most ${maxExpanded} nodes, one after the other, got more`);
    },
  };
}

function storedIn(state: State, body: Graph): Stored[] {
  const known = state.bodies.get(body) ?? storedOf(body);
  state.bodies.set(body, known);
  return known;
}

function contextIn(state: State, node: OnnxNode, scope: Scope, calls: number): Context {
  const opset = state.file.opsets.get(node.domain) ?? 1;
  return contextOf(
    node,
    opset,
    node.inputs.map((name) => scope.get(name)),
    (i) => (calls === 0 ? state.declared.get(node.outputs[i] ?? "") : undefined),
  );
}

/** What a node gave, under its names; where that is not known, what the file declares. */
function keep(c: Context, outputs: readonly (Value | undefined)[], scope: Scope): void {
  c.node.outputs.forEach((name, i) => {
    if (name === "") return;
    const value = outputs[i];
    const known = value && (value.shape ?? value.element ?? value.absent);
    scope.set(name, known ? value : { ...c.declared(i), ...(value?.dtype ? { dtype: value.dtype } : {}) });
  });
}

function visitNode(state: State, node: OnnxNode, scope: Scope, path: string, calls: number): void {
  const c = contextIn(state, node, scope, calls);
  const found = countNode(state, c, path);
  keep(c, found?.outputs ?? [], scope);
  const first = scope.get(node.outputs.find((name) => name !== "") ?? "");
  if (!found || found.ops || !first || first.shape || first.element || first.absent) return;
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
