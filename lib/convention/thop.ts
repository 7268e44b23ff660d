// thop: hooks on the exact classes of a fixed list of modules. What a module does through functions is not seen.
import { elementCount, type Op } from "../op.js";
import {
  biasElements,
  inputElements,
  inMultihead,
  isAdaptive,
  isAffine,
  isConv,
  isConvTranspose,
  outputElements,
  unseen,
  type Rule,
  type Tool,
} from "./rule.js";

const rule: Rule = ({ op, module, backward }) => {
  if (backward) return { count: 0, why: "hooks the forward pass only" };
  if (inMultihead(module))
    return { count: 0, why: "has no rule for nn.MultiheadAttention, whose projections are not called as modules" };
  if (unseen(module)) return { count: 0, why: "does not see functions" };
  if (module === "Conv1D") return { count: 0, why: "has no rule for Hugging Face's Conv1D" };
  if (isConv(op.kind) || op.kind === "linear") return { count: op.macs };
  if (isConvTranspose(op.kind)) return transposed(op);
  switch (op.kind) {
    case "batchNorm":
      return norm(op);
    case "layerNorm":
      return module === undefined ? norm(op) : { count: 0 };
    case "softmax":
      return softmax(op);
    case "avgPool":
      return pool(op);
    case "lstm":
    case "gru":
      return recurrent(op);
    default:
      return { count: 0, why: op.macs ? "does not see products of two activations" : undefined };
  }
};

function transposed(op: Op) {
  const { inChannels, groups, kernelSize } = op.attributes as {
    inChannels: number;
    groups: number;
    kernelSize: number[];
  };
  return {
    count: outputElements(op) * Math.floor(inChannels / groups) * elementCount(kernelSize),
    why: "counts a transposed convolution at its output positions: stride² too high",
  };
}

const norm = (op: Op) => ({
  count: (isAffine(op) ? 4 : 2) * inputElements(op),
  why: "adds 4 per element of a norm (2 without scale and shift)",
});

function softmax(op: Op) {
  const shape = op.inputs[0]!.shape;
  const n = shape[shape.length - 1]!;
  return {
    count: (elementCount(shape) / n) * (3 * n - 1),
    why: "adds 3n - 1 per row of a softmax: n exponentials, n - 1 sums, n divisions",
  };
}

function pool(op: Op) {
  if (!isAdaptive(op)) return { count: outputElements(op), why: "adds 1 per output of an average pool" };
  const window = op.inputs[0]!.shape.slice(2).reduce((n, size, i) => n * (size / op.outputs[0]!.shape[i + 2]!), 1);
  return {
    count: Math.floor((window + 1) * outputElements(op)),
    why: "adds window + 1 per output of an adaptive average pool, as module",
  };
}

/** Per gate, unit and step: the products, one activation, two biases; then the state's products. */
function recurrent(op: Op) {
  const { batch, tokens, hiddenSize, numLayers, bidirectional } = op.attributes as {
    batch: number;
    tokens: number;
    hiddenSize: number;
    numLayers: number;
    bidirectional: boolean;
  };
  const unitSteps = batch * tokens * numLayers * hiddenSize * (bidirectional ? 2 : 1);
  const gates = op.kind === "lstm" ? 4 : 3;
  return {
    count: op.macs + biasElements(op) + unitSteps * (gates + 4),
    why: "adds a cell's biases, activations and state products to its multiply-adds",
  };
}

export const thopTool: Tool = { unit: "MACs", version: "thop 0.1.1.post2209072238", rule };
