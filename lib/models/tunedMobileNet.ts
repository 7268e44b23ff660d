// MobileNetV2 as Hugging Face's configurations describe it: widths by a multiplier, TensorFlow's padding.
// torchvision's is in mobilenet.ts.
import type { ActivationKind } from "../ops/index.js";
import { convLayer } from "./blocks.js";
import { visionNet } from "./net.js";
import type { ModelOptions } from "./workload.js";

/** Sizes of a MobileNetV2. */
export interface TunedMobileNetConfig {
  /** Pixels of a side at which it was published. */
  imageSize: number;
  /** Channels of the image. */
  numChannels: number;
  /** Factor of all widths. */
  depthMultiplier: number;
  /** What widths are multiples of. */
  depthDivisibleBy: number;
  /** The least width. */
  minDepth: number;
  /** Widening inside a block. */
  expandRatio: number;
  /** Whether the first block does not widen. */
  firstLayerIsExpansion: boolean;
  /** Whether the last width is not made smaller. */
  finegrainedOutput: boolean;
  /** Activation throughout. */
  act: ActivationKind;
  /** Classes of the output layer; default: there is none. */
  numLabels?: number;
}

const channels = [16, 24, 24, 32, 32, 32, 64, 64, 64, 64, 96, 96, 96, 160, 160, 160, 320];
const strides = [2, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1];

/** Sandler et al. 2018 (arXiv 1801.04381). Every map is as large as its stride makes it, rounded up. */
export function tunedMobileNet(name: string, config: TunedMobileNetConfig, options?: ModelOptions) {
  const { depthMultiplier, expandRatio, act, numLabels } = config;
  const { net, input } = visionNet(name, options, config.imageSize, config.numChannels);
  const tuned = (n: number): number => rounded(Math.round(n * depthMultiplier), config);
  const widths = channels.map(tuned);
  const wide = tuned(32);
  let x = convLayer(net, "conv_stem/first_conv", input, { out: wide, kernel: 3, stride: 2, act });
  if (!config.firstLayerIsExpansion) x = convLayer(net, "conv_stem/expand_1x1", x, { out: wide, kernel: 1, act });
  x = convLayer(net, "conv_stem/conv_3x3", x, { out: wide, kernel: 3, groups: wide, act });
  x = convLayer(net, "conv_stem/reduce_1x1", x, { out: widths[0]!, kernel: 1 });
  strides.forEach((stride, i) => {
    const expanded = rounded(Math.round(widths[i]! * expandRatio), config);
    const path = `layer.${i}`;
    let y = convLayer(net, `${path}/expand_1x1`, x, { out: expanded, kernel: 1, act });
    y = convLayer(net, `${path}/conv_3x3`, y, { out: expanded, kernel: 3, stride, groups: expanded, act });
    y = convLayer(net, `${path}/reduce_1x1`, y, { out: widths[i + 1]!, kernel: 1 });
    x = stride === 1 && widths[i] === widths[i + 1] ? net.add(`${path}/add`, x, y) : y;
  });
  const last = config.finegrainedOutput && depthMultiplier < 1 ? 1280 : tuned(1280);
  const pooled = net.globalAvgPool("pooler", convLayer(net, "conv_1x1", x, { out: last, kernel: 1, act }));
  if (numLabels !== undefined) net.linear("classifier", pooled, numLabels);
  return net.model("huggingface/transformers, modeling_mobilenet_v2.py");
}

/** The nearest multiple that is at most a tenth below `value`, and no less than the least width. */
function rounded(value: number, { depthDivisibleBy: divisor, minDepth }: TunedMobileNetConfig): number {
  const near = Math.max(minDepth, Math.floor(Math.floor(value + divisor / 2) / divisor) * divisor);
  return near < 0.9 * value ? near + divisor : near;
}
