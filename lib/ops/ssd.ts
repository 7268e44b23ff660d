// Mamba-2's state-space duality: a recurrence with one decay a head, run in chunks as matrix products, or step by step.
import { divides } from "../check.js";
import type { Op, TensorSpec } from "../op.js";
import { chunksOf, incoming, lowerTriangle, type Chunks } from "./chunks.js";
import { gradientOf, readAgain, tensorAt } from "./gradient.js";
import { defineLayer, type BackwardOptions } from "./layer.js";
import type { Precision, PrecisionOptions } from "./precision.js";
import { choice, optional, size } from "./shapeKeys.js";
import { stateKey, stateTensors, type StateUse } from "./state.js";

export interface SsdShape extends PrecisionOptions {
  /** Samples (default 1). */
  batch?: number;
  /** New positions of each sample. */
  tokens: number;
  /** Heads, each with its own decay. */
  heads: number;
  /** Width of a head. */
  headDim: number;
  /** Numbers in the state of each element of a head. */
  stateSize: number;
  /** Groups of heads that share B and C (default 1). */
  groups?: number;
  /** Positions of a chunk (default 256). */
  chunkSize?: number;
  /** In chunks (prefill, training; default), or step by step (decode). */
  form?: "chunked" | "recurrent";
  /** What happens to the state (default "none"). */
  state?: StateUse;
}

const withDefaults = ({
  batch = 1,
  tokens,
  heads,
  headDim,
  stateSize,
  groups = 1,
  chunkSize = 256,
  form = "chunked",
  state = "none",
}: SsdShape) => ({ batch, tokens, heads, headDim, stateSize, groups, chunkSize, form, state });
type Attributes = ReturnType<typeof withDefaults>;
type Work = Pick<Op, "macs" | "exactMacs" | "extras" | "transcendentals">;

/** Step by step: h = exp(ΔA) h + (Δx) B at 3 FLOPs a number of the state, y = C h + D x. */
function recurrentWork({ batch, tokens, heads, headDim, stateSize }: Attributes): Work {
  const steps = batch * tokens * heads;
  const cells = steps * headDim * stateSize;
  return {
    macs: cells,
    extras: {
      "ssd.discretize": heads + steps * (6 + headDim),
      "ssd.update": 3 * cells,
      "ssd.skip": 2 * steps * headDim,
    },
    transcendentals: heads + 3 * steps,
  };
}

/**
 * In chunks: C Bᵀ and its product with x inside each, each chunk's own state, the states carried from chunk to chunk
 * (as one lower-triangular product over all pairs of chunks), C times the state that a chunk starts from.
 */
function chunkedWork(a: Attributes): Work {
  const { batch, tokens, heads, headDim, stateSize } = a;
  const chunks = chunksOf(a);
  const { count, size: length, padded } = chunks;
  const rows = batch * heads;
  const cells = headDim * stateSize;
  const pairs = count * length * length;
  const links = (count + 1) ** 2;
  return {
    macs: rows * (pairs * (stateSize + headDim) + 2 * padded * cells + links * cells),
    exactMacs: rows * exactWork(a, chunks),
    extras: {
      "ssd.discretize": heads + rows * tokens * (5 + headDim),
      "ssd.decay": rows * (padded * (4 + stateSize + headDim) + 3 * pairs + count + 2 * links),
      "ssd.sum": rows * padded * headDim,
      "ssd.skip": 2 * rows * tokens * headDim,
    },
    transcendentals: heads + rows * (2 * tokens + pairs + 2 * padded + links),
  };
}

/** Multiply-adds of one head without the mask's upper half, padding, and states that are empty. */
function exactWork({ headDim, stateSize, state }: Attributes, chunks: Chunks): number {
  const cells = headDim * stateSize;
  const carried = chunks.count - (state === "update" ? 0 : 1);
  return lowerTriangle(chunks) * (stateSize + headDim) + (chunks.rows + incoming(chunks, state) + carried) * cells;
}

