// SqueezeNet as torchvision builds it.
import { visionNet } from "./net.js";
import type { Activation, Layers } from "./layers.js";
import type { ModelFactory, ModelOptions } from "./workload.js";

/** "pool" or the squeeze width of a fire module, whose two expand branches are `expand` wide each. */
/** A pooling, or a fire module with its two numbers of channels. */
export type SqueezeNetStep = "pool" | { squeeze: number; expand: number };
/** Sizes of a SqueezeNet. */
export interface SqueezeNetConfig {
  /** The first convolution. */
  stem: { channels: number; kernel: number };
  /** What follows it, in order. */
  steps: readonly SqueezeNetStep[];
  /** Classes of the output layer; default 1000. */
  numLabels?: number;
}

/** Iandola et al. 2016 (arXiv 1602.07360). Pools round their output size up. */
export function squeezenet(name: string, { stem, steps, numLabels = 1000 }: SqueezeNetConfig, options?: ModelOptions) {
  const { net, input } = visionNet(name, options, 224);
  let x = net.relu("features.1", net.conv("features.0", input, stem.channels, stem.kernel, { stride: 2, bias: true }));
  steps.forEach((step, i) => {
    const path = `features.${i + 2}`;
    x = step === "pool" ? net.maxPool(path, x, 3, { stride: 2, ceil: true }) : fire(net, path, x, step);
  });
  x = net.relu("classifier.2", net.conv("classifier.1", x, numLabels, 1, { bias: true }));
  net.globalAvgPool("classifier.3", x);
  return net.model("torchvision/models/squeezenet.py");
}

function fire(
  net: Layers,
  path: string,
  x: Activation,
  { squeeze, expand }: { squeeze: number; expand: number },
): Activation {
  const s = net.relu(`${path}/squeeze_activation`, net.conv(`${path}/squeeze`, x, squeeze, 1, { bias: true }));
  const one = net.relu(`${path}/expand1x1_activation`, net.conv(`${path}/expand1x1`, s, expand, 1, { bias: true }));
  const three = net.relu(
    `${path}/expand3x3_activation`,
    net.conv(`${path}/expand3x3`, s, expand, 3, { padding: 1, bias: true }),
  );
  return net.concat(`${path}/concat`, [one, three]);
}

const fires = [
  [16, 64],
  [16, 64],
  [32, 128],
  [32, 128],
  [48, 192],
  [48, 192],
  [64, 256],
  [64, 256],
].map(([squeeze, expand]) => ({ squeeze: squeeze!, expand: expand! }));

const squeezenetConfigs: Readonly<Record<string, SqueezeNetConfig>> = {
  squeezenet1_0: {
    stem: { channels: 96, kernel: 7 },
    steps: ["pool", ...fires.slice(0, 3), "pool", ...fires.slice(3, 7), "pool", ...fires.slice(7)],
  },
  squeezenet1_1: {
    stem: { channels: 64, kernel: 3 },
    steps: ["pool", ...fires.slice(0, 2), "pool", ...fires.slice(2, 4), "pool", ...fires.slice(4)],
  },
};

export const squeezenets: Readonly<Record<string, ModelFactory>> = Object.fromEntries(
  Object.entries(squeezenetConfigs).map(([name, config]) => [
    name,
    (options?: ModelOptions) => squeezenet(name, config, options),
  ]),
);
