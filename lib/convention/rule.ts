// What a counting tool's rules look like: for each kind of layer a function from one op at its place to what the tool
// adds for it.
import { elementCount, type Op } from "../op.js";
import type { LayerKind, OpOf } from "../ops/index.js";
import { reported } from "./einsum.js";

/**
 * How PyTorch runs an op, where tools count differently by it (`module` of a Node):
 * absent: its own nn.Module of the usual class (nn.Conv2d, nn.ReLU, …); sums and products are operators either way.
 * "functional": a call of torch.nn.functional or a tensor method (torch.matmul), which hooks on modules do not see.
 * "functional, QKᵀ by @": attention whose first product is the operator. "einsum": attention by two torch.einsum.
 * "Tensor.mean": a global average pool by a reduction that no tool counts.
 * "MultiheadAttention": inside nn.MultiheadAttention called as (x, x, x); "MultiheadAttention by keyword": called as
 * (query=x, …). "LayerNorm2d": a subclass of nn.LayerNorm. "@": a product by the operator.
 * "Linear of four dimensions": nn.Linear on [batch, height, width, channels]. "Embedding without batch": nn.Embedding
 * that is asked for positions, once for all samples.
 * "Conv1D": Hugging Face's GPT-2 layer, a linear layer by torch.addmm that is no nn.Linear. "GELUActivation": a module
 * that took hold of F.gelu when it was built, before any tool replaced it. "NewGELUActivation": Hugging Face's GELU by
 * tanh, written out in products and sums.
 */
export interface Place<AnOp extends Op = Op> {
  readonly op: AnOp;
  readonly module?: string;
  readonly backward: boolean;
}

export interface Context {
  /** Samples in the workload. */
  readonly batch: number;
  /** Whether attention runs as scaled_dot_product_attention instead of two matrix products and a softmax. */
  readonly fusedAttention: boolean;
  /** Whether nn.MultiheadAttention runs as one op of PyTorch, as in eval mode without gradients. */
  readonly fastPath: boolean;
}

/** What a tool adds for an op. */
export interface Counted {
  /** In the tool's unit; null where it is not known what the tool adds. */
  readonly count: number | null;
  /** Multiply-adds beside it, where the tool prints both. */
  readonly macs?: number;
  /** Why it is not our figure, or not known. */
  readonly why?: string;
  /** The tool stops here, and why. */
  readonly crash?: string;
}

/** What a tool adds for an op at its place. */
export type Rule<AnOp extends Op = Op> = (place: Place<AnOp>, context: Context) => Counted;

/** What a tool adds for the ops of each kind of layer. A layer that a tool's table does not name does not compile. */
export type Counters = { readonly [Kind in LayerKind]: Rule<OpOf<Kind>> };

/** A counting tool: the sum of what it adds for each op is what it prints. */
export interface Tool {
  readonly unit: "MACs" | "FLOPs";
  /** Version whose figures the counters reproduce. */
  readonly version: string;
  /** What it adds wherever an op stands in a certain way, whatever its kind; else undefined. */
  readonly before?: (place: Place, context: Context) => Counted | undefined;
  /** What it adds by kind of layer. */
  readonly counters: Counters;
  /** What it adds for an op that no layer made (a file's own operators). */
  readonly others: Rule;
  /** Why the tool cannot count `ops` at all. */
  readonly refuses?: (ops: readonly Op[]) => string | undefined;
}

/** What `tool` adds for one op at its place. */
export function counted({ before, counters, others }: Tool, place: Place, context: Context): Counted {
  const settled = before?.(place, context);
  if (settled !== undefined) return settled;
  const { kind, attributes } = place.op;
  const known = attributes !== undefined && Object.hasOwn(counters, kind);
  return (known ? (counters[kind as LayerKind] as Rule) : others)(place, context);
}

/** The same rule for several kinds. */
export const forKinds = <Kind extends LayerKind>(kinds: readonly Kind[], rule: Rule): { [K in Kind]: Rule } =>
  Object.fromEntries(kinds.map((kind) => [kind, rule])) as { [K in Kind]: Rule };

/** The tool is known to add nothing; `why` where that differs from our count. */
export const ignored =
  (why?: string): Rule =>
  () => ({ count: 0, why });

/** Nobody has run the tool on such an op for us: no figure rather than a guess. */
export const unstudied: Rule = ({ op }) => ({ count: null, why: `what it counts for ${op.kind} has not been studied` });