function forward(shape: SsdShape, p: Precision) {
  const attributes = withDefaults(shape);
  const { batch, tokens, heads, headDim, stateSize, groups, form, state } = attributes;
  divides("ssd", "groups", groups, "heads", heads);
  const tensor = (name: string, ...sizes: number[]): TensorSpec => ({ name, shape: sizes, dtype: p.dtype });
  const kept = stateTensors(state, [batch, heads, headDim, stateSize], p);
  return {
    inputs: [
      tensor("x", batch, tokens, heads, headDim),
      tensor("delta", batch, tokens, heads),
      tensor("B", batch, tokens, groups, stateSize),
      tensor("C", batch, tokens, groups, stateSize),
      ...kept.read,
    ],
    weights: [tensor("A_log", heads), tensor("D", heads), tensor("dt_bias", heads)],
    outputs: [tensor("y", batch, tokens, heads, headDim), ...kept.written],
    ...(form === "recurrent" ? recurrentWork(attributes) : chunkedWork(attributes)),
    attributes,
  };
}

/** What a chunked forward pass leaves for its gradient: both sides of C Bᵀ · decay, and the states between chunks. */
function keptTensors(a: Attributes, dtype: TensorSpec["dtype"]): TensorSpec[] {
  const { batch, tokens, heads, headDim, stateSize, form } = a;
  if (form === "recurrent") return [{ name: "states", shape: [batch, tokens, heads, headDim, stateSize], dtype }];
  const { count, size: length } = chunksOf(a);
  const scores = { shape: [batch, count, heads, length, length], dtype };
  return [
    { name: "scores", ...scores },
    { name: "decayedScores", ...scores },
    { name: "states", shape: [batch, count + 1, heads, headDim, stateSize], dtype },
  ];
}

function backward(op: Op & { readonly attributes: Attributes }, { inputGradient }: Required<BackwardOptions>): Op[] {
  const operands = [0, 1, 2, 3].map((i) => tensorAt(op, "inputs", i));
  const x = operands[0]!;
  const extras = Object.fromEntries(Object.entries(op.extras).map(([name, n]) => [name, 2 * n]));
  return [
    {
      kind: "ssd.backward",
      inputs: [...operands, gradientOf(tensorAt(op, "outputs", 0)), ...keptTensors(op.attributes, x.dtype)],
      weights: readAgain(op.weights),
      outputs: [
        ...(inputGradient ? operands : operands.slice(1)).map((t) => gradientOf(t)),
        ...op.weights.map((w) => gradientOf(w)),
      ],
      macs: 2 * op.macs,
      ...(op.exactMacs === undefined ? {} : { exactMacs: 2 * op.exactMacs }),
      extras,
      transcendentals: op.transcendentals,
      attributes: op.attributes,
    },
  ];
}

/**
 * As selectiveScan with one A and Δ a head, Δ = softplus(delta + dt_bias). x, y [batch, tokens, heads, headDim]; delta
 * [batch, tokens, heads]; B, C [batch, tokens, groups, stateSize]; state [batch, heads, headDim, stateSize] at
 * `kvDtype`. Chunked, by the four products of Mamba-2's reference: macs = batch · heads · (chunks · chunkSize² ·
 * (stateSize + headDim) + (2 chunks · chunkSize + (chunks + 1)²) · headDim · stateSize), padding and both triangles
 * included; exactMacs leaves them out. Recurrent: batch · tokens · heads · headDim · stateSize, of C h. Backward: each
 * product twice, the work beside it taken as twice the forward's; none through the state. (arXiv 2405.21060)
 */
export const ssd = defineLayer({
  kind: "ssd",
  about: "Mamba-2: one decay a head, in chunks or step by step",
  shapeKeys: {
    batch: optional(size),
    tokens: size,
    heads: size,
    headDim: size,
    stateSize: size,
    groups: optional(size),
    chunkSize: optional(size),
    form: choice("chunked", "recurrent"),
    state: stateKey,
  },
  example: { tokens: 8, heads: 4, headDim: 16, stateSize: 8, groups: 2, chunkSize: 4 },
  forward,
  backward,
});
