// GoogLeNet (Inception v1) as torchvision builds it: with batch norm, and 3x3 where the paper has 5x5.
import { visionNet } from "./net.js";
import type { Activation, Layers } from "./layers.js";
import type { ModelFactory, ModelOptions } from "./workload.js";

/**
 * Out channels of a block: the 1x1 branch, reduction and 3x3, reduction and second 3x3, the projection behind the pool.
 */
type Block = readonly [number, number, number, number, number, number];
const stages: readonly (readonly [string, Block])[][] = [
  [
    ["inception3a", [64, 96, 128, 16, 32, 32]],
    ["inception3b", [128, 128, 192, 32, 96, 64]],
  ],
  [
    ["inception4a", [192, 96, 208, 16, 48, 64]],
    ["inception4b", [160, 112, 224, 24, 64, 64]],
    ["inception4c", [128, 128, 256, 24, 64, 64]],
    ["inception4d", [112, 144, 288, 32, 64, 64]],
    ["inception4e", [256, 160, 320, 32, 128, 128]],
  ],
  [
    ["inception5a", [256, 160, 320, 32, 128, 128]],
    ["inception5b", [384, 192, 384, 48, 128, 128]],
  ],
];

/**
 * Szegedy et al. 2014 (arXiv 1409.4842). Without the two auxiliary classifiers, which the published weights leave out
 * too. Pools round their output size up.
 */
export function googlenet(name: string, { numLabels = 1000 }: { numLabels?: number } = {}, options?: ModelOptions) {
  const { net, input } = visionNet(name, options, 224);
  const pool = (i: number, x: Activation, kernel: number) =>
    net.maxPool(`maxpool${i}`, x, kernel, { stride: 2, ceil: true });
  let x = pool(1, conv(net, "conv1", input, 64, 7, 2), 3);
  x = pool(2, conv(net, "conv3", conv(net, "conv2", x, 64, 1), 192, 3), 3);
  stages.forEach((blocks, s) => {
    if (s > 0) x = pool(s + 2, x, s === 1 ? 3 : 2);
    for (const [path, channels] of blocks) x = block(net, path, x, channels);
  });
  net.linear("fc", net.globalAvgPool("avgpool", x), numLabels);
  return net.model("torchvision/models/googlenet.py");
}

function conv(net: Layers, path: string, x: Activation, out: number, kernel: number, stride = 1): Activation {
  return net.relu(
    `${path}/relu`,
    net.batchNorm(`${path}/bn`, net.conv(`${path}/conv`, x, out, kernel, { stride, padding: (kernel - 1) / 2 })),
    { module: "functional" },
  );
}

function block(
  net: Layers,
  path: string,
  x: Activation,
  [one, reduce3, three, reduce5, five, projection]: Block,
): Activation {
  return net.concat(`${path}/concat`, [
    conv(net, `${path}/branch1`, x, one, 1),
    conv(net, `${path}/branch2.1`, conv(net, `${path}/branch2.0`, x, reduce3, 1), three, 3),
    conv(net, `${path}/branch3.1`, conv(net, `${path}/branch3.0`, x, reduce5, 1), five, 3),
    conv(net, `${path}/branch4.1`, net.maxPool(`${path}/branch4.0`, x, 3, { padding: 1, ceil: true }), projection, 1),
  ]);
}

export const googlenets: Readonly<Record<string, ModelFactory>> = {
  googlenet: (options) => googlenet("googlenet", {}, options),
};
