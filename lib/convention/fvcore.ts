// fvcore's FlopCountAnalysis: multiply-adds from a traced graph, plus rough counts for norms and adaptive pools, in one
// sum.
import {
  byEinsum,
  inputElements,
  isAdaptive,
  isAffine,
  reduction,
  reportedFlops,
  type Rule,
  type Tool,
} from "./rule.js";

const rule: Rule = ({ op, module, backward }, { fusedAttention }) => {
  if (backward) return { count: 0, why: "traces the forward pass only" };
  switch (op.kind) {
    case "attention":
      if (module === byEinsum)
        return {
          count: reportedFlops(op).reduce((n, f) => n + Math.floor(f / 2), 0),
          why: "takes an einsum's FLOPs from numpy's report, which has four digits",
        };
      return fusedAttention ? { count: 0, why: "has no formula for scaled_dot_product_attention" } : { count: op.macs };
    case "lstm":
    case "gru":
      return { count: 0, why: `has no formula for aten::${op.kind}` };
    case "batchNorm": {
      if (op.attributes?.training === true)
        return {
          count: (isAffine(op) ? 5 : 4) * inputElements(op),
          why: "adds 5 per element of a batch norm in training (4 without scale and shift)",
        };
      return {
        count: (isAffine(op) ? 2 : 1) * inputElements(op),
        why: "adds 2 per element of a batch norm (1 without scale and shift) to the multiply-adds",
      };
    }
    case "layerNorm":
    case "groupNorm":
      return {
        count: (isAffine(op) ? 5 : 4) * inputElements(op),
        why: "adds 5 per element of a norm (4 without scale and shift), a rough estimate",
      };
    case "avgPool":
      return isAdaptive(op) && module !== reduction && op.inputs[0]!.shape.length === 4
        ? { count: inputElements(op), why: "adds 1 per input element of an adaptive average pool" }
        : { count: 0 };
    default:
      return { count: op.macs };
  }
};

export const fvcoreTool: Tool = { unit: "MACs", version: "fvcore 0.1.5.post20221221", rule };
