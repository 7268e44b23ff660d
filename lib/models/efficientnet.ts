// EfficientNet B0 to B7 and V2 as torchvision builds them.
import { convNorm, makeDivisible, squeezeExcitation } from "./blocks.js";
import { visionNet } from "./net.js";
import type { Activation, Layers } from "./layers.js";
import type { ModelFactory, ModelOptions } from "./workload.js";

/** A stage of mobile inverted bottlenecks. */
export interface EfficientNetStage {
  /** One full convolution in place of expansion and depthwise, no squeeze-excitation; default false. */
  fused?: boolean;
  /** Expanded channels over the block's input channels. */
  expansion: number;
  /** Kernel size. */
  kernel: number;
  /** Stride of the stage's first block. */
  stride: number;
  /** Input channels. */
  in: number;
  /** Output channels. */
  out: number;
  /** Blocks. */
  repeats: number;
}
/** Sizes of an EfficientNet. */
export interface EfficientNetConfig {
  /** The stages in order. */
  stages: readonly EfficientNetStage[];
  /** Pixels of a side at which the model was published. */
  imageSize: number;
  /** Channels of the last convolution; default 4 times the last stage's. */
  lastChannels?: number;
  /** Classes of the output layer; default 1000. */
  numLabels?: number;
}

/**
 * Tan and Le 2019 (arXiv 1905.11946) and 2021 (2104.00298). The squeeze is a quarter of the block's *input* channels.
 */
export function efficientnet(
  name: string,
  { stages, imageSize, lastChannels, numLabels = 1000 }: EfficientNetConfig,
  options?: ModelOptions,
) {
  const { net, input } = visionNet(name, options, imageSize);
  let x = convNorm(net, "features.0", input, stages[0]!.in, 3, { stride: 2, activation: "silu" });
  stages.forEach((stage, s) => {
    for (let i = 0; i < stage.repeats; i++) {
      const block = { ...stage, stride: i === 0 ? stage.stride : 1 };
      const path = `features.${s + 1}/${i}`;
      x = net.repeat(`${s} ${block.stride}`, path, x, (at, y) => residual(net, at, y, block));
    }
  });
  x = convNorm(net, `features.${stages.length + 1}`, x, lastChannels ?? 4 * stages[stages.length - 1]!.out, 1, {
    activation: "silu",
  });
  net.linear("classifier.1", net.globalAvgPool("avgpool", x), numLabels);
  return net.model("torchvision/models/efficientnet.py");
}

/** A block, and its input added where it has the block's shape. */
function residual(net: Layers, path: string, x: Activation, stage: EfficientNetStage): Activation {
  const y = stage.fused ? fusedBlock(net, path, x, stage) : invertedBottleneck(net, path, x, stage);
  return stage.stride === 1 && x.shape[1] === stage.out ? net.add(`${path}/add`, y, x) : y;
}

function invertedBottleneck(
  net: Layers,
  path: string,
  x: Activation,
  { expansion, kernel, stride, out }: EfficientNetStage,
): Activation {
  const hidden = makeDivisible(x.shape[1]! * expansion);
  let y = x;
  let part = 0;
  if (hidden !== x.shape[1]) y = convNorm(net, `${path}/block.${part++}`, y, hidden, 1, { activation: "silu" });
  y = convNorm(net, `${path}/block.${part++}`, y, hidden, kernel, { stride, groups: hidden, activation: "silu" });
  y = squeezeExcitation(net, `${path}/block.${part++}`, y, Math.max(1, Math.floor(x.shape[1]! / 4)), "silu", "sigmoid");
  return convNorm(net, `${path}/block.${part}`, y, out, 1);
}

function fusedBlock(
  net: Layers,
  path: string,
  x: Activation,
  { expansion, kernel, stride, out }: EfficientNetStage,
): Activation {
  const hidden = makeDivisible(x.shape[1]! * expansion);
  if (hidden === x.shape[1]) return convNorm(net, `${path}/block.0`, x, out, kernel, { stride, activation: "silu" });
  return convNorm(
    net,
    `${path}/block.1`,
    convNorm(net, `${path}/block.0`, x, hidden, kernel, { stride, activation: "silu" }),
    out,
    1,
  );
}

const stage = (
  expansion: number,
  kernel: number,
  stride: number,
  input: number,
  out: number,
  repeats: number,
  fused = false,
): EfficientNetStage => ({ fused, expansion, kernel, stride, in: input, out, repeats });

const base = [
  stage(1, 3, 1, 32, 16, 1),
  stage(6, 3, 2, 16, 24, 2),
  stage(6, 5, 2, 24, 40, 2),
  stage(6, 3, 2, 40, 80, 3),
  stage(6, 5, 1, 80, 112, 3),
  stage(6, 5, 2, 112, 192, 4),
  stage(6, 3, 1, 192, 320, 1),
];

/** Compound scaling: width and depth of B0 times a factor each, at a larger image. */
const scaled = (width: number, depth: number, imageSize: number): EfficientNetConfig => ({
  imageSize,
  stages: base.map((s) => ({
    ...s,
    in: makeDivisible(s.in * width),
    out: makeDivisible(s.out * width),
    repeats: Math.ceil(s.repeats * depth),
  })),
});

const efficientnetConfigs: Readonly<Record<string, EfficientNetConfig>> = {
  efficientnet_b0: scaled(1, 1, 224),
  efficientnet_b1: scaled(1, 1.1, 240),
  efficientnet_b2: scaled(1.1, 1.2, 288),
  efficientnet_b3: scaled(1.2, 1.4, 300),
  efficientnet_b4: scaled(1.4, 1.8, 380),
  efficientnet_b5: scaled(1.6, 2.2, 456),
  efficientnet_b6: scaled(1.8, 2.6, 528),
  efficientnet_b7: scaled(2, 3.1, 600),
  efficientnet_v2_s: {
    imageSize: 384,
    lastChannels: 1280,
    stages: [
      stage(1, 3, 1, 24, 24, 2, true),
      stage(4, 3, 2, 24, 48, 4, true),
      stage(4, 3, 2, 48, 64, 4, true),
      stage(4, 3, 2, 64, 128, 6),
      stage(6, 3, 1, 128, 160, 9),
      stage(6, 3, 2, 160, 256, 15),
    ],
  },
  efficientnet_v2_m: {
    imageSize: 480,
    lastChannels: 1280,
    stages: [
      stage(1, 3, 1, 24, 24, 3, true),
      stage(4, 3, 2, 24, 48, 5, true),
      stage(4, 3, 2, 48, 80, 5, true),
      stage(4, 3, 2, 80, 160, 7),
      stage(6, 3, 1, 160, 176, 14),
      stage(6, 3, 2, 176, 304, 18),
      stage(6, 3, 1, 304, 512, 5),
    ],
  },
  efficientnet_v2_l: {
    imageSize: 480,
    lastChannels: 1280,
    stages: [
      stage(1, 3, 1, 32, 32, 4, true),
      stage(4, 3, 2, 32, 64, 7, true),
      stage(4, 3, 2, 64, 96, 7, true),
      stage(4, 3, 2, 96, 192, 10),
      stage(6, 3, 1, 192, 224, 19),
      stage(6, 3, 2, 224, 384, 25),
      stage(6, 3, 1, 384, 640, 7),
    ],
  },
};

export const efficientnets: Readonly<Record<string, ModelFactory>> = Object.fromEntries(
  Object.entries(efficientnetConfigs).map(([name, config]) => [
    name,
    (options?: ModelOptions) => efficientnet(name, config, options),
  ]),
);
