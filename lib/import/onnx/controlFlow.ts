// Nodes that run bodies: If, Loop, Scan and SequenceMap. A body is run as often as the file tells, one copy after the
// other; where it does not tell, the node is not counted, but what its outputs must be is kept.
import type { Context } from "./context.js";
import type { Graph } from "./proto.js";
import { sameSizes, Uncountable, valueOf, type Value } from "./value.js";

type Values = readonly (Value | undefined)[];

/** How a body is run: for good, or only to see what it gives and whether it costs anything. */
export interface Runner {
  run(body: Graph, given: Values, step: string): Values;
  dry(body: Graph, given: Values): { outputs: Values; free: boolean };
  /** Initial states are no parameters. */
  state(value: Value | undefined): void;
  /** Throws where so many more nodes are too many. */
  room(nodes: number): void;
}

/** `why`: why the node is not counted, though its outputs may be known. */
export interface Controlled {
  outputs: Values;
  why?: string;
}

/** What a node that runs bodies gives; undefined for any other node. */
export function controlFlow(c: Context, runner: Runner): Controlled | undefined {
  const { opType, domain } = c.node;
  if (domain !== "") return undefined;
  if (opType === "If") return branch(c, runner);
  if (opType === "Loop") return loop(c, runner);
  if (opType === "Scan") return scan(c, runner);
  return opType === "SequenceMap" ? map(c, runner) : undefined;
}

function bodyOf(c: Context, name: string): Graph {
  const g = c.node.attributes.get(name)?.g;
  if (!g) throw new Uncountable(`${c.node.opType} must have the graph ${name}, got none`);
  return g;
}

function branch(c: Context, { run, dry }: Runner): Controlled {
  const condition = c.data(0);
  if (condition?.length === 1) return { outputs: run(bodyOf(c, condition[0] ? "then_branch" : "else_branch"), [], "") };
  const yes = dry(bodyOf(c, "then_branch"), []);
  const no = dry(bodyOf(c, "else_branch"), []);
  const outputs = yes.outputs.map((v, i) => common(v, no.outputs[i]));
  return yes.free && no.free ? { outputs } : { outputs, why: "which branch runs is not known before" };
}

/** What two values have in common. */
function common(a: Value | undefined, b: Value | undefined): Value | undefined {
  if (!a || !b) return undefined;
  if (a.element || b.element) return a.element && b.element ? { element: common(a.element, b.element) ?? {} } : {};
  return {
    ...(sameSizes(a.shape, b.shape) ? { shape: a.shape } : {}),
    ...(a.dtype !== undefined && a.dtype === b.dtype ? { dtype: a.dtype } : {}),
  };
}

/** A carried value whose weights the body does not pass on is a state, and its first value no parameter. */
function states(runner: Runner, body: Graph, given: Values, at: number, back: number, count: number): Values {
  const { outputs } = runner.dry(body, given);
  return given.map((v, i) => {
    const j = i - at;
    if (j < 0 || j >= count || !v?.stored || outputs[back + j]?.stored === v.stored) return v;
    runner.state(v);
    return without(v);
  });
}
const without = ({ shape, dtype, data }: Value): Value => valueOf(shape, dtype, data);

const openEnded = "how often its body runs is not in the file";

function loop(c: Context, runner: Runner): Controlled {
  const body = bodyOf(c, "body");
  const limit = c.has(0) ? c.data(0)?.[0] : Infinity;
  let goes = c.has(1) ? c.data(1)?.[0] : 1;
  const carriedCount = Math.max(0, c.node.inputs.length - 2);
  let carried: Values = Array.from({ length: carriedCount }, (_, i) => c.inputs[i + 2]);
  if (limit === undefined || goes === undefined) return { outputs: [], why: openEnded };
  const given = (i: number): Values => [valueOf([], "int64", [i]), valueOf([], "bool", [1]), ...carried];
  const results: (Value | undefined)[][] = [];
  if (goes && limit > 0) carried = states(runner, body, given(0), 2, 1, carriedCount).slice(2);
  for (let i = 0; i < limit && goes; i++) {
    runner.room(i === 0 && limit < Infinity ? limit * body.nodes.length : body.nodes.length + 1);
    const out: Values = runner.run(body, given(i), `${i}/`);
    goes = out[0]?.data?.[0];
    if (goes === undefined) throw new Uncountable(openEnded);
    carried = out.slice(1, 1 + carriedCount);
    results.push(out.slice(1 + carriedCount));
  }
  return { outputs: [...carried, ...stacked(results, results.length, () => 0)] };
}

