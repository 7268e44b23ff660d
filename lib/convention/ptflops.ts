// ptflops: multiply-adds with biases, norms, activations and pools in one sum, for one sample. Two back ends that
// disagree.
import { activationKinds, type OpOf } from "../ops/index.js";
import {
  biasElements,
  biasOnce,
  blockKinds,
  byEinsum,
  byOperator,
  convKinds,
  convTransposeKinds,
  fastPathWhy,
  forKinds,
  ignored,
  inFastPath,
  inMultihead,
  inputElements,
  isAffine,
  isProjected,
  macsOnly,
  operatorKinds,
  outputElements,
  recurrentSizes,
  reduction,
  sampledKinds,
  scores,
  sparseKinds,
  stateKinds,
  unseen,
  unstudied,
  valueMacs,
  type Context,
  type Counted,
  type Counters,
  type Place,
  type Rule,
  type Tool,
} from "./rule.js";

const bias = "adds one per output for the bias";

/** One figure for one sample: both back ends build their own input. */
const perSample =
  (rule: Rule): Rule =>
  (place, context) => {
    const counted = rule(place, context);
    if (context.batch === 1 || counted.count === null) return counted;
    const why = [counted.why, `runs one sample, not ${context.batch}`].filter(Boolean).join("; ");
    return { ...counted, count: counted.count / context.batch, why };
  };

const everyPerSample = (counters: Counters): Counters =>
  Object.fromEntries(
    Object.entries<Rule>(counters as unknown as Record<string, Rule>).map(([kind, rule]) => [kind, perSample(rule)]),
  ) as unknown as Counters;

/** "pytorch": hooks on modules and, at the same time, patched functions. */
function beforeHooks({ op, module, backward }: Place): Counted | undefined {
  if (backward) return { count: 0, why: "runs the forward pass only" };
  if (module === "MultiheadAttention by keyword")
    return { count: 0, crash: "its hook for nn.MultiheadAttention unpacks positional arguments and gets none" };
  return module === reduction && op.kind.endsWith("Pool") ? { count: 0 } : undefined;
}

const weighted: Rule = ({ op, module }) => {
  if (module === "Conv1D")
    return { count: op.macs + biasOnce(op), why: "patches torch.addmm and adds its bias once, not for each row" };
  // Only the output projection is as wide as its input: the others are one matrix.
  const { inFeatures, outFeatures } = (op.attributes ?? {}) as Partial<OpOf<"linear">["attributes"]>;
  if (inMultihead(module) && inFeatures === outFeatures)
    return { count: op.macs + outputElements(op), why: `${bias}, whether the output projection has one or not` };
  return module === "functional"
    ? { count: 0, why: "does not patch F.linear and F.conv2d" }
    : { count: op.macs + biasElements(op), why: bias };
};

/** A module that calls the patched function of its name is counted by both. */
const twice =
  (what: string): Rule =>
  ({ op, module }) => {
    const n = inputElements(op);
    if (module === "GELUActivation") return { count: 0 };
    if (unseen(module)) return { count: n, why: `adds 1 per input element of ${what} functions` };
    const reason = "once by the module's hook, once by the function that it calls";
    return { count: 2 * n, why: `adds 2 per input element of ${what} modules: ${reason}` };
  };

const onePerElement =
  (why: string): Rule =>
  ({ op }) => ({ count: inputElements(op), why });

const norm: Rule = ({ op }) => ({
  count: (isAffine(op) ? 2 : 1) * inputElements(op),
  why: "adds 2 per element of a norm with scale and shift",
});

const attentionByHooks: Rule = (place, context) => {
  const { op, module } = place;
  const fusedAttention = context.fusedAttention || inFastPath(place, context);
  if (module === byEinsum)
    return { count: scores(op), why: "does not patch torch.einsum; adds 1 per score for the softmax" };
  const products = fusedAttention ? 0 : (module === byOperator ? valueMacs(op) : op.macs) + scores(op);
  if (!inMultihead(module)) {
    if (fusedAttention) return { count: products, why: "does not patch scaled_dot_product_attention" };
    const operator = module === byOperator ? "does not patch the operator @; " : "";
    return { count: products, why: `${operator}adds 1 per score for the softmax` };
  }
  const scaledQuery = inputElements(op);
  return {
    count: op.macs + scores(op) + scaledQuery + products,
    why: fusedAttention
      ? "adds the softmax and the query's scale"
      : "counts nn.MultiheadAttention by its hook, and its products and softmax again as functions; " +
        "adds the query's scale",
  };
};

