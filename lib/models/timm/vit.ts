// The Vision Transformer as timm builds it, with its ways to begin (class token, registers, a norm before the blocks),
// to scale (layer scale) and to end (a token, the mean, attention pooling). Checked against timm 1.0.31.
import type { ActivationKind } from "../../ops/index.js";
import { view, type Activation, type Layers } from "../layers.js";
import { visionNet } from "../net.js";
import type { ModelOptions } from "../workload.js";

/** Sizes and switches of a timm Vision Transformer, after the arguments of its class. */
export interface TimmVitConfig {
  /** Pixels along a side of a patch. */
  patchSize: number;
  /** Pixels along a side of the image that it was published for. */
  imageSize: number;
  /** Width of the residual stream. */
  hiddenSize: number;
  /** Blocks. */
  depth: number;
  /** Heads of a block. */
  heads: number;
  /** Width of the feed-forward (default four times `hiddenSize`). */
  intermediateSize?: number;
  /** Whether the feed-forward is gated: two matrices of half `intermediateSize` before the third (default false). */
  gated?: boolean;
  /** The feed-forward's activation (default gelu). */
  activation?: ActivationKind;
  /** Whether there is a class token (default true). */
  classToken?: boolean;
  /** Registers beside it, and the distillation token (default 0). */
  registers?: number;
  /** Whether the position table has rows for these tokens (default true). */
  embedClass?: boolean;
  /** Whether queries, keys and values have a bias (default true). */
  qkvBias?: boolean;
  /** Whether a norm stands before the blocks, in place of the patches' bias (default false). */
  preNorm?: boolean;
  /** Whether each half of a block is scaled per channel (default false). */
  layerScale?: boolean;
  /** What the output layer reads: the class token (default), the mean of the patches, or an attention pool. */
  pool?: "token" | "avg" | "map";
  /** Which norm stands at the end: before pooling, behind it, or none (default before). */
  finalNorm?: "before" | "behind" | "none";
  /** Classes of the output layer; 0: there is none (default 1000). */
  numLabels?: number;
  /** Whether a second output layer reads the distillation token (default false). */
  distilled?: boolean;
}

/**
 * Dosovitskiy et al. 2020 (arXiv 2010.11929) as in timm's vision_transformer.py and deit.py. Paths are timm's. What
 * of the image is no whole patch is not read.
 */
export function timmVit(name: string, config: TimmVitConfig, options?: ModelOptions) {
  const { imageSize, hiddenSize, depth, numLabels = 1000, distilled = false, pool = "token" } = config;
  const { net, input } = visionNet(name, options, imageSize);
  let x = embedded(net, input, config);
  if (config.preNorm) x = net.layerNorm("norm_pre", x);
  for (let i = 0; i < depth; i++) x = net.repeat("block", `blocks.${i}`, x, (path, y) => block(net, path, y, config));
  if ((config.finalNorm ?? "before") === "before") x = net.layerNorm("norm", x);
  let y = pooled(net, x, config, pool);
  if (config.finalNorm === "behind") y = net.layerNorm("fc_norm", y);
  const batch = input.shape[0]!;
  const classify = (path: string): Activation => net.linear(path, view(y, [batch, hiddenSize]), numLabels);
  if (numLabels > 0) {
    const result = classify("head");
    if (distilled) net.add("add_heads", result, classify("head_dist"));
  }
  return net.model("timm/models/vision_transformer.py");
}

/** Patches, the tokens before them, and positions. */
function embedded(net: Layers, input: Activation, config: TimmVitConfig): Activation {
  const { patchSize, hiddenSize, classToken = true, registers = 0, embedClass = true, preNorm = false } = config;
  const map = net.conv("patch_embed/proj", input, hiddenSize, patchSize, { stride: patchSize, bias: !preNorm });
  const [batch, , rows, columns] = map.shape as [number, number, number, number];
  const patches = view(map, [batch, rows * columns, hiddenSize]);
  const count = (classToken ? 1 : 0) + registers;
  const positioned = (x: Activation): Activation => net.addParameter("pos_embed", x, [1, ...x.shape.slice(1)]);
  if (count === 0) return positioned(patches);
  return embedClass
    ? positioned(net.prependToken("cls_token", patches, { count }))
    : net.prependToken("cls_token", positioned(patches), { count });
}

function block(net: Layers, path: string, x: Activation, config: TimmVitConfig): Activation {
  const { hiddenSize, heads, qkvBias: bias = true, layerScale = false } = config;
  const [batch, tokens] = x.shape as [number, number];
  const scaled = (at: string, y: Activation): Activation =>
    layerScale ? net.multiplyParameter(`${path}/${at}`, y, [hiddenSize]) : y;
  const qkv = net.linear(`${path}/attn/qkv`, net.layerNorm(`${path}/norm1`, x), 3 * hiddenSize, { bias });
  const shape = { batch, tokens, heads, headDim: hiddenSize / heads };
  const attended = net.attention(`${path}/attn/core`, shape, [qkv], { module: "functional, QKᵀ by @" });
  const kept = net.add(`${path}/add_1`, x, scaled("ls1", net.linear(`${path}/attn/proj`, attended, hiddenSize)));
  const fed = feedForward(net, `${path}/mlp`, net.layerNorm(`${path}/norm2`, kept), config);
  return net.add(`${path}/add_2`, kept, scaled("ls2", fed));
}

function feedForward(net: Layers, path: string, x: Activation, config: TimmVitConfig): Activation {
  const { hiddenSize, intermediateSize = 4 * hiddenSize, gated = false, activation = "gelu" } = config;
  const inner = net.linear(`${path}/fc1`, x, intermediateSize);
  if (!gated) return net.linear(`${path}/fc2`, net.activate(`${path}/act`, inner, activation), hiddenSize);
  const half = view(inner, [...inner.shape.slice(0, -1), intermediateSize / 2]);
  const product = net.multiply(`${path}/gate`, net.activate(`${path}/act`, half, activation), half);
  return net.linear(`${path}/fc2`, product, hiddenSize);
}

/** What the output layer reads: [batch, 1, hiddenSize]. */
function pooled(net: Layers, x: Activation, config: TimmVitConfig, pool: "token" | "avg" | "map"): Activation {
  const { hiddenSize, classToken = true, registers = 0 } = config;
  const [batch, tokens] = x.shape as [number, number];
  if (pool === "token") return view(x, [batch, 1, hiddenSize]);
  if (pool === "map") return attentionPool(net, x, config);
  const length = tokens - (classToken ? 1 : 0) - registers;
  return net.meanOverTokens("pool", x, length, { module: "Tensor.mean" });
}

/** One learned query attends to all tokens; a feed-forward behind it (timm's AttentionPoolLatent). */
function attentionPool(net: Layers, x: Activation, config: TimmVitConfig): Activation {
  const { hiddenSize, heads } = config;
  const [batch, context] = x.shape as [number, number];
  const path = "attn_pool";
  const latent = net.embedding(`${path}/latent`, { batch, tokens: 1, numEmbeddings: 1, embeddingDim: hiddenSize });
  const q = net.linear(`${path}/q`, latent, hiddenSize);
  const kv = net.linear(`${path}/kv`, x, 2 * hiddenSize);
  const shape = { batch, tokens: 1, context, heads, headDim: hiddenSize / heads };
  const core = net.attention(`${path}/core`, shape, [q, kv], { module: "functional, QKᵀ by @" });
  const y = net.linear(`${path}/proj`, core, hiddenSize);
  return net.add(`${path}/add`, y, feedForward(net, `${path}/mlp`, net.layerNorm(`${path}/norm`, y), config));
}
