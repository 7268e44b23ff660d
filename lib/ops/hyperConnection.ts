// A residual stream in several copies (manifold-constrained hyper-connections): what a block reads of them, and how
// they and its result are mixed into the next ones.
import { activationCost } from "./activation.js";
import type { Op, TensorSpec } from "../op.js";
import { gradientOf, learned, readAgain, tensorAt } from "./gradient.js";
import { defineLayer, type BackwardOptions } from "./layer.js";
import type { Precision, PrecisionOptions } from "./precision.js";
import { flag, optional, size } from "./shapeKeys.js";
import { softmaxBackwardFlops, softmaxFlops } from "./softmax.js";

export interface HyperConnectionShape extends PrecisionOptions {
  /** Positions of all samples (default 1). */
  tokens?: number;
  /** Copies of the residual stream. */
  streams: number;
  /** Width of one. */
  hiddenSize: number;
  /** Rounds of the Sinkhorn-Knopp normalization of the mixing matrix (default 20). */
  sinkhornIters?: number;
  /** Whether the streams are collapsed for good, before the last norm: no mixing (default false). */
  head?: boolean;
}

/** The shape with its defaults. */
const withDefaults = (shape: HyperConnectionShape) => {
  const { tokens = 1, streams, hiddenSize, sinkhornIters = 20, head = false } = shape;
  return { tokens, streams, hiddenSize, sinkhornIters, head };
};
type Attributes = Readonly<ReturnType<typeof withDefaults>>;

/** Coefficients of a position: one to collapse each stream, one to add to each, and the matrix that mixes them. */
const coefficients = ({ streams, head }: Attributes): number => (head ? streams : (2 + streams) * streams);

const sigmoid = activationCost("hyperConnection", "sigmoid");

function forward(shape: HyperConnectionShape, p: Precision) {
  const attributes = withDefaults(shape);
  const { tokens, streams, hiddenSize, sinkhornIters, head } = attributes;
  const n = coefficients(attributes);
  const width = streams * hiddenSize;
  const fp32 = (name: string, shape: number[]): TensorSpec => ({ name, shape, dtype: "fp32" });
  const matrix = head ? 0 : streams * streams;
  const gates = n - matrix;
  return {
    inputs: [{ name: "x", shape: [tokens, streams, hiddenSize], dtype: p.dtype }],
    weights: [fp32("fn", [n, width]), fp32("base", [n]), fp32("scale", [head ? 1 : 3])],
    outputs: [
      { name: "y", shape: [tokens, hiddenSize], dtype: p.dtype },
      ...(head ? [] : [fp32("post", [tokens, streams]), fp32("comb", [tokens, streams, streams])]),
    ],
    macs: tokens * n * width,
    extras: {
      norm: 3 * tokens * width,
      mul: tokens * (n + width + (head ? 0 : streams)),
      add: tokens * (n + streams + matrix + width),
      activation: sigmoid.flops * tokens * gates,
      ...(head
        ? {}
        : { softmax: softmaxFlops * tokens * matrix, sinkhorn: 2 * (2 * sinkhornIters - 1) * tokens * matrix }),
    },
    transcendentals: tokens * (1 + gates + matrix),
    attributes,
  };
}

/**
 * The product's two transposes; the norm as rmsNorm's without a scale; dx of the collapsed sum and the coefficients'
 * (3 an element, and 1 to add both to what flows); sigmoid and softmax as theirs; 4 an element for each normalization;
 * base, scale and product 4 a coefficient.
 */