/** Our multiply-adds, and nothing else. */
export const macsOnly: Rule = ({ op }) => ({ count: op.macs });

export const convKinds = ["conv1d", "conv2d", "conv3d"] as const;
export const convTransposeKinds = ["convTranspose1d", "convTranspose2d", "convTranspose3d"] as const;
/** Elementwise arithmetic by operators, and what only places elements. */
export const operatorKinds = ["add", "sub", "mul", "div", "concat", "prependToken", "rope", "softcap"] as const;
/** The layers of state-space and linear-attention models. */
export const stateKinds = ["shortConv", "selectiveScan", "ssd", "gatedDeltaRule", "rwkvTimeMix", "tokenShift"] as const;
/** Layers on which none but PyTorch's own counter was run. */
export const sampledKinds = ["resize", "gridSample", "deformConv2d", "fft", "rnn"] as const;
/** Layers of DeepSeek's attention over chosen positions, and of its residual streams. */
export const sparseKinds = ["indexScore", "compress", "compressedAttention", "hyperConnection", "streamMix"] as const;
/** Layers that are taken apart before they are counted (parts.ts). */
export const blockKinds = ["moe", "mla"] as const;

/** The rule that gives a convolution's padding, where it was asked for by name ("same", "valid"). */
export const paddingRule = ({ attributes }: Op): string | undefined => attributes?.paddingRule as string | undefined;

export const inputElements = ({ inputs, attributes }: Op): number =>
  elementCount(inputs[0]?.shape ?? (attributes?.shape as number[] | undefined) ?? []);
export const outputElements = ({ outputs }: Op): number => elementCount(outputs[0]!.shape);
export const biasElements = ({ extras }: Op): number => extras.bias ?? 0;
/** The bias as a vector: one element per output feature. */
export const biasOnce = ({ extras, outputs }: Op): number =>
  extras.bias ? outputs[0]!.shape[outputs[0]!.shape.length - 1]! : 0;
/** Stored parameters of an op, its bias included. */
export const parameters = ({ weights }: Op): number =>
  weights.reduce((n, w) => n + (w.stored === false ? 0 : elementCount(w.shape)), 0);

/** Scores of an attention: batch · heads · tokens · context. */
export function scores({ attributes }: Op): number {
  const { batch, heads, tokens, context } = attributes as Record<"batch" | "heads" | "tokens" | "context", number>;
  return batch * heads * tokens * context;
}

/** The multiply-adds of an attention's AV alone. */
export const valueMacs = (op: Op): number => scores(op) * (op.attributes as { vHeadDim: number }).vHeadDim;
/** FLOPs of the two products of an attention as numpy's einsum_path reports them. */
export const reportedFlops = (op: Op): number[] =>
  [op.macs - valueMacs(op), valueMacs(op)].map((macs) => reported(2 * macs));
export const byEinsum = "einsum";
export const byOperator = "functional, QKᵀ by @";

/** An LSTM whose output is projected. */
export const isProjected = ({ attributes }: Op): boolean => Boolean(attributes?.projSize);

/** Units that run, each a step of a sample in a layer and direction; multiply-adds but those of a projection. */
export function recurrentSizes({ macs, attributes }: OpOf<"lstm" | "gru">): { unitSteps: number; gateMacs: number } {
  const { batch, tokens, hiddenSize, numLayers, bidirectional } = attributes;
  const unitSteps = batch * tokens * numLayers * hiddenSize * (bidirectional ? 2 : 1);
  const { projSize = 0 } = attributes as Partial<OpOf<"lstm">["attributes"]>;
  return { unitSteps, gateMacs: macs - unitSteps * projSize };
}

export const isAffine = ({ attributes }: Op): boolean => attributes?.affine !== false;
export const isAdaptive = ({ attributes }: Op): boolean => attributes?.adaptive === true;

/** In a nn.MultiheadAttention that runs as one op, of which no dispatcher and no patched function sees a part. */
export const inFastPath = ({ module }: Place, { fastPath }: Context): boolean => fastPath && inMultihead(module);
export const fastPathWhy = "has no formula for the one op of nn.MultiheadAttention in eval mode";

/** Inside nn.MultiheadAttention, however it is called. */
export const inMultihead = (module: string | undefined): boolean => module?.startsWith("MultiheadAttention") === true;
/** Not run as a module that hooks can see. */
export const unseen = (module: string | undefined): boolean =>
  module?.startsWith("functional") === true || module === reduction || inMultihead(module);
export const reduction = "Tensor.mean";
