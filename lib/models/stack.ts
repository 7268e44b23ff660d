// The layer that stacks of transformer families are made of: attention, attention to a source, feed-forward, each with
// its norm and its residual. A family is a record of sizes and switches over it.
import type { ActivationKind } from "../ops/index.js";
import { modelInput, view, type Activation, type Layers } from "./layers.js";
import { cachedAttention, selfAttention, type AttentionBlock, type ProjectionNames } from "./transformer.js";

/** Which norm: over mean and variance, the same without a shift, or over the mean square. */
export type NormKind = "layer" | "layerNoBias" | "rms";

/** Where the modules of a layer stand below it. */
export interface StackPaths {
  /** Self-attention. */
  attention: string;
  /** Its norm. */
  attentionNorm: string;
  /** Attention to the source. */
  cross?: string;
  /** Its norm. */
  crossNorm?: string;
  /** First matrix of the feed-forward. */
  up: string;
  /** The matrix that gates it. */
  gate?: string;
  /** Its activation. */
  activation: string;
  /** Second matrix. */
  down: string;
  /** Norm of the feed-forward. */
  outputNorm: string;
  /** The projections of attention. */
  names: ProjectionNames;
}

/** A layer of a stack. */
export interface StackLayer {
  /** Attention: heads, biases, rotation. */
  attention: Omit<AttentionBlock, "memory" | "names">;
  /** Width of the feed-forward. */
  intermediateSize: number;
  /** Activation of the feed-forward. */
  act: ActivationKind;
  /** Whether a third matrix gates the feed-forward; default false. */
  gated?: boolean;
  /** Whether the gate and the first matrix are one product; default false. */
  fusedGate?: boolean;
  /** Whether the feed-forward has biases; default true. */
  mlpBias?: boolean;
  /** Default "layer". */
  norm?: NormKind;
  /** Whether a half is normed before it or its sum behind it; default "before". */
  order?: "before" | "after";
  /** Whether each half is scaled by a learned vector; default false. */
  layerScale?: boolean;
  /** Whether the norm before attention is left out (a first layer that the embedding has normed); default false. */
  firstNorm?: boolean;
  /** What is added to the scores [batch, heads, tokens, context]. */
  scores?: (path: string, scores: Activation) => void;
  /** What attention to a source reads; default none. */
  memory?: Memory;
  /** Default BART's places. */
  paths?: StackPaths;
}

/** An encoded source: computed in this pass, or in a cache. */
export interface Memory {
  /** [batch, tokens, width]. */
  source: Activation;
  /** Whether its keys and values are read from a cache. */
  cached: boolean;
}

/** The paths of BART and its like. */
const standardPaths: StackPaths = {
  attention: "self_attn",
  attentionNorm: "self_attn_layer_norm",
  cross: "encoder_attn",
  crossNorm: "encoder_attn_layer_norm",
  up: "fc1",
  gate: "gate",
  activation: "activation_fn",
  down: "fc2",
  outputNorm: "final_layer_norm",
  names: { query: "q_proj", key: "k_proj", value: "v_proj", core: "attention", out: "out_proj" },
};

/** `x` normed under `path`. */
export function norm(net: Layers, path: string, x: Activation, kind: NormKind = "layer"): Activation {
  if (kind === "rms") return net.rmsNorm(path, x);
  return net.layerNorm(path, x, kind === "layer" ? {} : { bias: false });
}

/** One layer of x [batch, tokens, width] under `path`. */
export function stackLayer(net: Layers, path: string, x: Activation, layer: StackLayer): Activation {
  const { paths = standardPaths, memory, attention, scores } = layer;
  const { names } = paths;
  const half = (y: Activation, name: string, at: string, run: (z: Activation) => Activation, bare = false) =>
    residual(net, { layer, path, name, at, bare }, y, run);
  const selfPath = below(path, paths.attention);
  let y = half(x, "add_attention", paths.attentionNorm, selfAttending, layer.firstNorm === false);
  if (memory) y = half(y, "add_cross", paths.crossNorm!, crossAttending);
  return feedForwardHalf(net, path, y, layer);

  function selfAttending(z: Activation): Activation {
    const context = z.shape[1]! + (attention.cached ?? 0);
    scores?.(selfPath, view(z, [z.shape[0]!, attention.heads, z.shape[1]!, context]));
    return selfAttention(net, selfPath, z, { ...attention, names });
  }

  function crossAttending(z: Activation): Activation {
    const { source, cached } = memory!;
    const { heads, headDim, bias, keyBias, outBias } = attention;
    const block = { heads, headDim, bias, keyBias, outBias, names };
    const at = below(path, paths.cross!);
    return cached
      ? cachedAttention(net, at, z, { ...block, context: source.shape[1]! })
      : selfAttention(net, at, z, { ...block, memory: source });
  }
}

/** The second half of a layer alone: feed-forward, norm, residual. */
export function feedForwardHalf(net: Layers, path: string, x: Activation, layer: StackLayer): Activation {
  const at = (layer.paths ?? standardPaths).outputNorm;
  return residual(net, { layer, path, name: "add_output", at, bare: false }, x, (z) =>
    feedForward(net, path, z, layer),
  );
}

const below = (path: string, name: string): string => (name === "" ? path : `${path}/${name}`);

interface Half {
  layer: StackLayer;
  path: string;
  /** Of the sum. */
  name: string;
  /** Of the norm. */
  at: string;
  /** Whether it has none. */
  bare: boolean;
}

function residual(
  net: Layers,
  { layer, path, name, at, bare }: Half,
  x: Activation,
  run: (z: Activation) => Activation,
): Activation {
  const { order = "before", layerScale = false } = layer;
  const normed = (z: Activation): Activation => norm(net, below(path, at), z, layer.norm);
  let y = run(order === "before" && !bare ? normed(x) : x);
  if (layerScale) y = net.multiplyParameter(`${path}/${name}_scale`, y, [y.shape.at(-1)!]);
  const sum = net.add(`${path}/${name}`, y, x);
  return order === "after" ? normed(sum) : sum;
}

function feedForward(
  net: Layers,
  path: string,
  x: Activation,
  { intermediateSize, act, gated = false, fusedGate = false, mlpBias: bias = true, paths = standardPaths }: StackLayer,
): Activation {
  const width = x.shape.at(-1)!;
  const at = (name: string) => below(path, name);
  const up = net.linear(at(paths.up), x, fusedGate ? 2 * intermediateSize : intermediateSize, { bias });
  const gate = fusedGate || !gated ? up : net.linear(at(paths.gate!), x, intermediateSize, { bias });
  const hidden = [...up.shape.slice(0, -1), intermediateSize];
  // Hugging Face's own class, where PyTorch's is not used.
  const module = /gelu/i.test(act) ? { module: "GELUActivation" } : {};
  let y = net.activate(at(paths.activation), view(gate, hidden), act, module);
  if (gated || fusedGate) y = net.multiply(at("gated"), y, view(up, hidden));
  return net.linear(at(paths.down), y, width, { bias });
}

/** An encoded source that a cache holds. */
export const cachedSource = (batch: number, tokens: number, width: number): Activation => ({
  shape: [batch, tokens, width],
  node: modelInput,
});

/** Parameters of a layer's attention to a source that is not there. */
export function crossParams(width: number, { attention }: StackLayer): number {
  const { heads, headDim, bias = true, keyBias = bias } = attention;
  const inner = heads * headDim;
  return 4 * width * inner + (bias ? 2 * inner + width : 0) + (keyBias ? inner : 0) + 2 * width;
}
