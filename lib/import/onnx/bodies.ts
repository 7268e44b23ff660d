// Nodes with graphs of their own: bodies are visited as the graph around them is.
import type { Context } from "./context.js";
import { controlFlow, type Controlled, type Runner } from "./controlFlow.js";
import { isSurvivable, reason } from "./countNode.js";
import { storedOf, type Stored } from "./initialisers.js";
import type { Graph, OnnxNode } from "./proto.js";
import { scopeWithin, type Scope } from "./scope.js";
import { contextIn, keep, maxExpanded, type State } from "./state.js";
import { Uncountable, valueOf } from "./value.js";

/** Where a node stands, and within how many calls. */
interface Place {
  readonly path: string;
  readonly calls: number;
}

/** How nodes are visited. */
export interface Visits {
  all(state: State, nodes: readonly OnnxNode[], scope: Scope, prefix: string, calls: number): void;
  node(state: State, node: OnnxNode, scope: Scope, path: string, calls: number): void;
}

/** A node with graphs of its own. What its bodies cost counts once it is known that they all could be run. */
export function visitBodies(state: State, node: OnnxNode, scope: Scope, at: Place, visits: Visits): void {
  const { path, calls } = at;
  const trial: State = { ...state, ...nothingYet(), owned: new Set(state.owned), steering: new Set(state.steering) };
  const runner = runnerIn(trial, scope, at, visits);
  const c = contextIn(state, node, scope, calls);
  let found: Controlled | undefined;
  try {
    found = controlFlow(c, runner);
  } catch (error) {
    if (!isSurvivable(error)) throw error;
    found = { outputs: [], why: reason(error, c) };
  }
  state.visited = trial.visited;
  state.expanded = trial.expanded;
  if (!found) {
    visits.node(state, node, scope, path, calls);
    if (node.opType === "FlexAttention") modify(c, runnerIn(state, scope, at, visits));
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

/** What the bodies of a FlexAttention do to its scores [batch, heads, tokens, context], and to their softmax. */
function modify(c: Context, { run }: Runner): void {
  const [q, k] = [c.inputs[0]?.shape, c.inputs[1]?.shape];
  if (q?.length !== 4 || k?.length !== 4) return;
  const scores = valueOf([q[0]!, q[1]!, q[2]!, k[2]!], c.dtype() === "fp64" ? "fp64" : "fp32");
  for (const name of ["score_mod", "prob_mod"]) {
    const body = c.node.attributes.get(name)?.g;
    if (body) run(body, [scores], `${name}/`);
  }
}

/** Runs bodies into `state`; a body sees all that is around it. */
function runnerIn(state: State, scope: Scope, { path, calls }: Place, visits: Visits): Runner {
  const inside =
    (into: State): Runner["run"] =>
    (body, given, step) => {
      const local = scopeWithin(scope);
      for (const { value, tensor } of storedIn(state, body)) local.set(tensor.name, value);
      body.inputs.forEach(({ name }, i) => {
        local.set(name, given[i] ?? {});
      });
      visits.all(into, body.nodes, local, `${path}/${step}`, calls + 1);
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
