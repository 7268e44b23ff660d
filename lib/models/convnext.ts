// ConvNeXt as torchvision builds it.
import { visionNet } from "./net.js";
import { view, type Activation, type Layers } from "./layers.js";
import type { ModelFactory, ModelOptions } from "./workload.js";

/** Sizes of a ConvNeXt. */
export interface ConvNextConfig {
  /** Channels of each stage. */
  hiddenSizes: readonly number[];
  /** Blocks of each stage. */
  depths: readonly number[];
  /** Classes of the output layer; default 1000. */
  numLabels?: number;
}

/**
 * Liu et al. 2022 (arXiv 2201.03545): depthwise 7x7, layer norm over channels, a two-layer MLP, a learned scale per
 * channel.
 */
export function convnext(
  name: string,
  { hiddenSizes, depths, numLabels = 1000 }: ConvNextConfig,
  options?: ModelOptions,
) {
  const { net, input } = visionNet(name, options, 224);
  const norm2d = (path: string, x: Activation) => net.layerNorm(path, x, { axis: 1, module: "LayerNorm2d" });
  let x = norm2d("features.0.1", net.conv("features.0.0", input, hiddenSizes[0]!, 4, { stride: 4, bias: true }));
  depths.forEach((depth, stage) => {
    for (let i = 0; i < depth; i++)
      x = net.repeat("block", `features.${2 * stage + 1}/${i}`, x, (path, y) => block(net, path, y));
    const next = hiddenSizes[stage + 1];
    if (next !== undefined) {
      const path = `features.${2 * stage + 2}`;
      x = net.conv(`${path}/1`, norm2d(`${path}/0`, x), next, 2, { stride: 2, bias: true });
    }
  });
  x = norm2d("classifier.0", net.globalAvgPool("avgpool", x));
  net.linear("classifier.2", net.flatten(x), numLabels);
  return net.model("torchvision/models/convnext.py");
}

function block(net: Layers, path: string, x: Activation): Activation {
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  const mixed = net.conv(`${path}/block.0`, x, channels, 7, { padding: 3, groups: channels, bias: true });
  let y = net.layerNorm(`${path}/block.2`, view(mixed, [batch, height, width, channels]));
  y = net.activate(`${path}/block.4`, net.linear(`${path}/block.3`, y, 4 * channels), "gelu");
  y = net.linear(`${path}/block.5`, y, channels);
  return net.add(`${path}/add`, net.multiplyParameter(`${path}/layer_scale`, view(y, x.shape), [channels, 1, 1]), x);
}

const convnextConfigs: Readonly<Record<string, ConvNextConfig>> = {
  convnext_tiny: { hiddenSizes: [96, 192, 384, 768], depths: [3, 3, 9, 3] },
  convnext_small: { hiddenSizes: [96, 192, 384, 768], depths: [3, 3, 27, 3] },
  convnext_base: { hiddenSizes: [128, 256, 512, 1024], depths: [3, 3, 27, 3] },
  convnext_large: { hiddenSizes: [192, 384, 768, 1536], depths: [3, 3, 27, 3] },
};

export const convnexts: Readonly<Record<string, ModelFactory>> = Object.fromEntries(
  Object.entries(convnextConfigs).map(([name, config]) => [
    name,
    (options?: ModelOptions) => convnext(name, config, options),
  ]),
);
