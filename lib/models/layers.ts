// How a model is written down: each call records one op under its path and returns the activation that flows on.
// Families (resnet.ts, bert.ts, …) decide what is called; this file knows only how a layer's shape becomes an op.
import type { Model } from "../model.js";
import { elementCount, type Op } from "../op.js";
import {
  activation,
  add,
  attention,
  avgPool,
  batchNorm,
  conv1d,
  conv2d,
  embedding,
  layerNorm,
  linear,
  maxPool,
  mul,
  rmsNorm,
  type ActivationKind,
  type AttentionShape,
  type PrecisionOptions,
} from "../ops/index.js";
import { addLearned, concat, prependLearned, withConstant } from "./glue.js";
import { trainingStep, type LayerNode } from "./training.js";
import type { Phase } from "./workload.js";

/**
 * The shape of what flows: [batch, channels, height, width] or [batch, tokens, width]. `leaf`: it is the model's own
 * input. `of`: the activation that it is a view of.
 */
export interface Activation {
  readonly shape: readonly number[];
  readonly leaf?: boolean;
  readonly of?: Activation;
}

type Pair = number | readonly [number, number];
/**
 * `module`: how PyTorch runs the op, where tools care (convention/rule.ts); `sharedWeights`: the path that owns the
 * parameters.
 */
export interface Mark {
  module?: string;
  sharedWeights?: string;
}
export interface ConvOptions extends Mark {
  stride?: Pair;
  padding?: Pair;
  dilation?: Pair;
  groups?: number;
  bias?: boolean;
}
export interface PoolOptions extends Mark {
  stride?: number;
  padding?: number;
  ceil?: boolean;
}

export interface LayersContext {
  name: string;
  phase: Phase;
  precision: PrecisionOptions;
  fusedAttention: boolean;
  workload: Readonly<Record<string, unknown>>;
}
export type Layers = ReturnType<typeof layers>;

