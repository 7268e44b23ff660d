// Walks a graph in its order: values go from node to node, each node's rule says what it costs, and what cannot be
// counted is listed with the reason.
import { shown } from "../../check.js";
import type { Node } from "../../model.js";
import { elementCount, type Op, type TensorSpec } from "../../op.js";
import { contextOf, isEmpty, type Context, type Found } from "./context.js";
import { ruleOf } from "./coverage.js";
import { elementTypes } from "./elementTypes.js";
import type { Graph, OnnxFile, OnnxNode, Tensor, ValueInfo } from "./proto.js";
import { tensorValue, Uncountable, valueOf, type Value } from "./value.js";
import { who } from "./wire.js";

export interface Uncounted {
  readonly path: string;
  readonly opType: string;
  readonly why: string;
}
/** What a file stores. `elements` are all numbers of all initialisers. */
export interface Initialisers {
  readonly tensors: number;
  readonly elements: number;
  readonly bytes: number;
  readonly bytesByDtype: Readonly<Record<string, number>>;
}
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

interface State {
  file: OnnxFile;
  functions: Map<string, OnnxFile["functions"][number]>;
  nodes: Node[];
  uncounted: Uncounted[];
  paths: Map<string, number>;
  owned: Set<string>;
  steering: Set<string>;
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
  const rest = stored.filter(
    ({ tensor, parameter }) => parameter && !state.owned.has(tensor.name) && !state.steering.has(tensor.name),
  );
  return {
    nodes: state.nodes,
    uncounted: state.uncounted,
    initialisers: summed(stored.map((s) => s.tensor)),
    idleParams: [
      ...rest.map((s) => s.tensor),
      ...inner(graph.nodes).filter((t) => !state.owned.has(t.name) && !state.steering.has(t.name)),
    ].reduce((n, t) => n + elementCount(t.dims), 0),
    outputs: graph.outputs.map(({ name }) => ({
      name,
      shape: scope.get(name)?.shape ?? [],
      dtype: scope.get(name)?.dtype ?? "fp32",
    })),
  };
}

/** Integers of 8 bits and fewer are quantized weights; wider ones are indices and sizes. */
const isParameter = (t: Tensor): boolean => {
  const type = elementTypes.get(t.type);
  return type !== undefined && (type.float || (type.bits <= 8 && type.name !== "bool"));
};

function storedOf(graph: Graph): { tensor: Tensor; value: Value; parameter: boolean }[] {
  return graph.initialisers.map((tensor) => {
    const value = tensorValue(tensor);
    const parameter = isParameter(tensor);
    if (!value.shape || !value.dtype) return { tensor, value, parameter };
    return {
      tensor,
      parameter,
      value: {
        ...value,
        stored: [
          { name: tensor.name, shape: value.shape, dtype: value.dtype, ...(parameter ? {} : { stored: false }) },
        ],
      },
    };
  });
}

/** Parameters in the bodies of control flow. */
function inner(nodes: readonly OnnxNode[]): Tensor[] {
  return nodes.flatMap((n) =>
    [...n.attributes.values()].flatMap((a) =>
      a.graphs.flatMap((g) => [...g.initialisers.filter(isParameter), ...inner(g.nodes)]),
    ),
  );
}

