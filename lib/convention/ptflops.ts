// ptflops: multiply-adds with biases, norms, activations and pools in one sum, for one sample. Two back ends that
// disagree.
import type { Op } from "../op.js";
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
  reduction,
  scores,
  unseen,
  valueMacs,
  type Counted,
  type Rule,
  type Tool,
} from "./rule.js";

const forwardOnly = { count: 0, why: "runs the forward pass only" };
const bias = "adds one per output for the bias";

/** Both back ends build their own input of one sample. */
const perSample =
  (rule: Rule): Rule =>
  (place, context) => {
    const counted = rule(place, context);
    return context.batch === 1
      ? counted
      : {
          ...counted,
          count: counted.count / context.batch,
          why: [counted.why, `runs one sample, not ${context.batch}`].filter(Boolean).join("; "),
        };
  };

/** "pytorch": hooks on modules and, at the same time, patched functions. */
const hooks: Rule = ({ op, module, backward }, { fusedAttention }) => {
  if (backward) return forwardOnly;
  if (module === "MultiheadAttention by keyword")
    return { count: 0, crash: "its hook for nn.MultiheadAttention unpacks positional arguments and gets none" };
  if (op.kind === "attention") return attentionByHooks(op, module, fusedAttention);
  if (module === "Conv1D")
    return { count: op.macs + biasOnce(op), why: "patches torch.addmm and adds its bias once, not for each row" };
  if (isConv(op.kind) || isConvTranspose(op.kind) || op.kind === "linear")
    return module === "functional"
      ? { count: 0, why: "does not patch F.linear and F.conv2d" }
      : { count: op.macs + biasElements(op), why: bias };
  if (isPool(op.kind)) return module === reduction ? { count: 0 } : twice(op, module, "pool");
  switch (op.kind) {
    case "batchNorm":
    case "groupNorm":
      return {
        count: (isAffine(op) ? 2 : 1) * inputElements(op),
        why: "adds 2 per element of a norm with scale and shift",
      };
    case "layerNorm":
      return module === undefined
        ? {
            count: inputElements(op),
            why: "adds 1 per element of a layer norm, whose scale it looks for under the wrong name",
          }
        : { count: 0 };
    case "relu":
    case "elu":
    case "gelu":
      return module === "GELUActivation" ? { count: 0 } : twice(op, module, "activation");
    case "relu6":
      return { count: inputElements(op), why: "adds 1 per element of ReLU6" };
    case "leakyRelu":
      return module === "functional"
        ? { count: 0 }
        : { count: inputElements(op), why: "adds 1 per element of leaky ReLU" };
    case "silu":
    case "softmax":
      return { count: inputElements(op), why: `adds 1 per element of ${op.kind}` };
    case "lstm":
    case "gru":
      return recurrent(op);
    default:
      return { count: op.macs };
  }
};

/** A module that calls the patched function of its name is counted by both. */
function twice(op: Op, module: string | undefined, what: string): Counted {
  const n = inputElements(op);
  if (unseen(module)) return { count: n, why: `adds 1 per input element of ${what} functions` };
  const reason = "once by the module's hook, once by the function that it calls";
  return { count: 2 * n, why: `adds 2 per input element of ${what} modules: ${reason}` };
}

function attentionByHooks(op: Op, module: string | undefined, fused: boolean): Counted {
  if (module === byEinsum)
    return { count: scores(op), why: "does not patch torch.einsum; adds 1 per score for the softmax" };
  const products = fused ? 0 : (module === byOperator ? valueMacs(op) : op.macs) + scores(op);
  if (!inMultihead(module)) {
    if (fused) return { count: products, why: "does not patch scaled_dot_product_attention" };
    const operator = module === byOperator ? "does not patch the operator @; " : "";
    return { count: products, why: `${operator}adds 1 per score for the softmax` };
  }
  const scaledQuery = inputElements(op);
  return {
    count: op.macs + scores(op) + scaledQuery + products,
    why: fused
      ? "adds the softmax and the query's scale"
      : "counts nn.MultiheadAttention by its hook, and its products and softmax again as functions; " +
        "adds the query's scale",
  };
}

/** One gate activation a unit and step is left out; the sums of the gates and the state's products are in. */
function recurrent(op: Op): Counted {
  const { batch, tokens, hiddenSize, numLayers, bidirectional } = op.attributes as {
    batch: number;
    tokens: number;
    hiddenSize: number;
    numLayers: number;
    bidirectional: boolean;
  };
  const unitSteps = batch * tokens * numLayers * hiddenSize * (bidirectional ? 2 : 1);
  return {
    count: op.macs + biasElements(op) + unitSteps * (op.kind === "lstm" ? 10 : 7),
    why: "adds a cell's biases, sums and state products to its multiply-adds",
  };
}

/** "aten": matrix products and convolutions at the dispatcher, with their biases. */
const aten: Rule = ({ op, module, backward }, { fusedAttention }) => {
  if (backward) return forwardOnly;
  if (op.kind === "attention")
    return fusedAttention ? { count: 0, why: "has no formula for scaled_dot_product_attention" } : { count: op.macs };
  // PyTorch folds up to three dimensions into addmm, which is counted with its bias; four become a product and a sum.
  if (module === "Linear of four dimensions") return { count: op.macs };
  return { count: op.macs + (op.macs ? biasElements(op) : 0), why: bias };
};

const version = "ptflops 0.7.5";
export const ptflopsPytorchTool: Tool = { unit: "MACs", version, rule: perSample(hooks) };
export const ptflopsAtenTool: Tool = { unit: "MACs", version, rule: perSample(aten) };
