// DenseNet as torchvision builds it.
import { visionNet } from "./net.js";
import type { Activation, Layers } from "./layers.js";
import type { ModelFactory, ModelOptions } from "./workload.js";

/** Sizes of a DenseNet. */
export interface DenseNetConfig {
  /** Channels that a layer adds. */
  growth: number;
  /** Layers of each dense block. */
  blocks: readonly number[];
  /** Channels of the first convolution. */
  stem: number;
  /** Each layer first narrows to this many times `growth`; default 4. */
  bottleneck?: number;
  /** Classes of the output layer; default 1000. */
  numLabels?: number;
}

/**
 * Huang et al. 2016 (arXiv 1608.06993). Every layer reads all earlier ones of its block: the concatenations are real
 * traffic, few FLOPs.
 */
export function densenet(
  name: string,
  { growth, blocks, stem, bottleneck = 4, numLabels = 1000 }: DenseNetConfig,
  options?: ModelOptions,
) {
  const { net, input } = visionNet(name, options, 224);
  let x = net.relu(
    "features/relu0",
    net.batchNorm("features/norm0", net.conv("features/conv0", input, stem, 7, { stride: 2, padding: 3 })),
  );
  x = net.maxPool("features/pool0", x, 3, { stride: 2, padding: 1 });
  blocks.forEach((layers, b) => {
    x = denseBlock(net, `features/denseblock${b + 1}`, x, { layers, growth, bottleneck });
    if (b < blocks.length - 1) x = transition(net, `features/transition${b + 1}`, x);
  });
  x = net.relu("relu", net.batchNorm("features/norm5", x), { module: "functional" });
  net.linear("classifier", net.globalAvgPool("avgpool", x, { module: "functional" }), numLabels);
  return net.model("torchvision/models/densenet.py");
}

function denseBlock(
  net: Layers,
  path: string,
  x: Activation,
  { layers, growth, bottleneck }: { layers: number; growth: number; bottleneck: number },
): Activation {
  const features = [x];
  for (let i = 1; i <= layers; i++) {
    const at = `${path}/denselayer${i}`;
    let y = features.length === 1 ? x : net.concat(`${at}/concat`, features);
    y = net.conv(`${at}/conv1`, net.relu(`${at}/relu1`, net.batchNorm(`${at}/norm1`, y)), bottleneck * growth, 1);
    features.push(
      net.conv(`${at}/conv2`, net.relu(`${at}/relu2`, net.batchNorm(`${at}/norm2`, y)), growth, 3, { padding: 1 }),
    );
  }
  return net.concat(`${path}/concat`, features);
}

function transition(net: Layers, path: string, x: Activation): Activation {
  const y = net.relu(`${path}/relu`, net.batchNorm(`${path}/norm`, x));
  return net.avgPool(`${path}/pool`, net.conv(`${path}/conv`, y, Math.floor(x.shape[1]! / 2), 1), 2, { stride: 2 });
}

const densenetConfigs: Readonly<Record<string, DenseNetConfig>> = {
  densenet121: { growth: 32, blocks: [6, 12, 24, 16], stem: 64 },
  densenet161: { growth: 48, blocks: [6, 12, 36, 24], stem: 96 },
  densenet169: { growth: 32, blocks: [6, 12, 32, 32], stem: 64 },
  densenet201: { growth: 32, blocks: [6, 12, 48, 32], stem: 64 },
};

export const densenets: Readonly<Record<string, ModelFactory>> = Object.fromEntries(
  Object.entries(densenetConfigs).map(([name, config]) => [
    name,
    (options?: ModelOptions) => densenet(name, config, options),
  ]),
);