function backward(op: Op & { readonly attributes: Attributes }, { inputGradient }: Required<BackwardOptions>): Op[] {
  const { tokens, streams, hiddenSize, sinkhornIters, head } = op.attributes;
  const x = tensorAt(op, "inputs", 0);
  const n = coefficients(op.attributes);
  const matrix = head ? 0 : streams * streams;
  const width = streams * hiddenSize;
  return [
    {
      kind: "hyperConnection.backward",
      inputs: [x, ...op.outputs.map((y) => gradientOf(y))],
      weights: readAgain(op.weights),
      outputs: [...(inputGradient ? [gradientOf(x)] : []), ...learned(op.weights).map((w) => gradientOf(w))],
      macs: (inputGradient ? 2 : 1) * op.macs,
      extras: {
        norm: (inputGradient ? 6 : 1) * tokens * width,
        mul: tokens * (2 * width + 2 * n),
        add: tokens * (2 * width + 2 * n),
        activation: sigmoid.backward.flops * tokens * (n - matrix),
        ...(head
          ? {}
          : {
              softmax: softmaxBackwardFlops * tokens * matrix,
              sinkhorn: 4 * (2 * sinkhornIters - 1) * tokens * matrix,
            }),
      },
      attributes: op.attributes,
    },
  ];
}

/**
 * What a block reads of `streams` copies of the residual stream, y = Σ pre[s] x[s], and the coefficients by which its
 * result is added (`post`) and the copies are mixed (`comb`, made doubly stochastic): all from fn · norm(x), x
 * flattened. macs = tokens · (2 + streams) · streams · streams · hiddenSize, or with `head` tokens · streams² ·
 * hiddenSize. Extras: norm 3 an element of x, collapsing 2; scale and shift 2 a coefficient, 1 more for pre's, post's
 * and comb's constants, sigmoid 3, softmax 5, each normalization 2. Weights in fp32, as published. (arXiv 2512.24880)
 */
export const hyperConnection = defineLayer({
  kind: "hyperConnection",
  about: "what a block reads of several streams, and how they mix",
  shapeKeys: {
    tokens: optional(size),
    streams: size,
    hiddenSize: size,
    sinkhornIters: optional(size),
    head: flag,
  },
  example: { tokens: 8, streams: 4, hiddenSize: 16 },
  forward,
  backward,
});

export interface StreamMixShape extends PrecisionOptions {
  /** Positions of all samples (default 1). */
  tokens?: number;
  /** Copies of the residual stream. */
  streams: number;
  /** Width of one. */
  hiddenSize: number;
}

interface MixAttributes {
  readonly tokens: number;
  readonly streams: number;
  readonly hiddenSize: number;
}

function mixForward({ tokens = 1, streams, hiddenSize }: StreamMixShape, { dtype }: Precision) {
  const x: TensorSpec = { name: "x", shape: [tokens, streams, hiddenSize], dtype };
  const n = tokens * streams * hiddenSize;
  return {
    inputs: [
      x,
      { name: "block", shape: [tokens, hiddenSize], dtype },
      { name: "post", shape: [tokens, streams], dtype: "fp32" as const },
      { name: "comb", shape: [tokens, streams, streams], dtype: "fp32" as const },
    ],
    weights: [],
    outputs: [{ ...x, name: "y" }],
    macs: streams * n,
    extras: { mul: n, add: n },
    attributes: { tokens, streams, hiddenSize },
  };
}

function mixBackward(op: Op & { readonly attributes: MixAttributes }): Op {
  const { tokens, streams, hiddenSize } = op.attributes;
  const n = tokens * streams * hiddenSize;
  return {
    kind: "streamMix.backward",
    inputs: [...op.inputs, gradientOf(tensorAt(op, "outputs", 0))],
    weights: [],
    outputs: op.inputs.map((t) => gradientOf(t)),
    macs: 2 * op.macs,
    extras: { mul: 2 * n, add: 2 * n },
    attributes: op.attributes,
  };
}

/**
 * The streams behind a block: y[k] = post[k] · block + Σ_j comb[j, k] x[j]. macs = tokens · streams² · hiddenSize, the
 * product with comb; extras 1 an element to weigh the block's result and 1 to add it. Backward: both transposes, and
 * 2 + 2 an element for the block's and post's gradients. (arXiv 2512.24880)
 */
export const streamMix = defineLayer({
  kind: "streamMix",
  about: "residual streams mixed, and a block's result added to each",
  shapeKeys: { tokens: optional(size), streams: size, hiddenSize: size },
  example: { tokens: 8, streams: 4, hiddenSize: 16 },
  forward: mixForward,
  backward: (op, { inputGradient }) => (inputGradient ? [mixBackward(op)] : []),
});
