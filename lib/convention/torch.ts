// torch.utils.flop_counter (FLOPs, two per multiply-add) and torchvision's _ops (multiply-adds): contractions and
// nothing else, at the dispatcher.
import { layerNames, layersByName, type LayerKind, type OpOf } from "../ops/index.js";
import { convKinds, forKinds, macsOnly, type Counters, type Rule, type Tool } from "./rule.js";

const why = "counts contractions only: no bias, norm, activation, softmax, pool or sum";
const twoPerMac: Rule = ({ op }) => ({ count: 2 * op.macs, why });

/** A dispatcher sees what runs, whatever module or function it stands in: one rule holds for every kind. */
const forEveryKind = (rule: Rule): Counters =>
  forKinds(
    layerNames.map((name) => layersByName[name].kind as LayerKind),
    rule,
  );

/**
 * FlopCounterMode. With fused attention its backward pass counts five products, the recomputed QKᵀ included, as ours
 * does.
 */
export const torchTool: Tool = {
  unit: "FLOPs",
  version: "PyTorch with the grouped convolution backward corrected (pull request 183405)",
  counters: forEveryKind(twoPerMac),
  others: twoPerMac,
};

/**
 * Until May 2026 the weight gradient of a grouped convolution was not divided by its groups: a depthwise one counted as
 * a full one.
 */
export const torch20Tool: Tool = {
  ...torchTool,
  version: "PyTorch 2.0 up to pull request 183405",
  before: ({ op }) => {
    const [kind, gradient] = op.kind.split(".");
    if (gradient !== "weightGradient" || !convKinds.some((conv) => conv === kind)) return undefined;
    const { groups } = op.attributes as OpOf<(typeof convKinds)[number]>["attributes"];
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
