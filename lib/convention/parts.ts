// Layers that one op stands for as a whole, taken apart into the ops that PyTorch runs and tools see.
import type { Op } from "../op.js";
import { activation, linear, mul, softmax, type OpOf } from "../ops/index.js";
import { mlaParts } from "../ops/mlaParts.js";
import type { Place } from "./rule.js";

/** `place` itself, or the places inside a mixture of experts or latent attention. Gradients are not taken apart. */
export function partsOf(place: Place): readonly Place[] {
  const { op, backward } = place;
  const ops = backward ? [] : opsInside(op);
  if (ops.length === 0) return [place];
  // The router's softmax is a function; projections, experts and norms are modules.
  return ops.map((part) => ({ op: part, backward, ...(part.kind === "softmax" ? { module: "functional" } : {}) }));
}

function opsInside({ kind, attributes }: Op): Op[] {
  if (kind === "moe") return moeParts(attributes as OpOf<"moe">["attributes"]);
  if (kind !== "mla") return [];
  const parts = mlaParts(attributes as OpOf<"mla">["attributes"], {}).map((part) => part.op);
  return parts.filter((op) => op.kind !== "rope");
}

/** Experts are linear layers; together the routed ones see topK times the tokens. */
function moeParts({
  tokens,
  hiddenSize,
  intermediateSize,
  experts,
  topK,
  sharedExperts,
  sharedIntermediateSize,
  gated,
  router,
  bias,
  sharedBias = bias,
  activation: name,
}: OpOf<"moe">["attributes"]): Op[] {
  const network = (rows: number, width: number, biased: boolean): Op[] => [
    ...Array.from({ length: gated ? 2 : 1 }, () =>
      linear({ tokens: rows, inFeatures: hiddenSize, outFeatures: width, bias: biased }),
    ),
    activation(name, { shape: [rows, width] }),
    ...(gated ? [mul({ shape: [rows, width] })] : []),
    linear({ tokens: rows, inFeatures: width, outFeatures: hiddenSize, bias: biased }),
  ];
  return [
    ...(router
      ? [linear({ tokens, inFeatures: hiddenSize, outFeatures: experts, bias }), softmax({ shape: [tokens, experts] })]
      : []),
    ...network(tokens * topK, intermediateSize, bias),
    ...(sharedExperts > 0 ? network(tokens * sharedExperts, sharedIntermediateSize, sharedBias) : []),
  ];
}
