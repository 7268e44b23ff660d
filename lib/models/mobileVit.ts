// MobileViT: inverted residuals, and blocks that send patches of a map through a transformer. Checked against
// transformers 5.24: MobileViTModel, MobileViTForImageClassification.
import type { ActivationKind } from "../ops/index.js";
import { convLayer } from "./blocks.js";
import { view, type Activation, type Layers } from "./layers.js";
import { visionNet } from "./net.js";
import { norm, stackLayer, type StackLayer } from "./stack.js";
import type { ModelOptions } from "./workload.js";

/** Sizes of a MobileViT. */
export interface MobileVitConfig {
  /** Pixels of a side at which it was published. */
  imageSize: number;
  /** Channels of the image. */
  numChannels: number;
  /** Points of a map along a side of a patch. */
  patchSize: number;
  /** Channels of the maps: of the stem, of five stages, and of the last convolution. */
  neckHiddenSizes: readonly number[];
  /** Widths of the three transformers. */
  hiddenSizes: readonly number[];
  /** Heads of each of them. */
  heads: number;
  /** Whether queries, keys and values have a bias. */
  qkvBias: boolean;
  /** Width of a feed-forward by that of its layer. */
  mlpRatio: number;
  /** Widening inside an inverted residual. */
  expandRatio: number;
  /** Sides of the kernels before and behind a transformer, odd. */
  kernelSize: number;
  /** Activation throughout. */
  act: ActivationKind;
  /** Classes of the output layer; default: there is none. */
  numLabels?: number;
}

const depths = [2, 4, 3];

/**
 * Mehta and Rastegari 2021 (arXiv 2110.02178). Neglected: the copies that gather patches and put them back,
 * and how points of a map of another size are weighed.
 */
export function mobileVit(name: string, config: MobileVitConfig, options?: ModelOptions) {
  const { net, input } = visionNet(name, options, config.imageSize, config.numChannels);
  const { neckHiddenSizes: channels, act, numLabels } = config;
  let x = convLayer(net, "conv_stem", input, { out: channels[0]!, kernel: 3, stride: 2, act });
  x = inverted(net, "encoder/layer.0/layer.0", x, { out: channels[1]!, stride: 1, config });
  for (let i = 0; i < 3; i++)
    x = inverted(net, `encoder/layer.1/layer.${i}`, x, { out: channels[2]!, stride: i === 0 ? 2 : 1, config });
  depths.forEach((depth, i) => {
    const path = `encoder/layer.${i + 2}`;
    x = inverted(net, `${path}/downsampling_layer`, x, { out: channels[i + 3]!, stride: 2, config });
    x = attending(net, path, x, { width: config.hiddenSizes[i]!, depth, config });
  });
  x = convLayer(net, "conv_1x1_exp", x, { out: channels[6]!, kernel: 1, act });
  const pooled = net.globalAvgPool("pooler", x);
  if (numLabels !== undefined) net.linear("classifier", pooled, numLabels);
  return net.model("huggingface/transformers, modeling_mobilevit.py");
}

/** The nearest multiple of 8 that is at most a tenth below `value`. */
function rounded(value: number): number {
  const near = Math.max(8, Math.floor((value + 4) / 8) * 8);
  return near < 0.9 * value ? near + 8 : near;
}

interface Inverted {
  out: number;
  stride: number;
  config: MobileVitConfig;
}

function inverted(net: Layers, path: string, x: Activation, { out, stride, config }: Inverted): Activation {
  const { expandRatio, act } = config;
  const given = x.shape[1]!;
  const wide = rounded(Math.round(given * expandRatio));
  let y = convLayer(net, `${path}/expand_1x1`, x, { out: wide, kernel: 1, act });
  y = convLayer(net, `${path}/conv_3x3`, y, { out: wide, kernel: 3, stride, groups: wide, act });
  y = convLayer(net, `${path}/reduce_1x1`, y, { out, kernel: 1 });
  return stride === 1 && given === out ? net.add(`${path}/add`, x, y) : y;
}

interface Attending {
  width: number;
  depth: number;
  config: MobileVitConfig;
}

/** Points at the same place of all patches attend to each other; a map that patches do not fill is made larger. */
function attending(net: Layers, path: string, x: Activation, { width, depth, config }: Attending): Activation {
  const { patchSize, heads, qkvBias, mlpRatio, kernelSize: kernel, act } = config;
  const [batch, channels, rows, columns] = x.shape as [number, number, number, number];
  const [high, wide] = [rows, columns].map((side) => Math.ceil(side / patchSize) * patchSize) as [number, number];
  const local = convLayer(net, `${path}/conv_kxk`, x, { out: channels, kernel, act });
  const points = net.conv(`${path}/conv_1x1/convolution`, local, width, 1);
  const layer: StackLayer = {
    attention: { heads, headDim: width / heads, bias: qkvBias, outBias: true },
    intermediateSize: Math.floor(width * mlpRatio),
    act,
  };
  const whole = high === rows && wide === columns ? points : net.upsample(`${path}/unfolding`, points, [high, wide]);
  let y = view(whole, [batch * patchSize ** 2, (high * wide) / patchSize ** 2, width]);
  for (let i = 0; i < depth; i++) y = stackLayer(net, `${path}/transformer/layer.${i}`, y, layer);
  const map = view(norm(net, `${path}/layernorm`, y), [batch, width, high, wide]);
  const folded = whole === points ? map : net.upsample(`${path}/folding`, map, [rows, columns]);
  const projected = convLayer(net, `${path}/conv_projection`, folded, { out: channels, kernel: 1, act });
  return convLayer(net, `${path}/fusion`, net.concat(`${path}/concat`, [x, projected]), { out: channels, kernel, act });
}
