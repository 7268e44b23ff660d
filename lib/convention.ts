// The same model as another tool would count it, and why that is not our figure. What a tool counts is in convention/,
// one file a tool.
import { having, positiveIntegers, record } from "./check.js";
import { toolNamed, tools, type ToolName } from "./convention/index.js";
import { partsOf } from "./convention/parts.js";
import type { Context, Counted, Place, Tool } from "./convention/rule.js";
import type { Model, Node } from "./model.js";
import { cost, type Op } from "./op.js";

export type { ToolName } from "./convention/index.js";

/** Names of the counting tools that `countAs` knows. */
export const toolNames = Object.keys(tools) as ToolName[];

/** `count` is what the tool has more (or less) than we do, by the kind of op and the reason. */
export interface Term {
  readonly term: string;
  readonly count: number;
  readonly why: string;
}

/**
 * `value`: what the tool prints, null where it crashes; also under the name of its unit, `macs` or `flops`, and both
 * where it prints both. `ours`: our figure in the same unit, MACs of the contractions or FLOPs. The counts of `terms`
 * sum to value - ours.
 */
export interface ToolCount {
  readonly tool: ToolName;
  readonly version: string;
  readonly unit: "MACs" | "FLOPs";
  readonly value: number | null;
  readonly macs?: number;
  readonly flops?: number;
  readonly ours: number;
  readonly terms: readonly Term[];
  readonly crash?: string;
}

/**
 * `batch`: samples, where the workload does not say (an op counted alone). `fusedAttention`: attention runs as
 * scaled_dot_product_attention (PyTorch 2), default two products and a softmax.
 */
export interface CountAsOptions {
  batch?: number;
  fusedAttention?: boolean;
}

/**
 * What `tool` prints for a model or an op, its documented faults included, and the difference from our own count term
 * by term. Tools: torch (torch-2.0), torchvision, fvcore, thop, ptflops-pytorch (ptflops), ptflops-aten, torchinfo
 * (torchinfo-1.8.0), deepspeed, calflops; each in its own unit. Case and separators of the name do not matter;
 * FlopCounterMode is torch. Neglected: the rounding of what is printed. Throws a RangeError for an unknown tool.
 * Checked against the tools themselves (test/golden/tools.json).
 */
export function countAs(
  tool: ToolName | (string & {}),
  modelOrOp: Model | Op,
  { batch, fusedAttention = false }: CountAsOptions = {},
): ToolCount {
  record("countAs", "model or op", modelOrOp);
  if (!("nodes" in modelOrOp)) having("countAs", "model or op", "a Model or an Op", modelOrOp, "inputs");
  const name = toolNamed("countAs", "tool", tool);
  const { unit, version, rule, refuses }: Tool = tools[name];
  const nodes = "nodes" in modelOrOp ? modelOrOp.nodes : [{ path: modelOrOp.kind, op: modelOrOp }];
  const samples = batch ?? samplesOf(modelOrOp);
  positiveIntegers("countAs", { batch: samples });
  let value = 0;
  let macs = 0;
  let ours = 0;
  let crash = refuses?.(nodes.map((n) => n.op));
  let printsMacs = false;
  const terms = new Map<string, Term>();
  for (const node of nodes) {
    const counted = countPlace(rule, placeOf(node), { batch: samples, fusedAttention });
    const own = unit === "MACs" ? node.op.macs : cost(node.op).flops;
    crash ??= counted.crash;
    value += counted.count;
    ours += own;
    if (counted.macs !== undefined) {
      printsMacs = true;
      macs += counted.macs;
    }
    if (counted.count === own) continue;
    const why = counted.why ?? "does not count this";
    const key = `${node.op.kind}\n${why}`;
    terms.set(key, { term: node.op.kind, count: (terms.get(key)?.count ?? 0) + counted.count - own, why });
  }
  const common = { tool: name, version, unit, ours };
  if (crash !== undefined) return { ...common, value: null, terms: [], crash };
  return {
    ...common,
    value,
    ...(unit === "MACs" ? { macs: value } : { flops: value, ...(printsMacs ? { macs } : {}) }),
    terms: [...terms.values()],
  };
}

/** What the tool adds for one op: the sum over its parts where it stands for a whole block. */
function countPlace(rule: Tool["rule"], place: Place, context: Context): Counted {
  const parts = partsOf(place);
  if (parts.length === 1) return rule(place, context);
  const counted = parts.map((part) => rule(part, context));
  const sum = (of: (c: Counted) => number) => counted.reduce((n, c) => n + of(c), 0);
  const why = `counts its ${parts.length} parts: ${[...new Set(counted.map((c) => c.why).filter(Boolean))].join("; ")}`;
  return {
    count: sum((c) => c.count),
    why,
    ...(counted.some((c) => c.macs !== undefined) ? { macs: sum((c) => c.macs ?? 0) } : {}),
  };
}

function samplesOf(modelOrOp: Model | Op): number {
  const given = "nodes" in modelOrOp ? modelOrOp.workload.batch : modelOrOp.attributes?.batch;
  return typeof given === "number" ? given : 1;
}

/**
 * Gradients are ops of their own, named after the op that they belong to ("conv2d.weightGradient"), or filed under its
 * path.
 */
const placeOf = ({ path, op, module }: Node): Place => ({
  op,
  module,
  backward: op.kind.includes(".") || path.endsWith("/backward"),
});
