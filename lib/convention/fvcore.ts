// fvcore's FlopCountAnalysis: multiply-adds from a traced graph, plus rough counts for norms and adaptive pools, in one
// sum.
import { activationKinds, type OpOf } from "../ops/index.js";
import { reportedEinsum } from "./einsum.js";
import {
  blockKinds,
  byEinsum,
  convKinds,
  convTransposeKinds,
  fastPathWhy,
  forKinds,
  ignored,
  inFastPath,
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
  type Context,
  type Counted,
  type Counters,
  type Place,
  type Rule,
  type Tool,
} from "./rule.js";

const byReport = "takes an einsum's FLOPs from numpy's report, which has four digits";

const attention: Rule = ({ op, module }, { fusedAttention }) => {
  if (module === byEinsum)
    return {
      count: reportedFlops(op).reduce((n, f) => n + Math.floor(f / 2), 0),
      why: byReport,
    };
  return fusedAttention ? { count: 0, why: "has no formula for scaled_dot_product_attention" } : { count: op.macs };
};

/** Two equations, letters renamed, have formulas of their own; the others are taken from numpy's report. */
const einsum: Rule<OpOf<"einsum">> = (place, context) => {
  const { equation } = place.op.attributes;
  const letters = [...new Set(equation.replace(/[^a-z]/gi, ""))];
  const renamed = equation.replace(/[a-z]/gi, (letter) => String.fromCharCode(97 + letters.indexOf(letter)));
  if (renamed === "abc,abd->acd" || renamed === "abc,adc->adb") return { count: place.op.macs };
  const flops = reportedEinsum(place.op);
  return flops === undefined ? unstudied(place, context) : { count: Math.floor(flops / 2), why: byReport };
};

const norm: Rule = ({ op }) => ({
  count: (isAffine(op) ? 5 : 4) * inputElements(op),
  why: "adds 5 per element of a norm (4 without scale and shift), a rough estimate",
});

function before(place: Place, context: Context): Counted | undefined {
  if (place.backward) return { count: 0, why: "traces the forward pass only" };
  return inFastPath(place, context) ? { count: 0, why: fastPathWhy } : undefined;
}

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
  einsum,
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
  before,
  counters,
  others: unstudied,
};
