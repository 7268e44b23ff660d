// The gated delta rule of Gated DeltaNet (Qwen3-Next, Qwen3.5): a matrix of memory a head that decays and is corrected.
import { divides } from "../check.js";
import type { Op, TensorSpec } from "../op.js";
import { chunksOf, incoming, lowerTriangle } from "./chunks.js";
import { gradientOf, readAgain, tensorAt } from "./gradient.js";
import { defineLayer, type BackwardOptions } from "./layer.js";
import type { Precision, PrecisionOptions } from "./precision.js";
import { choice, optional, size } from "./shapeKeys.js";
import { stateKey, stateTensors, type StateUse } from "./state.js";

export interface GatedDeltaRuleShape extends PrecisionOptions {
  /** Samples (default 1). */
  batch?: number;
  /** New positions of each sample. */
  tokens: number;
  /** Heads of queries and keys. */
  keyHeads: number;
  /** Heads of values, each with its own memory (default `keyHeads`). */
  valueHeads?: number;
  /** Width of a query and a key. */
  keyHeadDim: number;
  /** Width of a value. */
  valueHeadDim: number;
  /** Positions of a chunk (default 64). */
  chunkSize?: number;
  /** In chunks (prefill, training; default), or step by step (decode). */
  form?: "chunked" | "recurrent";
  /** What happens to the state (default "none"). */
  state?: StateUse;
}

const withDefaults = ({
  batch = 1,
  tokens,
  keyHeads,
  valueHeads = keyHeads,
  keyHeadDim,
  valueHeadDim,
  chunkSize = 64,
  form = "chunked",
  state = "none",
}: GatedDeltaRuleShape) => ({
  batch,
  tokens,
  keyHeads,
  valueHeads,
  keyHeadDim,
  valueHeadDim,
  chunkSize,
  form,
  state,
});
type Attributes = ReturnType<typeof withDefaults>;
type Work = Pick<Op, "macs" | "exactMacs" | "extras" | "transcendentals">;

/**
 * Norms of queries and keys (3 an element), the query's scale; β = σ(b), g = A softplus(a + bias): 8 a head and step.
 */
function gates({ batch, tokens, keyHeads, valueHeads, keyHeadDim }: Attributes) {
  const rows = batch * tokens;
  return {
    extras: {
      "delta.normalize": 7 * rows * keyHeads * keyHeadDim,
      "delta.gates": valueHeads + 8 * rows * valueHeads,
    },
    transcendentals: 2 * rows * keyHeads + valueHeads + 3 * rows * valueHeads,
  };
}

/** Step by step: S decays, kᵀS is what it says of k, β (v - kᵀS) goes into it along k, qᵀS is read. */
function recurrentWork(a: Attributes): Work {
  const { batch, tokens, valueHeads, keyHeadDim, valueHeadDim } = a;
  const steps = batch * tokens * valueHeads;
  const cells = steps * keyHeadDim * valueHeadDim;
  const { extras, transcendentals } = gates(a);
  return {
    macs: 2 * cells,
    extras: { ...extras, "delta.decay": steps + cells, "delta.update": 2 * steps * valueHeadDim + 2 * cells },
    transcendentals: transcendentals + steps,
  };
}

/**
 * In chunks of c: K Kᵀ and Q Kᵀ; a unit triangular system of order c solved for values and keys; then, chunk after
 * chunk, what its keys and queries read of the state, Q Kᵀ times the corrected values, and those added to the state.
 */
function chunkedWork(a: Attributes): Work {
  const { batch, valueHeads, keyHeadDim: k, valueHeadDim: v, state } = a;
  const chunks = chunksOf(a);
  const { count, size: c, rows } = chunks;
  const heads = batch * valueHeads;
  const perChunk = (n: number): number => heads * count * n;
  const inside = lowerTriangle(chunks);
  const { extras, transcendentals } = gates(a);
  return {
    macs: perChunk(2 * c * c * k + c * c * v + 3 * c * k * v),
    exactMacs:
      heads * (lowerTriangle(chunks, true) * k + inside * (k + v) + (rows + 2 * incoming(chunks, state)) * k * v),
    extras: {
      ...extras,
      "delta.decay": perChunk(4 * c * c + 4 * c + 3 * c * k + 1),
      "delta.scale": perChunk(c * (k + v)),
      "delta.solve": perChunk(c * (c - 1) * (k + v)),
      "delta.update": perChunk(2 * c * v + 2 * k * v),
    },
    transcendentals: transcendentals + perChunk(c * c + 2 * c + 1),
  };
}

