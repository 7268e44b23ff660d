// Layers that one op stands for as a whole, taken apart into the ops that PyTorch runs and tools see.
import type { Op } from "../op.js";
import { activation, attention, linear, mul, rmsNorm, softmax, type ActivationKind } from "../ops/index.js";
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
  if (kind === "moe") return moeParts(attributes as unknown as MoeAttributes);
  if (kind === "mla") return mlaParts(attributes as unknown as MlaAttributes);
  return [];
}

interface MoeAttributes {
  tokens: number;
  hiddenSize: number;
  intermediateSize: number;
  experts: number;
  topK: number;
  sharedExperts: number;
  sharedIntermediateSize: number;
  gated: boolean;
  router: boolean;
  bias: boolean;
  activation: ActivationKind;
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
  activation: name,
}: MoeAttributes): Op[] {
  const network = (rows: number, width: number): Op[] => [
    ...Array.from({ length: gated ? 2 : 1 }, () =>
      linear({ tokens: rows, inFeatures: hiddenSize, outFeatures: width, bias }),
    ),
    activation(name, { shape: [rows, width] }),
    ...(gated ? [mul({ shape: [rows, width] })] : []),
    linear({ tokens: rows, inFeatures: width, outFeatures: hiddenSize, bias }),
  ];
  return [
    ...(router
      ? [linear({ tokens, inFeatures: hiddenSize, outFeatures: experts, bias }), softmax({ shape: [tokens, experts] })]
      : []),
    ...network(tokens * topK, intermediateSize),
    ...(sharedExperts > 0 ? network(tokens * sharedExperts, sharedIntermediateSize) : []),
  ];
}

interface MlaAttributes {
  batch: number;
  tokens: number;
  context: number;
  hiddenSize: number;
  heads: number;
  qLoraRank: number | null;
  kvLoraRank: number;
  qkNopeHeadDim: number;
  qkRopeHeadDim: number;
  vHeadDim: number;
  form: string;
  causal: boolean;
}

function mlaParts({
  batch,
  tokens,
  context,
  hiddenSize,
  heads,
  qLoraRank,
  kvLoraRank,
  qkNopeHeadDim: nope,
  qkRopeHeadDim: rope,
  vHeadDim,
  form,
  causal,
}: MlaAttributes): Op[] {
  const rows = batch * tokens;
  const queries = heads * (nope + rope);
  const project = (inFeatures: number, outFeatures: number) => linear({ tokens: rows, inFeatures, outFeatures });
  const norm = (normalizedShape: number) => rmsNorm({ tokens: rows, normalizedShape });
  const core =
    form === "absorbed"
      ? { kvHeads: 1, headDim: kvLoraRank + rope, vHeadDim: kvLoraRank, sharedKv: true }
      : { headDim: nope + rope, vHeadDim };
  return [
    ...(qLoraRank === null
      ? [project(hiddenSize, queries)]
      : [project(hiddenSize, qLoraRank), norm(qLoraRank), project(qLoraRank, queries)]),
    project(hiddenSize, kvLoraRank + rope),
    norm(kvLoraRank),
    project(kvLoraRank, heads * (nope + vHeadDim)),
    project(heads * vHeadDim, hiddenSize),
    attention({ batch, tokens, context, heads, causal, ...core }),
  ];
}
