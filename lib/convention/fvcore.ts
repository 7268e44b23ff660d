// fvcore's FlopCountAnalysis: multiply-adds from a traced graph, plus rough counts for norms and adaptive pools, in one
// sum.
import { activationKinds } from "../ops/index.js";
import {
  blockKinds,
  byEinsum,
  convKinds,
  convTransposeKinds,
  forKinds,
  ignored,
  inputElements,
  isAdaptive,
  isAffine,
  macsOnly,
  operatorKinds,
  paddingRule,
  reduction,
  reportedFlops,
  sampledKinds,
  sparseKinds,
  stateKinds,
  unstudied,
  type Counters,
  type Rule,
  type Tool,
} from "./rule.js";

const attention: Rule = ({ op, module }, { fusedAttention }) => {
  if (module === byEinsum)
    return {
      count: reportedFlops(op).reduce((n, f) => n + Math.floor(f / 2), 0),
      why: "takes an einsum's FLOPs from numpy's report, which has four digits",
    };
  return fusedAttention ? { count: 0, why: "has no formula for scaled_dot_product_attention" } : { count: op.macs };
};

const norm: Rule = ({ op }) => ({
  count: (isAffine(op) ? 5 : 4) * inputElements(op),
  why: "adds 5 per element of a norm (4 without scale and shift), a rough estimate",
});

const counters: Counters = {
  ...forKinds(convKinds, ({ op }) =>
    paddingRule(op) === undefined
      ? { count: op.macs }
      : { count: 0, why: "has no formula for aten::_convolution_mode, a padding by name" },
  ),
  ...forKinds(convTransposeKinds, macsOnly),
  ...forKinds(activationKinds, ignored()),
  ...forKinds(operatorKinds, ignored()),
  ...forKinds(blockKinds, unstudied),
  ...forKinds(sparseKinds, unstudied),
  ...forKinds(stateKinds, unstudied),
  ...forKinds(sampledKinds, unstudied),
  linear: macsOnly,
  groupedLinear: unstudied,
  matmul: macsOnly,
  einsum: unstudied,
  embedding: ignored(),
  attention,
  softmax: ignored(),
  layerNorm: norm,
  groupNorm: norm,
  rmsNorm: ignored("has no formula for an RMS norm"),
  batchNorm: ({ op }) =>
    op.attributes.training
      ? {
          count: (isAffine(op) ? 5 : 4) * inputElements(op),
          why: "adds 5 per element of a batch norm in training (4 without scale and shift)",
        }
      : {
          count: (isAffine(op) ? 2 : 1) * inputElements(op),
          why: "adds 2 per element of a batch norm (1 without scale and shift) to the multiply-adds",
        },
  maxPool: ignored(),
  avgPool: ({ op, module }) =>
    isAdaptive(op) && module !== reduction && op.inputs[0]!.shape.length === 4
      ? { count: inputElements(op), why: "adds 1 per input element of an adaptive average pool" }
      : { count: 0 },
  lstm: ignored("has no formula for aten::lstm"),
  gru: ignored("has no formula for aten::gru"),
};

export const fvcoreTool: Tool = {
  unit: "MACs",
  version: "fvcore 0.1.5.post20221221",
  before: ({ backward }) => (backward ? { count: 0, why: "traces the forward pass only" } : undefined),
  counters,
  others: unstudied,
};
