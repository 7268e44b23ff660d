// The attention block that the encoder families share: projections, scores, output projection.
import type { Activation, Layers } from "./layers.js";

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
}

/** An attention block. */
export interface AttentionBlock {
  /** Heads. */
  heads: number;
  /** Width of a head. */
  headDim: number;
  /** What keys and values are made of; default x itself: self-attention. */
  memory?: Activation;
  /** Keys and values of earlier positions that are read, not computed; default 0. */
  cached?: number;
  /** Whether a position sees none after it; default false. */
  causal?: boolean;
  /** Whether query, value and output projections have a bias; default true. */
  bias?: boolean;
  /** Whether the key projection has a bias; default `bias`. */
  keyBias?: boolean;
  /** Whether q, k, v are one matrix product, named in_proj; default false. */
  fusedProjection?: boolean;
  /** How PyTorch runs the block, where tools count by it (convention/rule.ts). */
  module?: string;
  /** How PyTorch runs the two products; default `module`. */
  coreModule?: string;
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
    memory = x,
    cached = 0,
    causal = false,
    bias = true,
    keyBias = bias,
    fusedProjection = false,
    module,
    coreModule = module,
    names = standard,
  }: AttentionBlock,
): Activation {
  const inner = heads * headDim;
  const width = x.shape[2]!;
  const operands = fusedProjection
    ? [net.linear(`${path}/in_proj`, x, 3 * inner, { bias, module })]
    : [
        net.linear(`${path}/${names.query}`, x, inner, { bias, module }),
        net.linear(`${path}/${names.key}`, memory, inner, { bias: keyBias, module }),
        net.linear(`${path}/${names.value}`, memory, inner, { bias, module }),
      ];
  return attend(net, path, x, {
    heads,
    headDim,
    operands,
    context: memory.shape[1]! + cached,
    causal,
    bias,
    module,
    coreModule,
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
  { heads, headDim, context, bias = true, coreModule, names = standard }: AttentionBlock & { context: number },
): Activation {
  const operands = [net.linear(`${path}/${names.query}`, x, heads * headDim, { bias })];
  return attend(net, path, x, {
    operands,
    heads,
    headDim,
    context,
    causal: false,
    bias,
    coreModule,
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
    context,
    causal,
    bias,
    module,
    coreModule,
    names,
    width,
  }: {
    operands: readonly Activation[];
    heads: number;
    headDim: number;
    context: number;
    causal: boolean;
    bias: boolean;
    module?: string;
    coreModule?: string;
    names: ProjectionNames;
    width: number;
  },
): Activation {
  const [batch, tokens] = x.shape as [number, number];
  const y = net.attention(`${path}/${names.core}`, { batch, tokens, context, heads, headDim, causal }, operands, {
    module: coreModule,
  });
  return net.linear(`${path}/${names.out}`, y, width, { bias, module });
}