/** One gate activation a unit and step is left out; the sums of the gates and the state's products are in. */
const recurrent: Rule<OpOf<"lstm" | "gru">> = ({ op }) => {
  const { unitSteps, gateMacs } = recurrentSizes(op);
  return {
    count: gateMacs + biasElements(op) + unitSteps * (op.kind === "lstm" ? 10 : 7),
    why: "adds a cell's biases, sums and state products to its multiply-adds, and leaves out a projection's",
  };
};

const hooks: Counters = {
  ...forKinds(convKinds, weighted),
  ...forKinds(convTransposeKinds, weighted),
  ...forKinds(activationKinds, ignored()),
  ...forKinds(operatorKinds, ignored()),
  ...forKinds(blockKinds, unstudied),
  ...forKinds(sparseKinds, unstudied),
  ...forKinds(stateKinds, unstudied),
  ...forKinds(sampledKinds, unstudied),
  relu: twice("activation"),
  elu: twice("activation"),
  gelu: twice("activation"),
  geluTanh: (place, context) =>
    place.module === "NewGELUActivation" ? { count: 0 } : twice("activation")(place, context),
  relu6: onePerElement("adds 1 per element of ReLU6"),
  leakyRelu: ({ op, module }) =>
    module === "functional" ? { count: 0 } : { count: inputElements(op), why: "adds 1 per element of leaky ReLU" },
  silu: onePerElement("adds 1 per element of silu"),
  softmax: onePerElement("adds 1 per element of softmax"),
  linear: weighted,
  groupedLinear: unstudied,
  matmul: ({ op, module }) =>
    module === "@" ? { count: 0, why: "does not patch the operator @" } : { count: op.macs },
  einsum: ignored("does not patch torch.einsum"),
  embedding: ignored(),
  attention: attentionByHooks,
  batchNorm: norm,
  groupNorm: norm,
  layerNorm: ({ op, module }) =>
    module === undefined
      ? {
          count: inputElements(op),
          why: "adds 1 per element of a layer norm, whose scale it looks for under the wrong name",
        }
      : { count: 0 },
  rmsNorm: ignored(),
  maxPool: twice("pool"),
  avgPool: twice("pool"),
  lstm: recurrent,
  gru: recurrent,
};

/** "aten": matrix products and convolutions at the dispatcher, with their biases. */
const product: Rule = ({ op }) => ({ count: op.macs + biasElements(op), why: bias });

/** PyTorch writes the scores of heads whose values have a width of their own. */
const attentionByOps: Rule<OpOf<"attention">> = ({ op }, { fusedAttention }) =>
  fusedAttention && op.attributes.headDim === op.attributes.vHeadDim
    ? { count: 0, why: "has no formula for scaled_dot_product_attention" }
    : { count: op.macs };

function beforeOps(place: Place, context: Context): Counted | undefined {
  if (place.backward) return { count: 0, why: "runs the forward pass only" };
  return inFastPath(place, context) ? { count: 0, why: fastPathWhy } : undefined;
}

const aten: Counters = {
  ...forKinds(convKinds, product),
  ...forKinds(convTransposeKinds, product),
  ...forKinds(activationKinds, ignored()),
  ...forKinds(operatorKinds, ignored()),
  ...forKinds(blockKinds, unstudied),
  ...forKinds(sparseKinds, unstudied),
  ...forKinds(stateKinds, unstudied),
  ...forKinds(sampledKinds, unstudied),
  linear: product,
  groupedLinear: macsOnly,
  matmul: macsOnly,
  einsum: macsOnly,
  embedding: ignored(),
  attention: attentionByOps,
  softmax: ignored(),
  batchNorm: ignored(),
  groupNorm: ignored(),
  layerNorm: ignored(),
  rmsNorm: ignored(),
  maxPool: ignored(),
  avgPool: ignored(),
  lstm: (place, context) =>
    isProjected(place.op)
      ? product(place, context)
      : { count: 0, why: "has no formula for an LSTM, on a CPU one op of oneDNN" },
  gru: product,
};

const version = "ptflops 0.7.5";
export const ptflopsPytorchTool: Tool = {
  unit: "MACs",
  version,
  before: beforeHooks,
  counters: everyPerSample(hooks),
  others: unstudied,
};
export const ptflopsAtenTool: Tool = {
  unit: "MACs",
  version,
  before: beforeOps,
  counters: everyPerSample(aten),
  others: unstudied,
};
