// RegNet X and Y as torchvision builds them: stage widths follow a quantized line.
import { convNorm, makeDivisible, squeezeExcitation } from "./blocks.js";
import { visionNet } from "./net.js";
import type { Activation, Layers } from "./layers.js";
import type { ModelFactory, ModelOptions } from "./workload.js";

/** Parameters of a RegNet's design space. */
export interface RegNetConfig {
  /** Blocks in all stages. */
  depth: number;
  /** Width of the first block: the paper's w_0. */
  initial: number;
  /** What a block adds before rounding: the paper's w_a. */
  slope: number;
  /** Ratio between stages' widths: the paper's w_m. */
  step: number;
  /** Channels of a group. */
  groupWidth: number;
  /** Channels of the squeeze-excitation over the block's input channels (RegNet Y); default none. */
  squeeze?: number;
  /** Classes of the output layer; default 1000. */
  numLabels?: number;
}

/** Radosavovic et al. 2020 (arXiv 2003.13678): bottlenecks of ratio 1 with grouped 3x3 convolutions. */
export function regnet(name: string, config: RegNetConfig, options?: ModelOptions) {
  const { net, input } = visionNet(name, options, 224);
  let x = convNorm(net, "stem", input, 32, 3, { stride: 2, activation: "relu" });
  regnetStages(config).forEach(({ width, depth, groupWidth }, s) => {
    for (let i = 0; i < depth; i++) {
      const groups = Math.floor(width / groupWidth);
      const shape = { width, stride: i === 0 ? 2 : 1, groups, squeeze: config.squeeze };
      const path = `trunk_output/block${s + 1}/block${s + 1}-${i}`;
      x = net.repeat(`${s} ${shape.stride}`, path, x, (at, y) => block(net, at, y, shape));
    }
  });
  net.linear("fc", net.globalAvgPool("avgpool", x), config.numLabels ?? 1000);
  return net.model("torchvision/models/regnet.py");
}

/**
 * Width of block i: initial·step^round(log_step((initial + slope·i)/initial)), to multiples of 8, then of the group
 * width.
 */
function regnetStages({
  depth,
  initial,
  slope,
  step,
  groupWidth,
}: RegNetConfig): { width: number; depth: number; groupWidth: number }[] {
  const stages = new Map<number, number>();
  for (let i = 0; i < depth; i++) {
    const capacity = roundHalfEven(Math.log((initial + slope * i) / initial) / Math.log(step));
    const width = roundHalfEven((initial * step ** capacity) / 8) * 8;
    stages.set(width, (stages.get(width) ?? 0) + 1);
  }
  return [...stages].map(([width, d]) => {
    const group = Math.min(groupWidth, width);
    return { width: makeDivisible(width, group), depth: d, groupWidth: group };
  });
}

function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  return x - floor === 0.5 ? floor + (floor % 2) : Math.round(x);
}

function block(
  net: Layers,
  path: string,
  x: Activation,
  { width, stride, groups, squeeze }: { width: number; stride: number; groups: number; squeeze?: number },
): Activation {
  const identity = x.shape[1] === width && stride === 1 ? x : convNorm(net, `${path}/proj`, x, width, 1, { stride });
  let y = convNorm(net, `${path}/f/a`, x, width, 1, { activation: "relu" });
  y = convNorm(net, `${path}/f/b`, y, width, 3, { stride, groups, activation: "relu" });
  if (squeeze !== undefined)
    y = squeezeExcitation(net, `${path}/f/se`, y, roundHalfEven(squeeze * x.shape[1]!), "relu", "sigmoid");
  return net.relu(`${path}/activation`, net.add(`${path}/add`, identity, convNorm(net, `${path}/f/c`, y, width, 1)));
}

const x = (depth: number, initial: number, slope: number, step: number, groupWidth: number): RegNetConfig => ({
  depth,
  initial,
  slope,
  step,
  groupWidth,
});
const y = (...args: Parameters<typeof x>): RegNetConfig => ({ ...x(...args), squeeze: 0.25 });

const regnetConfigs: Readonly<Record<string, RegNetConfig>> = {
  regnet_y_400mf: y(16, 48, 27.89, 2.09, 8),
  regnet_y_800mf: y(14, 56, 38.84, 2.4, 16),
  regnet_y_1_6gf: y(27, 48, 20.71, 2.65, 24),
  regnet_y_3_2gf: y(21, 80, 42.63, 2.66, 24),
  regnet_y_8gf: y(17, 192, 76.82, 2.19, 56),
  regnet_y_16gf: y(18, 200, 106.23, 2.48, 112),
  regnet_y_32gf: y(20, 232, 115.89, 2.53, 232),
  regnet_y_128gf: y(27, 456, 160.83, 2.52, 264),
  regnet_x_400mf: x(22, 24, 24.48, 2.54, 16),
  regnet_x_800mf: x(16, 56, 35.73, 2.28, 16),
  regnet_x_1_6gf: x(18, 80, 34.01, 2.25, 24),
  regnet_x_3_2gf: x(25, 88, 26.31, 2.25, 48),
  regnet_x_8gf: x(23, 80, 49.56, 2.88, 120),
  regnet_x_16gf: x(22, 216, 55.59, 2.1, 128),
  regnet_x_32gf: x(23, 320, 69.86, 2, 168),
};

export const regnets: Readonly<Record<string, ModelFactory>> = Object.fromEntries(
  Object.entries(regnetConfigs).map(([name, config]) => [
    name,
    (options?: ModelOptions) => regnet(name, config, options),
  ]),
);
