// torch.utils.flop_counter (FLOPs, two per multiply-add) and torchvision's _ops (multiply-adds): contractions and
// nothing else, at the dispatcher.
import type { Op } from "../op.js";
import { layerNames, layersByName, type LayerKind, type OpOf } from "../ops/index.js";
import {
  convKinds,
  convTransposeKinds,
  fastPathWhy,
  forKinds,
  inFastPath,
  isProjected,
  macsOnly,
  scores,
  unstudied,
  type Context,
  type Counted,
  type Counters,
  type Place,
  type Rule,
  type Tool,
} from "./rule.js";

const why = "counts contractions only: no bias, norm, activation, softmax, pool or sum";
const twoPerMac: Rule = ({ op }) => ({ count: 2 * op.macs, why });

/** A dispatcher sees what runs, whatever module or function it stands in: one rule holds for every kind. */
const forEveryKind = (rule: Rule): Counters =>
  forKinds(
    layerNames.map((name) => layersByName[name].kind as LayerKind),
    rule,
  );

/** One step from a state: models run it by other functions than a whole text. */
const fromNothing =
  (rule: Rule): Rule =>
  (place, context) =>
    (place.op.attributes?.state === "update" ? unstudied : rule)(place, context);

const counters: Counters = {
  ...forEveryKind(twoPerMac),
  shortConv: fromNothing(twoPerMac),
  gatedDeltaRule: fromNothing(twoPerMac),
};

type AnyConvKind = (typeof convKinds)[number] | (typeof convTransposeKinds)[number];

/** Groups of a convolution; 1 for what is none. */
function groupsOf(kind: string, { attributes }: Op): number {
  if (kind === "shortConv") return (attributes as OpOf<"shortConv">["attributes"]).channels;
  if (![...convKinds, ...convTransposeKinds].some((conv) => conv === kind)) return 1;
  return (attributes as OpOf<AnyConvKind>["attributes"]).groups;
}

/**
 * Up to 2.15 the weight gradient of a grouped convolution is not divided by its groups: a depthwise one counts as a
 * full one (pull request 183405 is in no release).
 */
function groupedGradient({ op }: Place): Counted | undefined {
  const [kind, gradient] = op.kind.split(".");
  const groups = gradient === "weightGradient" ? groupsOf(kind!, op) : 1;
  if (groups === 1) return undefined;
  const reason = "does not divide the weight gradient of a grouped convolution by its groups";
  return { count: 2 * op.macs * groups, why: reason };
}

/** An operator of torchvision's own. */
const deformed = ({ op }: Place): Counted | undefined =>
  op.kind.startsWith("deformConv2d") ? { count: 0, why: "has no formula for torchvision::deform_conv2d" } : undefined;

/** On a CPU an LSTM is one oneDNN op, unless it is projected; a GRU is matrix products. */
function recurrentOnCpu({ op }: Place): Counted | undefined {
  const [kind, gradient] = op.kind.split(".");
  if (kind !== "lstm" && kind !== "gru") return undefined;
  if (kind === "lstm" && !isProjected(op))
    return { count: 0, why: "has no formula for an LSTM, on a CPU one op of oneDNN" };
  if (gradient === undefined) return undefined;
  const { batch, hiddenSize, numLayers, bidirectional, projSize } = op.attributes as OpOf<"lstm">["attributes"];
  const gates = (kind === "lstm" ? 4 : 3) * hiddenSize;
  const firstStates = batch * numLayers * (bidirectional ? 2 : 1) * gates * (projSize || hiddenSize);
  return { count: 2 * (op.macs - firstStates), why: "the state before the first step asks for no gradient" };
}

/**
 * The gradients of two products are four; a fused attention computes QKᵀ again. PyTorch fuses none whose values have a
 * width of their own.
 */
function attentionGradient({ op }: Place, { fusedAttention }: Context): Counted | undefined {
  if (op.kind !== "attention.backward") return undefined;
  const { headDim, vHeadDim } = op.attributes as OpOf<"attention">["attributes"];
  const again = fusedAttention && headDim === vHeadDim ? headDim : 0;
  return { count: 2 * scores(op) * (2 * (headDim + vHeadDim) + again), why };
}

/** Every rule that goes by the place, not by the kind of layer. */
const before = (place: Place, context: Context): Counted | undefined =>
  inFastPath(place, context)
    ? { count: 0, why: fastPathWhy }
    : (groupedGradient(place) ??
      deformed(place) ??
      (place.op.kind.startsWith("rnn.") ? unstudied(place, context) : undefined) ??
      recurrentOnCpu(place) ??
      attentionGradient(place, context));

/** FlopCounterMode. */
export const torchTool: Tool = {
  unit: "FLOPs",
  version: "PyTorch 2.15.0 on a CPU",
  before,
  counters,
  others: twoPerMac,
};

/** `_ops` in the weights' meta, before its rounding to thousandths of a giga. */
export const torchvisionTool: Tool = {
  unit: "MACs",
  version: "torchvision 0.29.2 on a CPU",
  before: (place, context) => {
    if (place.backward) return { count: 0, why: "counts the forward pass only" };
    if (place.op.kind === "lstm") return recurrentOnCpu(place);
    return inFastPath(place, context) ? { count: 0, why: fastPathWhy } : deformed(place);
  },
  counters: forEveryKind(macsOnly),
  others: macsOnly,
};
