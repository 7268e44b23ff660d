// torchinfo's "mult-adds": the parameters of each leaf module times the size of some of its output's dimensions.
import { elementCount } from "../op.js";
import { activationKinds, type OpOf } from "../ops/index.js";
import {
  blockKinds,
  convKinds,
  convTransposeKinds,
  forKinds,
  ignored,
  operatorKinds,
  parameters,
  sampledKinds,
  sparseKinds,
  stateKinds,
  unseen,
  unstudied,
  type Counted,
  type Counters,
  type Place,
  type Rule,
  type Tool,
} from "./rule.js";

const withoutBatch = "Embedding without batch";

function before({ module, backward }: Place): Counted | undefined {
  if (backward) return { count: 0, why: "runs the forward pass only" };
  if (!unseen(module)) return undefined;
  return {
    count: 0,
    why: "counts the parameters of leaf modules that are called; nn.MultiheadAttention and functions have none",
  };
}

const perPosition =
  (why: string): Rule =>
  ({ op }) => {
    const { shape } = op.outputs[0]!;
    return { count: parameters(op) * shape[0]! * elementCount(shape.slice(2)), why };
  };

const linear =
  (oncePerSample: boolean): Rule =>
  ({ op, module }, { batch }) => {
    if (module === "Conv1D")
      return {
        count: batch * op.outputs[0]!.shape.at(-1)! * parameters(op),
        why: "takes Conv1D for a convolution and its width for positions",
      };
    if (oncePerSample)
      return {
        count: batch * parameters(op),
        why: "counts a linear layer once for each sample, however many tokens",
      };
    return { count: op.macs + (op.extras.bias ?? 0), why: "adds one per output for the bias" };
  };

const embedding: Rule = ({ op, module }, { batch }) =>
  module === withoutBatch
    ? { count: op.outputs[0]!.shape[0]! * parameters(op), why: "counts the table of positions for each token" }
    : { count: batch * parameters(op), why: "counts an embedding's whole table for each sample" };

const norm: Rule = ({ op }, { batch }) => ({
  count: batch * parameters(op),
  why: "counts a norm's parameters for each sample",
});

const recurrent: Rule<OpOf<"lstm" | "gru">> = ({ op }, { batch }) => ({
  count: batch * op.attributes.tokens * parameters(op),
  why: "counts all weights and biases at each step",
});

const noParameters = ignored("sees only modules with parameters: no product of two activations");

const counters = (oncePerSample: boolean): Counters => ({
  ...forKinds(convKinds, perPosition("adds one per output for the bias")),
  ...forKinds(
    convTransposeKinds,
    perPosition("counts a transposed convolution at its output positions (stride² too high), bias included"),
  ),
  ...forKinds(activationKinds, ignored()),
  ...forKinds(operatorKinds, ignored()),
  ...forKinds(blockKinds, unstudied),
  ...forKinds(sparseKinds, unstudied),
  ...forKinds(stateKinds, unstudied),
  ...forKinds(sampledKinds, unstudied),
  add: ({ op, module }) =>
    module === withoutBatch
      ? {
          count: op.outputs[0]!.shape.at(-2)! * parameters(op),
          why: "counts the table of position biases for each query",
        }
      : { count: 0 },
  linear: linear(oncePerSample),
  groupedLinear: unstudied,
  matmul: noParameters,
  einsum: noParameters,
  attention: noParameters,
  embedding,
  softmax: ignored(),
  batchNorm: norm,
  layerNorm: norm,
  rmsNorm: norm,
  groupNorm: norm,
  maxPool: ignored(),
  avgPool: ignored(),
  lstm: recurrent,
  gru: recurrent,
});

const common = { unit: "MACs", before, others: unstudied } as const;

/** The repository after release 1.8.0, where linear layers are counted for every token. */
export const torchinfoTool: Tool = {
  ...common,
  version: "torchinfo at commit 5c4164f, after 1.8.0",
  counters: counters(false),
};
/** The release that pip installs. */
export const torchinfo180Tool: Tool = { ...common, version: "torchinfo 1.8.0", counters: counters(true) };
