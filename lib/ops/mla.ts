// Multi-head latent attention (DeepSeek-V2, V3) as one layer: keys and values come from one short latent per token,
// which is what the cache holds.
import { cost, type Op, type TensorSpec } from "../op.js";
import { gradientOf, learned, readAgain, tensorAt } from "./gradient.js";
import { defineLayer, type BackwardOptions } from "./layer.js";
import { mlaParts, type LatentAttention, type LatentPart } from "./mlaParts.js";
import type { Precision, PrecisionOptions } from "./precision.js";
import { choice, flag, nullable, optional, size } from "./shapeKeys.js";

export interface MlaShape extends PrecisionOptions {
  /** Samples (default 1). */
  batch?: number;
  /** New positions of each sample. */
  tokens: number;
  /** Positions attended to, the new ones included (default `tokens`). */
  context?: number;
  /** Width of x and of y. */
  hiddenSize: number;
  /** Heads. */
  heads: number;
  /** Rank of the compressed queries (default null: they are not compressed, V2-Lite). */
  qLoraRank?: number | null;
  /** Rank of the latent that keys and values come from. */
  kvLoraRank: number;
  /** Width of a head's query and key that is not turned. */
  qkNopeHeadDim: number;
  /** Width of a head's query and key that is turned; the key's is shared by the heads. */
  qkRopeHeadDim: number;
  /** Width of a head's value. */
  vHeadDim: number;
  /**
   * "expanded" makes keys and values of every head from the latent (prefill, default), "absorbed" moves that matrix to
   * the query's and the output's side, so that all heads read the latent itself (decode).
   */
  form?: "expanded" | "absorbed";
  /** Whether each query sees no later position (default true). */
  causal?: boolean;
  /** Whether the scores never leave the chip (default true). */
  fused?: boolean;
}

/** The parts that the layer counts: rotations are neglected. */
const countedParts = (shape: LatentAttention, options: PrecisionOptions): LatentPart[] =>
  mlaParts(shape, options).filter(({ op }) => op.kind !== "rope");

function forward(shape: MlaShape, p: Precision) {
  const { batch = 1, tokens, context = tokens, hiddenSize, heads, qLoraRank = null, kvLoraRank } = shape;
  const { qkNopeHeadDim, qkRopeHeadDim, vHeadDim, form = "expanded", causal = true, fused = true } = shape;
  if (context < tokens) throw new RangeError(`mla: context must include the ${tokens} tokens, got ${context}`);
  const attributes: LatentAttention = {
    batch,
    tokens,
    context,
    hiddenSize,
    heads,
    qLoraRank,
    kvLoraRank,
    qkNopeHeadDim,
    qkRopeHeadDim,
    vHeadDim,
    form,
    causal,
    fused,
  };
  const parts = countedParts(attributes, p);
  const x: TensorSpec = { name: "x", shape: [batch, tokens, hiddenSize], dtype: p.dtype };
  const ofHeads = heads * (qkNopeHeadDim + qkRopeHeadDim + vHeadDim);
  const perPosition = form === "absorbed" ? kvLoraRank + qkRopeHeadDim : ofHeads;
  const cache = (name: string, positions: number): TensorSpec[] =>
    positions === 0 ? [] : [{ name, shape: [batch, positions, perPosition], dtype: p.kvDtype }];
  const spilled = parts.find(({ path }) => path === "core")!.op.outputs.slice(1);
  return {
    inputs: [x, ...cache("cache", context - tokens), ...spilled],
    weights: parts.flatMap(({ path, op }) => op.weights.map((w) => ({ ...w, name: `${path}.${w.name}` }))),
    outputs: [{ ...x, name: "y" }, ...cache("newCache", tokens), ...spilled],
    ...summed(parts.map(({ op }) => op)),
    attributes,
  };
}

function backward(
  op: Op & { readonly attributes: LatentAttention },
  { inputGradient }: Required<BackwardOptions>,
): Op[] {
  const x = tensorAt(op, "inputs", 0);
  const readsInput = new Set(["q_proj", "q_a_proj", "kv_a_proj"]);
  const ops = countedParts(op.attributes, {}).flatMap((part) =>
    part.backward({ inputGradient: inputGradient || !readsInput.has(part.path) }),
  );
  return [
    {
      kind: "mla.backward",
      inputs: [x, gradientOf(tensorAt(op, "outputs", 0))],
      weights: readAgain(op.weights),
      outputs: [...(inputGradient ? [gradientOf(x)] : []), ...learned(op.weights).map((w) => gradientOf(w, x.dtype))],
      ...summed(ops),
      attributes: op.attributes,
    },
  ];
}

/** The arithmetic of several ops as one. */
function summed(ops: readonly Op[]): Pick<Op, "macs" | "exactMacs" | "extras" | "transcendentals"> {
  const extras: Record<string, number> = {};
  let macs = 0;
  let exactMacs = 0;
  let transcendentals = 0;
  for (const op of ops) {
    const c = cost(op);
    macs += c.macs;
    exactMacs += c.exactMacs;
    transcendentals += c.transcendentals;
    for (const [name, n] of Object.entries(op.extras)) extras[name] = (extras[name] ?? 0) + n;
  }
  return { macs, ...(exactMacs === macs ? {} : { exactMacs }), extras, transcendentals };
}

/**
 * A whole MLA layer, projections included: x [batch · tokens, hiddenSize] -> y of the same shape. macs = those of q,
 * kv and output projections + the core's: batch · heads · tokens · context · (nope + rope + v) expanded, · (2
 * kvLoraRank + rope) absorbed. Both apply kvB once per new token. Cache: the expanded form holds keys and values of
 * every head (DeepSeek's "naive"), the absorbed form kvLoraRank + qkRopeHeadDim per position, at `kvDtype`; earlier
 * entries are read, new ones written. Extras: two RMS norms, softmax. Neglected: rotary embedding, intermediates as
 * bytes. Causal by default. (arXiv 2405.04434, 2412.19437)
 */
export const mla = defineLayer({
  kind: "mla",
  about: "multi-head latent attention, projections included",
  shapeKeys: {
    batch: optional(size),
    tokens: size,
    context: optional(size),
    hiddenSize: size,
    heads: size,
    qLoraRank: nullable(size),
    kvLoraRank: size,
    qkNopeHeadDim: size,
    qkRopeHeadDim: size,
    vHeadDim: size,
    form: choice("expanded", "absorbed"),
    causal: flag,
    fused: flag,
  },
  example: {
    tokens: 8,
    hiddenSize: 512,
    heads: 8,
    kvLoraRank: 64,
    qkNopeHeadDim: 32,
    qkRopeHeadDim: 16,
    vHeadDim: 32,
  },
  forward,
  backward,
});
