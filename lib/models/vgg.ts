// VGG with and without batch normalisation, as torchvision builds it.
import type { ModelFactory, ModelOptions } from "./workload.js";
import { visionNet } from "./net.js";

/** Sizes of a VGG. */
export interface VggConfig {
  /** 3x3 convolutions between two max-pools. */
  blocks: readonly number[];
  /** Whether a batch norm stands behind each; default false. */
  norm?: boolean;
  /** Classes of the output layer; default 1000. */
  numLabels?: number;
}

const widths = [64, 128, 256, 512, 512];

/**
 * Simonyan and Zisserman 2014 (arXiv 1409.1556). Nine tenths of the parameters stand in the first linear layer, the
 * MACs in the convolutions.
 */
export function vgg(name: string, { blocks, norm = false, numLabels = 1000 }: VggConfig, options?: ModelOptions) {
  const { net, input } = visionNet(name, options, 224);
  let x = input;
  let index = 0;
  const path = () => `features.${index++}`;
  blocks.forEach((convolutions, stage) => {
    for (let i = 0; i < convolutions; i++) {
      x = net.conv(path(), x, widths[stage]!, 3, { padding: 1, bias: true });
      if (norm) x = net.batchNorm(path(), x);
      x = net.relu(path(), x);
    }
    x = net.maxPool(path(), x, 2, { stride: 2 });
  });
  x = net.flatten(net.adaptiveAvgPool("avgpool", x, 7));
  x = net.relu("classifier.1", net.linear("classifier.0", x, 4096));
  x = net.relu("classifier.4", net.linear("classifier.3", x, 4096));
  net.linear("classifier.6", x, numLabels);
  return net.model("torchvision/models/vgg.py");
}

const blocks = { vgg11: [1, 1, 2, 2, 2], vgg13: [2, 2, 2, 2, 2], vgg16: [2, 2, 3, 3, 3], vgg19: [2, 2, 4, 4, 4] };

const vggConfigs: Readonly<Record<string, VggConfig>> = Object.fromEntries(
  Object.entries(blocks).flatMap(([name, b]) => [
    [name, { blocks: b }],
    [`${name}_bn`, { blocks: b, norm: true }],
  ]),
);

export const vggs: Readonly<Record<string, ModelFactory>> = Object.fromEntries(
  Object.entries(vggConfigs).map(([name, config]) => [name, (options?: ModelOptions) => vgg(name, config, options)]),
);
