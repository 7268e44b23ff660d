// MobileNet v2 and v3 as torchvision builds them.
import type { ActivationKind } from "../ops/index.js";
import { convNorm, makeDivisible, squeezeExcitation } from "./blocks.js";
import { visionNet } from "./net.js";
import type { Activation, Layers } from "./layers.js";
import type { ModelFactory, ModelOptions } from "./workload.js";

/** [expansion, channels, repeats, first stride] of each stage: Sandler et al. 2018 (arXiv 1801.04381), table 2. */
const v2Stages = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

/** MobileNet v2 at a width multiplier; linear bottlenecks, so the last convolution of a block has no activation. */
export function mobilenetV2(
  name: string,
  { widthMultiplier = 1, numLabels = 1000 }: { widthMultiplier?: number; numLabels?: number } = {},
  options?: ModelOptions,
) {
  const { net, input } = visionNet(name, options, 224);
  const width = (channels: number) => makeDivisible(channels * widthMultiplier);
  let x = convNorm(net, "features.0", input, width(32), 3, { stride: 2, activation: "relu6" });
  let index = 1;
  for (const [expansion, channels, repeats, firstStride] of v2Stages)
    for (let i = 0; i < repeats; i++)
      x = invertedResidual(net, `features.${index++}`, x, {
        expansion,
        out: width(channels),
        stride: i === 0 ? firstStride : 1,
      });
  x = convNorm(net, `features.${index}`, x, makeDivisible(1280 * Math.max(1, widthMultiplier)), 1, {
    activation: "relu6",
  });
  net.linear("classifier.1", net.globalAvgPool("avgpool", x, { module: "functional" }), numLabels);
  return net.model("torchvision/models/mobilenetv2.py");
}

function invertedResidual(
  net: Layers,
  path: string,
  x: Activation,
  { expansion, out, stride }: { expansion: number; out: number; stride: number },
): Activation {
  const hidden = x.shape[1]! * expansion;
  let y = x;
  let part = 0;
  if (expansion !== 1) y = convNorm(net, `${path}/conv.${part++}`, y, hidden, 1, { activation: "relu6" });
  y = convNorm(net, `${path}/conv.${part++}`, y, hidden, 3, { stride, groups: hidden, activation: "relu6" });
  y = net.batchNorm(`${path}/conv.${part + 1}`, net.conv(`${path}/conv.${part}`, y, out, 1));
  return stride === 1 && x.shape[1] === out ? net.add(`${path}/add`, x, y) : y;
}

/** Kernel, expanded channels, out channels, squeeze-excitation, activation ("RE" ReLU, "HS" hard swish), stride. */
export type MobileNetV3Row = readonly [number, number, number, boolean, "RE" | "HS", number];
/** Sizes of a MobileNet v3. */
export interface MobileNetV3Config {
  /** The blocks in order. */
  rows: readonly MobileNetV3Row[];
  /** Width of the classifier's hidden layer. */
  last: number;
  /** Classes of the output layer; default 1000. */
  numLabels?: number;
}

/** Howard et al. 2019 (arXiv 1905.02244), tables 1 and 2. */
const mobilenetV3Configs: Readonly<Record<string, MobileNetV3Config>> = {
  mobilenet_v3_large: {
    last: 1280,
    rows: [
      [3, 16, 16, false, "RE", 1],
      [3, 64, 24, false, "RE", 2],
      [3, 72, 24, false, "RE", 1],
      [5, 72, 40, true, "RE", 2],
      [5, 120, 40, true, "RE", 1],
      [5, 120, 40, true, "RE", 1],
      [3, 240, 80, false, "HS", 2],
      [3, 200, 80, false, "HS", 1],
      [3, 184, 80, false, "HS", 1],
      [3, 184, 80, false, "HS", 1],
      [3, 480, 112, true, "HS", 1],
      [3, 672, 112, true, "HS", 1],
      [5, 672, 160, true, "HS", 2],
      [5, 960, 160, true, "HS", 1],
      [5, 960, 160, true, "HS", 1],
    ],
  },
  mobilenet_v3_small: {
    last: 1024,
    rows: [
      [3, 16, 16, true, "RE", 2],
      [3, 72, 24, false, "RE", 2],
      [3, 88, 24, false, "RE", 1],
      [5, 96, 40, true, "HS", 2],
      [5, 240, 40, true, "HS", 1],
      [5, 240, 40, true, "HS", 1],
      [5, 120, 48, true, "HS", 1],
      [5, 144, 48, true, "HS", 1],
      [5, 288, 96, true, "HS", 2],
      [5, 576, 96, true, "HS", 1],
      [5, 576, 96, true, "HS", 1],
    ],
  },
};

/**
 * MobileNet v3: inverted residuals with squeeze-excitation on the expanded channels and a head that widens after
 * pooling.
 */
export function mobilenetV3(name: string, { rows, last, numLabels = 1000 }: MobileNetV3Config, options?: ModelOptions) {
  const { net, input } = visionNet(name, options, 224);
  let x = convNorm(net, "features.0", input, 16, 3, { stride: 2, activation: "hardswish" });
  rows.forEach((row, i) => {
    x = v3Block(net, `features.${i + 1}`, x, row);
  });
  x = convNorm(net, `features.${rows.length + 1}`, x, x.shape[1]! * 6, 1, { activation: "hardswish" });
  x = net.globalAvgPool("avgpool", x);
  x = net.activate("classifier.1", net.linear("classifier.0", x, last), "hardswish");
  net.linear("classifier.3", x, numLabels);
  return net.model("torchvision/models/mobilenetv3.py");
}

function v3Block(
  net: Layers,
  path: string,
  x: Activation,
  [kernel, expanded, out, squeeze, act, stride]: MobileNetV3Row,
): Activation {
  const activation: ActivationKind = act === "RE" ? "relu" : "hardswish";
  let y = x;
  let part = 0;
  if (expanded !== x.shape[1]) y = convNorm(net, `${path}/block.${part++}`, y, expanded, 1, { activation });
  y = convNorm(net, `${path}/block.${part++}`, y, expanded, kernel, { stride, groups: expanded, activation });
  if (squeeze)
    y = squeezeExcitation(
      net,
      `${path}/block.${part++}`,
      y,
      makeDivisible(Math.floor(expanded / 4)),
      "relu",
      "hardsigmoid",
    );
  y = convNorm(net, `${path}/block.${part}`, y, out, 1);
  return stride === 1 && x.shape[1] === out ? net.add(`${path}/add`, y, x) : y;
}

export const mobilenets: Readonly<Record<string, ModelFactory>> = {
  mobilenet_v2: (options) => mobilenetV2("mobilenet_v2", {}, options),
  ...Object.fromEntries(
    Object.entries(mobilenetV3Configs).map(([name, config]) => [
      name,
      (options?: ModelOptions) => mobilenetV3(name, config, options),
    ]),
  ),
};
