// ShuffleNet v2 as torchvision builds it.
import { visionNet } from "./net.js";
import { view, type Activation, type Layers } from "./layers.js";
import type { ModelFactory, ModelOptions } from "./workload.js";

/** Sizes of a ShuffleNet v2. */
export interface ShuffleNetConfig {
  /** Channels of the stem, of the three stages, and of the last convolution. */
  hiddenSizes: readonly [number, number, number, number, number];
  /** Classes of the output layer; default 1000. */
  numLabels?: number;
}

const repeats = [4, 8, 4];

/**
 * Ma et al. 2018 (arXiv 1807.11164): half of the channels pass a block untouched. The shuffle itself moves every
 * channel, as a copy of the joined halves.
 */
export function shufflenetV2(
  name: string,
  { hiddenSizes, numLabels = 1000 }: ShuffleNetConfig,
  options?: ModelOptions,
) {
  const { net, input } = visionNet(name, options, 224);
  let x = net.relu(
    "conv1.2",
    net.batchNorm("conv1.1", net.conv("conv1.0", input, hiddenSizes[0], 3, { stride: 2, padding: 1 })),
  );
  x = net.maxPool("maxpool", x, 3, { stride: 2, padding: 1 });
  repeats.forEach((blocks, s) => {
    for (let i = 0; i < blocks; i++) x = block(net, `stage${s + 2}.${i}`, x, hiddenSizes[s + 1]!, i === 0);
  });
  x = net.relu("conv5.2", net.batchNorm("conv5.1", net.conv("conv5.0", x, hiddenSizes[4], 1)));
  net.linear("fc", net.globalAvgPool("mean", x, { module: "Tensor.mean" }), numLabels);
  return net.model("torchvision/models/shufflenetv2.py");
}

function block(net: Layers, path: string, x: Activation, out: number, down: boolean): Activation {
  const half = out / 2;
  const [batch, , height, width] = x.shape as [number, number, number, number];
  const stride = down ? 2 : 1;
  const pointwise = (at: string, i: number, y: Activation) =>
    net.relu(`${at}.${i + 2}`, net.batchNorm(`${at}.${i + 1}`, net.conv(`${at}.${i}`, y, half, 1)));
  const depthwise = (at: string, i: number, y: Activation) =>
    net.batchNorm(
      `${at}.${i + 1}`,
      net.conv(`${at}.${i}`, y, y.shape[1]!, 3, { stride, padding: 1, groups: y.shape[1]! }),
    );
  const kept = view(x, [batch, half, height, width]);
  const one = down ? pointwise(`${path}/branch1`, 2, depthwise(`${path}/branch1`, 0, x)) : kept;
  const two = pointwise(
    `${path}/branch2`,
    5,
    depthwise(`${path}/branch2`, 3, pointwise(`${path}/branch2`, 0, down ? x : kept)),
  );
  return net.concat(`${path}/concat`, [one, two]);
}

const shufflenetConfigs: Readonly<Record<string, ShuffleNetConfig>> = {
  shufflenet_v2_x0_5: { hiddenSizes: [24, 48, 96, 192, 1024] },
  shufflenet_v2_x1_0: { hiddenSizes: [24, 116, 232, 464, 1024] },
  shufflenet_v2_x1_5: { hiddenSizes: [24, 176, 352, 704, 1024] },
  shufflenet_v2_x2_0: { hiddenSizes: [24, 244, 488, 976, 2048] },
};

export const shufflenets: Readonly<Record<string, ModelFactory>> = Object.fromEntries(
  Object.entries(shufflenetConfigs).map(([name, config]) => [
    name,
    (options?: ModelOptions) => shufflenetV2(name, config, options),
  ]),
);
