// Mixture of experts: a router sends each token through topK of many feed-forward networks.
import { nonNegativeIntegers, positiveIntegers, shown } from "../check.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { activationCost, type ActivationKind } from "./activation.js";
import { gradientOf, readAgain, type BackwardOptions } from "./gradient.js";
import { precision, weightTensors, type PrecisionOptions } from "./precision.js";
import { booleans, merged } from "./shape.js";
import { softmaxBackwardFlops, softmaxFlops } from "./softmax.js";

/**
 * `intermediateSize` of one expert; `sharedIntermediateSize` of each shared expert (default the same). `gated`: three
 * matrices (SwiGLU), else two. `router`: the matrix hiddenSize x experts; `routerBias`: a stored bias per expert
 * (DeepSeek-V3). `bias`: on the experts' matrices and the router. `distinctExperts`: routed experts that the batch
 * touches (default its expectation under uniform routing).
 */
export interface MoeShape extends PrecisionOptions {
  tokens?: number;
  hiddenSize: number;
  intermediateSize: number;
  experts: number;
  topK: number;
  sharedExperts?: number;
  sharedIntermediateSize?: number;
  gated?: boolean;
  router?: boolean;
  routerBias?: boolean;
  bias?: boolean;
  activation?: ActivationKind;
  distinctExperts?: number;
}

const keys = (
  "tokens hiddenSize intermediateSize experts topK sharedExperts sharedIntermediateSize gated router routerBias bias " +
  "activation distinctExperts"
).split(" ");

/**
 * Experts that `tokens` tokens are expected to touch when each picks `topK` of `experts` uniformly: E (1 - (1 -
 * k/E)^tokens).
 */
export function expectedDistinctExperts(experts: number, topK: number, tokens: number): number {
  // expm1 and log1p keep the digits when k/E is small.
  return topK >= experts ? experts : -experts * Math.expm1(tokens * Math.log1p(-topK / experts));
}

/**
 * MoE feed-forward: macs = tokens · (router hiddenSize · experts + topK · M · hiddenSize · intermediateSize + the
 * shared experts'), M = 3 when gated, else 2. Params hold all experts, activeParams topK of them and all else. Bytes:
 * only the distinct experts that the batch touches, E (1 - (1 - k/E)^tokens) expected. Shapes: x and y [tokens,
 * hiddenSize], experts' weights [experts, …]. Extras: `activation` (SiLU, 4) and gate 1 per intermediate element, the
 * router's softmax 5, and 2 per output element and expert to weigh and sum. Neglected: choosing the top k, moving
 * tokens between experts, intermediates as bytes. Throws when topK exceeds experts. (arXiv 1701.06538, 2401.06066)
 */
