// torch.utils.flop_counter (FLOPs, two per multiply-add) and torchvision's _ops (multiply-adds): contractions and
// nothing else, at the dispatcher.
import type { Tool } from "./rule.js";

const why = "counts contractions only: no bias, norm, activation, softmax, pool or sum";

/**
 * FlopCounterMode. With fused attention its backward pass counts five products, the recomputed QKᵀ included, as ours
 * does.
 */
export const torchTool: Tool = {
  unit: "FLOPs",
  version: "PyTorch with the grouped convolution backward corrected (pull request 183405)",
  rule: ({ op }) => ({ count: 2 * op.macs, why }),
};

/**
 * Until May 2026 the weight gradient of a grouped convolution was not divided by its groups: a depthwise one counted as
 * a full one.
 */
export const torch20Tool: Tool = {
  unit: "FLOPs",
  version: "PyTorch 2.0 up to pull request 183405",
  rule: ({ op }) => {
    const groups = /^conv[123]d\.weightGradient$/.test(op.kind) ? (op.attributes!.groups as number) : 1;
    return groups > 1
      ? {
          count: 2 * op.macs * groups,
          why: "does not divide the weight gradient of a grouped convolution by its groups",
        }
      : { count: 2 * op.macs, why };
  },
};

/** `_ops` in the weights' meta, before its rounding to thousandths of a giga. */
export const torchvisionTool: Tool = {
  unit: "MACs",
  version: "torchvision 0.15 and newer",
  rule: ({ op, backward }) => (backward ? { count: 0, why: "counts the forward pass only" } : { count: op.macs }),
};
