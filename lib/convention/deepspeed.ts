// DeepSpeed's flops profiler and calflops, which shares its formulas: patched functions; FLOPs (two per multiply-add,
// and biases, norms, activations, pools) beside MACs.
import { elementCount } from "../op.js";
import { activationKinds, type OpOf } from "../ops/index.js";
import { reportedEinsum } from "./einsum.js";
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
  inFastPath,
  inMultihead,
  inputElements,
  isAffine,
  operatorKinds,
  paddingRule,
  parameters,
  recurrentSizes,
  reduction,
  reportedFlops,
  sampledKinds,
  scores,
  sparseKinds,
  stateKinds,
  unstudied,
  valueMacs,
  type Context,
  type Counted,
  type Counters,
  type Place,
  type Rule,
  type Tool,
} from "./rule.js";

type ConvTransposeKind = (typeof convTransposeKinds)[number];

/** FLOPs without a multiply-add. */
const flops = (count: number, why: string): Counted => ({ count, macs: 0, why });

/** The module holds a function that was not patched, or a reduction that nothing patches. */
function before(place: Place, context: Context): Counted | undefined {
  const { module, backward } = place;
  if (backward) return { count: 0, macs: 0, why: "counts the forward pass and multiplies" };
  if (inFastPath(place, context)) return flops(0, fastPathWhy);
  if (module === reduction) return flops(0, "patches no reductions");
  return module === "GELUActivation" ? flops(0, "the module holds the unpatched F.gelu") : undefined;
}

const notPatched: Rule = () => flops(0, "patches neither operators (+, *) nor this function");

/** Functions that are patched: one FLOP an element. */
const onePerElement: Rule = ({ op }) => flops(inputElements(op), `counts 1 per element of ${op.kind}`);

const pool: Rule = ({ op }) => flops(inputElements(op), "counts 1 per input element of a pool");

const norm: Rule = ({ op }) =>
  flops(
    (isAffine(op) ? 5 : 4) * inputElements(op),
    "counts 5 per element of a norm (4 without scale and shift), an estimate",
  );

const evalBatchNorm: Rule = ({ op }) =>
  flops(
    (isAffine(op) ? 2 : 1) * inputElements(op),
    "counts 2 per element of a batch norm (1 without scale and shift), by its running statistics",
  );

const batchNorm: Rule<OpOf<"batchNorm">> = (place, context) =>
  place.op.attributes.training
    ? flops((isAffine(place.op) ? 5 : 4) * inputElements(place.op), "counts 5 per element of a batch norm in training")
    : evalBatchNorm(place, context);

/** From numpy's report; MACs are not counted. */
const einsum: Rule<OpOf<"einsum">> = (place, context) => {
  const count = reportedEinsum(place.op);
  const why = "takes an einsum's FLOPs from numpy's report, which has four digits, and no MACs";
  return count === undefined ? unstudied(place, context) : flops(count, why);
};

const convolution: Rule = ({ op }) => ({ count: 2 * op.macs + biasElements(op), macs: op.macs });

/** A padding by name is taken as half of it on either side: odd sums lose a position. */
const paddedConvolution: Rule<OpOf<(typeof convKinds)[number]>> = (place, context) => {
  const { op } = place;
  const { kernelSize, dilation } = op.attributes;
  if (paddingRule(op) !== "same") return convolution(place, context);
  const out = op.outputs[0]!.shape.slice(2);
  const odd = (i: number): number => (dilation[i]! * (kernelSize[i]! - 1)) % 2;
  const part = out.reduce((n, size, i) => (n * (size - odd(i))) / size, 1);
  const macs = Math.round(op.macs * part);
  const why = 'takes padding "same" as half of it on either side, so of even kernels an output position is lost';
  return { count: 2 * macs + Math.round(biasElements(op) * part), macs, why };
};

const linear: Rule = ({ op, module }) =>
  module === "Conv1D"
    ? {
        count: 2 * op.macs + biasOnce(op),
        macs: op.macs,
        why: "adds the bias of torch.addmm once, not for each row",
      }
    : { count: 2 * op.macs, macs: op.macs, why: "ignores the bias of a linear layer" };

const matmul =
  (bmm: boolean): Rule =>
  ({ op, module }) =>
    !bmm && module === "@"
      ? flops(0, "does not patch the operator @")
      : { count: 2 * op.macs, macs: op.macs, why: "counts the product only" };