export function moe(shape: MoeShape, options: PrecisionOptions = {}): Op {
  const {
    tokens = 1,
    hiddenSize,
    intermediateSize,
    experts,
    topK,
    sharedExperts = 0,
    sharedIntermediateSize = intermediateSize,
    gated = true,
    router = true,
    routerBias = false,
    bias = false,
    activation = "silu",
    distinctExperts,
    ...rest
  } = merged("moe", shape, options);
  const p = precision("moe", rest, keys);
  positiveIntegers("moe", { tokens, hiddenSize, intermediateSize, experts, topK, sharedIntermediateSize });
  nonNegativeIntegers("moe", { sharedExperts });
  booleans("moe", { gated, router, routerBias, bias });
  const act = activationCost("moe", activation);
  if (topK > experts) throw new RangeError(`moe: topK must be at most experts ${experts}, got ${topK}`);
  const most = Math.min(experts, tokens * topK);
  if (
    distinctExperts !== undefined &&
    !(typeof distinctExperts === "number" && distinctExperts >= topK && distinctExperts <= most)
  )
    throw new RangeError(`moe: distinctExperts must be from topK ${topK} to ${most}, got ${shown(distinctExperts)}`);
  const distinct = distinctExperts ?? expectedDistinctExperts(experts, topK, tokens);

  const up = (gated ? 2 : 1) * intermediateSize;
  const sharedUp = (gated ? 2 : 1) * sharedIntermediateSize;
  const vector = (name: string, sizes: number[]): TensorSpec => ({ name, shape: sizes, dtype: p.dtype });
  const routing = [
    ...(router ? weightTensors("router.weight", [experts, hiddenSize], p) : []),
    ...(router && bias ? [vector("router.bias", [experts])] : []),
    ...(routerBias ? [vector("router.correctionBias", [experts])] : []),
  ];
  const networks = (name: string, count: number, width: number, wide: number): TensorSpec[] => [
    ...weightTensors(`${name}.up`, [count, wide, hiddenSize], p),
    ...weightTensors(`${name}.down`, [count, hiddenSize, width], p),
    ...(bias ? [vector(`${name}.upBias`, [count, wide]), vector(`${name}.downBias`, [count, hiddenSize])] : []),
  ];
  const routed = networks("experts", experts, intermediateSize, up).map((w) => ({
    ...w,
    elements: Math.round((distinct / experts) * elementCount(w.shape)),
  }));
  const shared = sharedExperts > 0 ? networks("shared", sharedExperts, sharedIntermediateSize, sharedUp) : [];
  const weights = [...routing, ...routed, ...shared];

  const inner = tokens * (topK * intermediateSize + sharedExperts * sharedIntermediateSize);
  const branches = topK + sharedExperts;
  const routerMacs = router ? tokens * hiddenSize * experts : 0;
  const macs = routerMacs + (gated ? 3 : 2) * hiddenSize * inner;
  const biasFlops =
    (bias
      ? tokens * (topK * (up + hiddenSize) + sharedExperts * (sharedUp + hiddenSize) + (router ? experts : 0))
      : 0) + (routerBias ? tokens * experts : 0);
  const combine = 2 * tokens * hiddenSize * branches;
  const held = (list: readonly TensorSpec[]): number =>
    list.reduce((n, w) => n + (w.stored === false ? 0 : elementCount(w.shape)), 0);
  const x = vector("x", [tokens, hiddenSize]);
  const y = vector("y", [tokens, hiddenSize]);
  const attributes = {
    tokens,
    hiddenSize,
    intermediateSize,
    experts,
    topK,
    sharedExperts,
    sharedIntermediateSize,
    gated,
    router,
    routerBias,
    bias,
    activation,
    distinctExperts: distinct,
  };
  // Every matrix has its two transposes. The router's gradient flows through the weights that it gives, so dx needs
  // them all.
  const backward = ({ inputGradient = true }: BackwardOptions = {}): Op[] => [
    {
      kind: "moe.backward",
      inputs: [x, gradientOf(y)],
      weights: readAgain(weights),
      outputs: [
        ...(inputGradient ? [gradientOf(x)] : []),
        ...weights
          .filter((w) => w.stored !== false && w.name !== "router.correctionBias")
          .map((w) => ({ ...gradientOf(w, p.dtype), ...(w.elements === undefined ? {} : { elements: w.elements }) })),
      ],
      macs: 2 * macs - (inputGradient ? 0 : routerMacs + (gated ? 2 : 1) * hiddenSize * inner),
      extras: {
        activation: act.backward.flops * inner,
        ...(gated ? { mul: 2 * inner } : {}),
        ...(router ? { softmax: softmaxBackwardFlops * tokens * experts } : {}),
        combine: 2 * combine,
        ...(bias ? { bias: biasFlops - (routerBias ? tokens * experts : 0) } : {}),
      },
      transcendentals: act.backward.transcendentals * inner,
      attributes,
    },
  ];
  return {
    kind: "moe",
    inputs: [x],
    weights,
    outputs: [y],
    macs,
    extras: {
      activation: act.flops * inner,
      ...(gated ? { mul: inner } : {}),
      ...(router ? { softmax: softmaxFlops * tokens * experts } : {}),
      combine,
      ...(biasFlops ? { bias: biasFlops } : {}),
    },
    transcendentals: act.transcendentals * inner + (router ? tokens * experts : 0),
    activeParams: held(routing) + held(shared) + (held(routed) / experts) * topK,
    attributes,
    backward,
  };
}
