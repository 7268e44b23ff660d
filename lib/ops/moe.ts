// Mixture of experts: a router sends each token through topK of many feed-forward networks.
import { shown } from "../check.js";
import { elementCount, type Extras, type Op, type TensorSpec } from "../op.js";
import { activationCost, activationKinds, type ActivationKind } from "./activation.js";
import { gradientOf, learned, partialGradientOf, readAgain, tensorAt } from "./gradient.js";
import { defineLayer, type BackwardOptions } from "./layer.js";
import { weightTensors, type Precision, type PrecisionOptions } from "./precision.js";
import { checkedByLayer, choice, count, flag, optional, size } from "./shapeKeys.js";
import { softmaxBackwardFlops, softmaxFlops } from "./softmax.js";

export interface MoeShape extends PrecisionOptions {
  /** Tokens of all samples (default 1). */
  tokens?: number;
  /** Width of x and of y. */
  hiddenSize: number;
  /** Inner width of one expert. */
  intermediateSize: number;
  /** Routed experts. */
  experts: number;
  /** Routed experts that a token goes through. */
  topK: number;
  /** Experts that every token goes through (default 0). */
  sharedExperts?: number;
  /** Inner width of a shared expert (default `intermediateSize`). */
  sharedIntermediateSize?: number;
  /** Whether an expert has three matrices (SwiGLU), else two (default true). */
  gated?: boolean;
  /** Whether there is a router, the matrix hiddenSize x experts (default true). */
  router?: boolean;
  /** Whether a correction of each expert's score is stored, a buffer and no parameter (DeepSeek-V3; default false). */
  routerBias?: boolean;
  /** Whether the experts' matrices and the router have biases (default false). */
  bias?: boolean;
  /** Whether the shared experts' matrices have biases (default `bias`). */
  sharedBias?: boolean;
  /** The experts' activation (default silu). */
  activation?: ActivationKind;
  /** Routed experts that the batch touches (default their expectation under uniform routing). */
  distinctExperts?: number;
}

/**
 * Experts that `tokens` tokens are expected to touch when each picks `topK` of `experts` uniformly: E (1 - (1 -
 * k/E)^tokens).
 */
export function expectedDistinctExperts(experts: number, topK: number, tokens: number): number {
  // expm1 and log1p keep the digits when k/E is small.
  return topK >= experts ? experts : -experts * Math.expm1(tokens * Math.log1p(-topK / experts));
}

const withDefaults = ({
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
  sharedBias = bias,
  activation = "silu",
  distinctExperts = expectedDistinctExperts(experts, topK, tokens),
}: MoeShape) => ({
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
  ...(sharedBias === bias ? {} : { sharedBias }),
  activation,
  distinctExperts,
});

type Attributes = ReturnType<typeof withDefaults>;

function refuse({ topK, experts, tokens, distinctExperts }: Attributes, given: number | undefined): void {
  if (topK > experts) throw new RangeError(`moe: topK must be at most experts ${experts}, got ${topK}`);
  if (given === undefined) return;
  const most = Math.min(experts, tokens * topK);
  if (typeof given !== "number" || !(distinctExperts >= topK && distinctExperts <= most))
    throw new RangeError(`moe: distinctExperts must be from topK ${topK} to ${most}, got ${shown(given)}`);
}

const hasSharedBias = ({ bias, sharedBias = bias }: Attributes): boolean => sharedBias;

/** Multiply-adds, elements and additions that forward and backward pass share. */
function workOf(a: Attributes) {
  const { tokens, hiddenSize, intermediateSize, experts, topK, sharedExperts, sharedIntermediateSize } = a;
  const up = a.gated ? 2 : 1;
  const inner = tokens * (topK * intermediateSize + sharedExperts * sharedIntermediateSize);
  const routed = tokens * experts;
  const biases =
    (a.bias ? topK * (up * intermediateSize + hiddenSize) + (a.router ? experts : 0) : 0) +
    (hasSharedBias(a) ? sharedExperts * (up * sharedIntermediateSize + hiddenSize) : 0);
  return {
    inner,
    router: a.router ? hiddenSize * routed : 0,
    up: up * hiddenSize * inner,
    down: hiddenSize * inner,
    biases: tokens * biases,
    corrections: a.routerBias ? routed : 0,
    combine: 2 * tokens * hiddenSize * (topK + sharedExperts),
  };
}

