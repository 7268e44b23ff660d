// Swin Transformer of both versions as Hugging Face's configurations describe it: sizes by stage, queries, keys and
// values apart. torchvision's is in swin.ts.
import { divides, shown } from "../check.js";
import type { ActivationKind } from "../ops/index.js";
import { view, type Activation, type Layers } from "./layers.js";
import { visionNet } from "./net.js";
import { biasScores, channelsFirst, channelsLast, merge } from "./swin.js";
import { addPositions } from "./visionTransformer.js";
import type { ModelOptions } from "./workload.js";

/** Sizes of a Swin Transformer by its stages. */
export interface StagedSwinConfig {
  /** Pixels of a side of the image that it is made for. */
  imageSize: number;
  /** Pixels along a side of a patch. */
  patchSize: number;
  /** Channels of the image. */
  numChannels: number;
  /** Channels of the first stage; each next one has twice as many. */
  embedDim: number;
  /** Blocks of each stage. */
  depths: readonly number[];
  /** Attention heads of each stage. */
  numHeads: readonly number[];
  /** Positions along a side of a window. */
  windowSize: number;
  /** Width of the feed-forward by that of its stage. */
  mlpRatio: number;
  /** Whether queries, keys and values have biases. */
  qkvBias: boolean;
  /** Activation of the feed-forward. */
  act: ActivationKind;
  /** Whether positions are learned, too. */
  positions: boolean;
  /** Version 2: norms behind the halves, cosine attention, biases from a small network. */
  second: boolean;
  /** Classes of the output layer; default: there is none. */
  numLabels?: number;
}

/**
 * Liu et al. 2021 (arXiv 2103.14030, 2111.09883). Maps that do not divide into windows are padded, and the padding is
 * attended to. Neglected: cutting into windows and rolling. Throws a RangeError for a map that is smaller than a window
 * of version 1, whose table of biases is as large as the window.
 */
export function stagedSwin(name: string, config: StagedSwinConfig, options?: ModelOptions) {
  const { patchSize, embedDim, depths, numHeads, second, numLabels } = config;
  const { net, input } = visionNet(name, options, config.imageSize, config.numChannels);
  let x = patches(net, input, config);
  const grid = Math.floor(config.imageSize / patchSize);
  depths.forEach((depth, stage) => {
    divides(name, "numHeads", numHeads[stage]!, "channels", embedDim * 2 ** stage);
    const side = second ? Math.max(1, Math.floor(grid / 2 ** stage)) : Math.min(x.shape[1]!, x.shape[2]!);
    const window = Math.min(side, config.windowSize);
    if (!second && side < config.windowSize)
      throw new RangeError(
        `${name}: windowSize must be at most the map of stage ${stage}, ${side}, got ${shown(config.windowSize)}`,
      );
    const path = `encoder/layers.${stage}`;
    for (let i = 0; i < depth; i++) {
      const shape = { heads: numHeads[stage]!, window, shifted: i % 2 === 1 && side > window };
      x = block(net, `${path}/blocks.${i}`, x, shape, config);
    }
    if (stage + 1 < depths.length) x = merge(net, `${path}/downsample`, x, second);
  });
  const pooled = net.globalAvgPool("pooler", channelsFirst(net.layerNorm("layernorm", x)));
  if (numLabels !== undefined) net.linear("classifier", pooled, numLabels);
  return net.model("huggingface/transformers, modeling_swin.py");
}

/** Patches of the image, which is padded to whole ones, normed: [batch, height, width, channels]. */
function patches(net: Layers, input: Activation, config: StagedSwinConfig): Activation {
  const { patchSize, embedDim, imageSize } = config;
  const [batch, channels, height, width] = input.shape as [number, number, number, number];
  const whole = (n: number): number => Math.ceil(n / patchSize) * patchSize;
  const padded = view(input, [batch, channels, whole(height), whole(width)]);
  const map = net.conv("embeddings/patch_embeddings", padded, embedDim, patchSize, { stride: patchSize, bias: true });
  const normed = net.layerNorm("embeddings/norm", channelsLast(map));
  if (!config.positions) return normed;
  const [, rows, columns] = normed.shape as [number, number, number];
  const places = Math.floor(imageSize / patchSize) ** 2;
  const row = view(normed, [batch, rows * columns, embedDim]);
  return view(addPositions(net, "embeddings/position_embeddings", row, places), normed.shape);
}

interface BlockShape {
  heads: number;
  window: number;
  shifted: boolean;
}

function block(net: Layers, path: string, x: Activation, shape: BlockShape, config: StagedSwinConfig): Activation {
  const { second, mlpRatio, act } = config;
  const channels = x.shape[3]!;
  const norm = (name: string, y: Activation) => net.layerNorm(`${path}/${name}`, y);
  const half = (name: string, sum: string, y: Activation, run: (z: Activation) => Activation) =>
    net.add(`${path}/${sum}`, second ? norm(name, run(y)) : run(norm(name, y)), y);
  const y = half("layernorm_before", "add_1", x, (z) => windowAttention(net, `${path}/attention`, z, shape, config));
  return half("layernorm_after", "add_2", y, (z) => {
    const hidden = net.linear(`${path}/fc1`, z, Math.floor(mlpRatio * channels));
    return net.linear(`${path}/fc2`, net.activate(`${path}/act`, hidden, act), channels);
  });
}

function windowAttention(
  net: Layers,
  path: string,
  x: Activation,
  { heads, window, shifted }: BlockShape,
  { second, qkvBias: bias }: StagedSwinConfig,
): Activation {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const windows = Math.ceil(height / window) * Math.ceil(width / window);
  const tokens = window ** 2;
  const cut = view(x, [batch * windows, tokens, channels]);
  const q = net.linear(`${path}/q_proj`, cut, channels, { bias });
  const k = net.linear(`${path}/k_proj`, cut, channels, { bias: bias && !second });
  const v = net.linear(`${path}/v_proj`, cut, channels, { bias });
  const headDim = channels / heads;
  const unit = (name: string, y: Activation): Activation =>
    second ? net.normalize(`${path}/${name}`, view(y, [batch * windows, heads, tokens, headDim])) : y;
  const shape = { batch: batch * windows, tokens, context: tokens, heads, headDim };
  const attended = net.attention(`${path}/attention`, shape, [unit("q_norm", q), unit("k_norm", k), v]);
  biasScores(net, path, attended, { windows, heads, window, second, masked: shifted });
  return view(net.linear(`${path}/o_proj`, attended, channels), x.shape);
}
