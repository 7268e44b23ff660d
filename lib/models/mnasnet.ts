// MNASNet B1 at four widths, as torchvision builds it.
import { visionNet } from "./net.js";
import { makeDivisible } from "./blocks.js";
import type { Activation, Layers } from "./layers.js";
import type { ModelFactory, ModelOptions } from "./workload.js";

/** [channels, kernel, stride of the first block, expansion, repeats]. */
const stacks = [
  [24, 3, 2, 3, 3],
  [40, 5, 2, 3, 3],
  [80, 5, 2, 6, 3],
  [96, 3, 1, 6, 2],
  [192, 5, 2, 6, 4],
  [320, 3, 1, 6, 1],
] as const;

/** Tan et al. 2018 (arXiv 1807.11626), found by search under a latency target. */
export function mnasnet(
  name: string,
  { widthMultiplier, numLabels = 1000 }: { widthMultiplier: number; numLabels?: number },
  options?: ModelOptions,
) {
  const { net, input } = visionNet(name, options, 224);
  const width = (channels: number) => makeDivisible(channels * widthMultiplier);
  let x = unit(net, "layers", 0, input, width(32), { kernel: 3, stride: 2 });
  x = unit(net, "layers", 3, x, width(32), { kernel: 3, depthwise: true });
  x = unit(net, "layers", 6, x, width(16), { linear: true });
  stacks.forEach(([channels, kernel, firstStride, expansion, repeats], s) => {
    for (let i = 0; i < repeats; i++) {
      const shape = { out: width(channels), kernel, stride: i === 0 ? firstStride : 1, expansion };
      x = net.repeat(`${s} ${shape.stride}`, `layers.${8 + s}/${i}/layers`, x, (path, y) => block(net, path, y, shape));
    }
  });
  x = unit(net, "layers", 14, x, 1280, {});
  net.linear("classifier.1", net.globalAvgPool("avgpool", x, { module: "Tensor.mean" }), numLabels);
  return net.model("torchvision/models/mnasnet.py");
}

interface UnitOptions {
  kernel?: number;
  stride?: number;
  depthwise?: boolean;
  linear?: boolean;
}

/** Convolution, batch norm and (unless `linear`) ReLU, numbered from `index` on. */
function unit(
  net: Layers,
  path: string,
  index: number,
  x: Activation,
  out: number,
  { kernel = 1, stride = 1, depthwise = false, linear = false }: UnitOptions,
): Activation {
  const y = net.batchNorm(
    `${path}.${index + 1}`,
    net.conv(`${path}.${index}`, x, out, kernel, { stride, padding: (kernel - 1) / 2, groups: depthwise ? out : 1 }),
  );
  return linear ? y : net.relu(`${path}.${index + 2}`, y);
}

function block(
  net: Layers,
  path: string,
  x: Activation,
  { out, kernel, stride, expansion }: { out: number; kernel: number; stride: number; expansion: number },
): Activation {
  const hidden = x.shape[1]! * expansion;
  const y = unit(
    net,
    path,
    6,
    unit(net, path, 3, unit(net, path, 0, x, hidden, {}), hidden, { kernel, stride, depthwise: true }),
    out,
    { linear: true },
  );
  return stride === 1 && x.shape[1] === out ? net.add(`${path}.add`, y, x) : y;
}

export const mnasnets: Readonly<Record<string, ModelFactory>> = Object.fromEntries(
  (
    [
      ["mnasnet0_5", 0.5],
      ["mnasnet0_75", 0.75],
      ["mnasnet1_0", 1],
      ["mnasnet1_3", 1.3],
    ] as const
  ).map(([name, widthMultiplier]) => [name, (options?: ModelOptions) => mnasnet(name, { widthMultiplier }, options)]),
);
