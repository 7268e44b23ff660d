// Vision transformers as one description: patches, learned tokens, positions, a stack, heads. Families that
// import/huggingFace knows are records of it; torchvision's are in vit.ts.
import { writeHeads, type Head } from "./heads.js";
import { view, type Activation, type Layers } from "./layers.js";
import { visionNet } from "./net.js";
import { norm, stackLayer, type StackLayer } from "./stack.js";
import { relativeBias } from "./textEncoder.js";
import type { ModelOptions } from "./workload.js";

/** Sizes of a vision transformer. */
export interface VisionTransformerConfig {
  /** Pixels along a side of the image that its tables are made for. */
  imageSize: number;
  /** Pixels along a side of a patch. */
  patchSize: number;
  /** Channels of the image. */
  numChannels: number;
  /** Width of the residual stream. */
  hiddenSize: number;
  /** Layers. */
  numHiddenLayers: number;
  /** One layer. */
  layer: StackLayer;
  /** Whether patches are projected with a bias; default true. */
  patchBias?: boolean;
  /** Learned tokens before the patches. */
  prefixTokens: number;
  /** Whether positions are learned. */
  positions: boolean;
  /** Whether queries and keys of patches are turned by their place; default false. */
  rotary?: boolean;
  /** Whether the sum of embeddings is normed; default false. */
  embeddingNorm?: boolean;
  /** Whether the result of the last layer is normed; default false. */
  finalNorm?: boolean;
  /** Tables of relative positions: one a layer, one for all layers, both; default none. */
  relative?: { readonly own: boolean; readonly shared: boolean };
  /** Heads behind the stack. */
  heads: readonly Head[];
  /** Parameters that no pass reads (a mask's token); default 0. */
  unread?: number;
  /** Where it is described. */
  source: string;
}

/** Patches along a side of the image that the tables are made for. */
export const patchesOf = ({ imageSize, patchSize }: Pick<VisionTransformerConfig, "imageSize" | "patchSize">): number =>
  Math.max(1, Math.floor(imageSize / patchSize));

/** The vision transformer of `config` as a model. An image of another size has its tables interpolated. */
export function visionTransformer(name: string, config: VisionTransformerConfig, options?: ModelOptions) {
  const { net, input } = visionNet(name, options, config.imageSize, config.numChannels);
  writeHeads(net, encodeImage(net, input, config), config.heads);
  return net.model(config.source, config.unread);
}

/** The stack's result on an image, [batch, tokens, width]. */
export function encodeImage(net: Layers, input: Activation, config: VisionTransformerConfig, path = ""): Activation {
  let x = embedPatches(net, input, config, path);
  if (config.embeddingNorm) x = norm(net, `${path}pre_layernorm`, x);
  const patches = x.shape[1]! - config.prefixTokens;
  const rotation = config.rotary ? { rotaryDim: config.layer.attention.headDim, rotaryTokens: patches } : {};
  const layer = { ...config.layer, attention: { ...config.layer.attention, ...rotation } };
  for (let i = 0; i < config.numHiddenLayers; i++)
    x = stackLayer(net, `${path}encoder/layer.${i}`, x, withTables(net, config, layer, i));
  return config.finalNorm ? norm(net, `${path}layernorm`, x) : x;
}

/** Patches, tokens before them, positions. */
export function embedPatches(net: Layers, input: Activation, config: VisionTransformerConfig, path = ""): Activation {
  const { patchSize, hiddenSize, prefixTokens, patchBias = true } = config;
  const at = `${path}embeddings`;
  const map = net.conv(`${at}/patch_embeddings`, input, hiddenSize, patchSize, { stride: patchSize, bias: patchBias });
  const [batch, , rows, columns] = map.shape as [number, number, number, number];
  let x = view(map, [batch, rows * columns, hiddenSize]);
  for (let i = 0; i < prefixTokens; i++) x = net.prependToken(`${at}/token.${i}`, x);
  return config.positions
    ? addPositions(net, `${at}/position_embeddings`, x, patchesOf(config) ** 2 + prefixTokens)
    : x;
}

/** A table of `rows` positions on x, interpolated where x has others. */
export function addPositions(net: Layers, path: string, x: Activation, rows: number): Activation {
  const [, tokens, width] = x.shape as [number, number, number];
  return net.addParameter(path, x, [tokens, width], tokens === rows ? {} : { stored: [rows, width] });
}

function withTables(net: Layers, config: VisionTransformerConfig, layer: StackLayer, i: number): StackLayer {
  const { relative } = config;
  if (relative === undefined) return layer;
  // Pairs of patches by their distance, and three pairs with the class token.
  const rows = (2 * patchesOf(config) - 1) ** 2 + 3;
  return {
    ...layer,
    scores: (path, scores) => {
      if (relative.own) relativeBias(net, path, scores, rows, true);
      if (relative.shared) relativeBias(net, `${path}/shared`, scores, rows, i === 0);
    },
  };
}
