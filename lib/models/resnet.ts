// ResNet, ResNeXt and Wide ResNet as torchvision builds them (stride in the 3x3 convolution: "v1.5").
import type { ModelFactory, ModelOptions } from "./workload.js";
import { visionNet } from "./net.js";
import type { Activation, Layers } from "./layers.js";

/** Sizes of a ResNet, ResNeXt or Wide ResNet. */
export interface ResNetConfig {
  /** Two 3x3 convolutions a block, or a 3x3 between two 1x1. */
  layerType: "basic" | "bottleneck";
  /** Blocks of each stage. */
  depths: readonly [number, number, number, number];
  /** Groups of the 3x3 convolution; default 1. */
  groups?: number;
  /** Channels of a group in the first stage; default 64. */
  widthPerGroup?: number;
  /** Classes of the output layer; default 1000. */
  numLabels?: number;
}

/**
 * He et al. 2015 (arXiv 1512.03385); ResNeXt by `groups` and `widthPerGroup` (1611.05431), Wide ResNet by
 * `widthPerGroup` 128 (1605.07146).
 */
export function resnet(
  name: string,
  { layerType, depths, groups = 1, widthPerGroup = 64, numLabels = 1000 }: ResNetConfig,
  options?: ModelOptions,
) {
  const { net, input } = visionNet(name, options, 224);
  const expansion = layerType === "basic" ? 1 : 4;
  let x = net.conv("conv1", input, 64, 7, { stride: 2, padding: 3 });
  x = net.relu("relu", net.batchNorm("bn1", x));
  x = net.maxPool("maxpool", x, 3, { stride: 2, padding: 1 });
  depths.forEach((depth, stage) => {
    const planes = 64 * 2 ** stage;
    for (let i = 0; i < depth; i++) {
      const stride = i === 0 && stage > 0 ? 2 : 1;
      const width = Math.floor((planes * widthPerGroup) / 64) * groups;
      const shape = { planes, stride, groups, width, expansion };
      x = net.repeat(`${stride}`, `layer${stage + 1}.${i}`, x, (path, y) => residual(net, path, y, shape));
    }
  });
  net.linear("fc", net.globalAvgPool("avgpool", x), numLabels);
  return net.model("torchvision/models/resnet.py");
}

interface BlockShape {
  planes: number;
  stride: number;
  groups: number;
  width: number;
  expansion: number;
}

function residual(
  net: Layers,
  path: string,
  x: Activation,
  { planes, stride, groups, width, expansion }: BlockShape,
): Activation {
  const out = planes * expansion;
  let y = x;
  if (expansion === 1) {
    y = net.relu(
      `${path}/relu1`,
      net.batchNorm(`${path}/bn1`, net.conv(`${path}/conv1`, y, planes, 3, { stride, padding: 1 })),
    );
    y = net.batchNorm(`${path}/bn2`, net.conv(`${path}/conv2`, y, planes, 3, { padding: 1 }));
  } else {
    y = net.relu(`${path}/relu1`, net.batchNorm(`${path}/bn1`, net.conv(`${path}/conv1`, y, width, 1)));
    y = net.relu(
      `${path}/relu2`,
      net.batchNorm(`${path}/bn2`, net.conv(`${path}/conv2`, y, width, 3, { stride, padding: 1, groups })),
    );
    y = net.batchNorm(`${path}/bn3`, net.conv(`${path}/conv3`, y, out, 1));
  }
  const identity =
    stride === 1 && x.shape[1] === out
      ? x
      : net.batchNorm(`${path}/downsample.1`, net.conv(`${path}/downsample.0`, x, out, 1, { stride }));
  return net.relu(`${path}/relu${expansion === 1 ? 2 : 3}`, net.add(`${path}/add`, y, identity));
}

const basic = (...depths: [number, number, number, number]): ResNetConfig => ({ layerType: "basic", depths });
const bottleneck = (depths: [number, number, number, number], groups = 1, widthPerGroup = 64): ResNetConfig => ({
  layerType: "bottleneck",
  depths,
  groups,
  widthPerGroup,
});

const resnetConfigs: Readonly<Record<string, ResNetConfig>> = {
  resnet18: basic(2, 2, 2, 2),
  resnet34: basic(3, 4, 6, 3),
  resnet50: bottleneck([3, 4, 6, 3]),
  resnet101: bottleneck([3, 4, 23, 3]),
  resnet152: bottleneck([3, 8, 36, 3]),
  resnext50_32x4d: bottleneck([3, 4, 6, 3], 32, 4),
  resnext101_32x8d: bottleneck([3, 4, 23, 3], 32, 8),
  resnext101_64x4d: bottleneck([3, 4, 23, 3], 64, 4),
  wide_resnet50_2: bottleneck([3, 4, 6, 3], 1, 128),
  wide_resnet101_2: bottleneck([3, 4, 23, 3], 1, 128),
};

export const resnets: Readonly<Record<string, ModelFactory>> = Object.fromEntries(
  Object.entries(resnetConfigs).map(([name, config]) => [
    name,
    (options?: ModelOptions) => resnet(name, config, options),
  ]),
);