/** What each step gave, one behind the other along a new axis. */
function stacked(results: readonly Values[], steps: number, axisOf: (i: number, rank: number) => number): Values {
  return (results[0] ?? []).map((first, i) => {
    const shape = first?.shape;
    if (!shape || !results.every((r) => sameSizes(r[i]?.shape, shape))) return undefined;
    const out = [...shape];
    out.splice(axisOf(i, shape.length + 1), 0, steps);
    return valueOf(out, first.dtype);
  });
}

/** From opset 9 on; before, the first input holds lengths, and every other one has a batch in front. */
function scan(c: Context, runner: Runner): Controlled {
  const body = bodyOf(c, "body");
  const batched = c.opset < 9;
  const from = batched ? 1 : 0;
  const scanned = c.int("num_scan_inputs", 0);
  const stateCount = c.node.inputs.length - from - scanned;
  if (scanned < 1 || stateCount < 0)
    throw new Uncountable(`num_scan_inputs must be 1 to ${c.node.inputs.length - from}, got ${scanned}`);
  const axes = c.ints("scan_input_axes") ?? [];
  const outAxes = c.ints("scan_output_axes") ?? [];
  const dropped = (i: number, at: readonly number[]): Value =>
    valueOf(
      c.shape(i).filter((_, d) => !at.includes(d)),
      c.inputs[i]?.dtype,
    );
  const axis = (i: number): number => {
    const rank = c.shape(from + stateCount + i).length;
    const a = batched ? 1 : (axes[i] ?? 0);
    return a < 0 ? a + rank : a;
  };
  const steps = Array.from({ length: scanned }, (_, i) => c.shape(from + stateCount + i)[axis(i)]);
  const [trips] = steps;
  if (trips === undefined || steps.some((n) => n !== trips))
    throw new Uncountable(`scanned inputs must have the same number of steps, got ${steps.join(" and ")}`);
  const batch = batched ? c.shape(from + stateCount)[0]! : 1;
  const slices = steps.map((_, i) => dropped(from + stateCount + i, batched ? [0, 1] : [axis(i)]));
  const begin = Array.from({ length: stateCount }, (_, i) => (batched ? dropped(from + i, [0]) : c.inputs[from + i]));
  runner.room(batch * trips * body.nodes.length);
  const first = states(runner, body, [...begin, ...slices], 0, 0, stateCount).slice(0, stateCount);
  let carried: Values = first;
  let results: Values[] = [];
  for (let b = 0; b < batch; b++) {
    carried = first;
    results = [];
    for (let t = 0; t < trips; t++) {
      const out = runner.run(body, [...carried, ...slices], `${b * trips + t}/`);
      carried = out.slice(0, stateCount);
      results.push(out.slice(stateCount));
    }
  }
  const rows = stacked(results, trips, (i, rank) => {
    const a = outAxes[i] ?? 0;
    return a < 0 ? a + rank : a;
  });
  const wide = (v: Value | undefined) => (v?.shape ? valueOf([batch, ...v.shape], v.dtype) : undefined);
  return { outputs: batched ? [...carried.map(wide), ...rows.map(wide)] : [...carried, ...rows] };
}

function map(c: Context, runner: Runner): Controlled {
  const body = bodyOf(c, "body");
  const count = c.inputs[0]?.items?.length;
  const part = (i: number): Values => c.inputs.map((v) => v?.items?.[i] ?? v?.element ?? v);
  if (count === undefined) {
    const { outputs, free } = runner.dry(body, part(0));
    const found = outputs.map((v) => ({ element: v ?? {} }));
    return free
      ? { outputs: found }
      : { outputs: found, why: "how many tensors the sequence holds is not in the file" };
  }
  runner.room(count * body.nodes.length);
  const results = Array.from({ length: count }, (_, i) => runner.run(body, part(i), `${i}/`));
  const outputs = body.outputs.map((_, j) => {
    const items = results.map((r) => r[j] ?? {});
    return { items, element: items[0] ?? {} };
  });
  return { outputs };
}