const attention =
  (bmm: boolean): Rule =>
  ({ op, module }, { fusedAttention }) => {
    if (module === byEinsum)
      return flops(
        reportedFlops(op).reduce((n, f) => n + f, scores(op)),
        "takes an einsum's FLOPs from numpy's report, which has four digits, and no MACs; " +
          "counts the softmax as 1 per score",
      );
    if (fusedAttention)
      return bmm
        ? { count: 2 * op.macs, macs: op.macs, why: "counts the two products of a fused attention, not its softmax" }
        : flops(0, "does not patch scaled_dot_product_attention");
    if (!bmm && inMultihead(module))
      return flops(scores(op), "does not patch torch.bmm, so of attention only the softmax is left, 1 per score");
    if (!bmm && module === byOperator)
      return {
        count: 2 * valueMacs(op) + scores(op),
        macs: valueMacs(op),
        why: "does not patch the operator @, so of attention AV and the softmax are left",
      };
    return { count: 2 * op.macs + scores(op), macs: op.macs, why: "counts the softmax as 1 per score" };
  };

/** As calflops counts them; DeepSpeed corrected its copy. */
const transposed: Rule<OpOf<ConvTransposeKind>> = ({ op }) => {
  const { batch, inChannels, outChannels, groups, kernelSize, stride, padding, dilation } = op.attributes;
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
};

/** 2k - 1 for each sum, then biases, sums of the gates and the state's products; the MACs are not counted. */
const recurrent: Rule<OpOf<"lstm" | "gru">> = ({ op }) => {
  const { unitSteps, gateMacs } = recurrentSizes(op);
  const gates = op.kind === "lstm" ? 4 : 3;
  return {
    count: 2 * gateMacs + biasElements(op) + unitSteps * (op.kind === "lstm" ? 10 - 2 * gates : 7 - 2 * gates),
    macs: 0,
    why: "counts 2k - 1 FLOPs for a sum of k products, no gates or projections, and no MACs for recurrent layers",
  };
};

/** `bmm`: whether torch.bmm, the operator @ and scaled_dot_product_attention are patched. */
const counters = (bmm: boolean): Counters => ({
  conv1d: paddedConvolution,
  conv2d: paddedConvolution,
  conv3d: paddedConvolution,
  convTranspose1d: transposed,
  convTranspose2d: transposed,
  convTranspose3d: transposed,
  ...forKinds(activationKinds, notPatched),
  ...forKinds(["relu", "leakyRelu", "elu", "silu", "gelu"], onePerElement),
  geluTanh: (place, context) => (place.module === "NewGELUActivation" ? notPatched : onePerElement)(place, context),
  relu6: ({ op, module }) =>
    module === "functional"
      ? flops(inputElements(op), "counts 1 per element of relu6")
      : flops(0, "nn.ReLU6 calls F.hardtanh, which is not patched"),
  ...forKinds(operatorKinds, notPatched),
  ...forKinds(blockKinds, unstudied),
  ...forKinds(sparseKinds, unstudied),
  ...forKinds(stateKinds, unstudied),
  ...forKinds(sampledKinds, unstudied),
  linear,
  groupedLinear: unstudied,
  matmul: matmul(bmm),
  einsum,
  embedding: notPatched,
  attention: attention(bmm),
  softmax: onePerElement,
  batchNorm,
  layerNorm: norm,
  groupNorm: norm,
  rmsNorm: notPatched,
  maxPool: pool,
  avgPool: pool,
  lstm: recurrent,
  gru: recurrent,
});

export const deepspeedTool: Tool = {
  unit: "FLOPs",
  version: "DeepSpeed 0.19.8",
  before,
  counters: { ...counters(true), ...forKinds(convTransposeKinds, convolution) },
  others: unstudied,
};
export const calflopsTool: Tool = {
  unit: "FLOPs",
  version: "calflops 0.3.2",
  before,
  // It puts a model in eval mode.
  counters: { ...counters(false), batchNorm: evalBatchNorm },
  others: unstudied,
  refuses: (ops) =>
    ops.some((op) => parameters(op) > 0)
      ? undefined
      : "it takes the device from the first parameter, and there is none",
};