/** A sheet to write a model on. Paths are PyTorch's module paths, "/" for depth and "." before a number. */
export function layers({ name, phase, precision, fusedAttention, workload }: LayersContext) {
  const nodes: LayerNode[] = [];
  const record = (path: string, op: Op, { module, sharedWeights }: Mark, leafInput = false): void => {
    nodes.push({
      path,
      op,
      ...(module === undefined ? {} : { module }),
      ...(sharedWeights === undefined ? {} : { sharedWeights }),
      ...(leafInput ? { leafInput } : {}),
    });
  };
  /** Records `op`; its result has `shape`, by default the op's own. */
  const put = (
    path: string,
    op: Op,
    mark: Mark = {},
    shape: readonly number[] = op.outputs[0]!.shape,
    leafInput = false,
  ): Activation => {
    record(path, op, mark, leafInput);
    return { shape };
  };
  /** Blocks repeat: an op of one shape is made once and stands under many paths. */
  const made = new Map<string, Op>();
  const make = <Shape>(kind: string, factory: (shape: Shape, options: PrecisionOptions) => Op, shape: Shape): Op => {
    const key = `${kind} ${JSON.stringify(shape)}`;
    const op = made.get(key) ?? factory(shape, precision);
    made.set(key, op);
    return op;
  };
  const plane = ({ shape: [batch, channels, height, width] }: Activation) => ({
    batch: batch!,
    channels: channels!,
    height: height!,
    width: width!,
  });
  const rows = ({ shape }: Activation) => ({
    tokens: elementCount(shape.slice(0, -1)),
    normalizedShape: shape[shape.length - 1]!,
  });
  const activate = (path: string, x: Activation, kind: ActivationKind, mark: Mark = {}) =>
    put(
      path,
      make(kind, (shape: { shape: readonly number[] }, p) => activation(kind, shape, p), { shape: x.shape }),
      mark,
    );

  return traced(nodes, {
    phase,
    /** Records an op that was made elsewhere; `reads`: what flows into it. */
    put: (
      path: string,
      op: Op,
      _reads: readonly Activation[],
      mark: Mark = {},
      shape?: readonly number[],
    ): Activation => put(path, op, mark, shape),
    conv(
      path: string,
      x: Activation,
      outChannels: number,
      kernelSize: Pair,
      { stride = 1, padding = 0, dilation = 1, groups = 1, bias = false, ...mark }: ConvOptions = {},
    ): Activation {
      const { channels: inChannels, ...size } = plane(x);
      return put(
        path,
        make("conv2d", conv2d, {
          ...size,
          inChannels,
          outChannels,
          kernelSize,
          stride,
          padding,
          dilation,
          groups,
          bias,
        }),
        mark,
        undefined,
        x.leaf,
      );
    },
    /** x [batch, channels, length]; the result is [batch, length, channels], as a transformer reads it. */
    conv1d(
      path: string,
      x: Activation,
      outChannels: number,
      kernelSize: number,
      {
        stride = 1,
        padding = 0,
        bias = false,
        ...mark
      }: Mark & { stride?: number; padding?: number; bias?: boolean } = {},
    ): Activation {
      const [batch, inChannels, length] = x.shape as [number, number, number];
      return put(
        path,
        make("conv1d", conv1d, { batch, length, inChannels, outChannels, kernelSize, stride, padding, bias }),
        mark,
        undefined,
        x.leaf,
      );
    },
    batchNorm(path: string, x: Activation, mark: Mark = {}): Activation {
      const { channels: numFeatures, ...size } = plane(x);
      return put(path, make("batchNorm", batchNorm, { ...size, numFeatures, training: phase === "train" }), mark);
    },
    /** Over the last axis, or over the channels of a plane (`axis` 1). */
    layerNorm(path: string, x: Activation, { axis, ...mark }: Mark & { axis?: 1 } = {}): Activation {
      const { batch, channels, height, width } = plane(x);
      return put(
        path,
        make(
          "layerNorm",
          layerNorm,
          axis === 1 ? { tokens: batch * height * width, normalizedShape: channels } : rows(x),
        ),
        mark,
        x.shape,
      );
    },
    rmsNorm: (path: string, x: Activation, mark: Mark = {}): Activation =>
      put(path, make("rmsNorm", rmsNorm, rows(x)), mark, x.shape),
    /** Each row divided by its length: an RMS norm without a learned scale. */
    normalize: (path: string, x: Activation, mark: Mark = {}): Activation =>
      put(path, make("normalize", rmsNorm, { ...rows(x), affine: false }), mark, x.shape),
    activate,
    relu: (path: string, x: Activation, mark: Mark = {}): Activation => activate(path, x, "relu", mark),
    maxPool: (
      path: string,
      x: Activation,
      kernelSize: number,
      { stride = 1, padding = 0, ceil = false, ...mark }: PoolOptions = {},
    ): Activation =>
      put(path, make("maxPool", maxPool, { ...plane(x), kernelSize, stride, padding, ceilMode: ceil }), mark),
    avgPool: (
      path: string,
      x: Activation,
      kernelSize: number,
      { stride = 1, padding = 0, ceil = false, ...mark }: PoolOptions = {},
    ): Activation =>
      put(path, make("avgPool", avgPool, { ...plane(x), kernelSize, stride, padding, ceilMode: ceil }), mark),
    adaptiveAvgPool: (path: string, x: Activation, outputSize: number, mark: Mark = {}): Activation =>
      put(path, make("avgPool", avgPool, { ...plane(x), outputSize }), mark),
    /** The mean of each channel: [batch, channels, 1, 1], which linear() reads as [batch, channels]. */
    globalAvgPool: (path: string, x: Activation, mark: Mark = {}): Activation =>
      put(path, make("avgPool", avgPool, { ...plane(x), outputSize: 1 }), mark),
    /** Over the last axis; a plane is flattened first. */
    linear(
      path: string,
      x: Activation,
      outFeatures: number,
      { bias = true, ...mark }: Mark & { bias?: boolean } = {},
    ): Activation {
      const { shape } = x.shape.length === 4 && x.shape[2] === 1 && x.shape[3] === 1 ? flatten(x) : x;
      const { tokens, normalizedShape: inFeatures } = rows({ shape });
      const place =
        mark.module === undefined && shape.length === 4 ? { ...mark, module: "Linear of four dimensions" } : mark;
      return put(
        path,
        make("linear", linear, { tokens, inFeatures, outFeatures, bias }),
        place,
        [...shape.slice(0, -1), outFeatures],
        x.leaf,
      );
    },
    embedding: (
      path: string,
      { batch, tokens, vocabulary, width }: { batch: number; tokens: number; vocabulary: number; width: number },
      mark: Mark = {},
    ): Activation =>
      put(
        path,
        make("embedding", embedding, { tokens: batch * tokens, numEmbeddings: vocabulary, embeddingDim: width }),
        mark,
        [batch, tokens, width],
      ),
    /**
     * The core between projections; `_reads`: queries, keys and values, where they are known. The result is [batch,
     * tokens, heads · head size].
     */
    attention(path: string, shape: AttentionShape, mark: Mark = {}, _reads: readonly Activation[] = []): Activation {
      const { batch = 1, tokens, heads, headDim, vHeadDim = headDim } = shape;
      return put(path, make("attention", attention, { fused: fusedAttention, ...shape }), mark, [
        batch,
        tokens,
        heads * vHeadDim,
      ]);
    },
    add: (path: string, x: Activation, y: Activation, mark: Mark = {}): Activation =>
      put(path, make("add", add, { shape: x.shape, other: y.shape }), mark),
    multiply: (path: string, x: Activation, y: Activation, mark: Mark = {}): Activation =>
      put(path, make("mul", mul, { shape: x.shape, other: y.shape }), mark),
    /** x plus a constant of `shape` (a mask). */
    addConstant: (path: string, x: Activation, shape: readonly number[], mark: Mark = {}): Activation =>
      put(path, withConstant(add({ shape: x.shape, other: shape }, precision)), mark),
    /** x times a number. */
    scale: (path: string, x: Activation, mark: Mark = {}): Activation =>
      put(path, withConstant(mul({ shape: x.shape, other: [1] }, precision)), mark),
    /** x plus a learned tensor of `shape`, gathered from a table of shape `stored` when given. */
    addParameter: (
      path: string,
      x: Activation,
      shape: readonly number[],
      { stored, ...mark }: Mark & { stored?: readonly number[] } = {},
    ): Activation => put(path, addLearned(x.shape, { shape, stored }, precision), mark),
    multiplyParameter: (path: string, x: Activation, shape: readonly number[], mark: Mark = {}): Activation =>
      put(path, mul({ shape: x.shape, other: shape, parameter: true }, precision), mark),
    prependToken: (path: string, x: Activation, mark: Mark = {}): Activation =>
      put(path, prependLearned(x.shape, precision), mark),
    /** Side by side along `axis`, by default the channels of a plane. */
    concat: (
      path: string,
      parts: readonly Activation[],
      { axis = 1, ...mark }: Mark & { axis?: number } = {},
    ): Activation =>
      put(
        path,
        concat(
          parts.map((p) => p.shape),
          axis,
          precision,
        ),
        mark,
      ),
    flatten,
    /** The finished model. `idleParams`: parameters that this workload does not read. */
    model(source: string, idleParams = 0): Model {
      const model: Model = { name, nodes, workload, source, ...(idleParams > 0 ? { idleParams } : {}) };
      return phase === "train" ? trainingStep(model) : model;
    },
  });
}

