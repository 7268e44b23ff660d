// SegFormer as Hugging Face's configuration describes it: stages of overlapping patches, attention whose keys and
// values come from a smaller map, feed-forwards with a depthwise convolution, and a head of all stages.
import type { ActivationKind } from "../ops/index.js";
import { view, type Activation, type Layers } from "./layers.js";
import { visionNet } from "./net.js";
import { channelsFirst } from "./swin.js";
import type { ModelOptions } from "./workload.js";

/** One stage. */
interface SegformerStage {
  /** Blocks. */
  depth: number;
  /** Channels. */
  hiddenSize: number;
  /** Kernel of the convolution that makes its patches. */
  patchSize: number;
  /** Stride of that convolution. */
  stride: number;
  /** Attention heads. */
  heads: number;
  /** By how much the map of keys and values is smaller, along a side. */
  reduction: number;
  /** Width of the feed-forward. */
  intermediateSize: number;
}

/** Sizes of a SegFormer. */
export interface SegformerConfig {
  /** Pixels of a side of the image that it is made for. */
  imageSize: number;
  /** Channels of the image. */
  numChannels: number;
  /** The stages. */
  stages: readonly SegformerStage[];
  /** Activation of the feed-forward. */
  act: ActivationKind;
  /** Classes of a picture; default: there is no such head. */
  numLabels?: number;
  /** Classes of each position, and the width that all stages are brought to; default: there is no such head. */
  decodeHead?: { numLabels: number; hiddenSize: number };
}

/** Xie et al. 2021 (arXiv 2105.15203). Neglected: the interpolation that brings all stages to the first one's size. */
export function segformer(name: string, config: SegformerConfig, options?: ModelOptions) {
  const { net, input } = visionNet(name, options, config.imageSize, config.numChannels);
  const maps: Activation[] = [];
  config.stages.forEach((stage, i) => maps.push(stageOf(net, `stages.${i}`, maps.at(-1) ?? input, stage, config.act)));
  const { numLabels, decodeHead } = config;
  if (numLabels !== undefined) net.linear("classifier", net.globalAvgPool("pooler", maps.at(-1)!), numLabels);
  if (decodeHead) decoded(net, maps, decodeHead);
  return net.model("huggingface/transformers, modeling_segformer.py");
}

function stageOf(net: Layers, path: string, input: Activation, stage: SegformerStage, act: ActivationKind): Activation {
  const { patchSize, stride, hiddenSize, depth } = stage;
  const padding = Math.floor(patchSize / 2);
  const map = net.conv(`${path}/patch_embeddings/proj`, input, hiddenSize, patchSize, { stride, padding, bias: true });
  let x = net.layerNorm(`${path}/patch_embeddings/layer_norm`, rowsOf(map));
  for (let i = 0; i < depth; i++) x = block(net, `${path}/blocks.${i}`, x, map, { stage, act });
  return view(net.layerNorm(`${path}/layer_norm`, x), map.shape);
}

/** [batch, channels, height, width] read as [batch, positions, channels]. */
function rowsOf(x: Activation): Activation {
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  return view(x, [batch, height * width, channels]);
}

/** Rows x of a map as large as `map`. */
const mapOf = (x: Activation, map: Activation): Activation =>
  view(x, [map.shape[0]!, x.shape.at(-1)!, map.shape[2]!, map.shape[3]!]);

interface BlockKind {
  stage: SegformerStage;
  act: ActivationKind;
}

function block(net: Layers, path: string, x: Activation, map: Activation, { stage, act }: BlockKind): Activation {
  const normed = net.layerNorm(`${path}/layernorm_before`, x);
  const stream = net.add(`${path}/add_attention`, attended(net, `${path}/attention`, normed, map, stage), x);
  const hidden = net.linear(
    `${path}/mlp/fc1`,
    net.layerNorm(`${path}/layernorm_after`, stream),
    stage.intermediateSize,
  );
  const groups = stage.intermediateSize;
  const mixed = net.conv(`${path}/mlp/dwconv`, mapOf(hidden, map), groups, 3, { padding: 1, groups, bias: true });
  const activated = net.activate(`${path}/mlp/activation_fn`, rowsOf(mixed), act);
  return net.add(`${path}/add_output`, net.linear(`${path}/mlp/fc2`, activated, stage.hiddenSize), stream);
}

function attended(net: Layers, path: string, x: Activation, map: Activation, stage: SegformerStage): Activation {
  const { heads, hiddenSize, reduction } = stage;
  const headDim = Math.floor(hiddenSize / heads);
  const inner = heads * headDim;
  const source = reduction > 1 ? reduced(net, `${path}/sequence_reduction`, mapOf(x, map), reduction) : x;
  const q = net.linear(`${path}/q_proj`, x, inner);
  const k = net.linear(`${path}/k_proj`, source, inner);
  const v = net.linear(`${path}/v_proj`, source, inner);
  const shape = { batch: x.shape[0]!, tokens: x.shape[1]!, context: source.shape[1]!, heads, headDim };
  return net.linear(`${path}/o_proj`, net.attention(`${path}/attention`, shape, [q, k, v]), hiddenSize);
}

function reduced(net: Layers, path: string, map: Activation, stride: number): Activation {
  const smaller = net.conv(`${path}/sequence_reduction`, map, map.shape[1]!, stride, { stride, bias: true });
  return net.layerNorm(`${path}/layer_norm`, rowsOf(smaller));
}

/** Every stage projected, at the first one's size; all fused to scores of each position. */
function decoded(net: Layers, maps: readonly Activation[], head: NonNullable<SegformerConfig["decodeHead"]>): void {
  const { hiddenSize, numLabels } = head;
  const [batch, , height, width] = maps[0]!.shape as [number, number, number, number];
  const projected = maps.map((map, i) => {
    const y = net.linear(`decode_head/linear_projections.${i}`, rowsOf(map), hiddenSize);
    return channelsFirst(view(y, [batch, height, width, hiddenSize]));
  });
  const fused = net.conv(
    "decode_head/linear_fuse",
    net.concat("decode_head/concat", projected.reverse()),
    hiddenSize,
    1,
  );
  const x = net.relu("decode_head/activation", net.batchNorm("decode_head/batch_norm", fused));
  net.conv("decode_head/classifier", x, numLabels, 1, { bias: true });
}
