// torch.utils.flop_counter (FLOPs, two per multiply-add) and torchvision's _ops (multiply-adds): contractions and
// nothing else, at the dispatcher.
import type { Op } from "../op.js";
import { layerNames, layersByName, type LayerKind, type OpOf } from "../ops/index.js";
import {
  convKinds,
  convTransposeKinds,
  forKinds,
  isProjected,
  macsOnly,
  unstudied,
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
function recurrentOnCpu(place: Place): Counted | undefined {
  const [kind, gradient] = place.op.kind.split(".");
  if (kind === "lstm" && !isProjected(place.op))
    return { count: 0, why: "has no formula for an LSTM, on a CPU one op of oneDNN" };
  // A first step's state asks for no gradient, which ours includes.
  if ((kind === "lstm" || kind === "gru" || kind === "rnn") && gradient !== undefined)
    return unstudied(place, { batch: 1, fusedAttention: false });
  return undefined;
}

/**
 * FlopCounterMode. With fused attention its backward pass counts five products, the recomputed QKᵀ included, as ours
 * does.
 */
export const torchTool: Tool = {
  unit: "FLOPs",
  version: "PyTorch 2.15.0 on a CPU",
  before: (place) => groupedGradient(place) ?? deformed(place) ?? recurrentOnCpu(place),
  counters,
  others: twoPerMac,
};

/** The formula as it was first released; recurrent layers are not among what it was run on. */
export const torch20Tool: Tool = {
  ...torchTool,
  version: "PyTorch 2.0",
};

/** `_ops` in the weights' meta, before its rounding to thousandths of a giga. */
export const torchvisionTool: Tool = {
  unit: "MACs",
  version: "torchvision 0.15 and newer",
  before: (place) => (place.backward ? { count: 0, why: "counts the forward pass only" } : deformed(place)),
  counters: forEveryKind(macsOnly),
  others: macsOnly,
};
