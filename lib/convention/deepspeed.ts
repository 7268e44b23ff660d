// DeepSpeed's flops profiler and calflops, which shares its formulas: patched functions; FLOPs (two per multiply-add,
// and biases, norms, activations, pools) beside MACs.
import { elementCount, type Op } from "../op.js";
import {
  biasElements,
  biasOnce,
  byEinsum,
  byOperator,
  inputElements,
  inMultihead,
  isAffine,
  isConv,
  isConvTranspose,
  isPool,
  parameters,
  reduction,
  reportedFlops,
  scores,
  valueMacs,
  type Counted,
  type Rule,
  type Tool,
} from "./rule.js";

/** Functions that are patched: one FLOP an element. */
const counted = new Set(["relu", "leakyRelu", "elu", "silu", "gelu", "softmax"]);

const rule =
  (bmm: boolean): Rule =>
  ({ op, module, backward }, { fusedAttention }) => {
    if (backward) return { count: 0, macs: 0, why: "counts the forward pass and multiplies" };
    if (op.kind === "attention") return attention(op, module, { bmm, fusedAttention });
    if (isConv(op.kind)) return { count: 2 * op.macs + biasElements(op), macs: op.macs };
    if (isConvTranspose(op.kind)) return transposed(op);
    if (op.kind === "matmul" && !bmm && module === "bmm") return { count: 0, macs: 0, why: "does not patch torch.bmm" };
    if (module === reduction) return flops(0, "patches no reductions");
    if (isPool(op.kind)) return flops(inputElements(op), "counts 1 per input element of a pool");
    switch (op.kind) {
      case "linear":
        if (module === "Conv1D")
          return {
            count: 2 * op.macs + biasOnce(op),
            macs: op.macs,
            why: "adds the bias of torch.addmm once, not for each row",
          };
        return { count: 2 * op.macs, macs: op.macs, why: "ignores the bias of a linear layer" };
      case "batchNorm":
        return op.attributes?.training === true
          ? flops((isAffine(op) ? 5 : 4) * inputElements(op), "counts 5 per element of a batch norm in training")
          : flops(
              (isAffine(op) ? 2 : 1) * inputElements(op),
              "counts 2 per element of a batch norm (1 without scale and shift)",
            );
      case "layerNorm":
      case "groupNorm":
        return flops(
          (isAffine(op) ? 5 : 4) * inputElements(op),
          "counts 5 per element of a norm (4 without scale and shift), an estimate",
        );
      case "relu6":
        return module === "functional"
          ? flops(inputElements(op), "counts 1 per element of relu6")
          : flops(0, "nn.ReLU6 calls F.hardtanh, which is not patched");
      case "lstm":
      case "gru":
        return recurrent(op);
    }
    if (module === "GELUActivation") return flops(0, "the module holds the unpatched F.gelu");
    if (counted.has(op.kind)) return flops(inputElements(op), `counts 1 per element of ${op.kind}`);
    return op.macs
      ? { count: 2 * op.macs, macs: op.macs, why: "counts the product only" }
      : flops(0, "patches neither operators (+, *) nor this function");
  };

const flops = (count: number, why: string): Counted => ({ count, macs: 0, why });

function attention(
  op: Op,
  module: string | undefined,
  { bmm, fusedAttention }: { bmm: boolean; fusedAttention: boolean },
): Counted {
  if (module === byEinsum)
    return {
      count: reportedFlops(op).reduce((n, f) => n + f, scores(op)),
      macs: 0,
      why:
        "takes an einsum's FLOPs from numpy's report, which has four digits, and no MACs; " +
        "counts the softmax as 1 per score",
    };
  if (fusedAttention)
    return bmm
      ? { count: 2 * op.macs, macs: op.macs, why: "counts the two products of a fused attention, not its softmax" }
      : flops(0, "does not patch scaled_dot_product_attention");
  if (!bmm && (inMultihead(module) || module === "bmm"))
    return flops(scores(op), "does not patch torch.bmm, so of attention only the softmax is left, 1 per score");
  if (!bmm && module === byOperator)
    return {
      count: 2 * valueMacs(op) + scores(op),
      macs: valueMacs(op),
      why: "does not patch the operator @, so of attention AV and the softmax are left",
    };
  return { count: 2 * op.macs + scores(op), macs: op.macs, why: "counts the softmax as 1 per score" };
}

/** Corrected in DeepSpeed by pull request 8323 (August 2026). */
function transposed(op: Op): Counted {
  const { batch, inChannels, outChannels, groups, kernelSize, stride, padding, dilation } = op.attributes as {
    batch: number;
    inChannels: number;
    outChannels: number;
    groups: number;
  } & Record<"kernelSize" | "stride" | "dilation", number[]> & { padding: [number, number][] };
  const size = op.inputs[0]!.shape.slice(2);
  const filters = outChannels / groups;
  const macs = batch * elementCount(kernelSize) * inChannels * Math.floor(filters / groups) * elementCount(size);
  const out = size.map(
    (n, i) =>
      Math.floor((n + padding[i]![0] + padding[i]![1] - (dilation[i]! * (kernelSize[i]! - 1) + 1)) / stride[i]!) + 1,
  );
  const bias = op.extras.bias ? batch * filters * elementCount(out) : 0;
  return {
    count: 2 * macs + bias,
    macs,
    why:
      "divides a transposed convolution by its groups twice, " +
      "and takes its output size from the formula of a convolution",
  };
}

/** 2k - 1 for each sum, then biases, sums of the gates and the state's products; the MACs are not counted. */
function recurrent(op: Op): Counted {
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
    count: 2 * op.macs + biasElements(op) + unitSteps * (op.kind === "lstm" ? 10 - 2 * gates : 7 - 2 * gates),
    macs: 0,
    why: "counts 2k - 1 FLOPs for a sum of k products, no gate activations, and no MACs for recurrent layers",
  };
}

export const deepspeedTool: Tool = { unit: "FLOPs", version: "DeepSpeed before pull request 8323", rule: rule(true) };
export const calflopsTool: Tool = {
  unit: "FLOPs",
  version: "calflops 0.3.2",
  rule: rule(false),
  refuses: (ops) =>
    ops.some((op) => parameters(op) > 0)
      ? undefined
      : "it takes the device from the first parameter, and there is none",
};