function forward(shape: GatedDeltaRuleShape, p: Precision) {
  const attributes = withDefaults(shape);
  const { batch, tokens, keyHeads, valueHeads, keyHeadDim, valueHeadDim, form, state } = attributes;
  divides("gatedDeltaRule", "keyHeads", keyHeads, "valueHeads", valueHeads);
  const tensor = (name: string, ...sizes: number[]): TensorSpec => ({ name, shape: sizes, dtype: p.dtype });
  const kept = stateTensors(state, [batch, valueHeads, keyHeadDim, valueHeadDim], p);
  return {
    inputs: [
      tensor("q", batch, tokens, keyHeads, keyHeadDim),
      tensor("k", batch, tokens, keyHeads, keyHeadDim),
      tensor("v", batch, tokens, valueHeads, valueHeadDim),
      tensor("a", batch, tokens, valueHeads),
      tensor("b", batch, tokens, valueHeads),
      ...kept.read,
    ],
    weights: [tensor("A_log", valueHeads), tensor("dt_bias", valueHeads)],
    outputs: [tensor("y", batch, tokens, valueHeads, valueHeadDim), ...kept.written],
    ...(form === "recurrent" ? recurrentWork(attributes) : chunkedWork(attributes)),
    attributes,
  };
}

/** What a forward pass leaves for its gradient: the systems, their solutions, Q Kᵀ and the states between chunks. */
function keptTensors(a: Attributes, dtype: TensorSpec["dtype"]): TensorSpec[] {
  const { batch, tokens, valueHeads, keyHeadDim, valueHeadDim, form } = a;
  const recurrent = form === "recurrent";
  const { count, size: c } = recurrent ? { count: tokens, size: 1 } : chunksOf(a);
  const tensor = (name: string, ...sizes: number[]): TensorSpec => ({
    name,
    shape: [batch, valueHeads, count, ...sizes],
    dtype,
  });
  const states = tensor("states", keyHeadDim, valueHeadDim);
  if (recurrent) return [states];
  return [tensor("system", c, c), tensor("scores", c, c), tensor("solutions", c, keyHeadDim + valueHeadDim), states];
}

function backward(op: Op & { readonly attributes: Attributes }, { inputGradient }: Required<BackwardOptions>): Op[] {
  const a = op.attributes;
  const operands = [0, 1, 2, 3, 4].map((i) => tensorAt(op, "inputs", i));
  const extras = Object.fromEntries(Object.entries(op.extras).map(([name, n]) => [name, 2 * n]));
  const chunks = chunksOf(a);
  const heads = a.batch * a.valueHeads;
  const system = (pairs: number): number =>
    a.form === "recurrent" ? 0 : heads * pairs * (a.keyHeadDim + a.valueHeadDim);
  // Without a state nobody asks for the gradient of the first chunk's empty one, nor of what the last chunk leaves.
  const unasked = a.form === "chunked" && a.state === "none" ? heads * a.keyHeadDim * a.valueHeadDim : 0;
  const lastRows = a.tokens - (chunks.count - 1) * chunks.size;
  return [
    {
      kind: "gatedDeltaRule.backward",
      inputs: [...operands, gradientOf(tensorAt(op, "outputs", 0)), ...keptTensors(a, operands[0]!.dtype)],
      weights: readAgain(op.weights),
      outputs: [
        ...(inputGradient ? operands : operands.slice(3)).map((t) => gradientOf(t)),
        ...op.weights.map((w) => gradientOf(w)),
      ],
      macs: 2 * op.macs + system(chunks.padded * chunks.size) - 4 * chunks.size * unasked,
      ...(op.exactMacs === undefined
        ? {}
        : { exactMacs: 2 * op.exactMacs + system(lowerTriangle(chunks, true)) - 2 * lastRows * unasked }),
      extras: "delta.solve" in op.extras ? { ...extras, "delta.solve": op.extras["delta.solve"]! } : extras,
      transcendentals: op.transcendentals,
      attributes: a,
    },
  ];
}

/**
 * S = exp(g) S + k β (v - kᵀ exp(g) S)ᵀ, y = Sᵀ q, queries and keys of norm 1, β = σ(b), g = -exp(A_log) softplus(a +
 * dt_bias). q, k [batch, tokens, keyHeads, keyHeadDim]; v, y [batch, tokens, valueHeads, valueHeadDim]; a, b [batch,
 * tokens, valueHeads]; state [batch, valueHeads, keyHeadDim, valueHeadDim] at `kvDtype`. Chunked, by the reference's
 * six products: macs = batch · valueHeads · chunks · c (2 c k + c v + 3 k v), padding and both triangles included; the
 * triangular systems are extras. Recurrent: 2 · batch · tokens · valueHeads · k · v. Backward: each product twice, the
 * systems' gradient, the work beside them taken as twice the forward's; none through the state. (arXiv 2412.06464)
 */
export const gatedDeltaRule = defineLayer({
  kind: "gatedDeltaRule",
  about: "Gated DeltaNet: S = exp(g) S + β k (v - Sᵀk)ᵀ, y = Sᵀ q",
  shapeKeys: {
    batch: optional(size),
    tokens: size,
    keyHeads: size,
    valueHeads: optional(size),
    keyHeadDim: size,
    valueHeadDim: size,
    chunkSize: optional(size),
    form: choice("chunked", "recurrent"),
    state: stateKey,
  },
  example: { tokens: 8, keyHeads: 2, valueHeads: 4, keyHeadDim: 8, valueHeadDim: 6, chunkSize: 4 },
  forward,
  backward,
});
