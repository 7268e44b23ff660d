// Mamba's selective scan: a diagonal recurrence of each channel, whose step and projections depend on the token.
import type { Op, TensorSpec } from "../op.js";
import { gradientOf, readAgain, tensorAt } from "./gradient.js";
import { defineLayer, type BackwardOptions } from "./layer.js";
import type { Precision, PrecisionOptions } from "./precision.js";
import { optional, size } from "./shapeKeys.js";
import { stateKey, stateTensors, type StateUse } from "./state.js";

export interface SelectiveScanShape extends PrecisionOptions {
  /** Samples (default 1). */
  batch?: number;
  /** New positions of each sample. */
  tokens: number;
  /** Channels, each with its own state. */
  channels: number;
  /** Numbers in a channel's state. */
  stateSize: number;
  /** What happens to the state (default "none"). */
  state?: StateUse;
}

const withDefaults = ({ batch = 1, tokens, channels, stateSize, state = "none" }: SelectiveScanShape) => ({
  batch,
  tokens,
  channels,
  stateSize,
  state,
});
type Attributes = ReturnType<typeof withDefaults>;

/** Channel steps, and numbers of the state that they move. */
function counts({ batch, tokens, channels, stateSize }: Attributes) {
  const steps = batch * tokens * channels;
  return { steps, cells: steps * stateSize, matrix: channels * stateSize };
}

// A step of a channel: softplus 3, Δx 1. Of a number of its state: ΔA and its exponential, then exp(ΔA) h + (Δx) B.
const scan = { perStep: 4, discretize: 2, update: 3, skip: 2 };
// Backward, of a number of the state: the state again 5; dh h and its product with exp(ΔA) 2; the sums into dA, dΔ,
// d(Δx) and dB 8; dh on to the step before 1. Of a step: softplus, its slope and Δx again 5; into dΔ 2, through the
// softplus 1; dx 3; dD 2.
const gradient = { cell: 16, step: 13 };

function forward(shape: SelectiveScanShape, p: Precision) {
  const attributes = withDefaults(shape);
  const { batch, tokens, channels, stateSize, state } = attributes;
  const { steps, cells, matrix } = counts(attributes);
  const tensor = (name: string, ...sizes: number[]): TensorSpec => ({ name, shape: sizes, dtype: p.dtype });
  const kept = stateTensors(state, [batch, channels, stateSize], p);
  return {
    inputs: [
      tensor("x", batch, tokens, channels),
      tensor("delta", batch, tokens, channels),
      tensor("B", batch, tokens, stateSize),
      tensor("C", batch, tokens, stateSize),
      ...kept.read,
    ],
    weights: [tensor("A_log", channels, stateSize), tensor("D", channels)],
    outputs: [tensor("y", batch, tokens, channels), ...kept.written],
    macs: cells,
    extras: {
      "scan.discretize": matrix + scan.perStep * steps + scan.discretize * cells,
      "scan.update": scan.update * cells,
      "scan.skip": scan.skip * steps,
    },
    transcendentals: matrix + 2 * steps + cells,
    attributes,
  };
}

function backward(op: Op & { readonly attributes: Attributes }, { inputGradient }: Required<BackwardOptions>): Op[] {
  const { steps, cells, matrix } = counts(op.attributes);
  const operands = [0, 1, 2, 3].map((i) => tensorAt(op, "inputs", i));
  return [
    {
      kind: "selectiveScan.backward",
      inputs: [...operands, gradientOf(tensorAt(op, "outputs", 0))],
      weights: readAgain(op.weights),
      outputs: [
        ...(inputGradient ? operands : operands.slice(1)).map((t) => gradientOf(t)),
        ...op.weights.map((w) => gradientOf(w)),
      ],
      macs: 2 * cells,
      extras: { "scan.backward": 2 * matrix + gradient.cell * cells + gradient.step * steps },
      transcendentals: matrix + cells + 2 * steps,
      attributes: op.attributes,
    },
  ];
}

/**
 * h = exp(Δ A) h + (Δ x) B, y = C h + D x with A = -exp(A_log), Δ = softplus(delta), one step after the other. Shapes:
 * x, delta, y [batch, tokens, channels]; B, C [batch, tokens, stateSize]; A_log [channels, stateSize]; state [batch,
 * channels, stateSize] at `kvDtype`. macs = batch · tokens · channels · stateSize: the product C h, the only
 * contraction; what makes and updates the state is in extras, 5 FLOPs and an exponential a number of it and step.
 * Backward: the states again; the two products of C h; the rest in extras; none through the state. (arXiv 2312.00752)
 */
export const selectiveScan = defineLayer({
  kind: "selectiveScan",
  about: "Mamba: h = exp(ΔA) h + Δ x B, y = C h + D x",
  shapeKeys: { batch: optional(size), tokens: size, channels: size, stateSize: size, state: stateKey },
  example: { tokens: 8, channels: 32, stateSize: 16 },
  forward,
  backward,
});
