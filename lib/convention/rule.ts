// What a counting tool's rules look like. A tool is a function from one op at its place to what the tool adds for it;
// the sum is what it prints.
import { elementCount, type Op } from "../op.js";

/**
 * How PyTorch runs an op, where tools count differently by it (`module` of a Node):
 * absent: its own nn.Module of the usual class (nn.Conv2d, nn.ReLU, …); sums and products are operators either way.
 * "functional": a call of torch.nn.functional or a tensor method (torch.matmul), which hooks on modules do not see.
 * "functional, QKᵀ by @": attention whose first product is the operator. "einsum": attention by two torch.einsum.
 * "Tensor.mean": a global average pool by a reduction that no tool counts. "bmm": attention written with torch.bmm.
 * "MultiheadAttention": inside nn.MultiheadAttention called as (x, x, x); "MultiheadAttention by keyword": called as
 * (query=x, …). "LayerNorm2d": a subclass of nn.LayerNorm. "Linear of four dimensions": nn.Linear on [batch, height,
 * width, channels]. "Embedding without batch": nn.Embedding that is asked for positions, once for all samples.
 * "Conv1D": Hugging Face's GPT-2 layer, a linear layer by torch.addmm that is no nn.Linear. "GELUActivation": a module
 * that took hold of F.gelu when it was built, before any tool replaced it.
 */
export interface Place {
  readonly op: Op;
  readonly module?: string;
  readonly backward: boolean;
}

/**
 * `batch`: samples in the workload. `fusedAttention`: attention runs as scaled_dot_product_attention instead of two
 * matrix products and a softmax.
 */
export interface Context {
  readonly batch: number;
  readonly fusedAttention: boolean;
}

/**
 * `count` in the tool's unit; `macs` beside it where the tool prints both; `why` it is not ours; `crash`: the tool
 * stops here.
 */
export interface Counted {
  readonly count: number;
  readonly macs?: number;
  readonly why?: string;
  readonly crash?: string;
}

export type Rule = (place: Place, context: Context) => Counted;

export interface Tool {
  readonly unit: "MACs" | "FLOPs";
  /** Version whose figures the rules reproduce. */
  readonly version: string;
  readonly rule: Rule;
  /** Why the tool cannot count `ops` at all. */
  readonly refuses?: (ops: readonly Op[]) => string | undefined;
}

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
/** FLOPs of the two products of an attention as numpy's einsum_path reports them: in four digits. */
export const reportedFlops = (op: Op): number[] =>
  [op.macs - valueMacs(op), valueMacs(op)].map((macs) => Number((2 * macs).toPrecision(4)));
export const byEinsum = "einsum";
export const byOperator = "functional, QKᵀ by @";

export const isConv = (kind: string): boolean => /^conv[123]d$/.test(kind);
export const isConvTranspose = (kind: string): boolean => /^convTranspose[123]d$/.test(kind);
export const isPool = (kind: string): boolean => kind === "maxPool" || kind === "avgPool";
export const isAffine = ({ attributes }: Op): boolean => attributes?.affine !== false;
export const isAdaptive = ({ attributes }: Op): boolean => attributes?.adaptive === true;

/** Inside nn.MultiheadAttention, however it is called. */
export const inMultihead = (module: string | undefined): boolean => module?.startsWith("MultiheadAttention") === true;
/** Not run as a module that hooks can see. */
export const unseen = (module: string | undefined): boolean =>
  module?.startsWith("functional") === true || module === reduction || inMultihead(module);
export const reduction = "Tensor.mean";