function summed(tensors: readonly Tensor[]): Initialisers {
  const bytesByDtype: Record<string, number> = {};
  let elements = 0;
  let bytes = 0;
  for (const t of tensors) {
    const type = elementTypes.get(t.type);
    const n = elementCount(t.dims);
    const size = type ? Math.ceil((n * type.bits) / 8) : 0;
    elements += n;
    bytes += size;
    bytesByDtype[type?.name ?? "string"] = (bytesByDtype[type?.name ?? "string"] ?? 0) + size;
  }
  return { tensors: tensors.length, elements, bytes, bytesByDtype };
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
    if (calls > 0 && ++state.expanded > maxExpanded)
      throw new RangeError(`${who}: functions and branches must expand to at most ${maxExpanded} nodes, got more`);
    const path = uniquePath(state, node, prefix);
    const fn = state.functions.get(`${node.domain}:${node.opType}`);
    if (fn) {
      if (calls >= maxCalls)
        throw new RangeError(
          `${who}: functions must call each other at most ${maxCalls} deep, got more at ${shown(path)}`,
        );
      const local = new Map<string, Value>();
      fn.inputs.forEach((name, i) => {
        const value = scope.get(node.inputs[i] ?? "");
        if (value) local.set(name, value);
      });
      visit(
        state,
        fn.nodes.map((n) => withAttributes(n, node)),
        local,
        `${path}/`,
        calls + 1,
      );
      fn.outputs.forEach((name, i) => {
        const value = local.get(name);
        if (value && node.outputs[i]) scope.set(node.outputs[i]!, value);
      });
      continue;
    }
    const branch = node.opType === "If" ? takenBranch(node, scope) : undefined;
    if (branch) {
      const local = new Map(scope);
      for (const { value, tensor } of storedOf(branch)) local.set(tensor.name, value);
      visit(state, branch.nodes, local, `${path}/`, calls + 1);
      branch.outputs.forEach(({ name }, i) => {
        const value = local.get(name);
        if (value && node.outputs[i]) scope.set(node.outputs[i]!, value);
      });
      continue;
    }
    const c = contextOf(
      node,
      state.file.opsets.get(node.domain) ?? 1,
      node.inputs.map((name) => scope.get(name)),
    );
    const found = counted(state, c, path);
    node.outputs.forEach((name, i) => {
      const value = found?.outputs[i];
      const declared = calls === 0 ? state.declared.get(name) : undefined;
      scope.set(name, value?.shape ? value : { ...declared, ...(value?.dtype ? { dtype: value.dtype } : {}) });
    });
    if (found && !found.ops && node.outputs[0] && !scope.get(node.outputs[0])?.shape)
      state.uncounted.push({ path, opType: node.opType, why: "the shape of its output is not known" });
  }
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

function counted(state: State, c: Context, path: string): Found | undefined {
  const { opType, domain } = c.node;
  const rule = ruleOf(opType);
  try {
    if (!rule)
      throw new Uncountable(
        opType === "If"
          ? "which branch runs is not known before"
          : ["Loop", "Scan"].includes(opType)
            ? "how often its body runs is not in the file"
            : `no rule for op type ${shown(domain ? `${domain}.${opType}` : opType)}`,
      );
    const found = rule(c);
    // An empty result computes and moves nothing.
    if (found.outputs[0]?.shape && isEmpty(found.outputs[0].shape)) return { outputs: found.outputs };
    for (const i of [...(found.operands ?? []), ...(found.unstored ?? [])])
      for (const t of c.inputs[i]?.stored ?? []) if (t.name !== undefined) state.steering.add(t.name);
    const placed = (found.ops ?? []).map(({ suffix, op }) => ({
      path: suffix ? `${path}/${suffix}` : path,
      op: found.ownTensors ? op : withTensors(op, c, found),
    }));
    for (const { path: at, op } of placed)
      state.nodes.push({ path: at, op: { ...op, weights: op.weights.map((w) => owned(state, w)) } });
    return found;
  } catch (error) {
    // Only what a rule found wrong with a node is survivable; a file that does not hold together is not.
    if (
      !(error instanceof Uncountable) &&
      !(error instanceof RangeError && !error.message.startsWith(who)) &&
      !(error instanceof TypeError)
    )
      throw error;
    state.uncounted.push({ path, opType, why: error.message.replace(/\s+/g, " ") });
    return undefined;
  }
}

/** A parameter belongs to the first op that uses it. */
function owned(state: State, weight: TensorSpec): TensorSpec {
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
    const value = c.inputs[i];
    if (value?.stored)
      value.stored.forEach((t, j) => {
        const key = t.name ?? name;
        if (!weights.has(key))
          weights.set(key, {
            ...t,
            ...(unstored.includes(i) ? { stored: false } : {}),
            ...(j === 0 && read[i] !== undefined ? { elements: Math.min(read[i]!, elementCount(t.shape)) } : {}),
          });
      });
    else if (!inputs.has(name))
      inputs.set(name, {
        name,
        shape: c.shape(i),
        dtype: c.dtype(i),
        ...(read[i] === undefined ? {} : { elements: read[i] }),
      });
  });
  return {
    ...op,
    inputs: [...inputs.values()],
    weights: [...weights.values()],
    outputs: c.node.outputs.flatMap((name, i) => {
      const v = outputs[i];
      return name && v?.shape && v.dtype ? [{ name, shape: v.shape, dtype: v.dtype }] : [];
    }),
  };
}

/** A graph input as a value. */
export const inputValue = (shape: readonly number[], type: number | undefined): Value =>
  valueOf(shape, elementTypes.get(type ?? 1)?.dtype);
