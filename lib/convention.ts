// The same model as another tool would count it, and why that is not our figure. What a tool counts is in convention/,
// one file a tool.
import { having, positiveIntegers, record } from "./check.js";
import { toolNamed, tools, type ToolName } from "./convention/index.js";
import { partsOf } from "./convention/parts.js";
import { counted, type Context, type Counted, type Place, type Tool } from "./convention/rule.js";
import type { Model, Node } from "./model.js";
import { cost, type Op } from "./op.js";

export type { ToolName } from "./convention/index.js";

/** Names of the counting tools that `countAs` knows. */
export const toolNames = Object.keys(tools) as ToolName[];

/** One reason for which a tool's figure is not ours. */
export interface Term {
  /** The kind of op. */
  readonly term: string;
  /** What the tool has more (or less) than we do. */
  readonly count: number;
  /** The reason. */
  readonly why: string;
}

/** What a tool prints. The counts of `terms` sum to value - ours. */
export interface ToolCount {
  /** The tool's name. */
  readonly tool: ToolName;
  /** Version whose figures these are. */
  readonly version: string;
  /** What the tool counts in. */
  readonly unit: "MACs" | "FLOPs";
  /** What the tool prints; null where it crashes, and where it was not studied. */
  readonly value: number | null;
  /** `value` where its unit is MACs, and what stands beside it where the tool prints both. */
  readonly macs?: number;
  /** `value` where its unit is FLOPs. */
  readonly flops?: number;
  /** Our figure in the same unit: MACs of the contractions, or FLOPs. */
  readonly ours: number;
  /** Why the two differ. */
  readonly terms: readonly Term[];
  /** Why the tool stops without a figure. */
  readonly crash?: string;
  /** Which op nobody has run the tool on, so that there is no figure to give. */
  readonly unstudied?: string;
}

/** What the workload leaves open. */
export interface CountAsOptions {
  /** Samples, where the workload does not say (an op counted alone; default 1). */
  batch?: number;
  /** Whether attention runs as scaled_dot_product_attention (PyTorch 2) instead of two products and a softmax. */
  fusedAttention?: boolean;
  /**
   * Whether nn.MultiheadAttention runs as the one op that PyTorch has for it in eval mode without gradients, batch
   * first and with biases (default false).
   */
  fastPath?: boolean;
}

/**
 * What `tool` prints for a model or an op, its documented faults included, and the difference from our own count term
 * by term. Tools: torch (torch-2.0), torchvision, fvcore, thop, ptflops-pytorch (ptflops), ptflops-aten, torchinfo
 * (torchinfo-1.8.0), deepspeed, calflops; each in its own unit. Case and separators of the name do not matter;
 * FlopCounterMode is torch. `value` is null, with the reason, where the tool crashes and where nobody has run it on
 * such an op. Neglected: the rounding of what is printed. Throws a RangeError for an unknown tool.
 * Checked against the tools themselves (test/golden/tools.json).
 */
export function countAs(
  tool: ToolName | (string & {}),
  modelOrOp: Model | Op,
  { batch, fusedAttention = false, fastPath = false }: CountAsOptions = {},
): ToolCount {
  record("countAs", "model or op", modelOrOp);
  if (!("nodes" in modelOrOp)) having("countAs", "model or op", "a Model or an Op", modelOrOp, "inputs");
  const name = toolNamed("countAs", "tool", tool);
  const asked: Tool = tools[name];
  const { unit, version, refuses } = asked;
  const nodes = "nodes" in modelOrOp ? modelOrOp.nodes : [{ path: modelOrOp.kind, op: modelOrOp }];
  const samples = batch ?? samplesOf(modelOrOp);
  positiveIntegers("countAs", { batch: samples });
  let value = 0;
  let macs = 0;
  let ours = 0;
  let crash = refuses?.(nodes.map((n) => n.op));
  let unstudied: string | undefined;
  let printsMacs = false;
  const terms = new Map<string, Term>();
  for (const node of nodes) {
    const added = countPlace(asked, placeOf(node), { batch: samples, fusedAttention, fastPath });
    const own = unit === "MACs" ? node.op.macs : cost(node.op).flops;
    ours += own;
    crash ??= added.crash;
    if (added.count === null) {
      unstudied ??= `${node.path}: ${added.why ?? "not studied"}`;
      continue;
    }
    value += added.count;
    if (added.macs !== undefined) {
      printsMacs = true;
      macs += added.macs;
    }
    if (added.count === own) continue;
    const why = added.why ?? "does not count this";
    const key = `${node.op.kind}\n${why}`;
    terms.set(key, { term: node.op.kind, count: (terms.get(key)?.count ?? 0) + added.count - own, why });
  }
  const common = { tool: name, version, unit, ours };
  if (crash !== undefined) return { ...common, value: null, terms: [], crash };
  if (unstudied !== undefined) return { ...common, value: null, terms: [], unstudied };
  return {
    ...common,
    value,
    ...(unit === "MACs" ? { macs: value } : { flops: value, ...(printsMacs ? { macs } : {}) }),
    terms: [...terms.values()],
  };
}

/** What the tool adds for one op: the sum over its parts where it stands for a whole block. */
function countPlace(tool: Tool, place: Place, context: Context): Counted {
  const parts = partsOf(place);
  if (parts.length === 1) return counted(tool, place, context);
  const each = parts.map((part) => counted(tool, part, context));
  const unknown = each.find((c) => c.count === null);
  if (unknown !== undefined) return unknown;
  const sum = (of: (c: Counted) => number | null) => each.reduce((n, c) => n + (of(c) ?? 0), 0);
  const why = `counts its ${parts.length} parts: ${[...new Set(each.map((c) => c.why).filter(Boolean))].join("; ")}`;
  return {
    count: sum((c) => c.count),
    why,
    ...(each.some((c) => c.macs !== undefined) ? { macs: sum((c) => c.macs ?? 0) } : {}),
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
