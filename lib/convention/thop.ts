// thop: hooks on the exact classes of a fixed list of modules. What a module does through functions is not seen.
import { elementCount } from "../op.js";
import { activationKinds, lstm, type OpOf } from "../ops/index.js";
import {
  biasElements,
  blockKinds,
  convKinds,
  convTransposeKinds,
  forKinds,
  ignored,
  inMultihead,
  inputElements,
  isAdaptive,
  isAffine,
  isProjected,
  macsOnly,
  operatorKinds,
  outputElements,
  recurrentSizes,
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

type ConvTransposeKind = (typeof convTransposeKinds)[number];

function before({ module, backward }: Place): Counted | undefined {
  if (backward) return { count: 0, why: "hooks the forward pass only" };
  if (inMultihead(module))
    return { count: 0, why: "has no rule for nn.MultiheadAttention, whose projections are not called as modules" };
  if (unseen(module)) return { count: 0, why: "does not see functions" };
  if (module === "Conv1D") return { count: 0, why: "has no rule for Hugging Face's Conv1D" };
  return undefined;
}

const productOfActivations = ignored("does not see products of two activations");

const transposed: Rule<OpOf<ConvTransposeKind>> = ({ op }) => {
  const { inChannels, groups, kernelSize } = op.attributes;
  return {
    count: outputElements(op) * Math.floor(inChannels / groups) * elementCount(kernelSize),
    why: "counts a transposed convolution at its output positions: stride² too high",
  };
};

const norm: Rule = ({ op }) => ({
  count: (isAffine(op) ? 4 : 2) * inputElements(op),
  why: "adds 4 per element of a norm (2 without scale and shift)",
});

const softmax: Rule<OpOf<"softmax">> = ({ op }) => {
  const { shape, dim } = op.attributes;
  const n = shape[dim]!;
  return {
    count: (elementCount(shape) / n) * (3 * n - 1),
    why: "adds 3n - 1 per row of a softmax: n exponentials, n - 1 sums, n divisions",
  };
};

const pool: Rule = ({ op }) => {
  if (!isAdaptive(op)) return { count: outputElements(op), why: "adds 1 per output of an average pool" };
  const window = op.inputs[0]!.shape.slice(2).reduce((n, size, i) => n * (size / op.outputs[0]!.shape[i + 2]!), 1);
  return {
    count: Math.floor((window + 1) * outputElements(op)),
    why: "adds window + 1 per output of an adaptive average pool, as module",
  };
};

/** Per gate, unit and step: the products, one activation, two biases; then the state's products. */
const recurrent: Rule<OpOf<"lstm" | "gru">> = (place, context) => {
  if (isProjected(place.op)) {
    const plain = lstm({ ...(place.op as OpOf<"lstm">).attributes, projSize: undefined });
    return { ...recurrent({ ...place, op: plain }, context), why: "counts a projected LSTM as one that is not" };
  }
  const { op } = place;
  const { unitSteps } = recurrentSizes(op);
  const gates = op.kind === "lstm" ? 4 : 3;
  return {
    count: op.macs + biasElements(op) + unitSteps * (gates + 4),
    why: "adds a cell's biases, activations and state products to its multiply-adds",
  };
};

const counters: Counters = {
  ...forKinds(convKinds, macsOnly),
  convTranspose1d: transposed,
  convTranspose2d: transposed,
  convTranspose3d: transposed,
  ...forKinds(activationKinds, ignored()),
  ...forKinds(operatorKinds, ignored()),
  ...forKinds(blockKinds, unstudied),
  ...forKinds(sparseKinds, unstudied),
  ...forKinds(stateKinds, unstudied),
  ...forKinds(sampledKinds, unstudied),
  linear: macsOnly,
  groupedLinear: productOfActivations,
  matmul: productOfActivations,
  einsum: productOfActivations,
  attention: productOfActivations,
  embedding: ignored(),
  softmax,
  batchNorm: norm,
  layerNorm: (place, context) => (place.module === undefined ? norm(place, context) : { count: 0 }),
  groupNorm: ignored(),
  rmsNorm: ignored(),
  maxPool: ignored(),
  avgPool: pool,
  lstm: recurrent,
  gru: recurrent,
};

export const thopTool: Tool = {
  unit: "MACs",
  version: "thop 0.1.1.post2209072238",
  before,
  counters,
  others: unstudied,
};
