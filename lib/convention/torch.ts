// torch.utils.flop_counter (FLOPs, two per multiply-add) and torchvision's _ops (multiply-adds): contractions and
// nothing else, at the dispatcher.
import type { Op } from "../op.js";
import { layerNames, layersByName, type LayerKind, type OpOf } from "../ops/index.js";
import { convKinds, forKinds, macsOnly, unstudied, type Counters, type Rule, type Tool } from "./rule.js";

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

/**
 * FlopCounterMode. With fused attention its backward pass counts five products, the recomputed QKᵀ included, as ours
 * does.
 */
export const torchTool: Tool = {
  unit: "FLOPs",
  version: "PyTorch with the grouped convolution backward corrected (pull request 183405)",
  counters,
  others: twoPerMac,
};

/** Groups of a convolution; 1 for what is none. */
function groupsOf(kind: string, { attributes }: Op): number {
  if (kind === "shortConv") return (attributes as OpOf<"shortConv">["attributes"]).channels;
  if (!convKinds.some((conv) => conv === kind)) return 1;
  return (attributes as OpOf<(typeof convKinds)[number]>["attributes"]).groups;
}

/**
 * Until May 2026 the weight gradient of a grouped convolution was not divided by its groups: a depthwise one counted as
 * a full one.
 */
export const torch20Tool: Tool = {
  ...torchTool,
  version: "PyTorch 2.0 up to pull request 183405",
  before: ({ op }) => {
    const [kind, gradient] = op.kind.split(".");
    if (gradient !== "weightGradient") return undefined;
    const groups = groupsOf(kind!, op);
    if (groups === 1) return undefined;
    return {
      count: 2 * op.macs * groups,
      why: "does not divide the weight gradient of a grouped convolution by its groups",
    };
  },
};

/** `_ops` in the weights' meta, before its rounding to thousandths of a giga. */
export const torchvisionTool: Tool = {
  unit: "MACs",
  version: "torchvision 0.15 and newer",
  before: ({ backward }) => (backward ? { count: 0, why: "counts the forward pass only" } : undefined),
  counters: forEveryKind(macsOnly),
  others: macsOnly,
};