/** The weights of routing, of the routed experts (those that the batch touches) and of the shared ones. */
function weightsOf(a: Attributes, p: Precision) {
  const { hiddenSize, experts, bias } = a;
  const vector = (name: string, shape: number[]): TensorSpec => ({ name, shape, dtype: p.dtype });
  const networks = (name: string, n: number, width: number, biased: boolean): TensorSpec[] => {
    const wide = (a.gated ? 2 : 1) * width;
    return [
      ...weightTensors(`${name}.up`, [n, wide, hiddenSize], p),
      ...weightTensors(`${name}.down`, [n, hiddenSize, width], p),
      ...(biased ? [vector(`${name}.upBias`, [n, wide]), vector(`${name}.downBias`, [n, hiddenSize])] : []),
    ];
  };
  const touched = a.distinctExperts / experts;
  return {
    routing: [
      ...(a.router ? weightTensors("router.weight", [experts, hiddenSize], p) : []),
      ...(a.router && bias ? [vector("router.bias", [experts])] : []),
      ...(a.routerBias ? [{ ...vector("router.correctionBias", [experts]), stored: false }] : []),
    ],
    routed: networks("experts", experts, a.intermediateSize, bias).map((w) => ({
      ...w,
      elements: Math.round(touched * elementCount(w.shape)),
    })),
    shared: a.sharedExperts > 0 ? networks("shared", a.sharedExperts, a.sharedIntermediateSize, hasSharedBias(a)) : [],
  };
}

const elementsOf = (list: readonly TensorSpec[]): number =>
  learned(list).reduce((n, w) => n + elementCount(w.shape), 0);

function forward(shape: MoeShape, p: Precision) {
  const attributes = withDefaults(shape);
  refuse(attributes, shape.distinctExperts);
  const { tokens, hiddenSize, experts, topK, gated, router } = attributes;
  const act = activationCost("moe", attributes.activation);
  const work = workOf(attributes);
  const { routing, routed, shared } = weightsOf(attributes, p);
  const x: TensorSpec = { name: "x", shape: [tokens, hiddenSize], dtype: p.dtype };
  const bias = work.biases + work.corrections;
  const extras: Extras = {
    activation: act.flops * work.inner,
    ...(gated ? { mul: work.inner } : {}),
    ...(router ? { softmax: softmaxFlops * tokens * experts } : {}),
    combine: work.combine,
    ...(bias > 0 ? { bias } : {}),
  };
  return {
    inputs: [x],
    weights: [...routing, ...routed, ...shared],
    outputs: [{ ...x, name: "y" }],
    macs: work.router + work.up + work.down,
    extras,
    transcendentals: act.transcendentals * work.inner + (router ? tokens * experts : 0),
    activeParams: elementsOf(routing) + elementsOf(shared) + (elementsOf(routed) / experts) * topK,
    attributes,
  };
}

/**
 * Every matrix has its two transposes. The router's gradient flows through the weights that it gives, so dx needs them
 * all.
 */
function backward(op: Op & { readonly attributes: Attributes }, { inputGradient }: Required<BackwardOptions>): Op[] {
  const { tokens, experts, gated, router, activation } = op.attributes;
  const act = activationCost("moe", activation).backward;
  const work = workOf(op.attributes);
  const x = tensorAt(op, "inputs", 0);
  const toWeights = learned(op.weights).filter((w) => w.name !== "router.correctionBias");
  return [
    {
      kind: "moe.backward",
      inputs: [x, gradientOf(tensorAt(op, "outputs", 0))],
      weights: readAgain(op.weights),
      outputs: [...(inputGradient ? [gradientOf(x)] : []), ...toWeights.map((w) => partialGradientOf(w, x.dtype))],
      macs: 2 * op.macs - (inputGradient ? 0 : work.router + work.up),
      extras: {
        activation: act.flops * work.inner,
        ...(gated ? { mul: 2 * work.inner } : {}),
        ...(router ? { softmax: softmaxBackwardFlops * tokens * experts } : {}),
        combine: 2 * work.combine,
        ...(work.biases > 0 ? { bias: work.biases } : {}),
      },
      transcendentals: act.transcendentals * work.inner,
      attributes: op.attributes,
    },
  ];
}

/**
 * MoE feed-forward: macs = tokens · (router hiddenSize · experts + topK · M · hiddenSize · intermediateSize + the
 * shared experts'), M = 3 when gated, else 2. Params hold all experts (a correction is bytes alone), activeParams topK
 * of them and all else. Bytes: only the distinct experts that the batch touches, E (1 - (1 - k/E)^tokens) expected.
 * Shapes: x and y [tokens, hiddenSize], experts' weights [experts, …]. Extras: `activation` (SiLU, 4) and gate 1 per
 * intermediate element, the router's softmax 5, and 2 per output element and expert to weigh and sum. Neglected:
 * choosing the top k, moving tokens between experts, intermediates as bytes. Throws when topK exceeds experts. (arXiv
 * 1701.06538, 2401.06066)
 */
export const moe = defineLayer({
  kind: "moe",
  about: "mixture of experts: router, experts and their sum",
  shapeKeys: {
    tokens: optional(size),
    hiddenSize: size,
    intermediateSize: size,
    experts: size,
    topK: size,
    sharedExperts: optional(count),
    sharedIntermediateSize: optional(size),
    gated: flag,
    router: flag,
    routerBias: flag,
    bias: flag,
    sharedBias: flag,
    activation: choice(...activationKinds),
    distinctExperts: optional(checkedByLayer("a number of experts from topK on", [0, -1, "4", null, 5])),
  },
  example: { tokens: 4, hiddenSize: 64, intermediateSize: 32, experts: 4, topK: 2 },
  forward,
  backward,
});
