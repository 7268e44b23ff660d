// ResNet with timm's variants: deep and tiered stems, average pooling in the shortcuts, squeeze and excitation or
// efficient channel attention, anti-aliasing by average pools. Checked against timm 1.0.31 (resnet.py).
import { makeDivisible } from "../blocks.js";
import { view, type Activation, type Layers } from "../layers.js";
import { visionNet } from "../net.js";
import type { ModelOptions } from "../workload.js";

/** Sizes and switches of a timm ResNet. */
export interface TimmResNetConfig {
  /** Two 3x3 convolutions a block, or a 3x3 between two 1x1. */
  layerType: "basic" | "bottleneck";
  /** Blocks of each stage. */
  depths: readonly [number, number, number, number];
  /** Groups of the 3x3 convolution (default 1). */
  groups?: number;
  /** Channels of a group in the first stage (default 64). */
  widthPerGroup?: number;
  /** Channels of the first two of three convolutions of a deep stem (default: one 7x7). */
  deepStem?: readonly [number, number];
  /** Whether a strided shortcut averages before its convolution (default false). */
  averageDown?: boolean;
  /** Whether a third convolution stands for the stem's pool (default false). */
  convolutionForPool?: boolean;
  /** Attention over channels: the share of channels that squeeze and excitation keeps, or "eca" (default none). */
  channelAttention?: number | "eca";
  /** Whether strides are average pools behind a convolution of stride 1 (default false). */
  antiAliased?: boolean;
  /** Pixels of a side at which it was published (default 224). */
  imageSize?: number;
}

/**
 * He et al. 2015 (arXiv 1512.03385) in the variants of 1812.01187 (c, d, s), 1709.01507 (squeeze and excitation),
 * 1910.03151 (ECA) and 2103.07579 (RS). Paths are timm's.
 */
export function timmResNet(name: string, config: TimmResNetConfig, options?: ModelOptions) {
  const { depths, imageSize = 224 } = config;
  const { net, input } = visionNet(name, options, imageSize);
  let x = stem(net, input, config);
  depths.forEach((depth, stage) => {
    for (let i = 0; i < depth; i++) {
      const stride = i === 0 && stage > 0 ? 2 : 1;
      const shape = { ...config, planes: 64 * 2 ** stage, stride };
      x = net.repeat(`${stage} ${stride}`, `layer${stage + 1}.${i}`, x, (path, y) => block(net, path, y, shape));
    }
  });
  net.linear("fc", net.globalAvgPool("global_pool", x), 1000);
  return net.model("timm/models/resnet.py");
}

/** A convolution, its norm and, unless it ends a block, a ReLU. */
function convNormRelu(
  net: Layers,
  path: string,
  x: Activation,
  channels: number,
  kernel: number,
  { stride = 1, groups = 1, relu = true }: { stride?: number; groups?: number; relu?: boolean } = {},
): Activation {
  const y = net.conv(`${path}/conv`, x, channels, kernel, { stride, padding: (kernel - 1) / 2, groups });
  const normed = net.batchNorm(`${path}/bn`, y);
  return relu ? net.relu(`${path}/act`, normed) : normed;
}

function stem(net: Layers, input: Activation, config: TimmResNetConfig): Activation {
  const { deepStem, convolutionForPool = false, antiAliased = false } = config;
  let x = input;
  if (deepStem) {
    x = convNormRelu(net, "conv1.0", x, deepStem[0], 3, { stride: 2 });
    x = convNormRelu(net, "conv1.3", x, deepStem[1], 3);
    x = convNormRelu(net, "conv1.6", x, 2 * deepStem[1], 3);
  } else x = convNormRelu(net, "conv1", x, 64, 7, { stride: 2 });
  if (convolutionForPool) return convNormRelu(net, "maxpool", x, x.shape[1]!, 3, { stride: 2 });
  if (antiAliased) return net.avgPool("maxpool", x, 2, { stride: 2 });
  return net.maxPool("maxpool", x, 3, { stride: 2, padding: 1 });
}

interface BlockShape extends TimmResNetConfig {
  planes: number;
  stride: number;
}

function block(net: Layers, path: string, x: Activation, shape: BlockShape): Activation {
  const { layerType, planes, stride, groups = 1, widthPerGroup = 64, antiAliased = false } = shape;
  const out = planes * (layerType === "basic" ? 1 : 4);
  const pooled = antiAliased && stride > 1;
  const own = pooled ? 1 : stride;
  const aliased = (y: Activation): Activation => (pooled ? net.avgPool(`${path}/aa`, y, 2, { stride: 2 }) : y);
  let y: Activation;
  if (layerType === "basic") {
    y = aliased(convNormRelu(net, `${path}/1`, x, planes, 3, { stride: own }));
    y = convNormRelu(net, `${path}/2`, y, out, 3, { relu: false });
  } else {
    const width = Math.floor((planes * widthPerGroup) / 64) * groups;
    y = convNormRelu(net, `${path}/1`, x, width, 1);
    y = aliased(convNormRelu(net, `${path}/2`, y, width, 3, { stride: own, groups }));
    y = convNormRelu(net, `${path}/3`, y, out, 1, { relu: false });
  }
  y = attendChannels(net, path, y, shape);
  return net.relu(`${path}/act`, net.add(`${path}/add`, y, shortcut(net, path, x, out, shape)));
}

function shortcut(
  net: Layers,
  path: string,
  x: Activation,
  out: number,
  { stride, averageDown }: BlockShape,
): Activation {
  if (stride === 1 && x.shape[1] === out) return x;
  if (!averageDown) return convNormRelu(net, `${path}/downsample`, x, out, 1, { stride, relu: false });
  const y = stride > 1 ? net.avgPool(`${path}/downsample.0`, x, 2, { stride, ceil: true }) : x;
  return convNormRelu(net, `${path}/downsample`, y, out, 1, { relu: false });
}

/** A gate for each channel, from the mean of each. */
function attendChannels(net: Layers, path: string, x: Activation, { channelAttention }: BlockShape): Activation {
  if (channelAttention === undefined) return x;
  const channels = x.shape[1]!;
  const mean = net.globalAvgPool(`${path}/se.mean`, x, { module: "Tensor.mean" });
  let gate: Activation;
  if (channelAttention === "eca") {
    const taps = Math.trunc(Math.abs((Math.log2(channels) + 1) / 2));
    const kernel = Math.max(taps % 2 === 1 ? taps : taps + 1, 3);
    const sequence = view(mean, [x.shape[0]!, 1, channels]);
    const mixed = net.conv1d(`${path}/se.conv`, sequence, 1, kernel, { padding: (kernel - 1) / 2 });
    gate = view(mixed, mean.shape);
  } else {
    const squeezed = makeDivisible(channels * channelAttention, 8, 0);
    const inner = net.relu(`${path}/se.act`, net.conv(`${path}/se.fc1`, mean, squeezed, 1, { bias: true }));
    gate = net.conv(`${path}/se.fc2`, inner, channels, 1, { bias: true });
  }
  return net.multiply(`${path}/se.scale`, x, net.activate(`${path}/se.gate`, gate, "sigmoid"));
}
