// Towers that see an image of any size as rows of patches and merge squares of them for the text (Qwen2-VL to Qwen3.5,
// GLM-4V). Checked against transformers 5.24: Qwen2VisionTransformerPretrainedModel, Qwen3VLVisionModel,
// Qwen2_5_VisionTransformerPretrainedModel, Glm4vVisionModel.
import type { Features } from "./deepstack.js";
import { view, type Activation, type Layers } from "./layers.js";
import { mergedByConvolution, mergedByMatrices, type Merger } from "./mergers.js";
import { norm, stackLayer, type StackLayer, type StackPaths } from "./stack.js";
import type { Chunk } from "./transformer.js";
import { addPositions } from "./visionTransformer.js";

/** Sizes of such a tower. */
export interface MergedVisionConfig {
  /** Pixels along a side of a patch. */
  patchSize: number;
  /** Frames of a patch; an image is repeated as often. */
  temporalPatchSize: number;
  /** Patches along a side of a square that becomes one position of the text. */
  mergeSize: number;
  /** Channels of the image. */
  numChannels: number;
  /** Width of the residual stream. */
  hiddenSize: number;
  /** Layers. */
  numHiddenLayers: number;
  /** One layer. */
  layer: Omit<StackLayer, "paths">;
  /** Paths of a layer's feed-forward. */
  feedForward: Pick<StackPaths, "up" | "gate" | "activation" | "down">;
  /** Whether patches are projected with a bias. */
  patchBias: boolean;
  /** Whether patches, and what the last layer makes, are normed; default false. */
  outerNorms?: boolean;
  /** Rows of the table of positions; default: there is none. */
  positionRows?: number;
  /** Merged squares along a side of a window, and the layers that see the whole image; default: all do. */
  windows?: { readonly side: number; readonly fullLayers: readonly number[] };
  /** How squares are merged. */
  merger: Merger;
  /** Width of the text. */
  outHiddenSize: number;
  /** Layers whose results are merged, too, for the first layers of the text. */
  deepstack: readonly number[];
}

const names = { query: "q", key: "k", value: "v", core: "attention", out: "proj", fused: "qkv" };
const places = { attention: "attn", attentionNorm: "norm1", outputNorm: "norm2", names };

/**
 * What the tower makes of images [images, channels, height, width]: the features that stand for them, and what is added
 * to the results of the text's first layers. An image attends to itself alone, in windowed layers each window to
 * itself; windows at the edges are as large as what is left. Neglected: the order of the patches, and the weights by
 * which four rows of a table of positions are added up.
 */
export function seeMerged(net: Layers, images: Activation, config: MergedVisionConfig, path: string): Features {
  const { layer, feedForward, windows, outerNorms = false, positionRows, deepstack } = config;
  let x = embedded(net, images, config, path);
  if (outerNorms) x = norm(net, `${path}/post_conv_layernorm`, x, layer.norm);
  if (positionRows !== undefined) x = addPositions(net, `${path}/pos_embed`, x, positionRows);
  const { attention } = layer;
  const rotaryDim = attention.headDim;
  const whole = { ...attention, fusedProjection: true, rotaryDim };
  const paths: StackPaths = { ...places, ...feedForward };
  const chunks = windows && chunksOf(images, config, windows.side);
  const deep: Activation[] = [];
  for (let i = 0; i < config.numHiddenLayers; i++) {
    const windowed = chunks !== undefined && !windows!.fullLayers.includes(i);
    const seeing = windowed ? { ...whole, chunks } : whole;
    x = stackLayer(net, `${path}/blocks.${i}`, x, { ...layer, attention: seeing, paths });
    if (deepstack.includes(i)) deep.push(merged(net, x, config, path, `deepstack_merger_list.${deepstack.indexOf(i)}`));
  }
  if (outerNorms) x = norm(net, `${path}/post_layernorm`, x, layer.norm);
  return [merged(net, x, config, path), ...deep];
}

/** Patches over all frames: [images, patches, width]. */
function embedded(net: Layers, images: Activation, config: MergedVisionConfig, path: string): Activation {
  const { patchSize, temporalPatchSize: frames, hiddenSize, patchBias: bias } = config;
  const [count, channels, height, width] = images.shape as [number, number, number, number];
  const repeated = view(images, [count, channels, frames, height, width]);
  const kernel = [frames, patchSize, patchSize] as const;
  const map = net.conv3d(`${path}/patch_embed/proj`, repeated, hiddenSize, kernel, { stride: kernel, bias });
  return view(map, [count, Math.floor(height / patchSize) * Math.floor(width / patchSize), hiddenSize]);
}

/** What stands for the squares of x below `path`, or, below that of a layer's merger, for those of its result. */
function merged(net: Layers, x: Activation, config: MergedVisionConfig, path: string, ofLayer = ""): Activation {
  const { merger, layer } = config;
  const sizes = { ...config, norm: layer.norm, act: layer.act };
  if ("intermediateSize" in merger) return mergedByConvolution(net, path, x, { ...sizes, ...merger });
  const at = `${path}/${ofLayer || "merger"}`;
  const [first, up, down] = merger;
  const paths = [`${at}/${first}`, `${at}/${up}`, `${at}/${down}`] as const;
  return mergedByMatrices(net, paths, x, { ...sizes, normBehind: ofLayer !== "" });
}

/** The windows of an image by their sizes, in patches. */
function chunksOf(images: Activation, { patchSize, mergeSize }: MergedVisionConfig, side: number): Chunk[] {
  const [rows, columns] = images.shape.slice(2).map((pixels) => pixels / (patchSize * mergeSize)) as [number, number];
  const counts = new Map<number, number>();
  for (const high of cut(rows, side))
    for (const wide of cut(columns, side)) {
      const tokens = high.length * wide.length * mergeSize ** 2;
      counts.set(tokens, (counts.get(tokens) ?? 0) + high.count * wide.count);
    }
  return [...counts].map(([tokens, count]) => ({ tokens, count }));
}

/** A length cut into pieces of `side` and what is left. */
const cut = (length: number, side: number): { count: number; length: number }[] =>
  [
    { count: Math.floor(length / side), length: side },
    { count: 1, length: length % side },
  ].filter((piece) => piece.count > 0 && piece.length > 0);
