// The attention block that the encoder families share: projections, scores, output projection.
import { view, type Activation, type Layers } from "./layers.js";

/** The paths of the four projections below the block's own path; each family has its own names. */
export interface ProjectionNames {
  /** Query projection. */
  query: string;
  /** Key projection. */
  key: string;
  /** Value projection. */
  value: string;
  /** The products between the projections. */
  core: string;
  /** Output projection. */
  out: string;
  /** Query, key and value projections in one; default in_proj. */
  fused?: string;
}

/** Pieces of a sequence that are alike. */
export interface Chunk {
  /** How many. */
  readonly count: number;
  /** Positions of each. */
  readonly tokens: number;
}

/** An attention block. */
export interface AttentionBlock {
  /** Heads. */
  heads: number;
  /** Width of a head. */
  headDim: number;
  /** What keys and values are made of; default x itself: self-attention. */
  memory?: Activation;
  /** Heads of keys and values; default `heads`. */
  kvHeads?: number;
  /** Keys and values of earlier positions that are read, not computed; default 0. */
  cached?: number;
  /** Whether a position sees none after it; default false. */
  causal?: boolean;
  /** Whether query, value and output projections have a bias; default true. */
  bias?: boolean;
  /** Whether the key projection has a bias; default `bias`. */
  keyBias?: boolean;
  /** Whether the value projection has a bias; default `bias`. */
  valueBias?: boolean;
  /** Whether the output projection has a bias; default `bias`. */
  outBias?: boolean;
  /** Whether queries and keys are normed over all heads (root mean square) before they meet; default false. */
  queryKeyNorm?: boolean;
  /** Elements of each head that are turned by their position; default none. */
  rotaryDim?: number;
  /** Positions of a sequence that are turned; default all. */
  rotaryTokens?: number;
  /** Whether q, k, v are one matrix product; default false. */
  fusedProjection?: boolean;
  /** Pieces of a sequence that see themselves alone, together all of it; default one. */
  chunks?: readonly Chunk[];
  /** How PyTorch runs the block, where tools count by it (convention/rule.ts). */
  module?: string;
  /** The paths of the projections; default q_proj and its like. */
  names?: ProjectionNames;
}

const standard: ProjectionNames = {
  query: "q_proj",
  key: "k_proj",
  value: "v_proj",
  core: "attention",
  out: "out_proj",
};

/** Multi-head attention of x [batch, tokens, width]; the result has the shape of x. */
export function selfAttention(
  net: Layers,
  path: string,
  x: Activation,
  {
    heads,
    headDim,
    kvHeads,
    memory = x,
    cached = 0,
    causal = false,
    bias = true,
    keyBias = bias,
    valueBias = bias,
    outBias = bias,
    queryKeyNorm = false,
    rotaryDim,
    rotaryTokens,
    fusedProjection = false,
    chunks,
    module,
    names = standard,
  }: AttentionBlock,
): Activation {
  const inner = heads * headDim;
  const kvInner = (kvHeads ?? heads) * headDim;
  const width = x.shape[2]!;
  const projected = fusedProjection
    ? [net.linear(`${path}/${names.fused ?? "in_proj"}`, x, inner + 2 * kvInner, { bias, module })]
    : [
        net.linear(`${path}/${names.query}`, x, inner, { bias, module }),
        net.linear(`${path}/${names.key}`, memory, kvInner, { bias: keyBias, module }),
        net.linear(`${path}/${names.value}`, memory, kvInner, { bias: valueBias, module }),
      ];
  const normed = queryKeyNorm ? queryKeyNormed(net, path, projected) : projected;
  const operands =
    rotaryDim === undefined
      ? normed
      : rotated(net, path, normed, { heads, kvHeads: kvHeads ?? heads, rotaryDim, tokens: rotaryTokens });
  return attend(net, path, x, {
    heads,
    headDim,
    kvHeads,
    operands,
    context: memory.shape[1]! + cached,
    causal,
    chunks,
    bias: outBias,
    module,
    names,
    width,
  });
}

/**
 * Attention over keys and values that exist already (cross-attention to an encoded source while decoding): query and
 * output projections only.
 */
export function cachedAttention(
  net: Layers,
  path: string,
  x: Activation,
  { heads, headDim, context, bias = true, outBias = bias, names = standard }: AttentionBlock & { context: number },
): Activation {
  const operands = [net.linear(`${path}/${names.query}`, x, heads * headDim, { bias })];
  return attend(net, path, x, {
    operands,
    heads,
    headDim,
    context,
    causal: false,
    bias: outBias,
    names,
    width: x.shape[2]!,
  });
}

function attend(
  net: Layers,
  path: string,
  x: Activation,
  {
    operands,
    heads,
    headDim,
    kvHeads,
    context,
    causal,
    chunks,
    bias,
    module,
    names,
    width,
  }: {
    operands: readonly Activation[];
    heads: number;
    headDim: number;
    kvHeads?: number;
    context: number;
    causal: boolean;
    chunks?: readonly Chunk[];
    bias: boolean;
    module?: string;
    names: ProjectionNames;
    width: number;
  },
): Activation {
  const [batch, tokens] = x.shape as [number, number];
  const grouped = kvHeads === undefined ? {} : { kvHeads };
  const head = { heads, ...grouped, headDim, causal };
  const core = `${path}/${names.core}`;
  const seen = (at: string, shape: { batch: number; tokens: number; context: number }): Activation =>
    net.attention(at, { ...shape, ...head }, operands, { module });
  const y = chunks
    ? besides(net, core, chunks, ({ count, tokens: n }, at) =>
        view(seen(at, { batch: batch * count, tokens: n, context: n }), [batch, count * n, heads * headDim]),
      )
    : seen(core, { batch, tokens, context });
  return net.linear(`${path}/${names.out}`, y, width, { bias, module });
}

/** Queries and keys normed; values as they are. */
function queryKeyNormed(net: Layers, path: string, projected: readonly Activation[]): readonly Activation[] {
  const [query, key, value] = projected as [Activation, Activation, Activation];
  return [net.rmsNorm(`${path}/q_norm`, query), net.rmsNorm(`${path}/k_norm`, key), value];
}

/** What `write` makes of each of `chunks`, put together where there are several. Neglected: cutting. */
function besides(
  net: Layers,
  path: string,
  chunks: readonly Chunk[],
  write: (chunk: Chunk, path: string) => Activation,
): Activation {
  if (chunks.length === 1) return write(chunks[0]!, path);
  const parts = chunks.map((chunk, i) => write(chunk, `${path}.${i}`));
  return net.concat(`${path}_concat`, parts);
}

/** Queries and keys turned by their positions; values as they are. */
function rotated(
  net: Layers,
  path: string,
  projected: readonly Activation[],
  { heads, kvHeads, ...turned }: { heads: number; kvHeads: number; rotaryDim: number; tokens?: number },
): readonly Activation[] {
  const [query, key = query, value = query] = projected as [Activation, Activation?, Activation?];
  return [
    net.rope(`${path}/q_rope`, query, { heads, ...turned }),
    net.rope(`${path}/k_rope`, key, { heads: kvHeads, ...turned }),
    value,
  ];
}