/**
 * `net` so that each call notes on its node which nodes made the activations that it was given; what has no maker and
 * is no view of another is taken for the result of the node before.
 */
function traced<Net extends object>(nodes: LayerNode[], net: Net): Net {
  const makers = new WeakMap<object, number>();
  const makerOf = (x: Activation): number | undefined => makers.get(x) ?? (x.of ? makerOf(x.of) : undefined);
  const isActivation = (arg: unknown): arg is Activation =>
    typeof arg === "object" && arg !== null && Array.isArray((arg as Activation).shape);
  const given = (arg: unknown): readonly Activation[] =>
    isActivation(arg) ? [arg] : Array.isArray(arg) ? arg.filter(isActivation) : [];
  const follow =
    (call: (...args: unknown[]) => unknown) =>
    (...args: unknown[]): unknown => {
      const from = nodes.length;
      const result = call(...args);
      if (nodes.length === from) return result;
      const reads: number[] = [];
      for (let i = 1; i < args.length; i++)
        for (const x of given(args[i])) {
          const maker = x.leaf ? -1 : (makerOf(x) ?? from - 1);
          if (maker >= 0 && !reads.includes(maker)) reads.push(maker);
        }
      (nodes[from] as { reads?: readonly number[] }).reads = reads; // just made by record(), seen by nobody yet
      if (isActivation(result)) makers.set(result, from);
      return result;
    };
  return Object.fromEntries(
    Object.entries(net).map(([name, value]) => [
      name,
      typeof value === "function" ? follow(value as (...args: unknown[]) => unknown) : value,
    ]),
  ) as Net;
}

/** [batch, channels, height, width] read as [batch, features]: no data moves. */
const flatten = (x: Activation): Activation => ({ shape: [x.shape[0]!, elementCount(x.shape.slice(1))], of: x });
