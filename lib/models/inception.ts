// Inception v3 as torchvision builds it, with its auxiliary classifier.
import { visionNet } from "./net.js";
import type { Activation, Layers } from "./layers.js";
import type { ModelFactory, ModelOptions } from "./workload.js";

type Pair = number | readonly [number, number];
/**
 * One convolution of a branch: its name below the block, out channels, kernel, and what differs from stride 1 without
 * padding.
 */
type Step = readonly [string, number, Pair, { stride?: number; padding?: Pair }?];
const functional = { module: "functional" };

/**
 * Szegedy et al. 2015 (arXiv 1512.00567). The auxiliary classifier runs only in training; otherwise its parameters are
 * counted as idle. Images below 75 pixels have no output.
 */
export function inceptionV3(name: string, { numLabels = 1000 }: { numLabels?: number } = {}, options?: ModelOptions) {
  const { net, input } = visionNet(name, options, 299);
  let x = branch(net, "", input, [
    ["Conv2d_1a_3x3", 32, 3, { stride: 2 }],
    ["Conv2d_2a_3x3", 32, 3],
    ["Conv2d_2b_3x3", 64, 3, { padding: 1 }],
  ]);
  x = net.maxPool("maxpool1", x, 3, { stride: 2 });
  x = branch(net, "", x, [
    ["Conv2d_3b_1x1", 80, 1],
    ["Conv2d_4a_3x3", 192, 3],
  ]);
  x = net.maxPool("maxpool2", x, 3, { stride: 2 });
  for (const [block, pooled] of [
    ["Mixed_5b", 32],
    ["Mixed_5c", 64],
    ["Mixed_5d", 64],
  ] as const)
    x = blockA(net, block, x, pooled);
  x = blockB(net, "Mixed_6a", x);
  for (const [block, inner] of [
    ["Mixed_6b", 128],
    ["Mixed_6c", 160],
    ["Mixed_6d", 160],
    ["Mixed_6e", 192],
  ] as const)
    x = blockC(net, block, x, inner);
  const beforeAux = x;
  if (net.phase === "train") auxiliary(net, "AuxLogits", beforeAux, numLabels);
  x = blockD(net, "Mixed_7a", x);
  x = blockE(net, "Mixed_7c", blockE(net, "Mixed_7b", x));
  net.linear("fc", net.globalAvgPool("avgpool", x), numLabels);
  return net.model(
    "torchvision/models/inception.py",
    net.phase === "train" ? 0 : auxiliaryParams(beforeAux.shape[1]!, numLabels),
  );
}

/** Convolution, batch norm and ReLU, one after another. */
function branch(net: Layers, path: string, x: Activation, steps: readonly Step[]): Activation {
  for (const [name, out, kernel, { stride = 1, padding = 0 } = {}] of steps) {
    const at = path === "" ? name : `${path}/${name}`;
    x = net.relu(
      `${at}/relu`,
      net.batchNorm(`${at}/bn`, net.conv(`${at}/conv`, x, out, kernel, { stride, padding })),
      functional,
    );
  }
  return x;
}

function pooledBranch(net: Layers, path: string, x: Activation, out: number): Activation {
  return branch(net, path, net.avgPool(`${path}/pool`, x, 3, { padding: 1, ...functional }), [["branch_pool", out, 1]]);
}

const join = (net: Layers, path: string, parts: Activation[]): Activation => net.concat(`${path}/concat`, parts);

function blockA(net: Layers, path: string, x: Activation, pooled: number): Activation {
  return join(net, path, [
    branch(net, path, x, [["branch1x1", 64, 1]]),
    branch(net, path, x, [
      ["branch5x5_1", 48, 1],
      ["branch5x5_2", 64, 5, { padding: 2 }],
    ]),
    branch(net, path, x, [
      ["branch3x3dbl_1", 64, 1],
      ["branch3x3dbl_2", 96, 3, { padding: 1 }],
      ["branch3x3dbl_3", 96, 3, { padding: 1 }],
    ]),
    pooledBranch(net, path, x, pooled),
  ]);
}

function blockB(net: Layers, path: string, x: Activation): Activation {
  return join(net, path, [
    branch(net, path, x, [["branch3x3", 384, 3, { stride: 2 }]]),
    branch(net, path, x, [
      ["branch3x3dbl_1", 64, 1],
      ["branch3x3dbl_2", 96, 3, { padding: 1 }],
      ["branch3x3dbl_3", 96, 3, { stride: 2 }],
    ]),
    net.maxPool(`${path}/pool`, x, 3, { stride: 2, ...functional }),
  ]);
}

const row = [[1, 7], { padding: [0, 3] }] as const;
const column = [[7, 1], { padding: [3, 0] }] as const;

function blockC(net: Layers, path: string, x: Activation, inner: number): Activation {
  return join(net, path, [
    branch(net, path, x, [["branch1x1", 192, 1]]),
    branch(net, path, x, [
      ["branch7x7_1", inner, 1],
      ["branch7x7_2", inner, ...row],
      ["branch7x7_3", 192, ...column],
    ]),
    branch(net, path, x, [
      ["branch7x7dbl_1", inner, 1],
      ["branch7x7dbl_2", inner, ...column],
      ["branch7x7dbl_3", inner, ...row],
      ["branch7x7dbl_4", inner, ...column],
      ["branch7x7dbl_5", 192, ...row],
    ]),
    pooledBranch(net, path, x, 192),
  ]);
}

function blockD(net: Layers, path: string, x: Activation): Activation {
  return join(net, path, [
    branch(net, path, x, [
      ["branch3x3_1", 192, 1],
      ["branch3x3_2", 320, 3, { stride: 2 }],
    ]),
    branch(net, path, x, [
      ["branch7x7x3_1", 192, 1],
      ["branch7x7x3_2", 192, ...row],
      ["branch7x7x3_3", 192, ...column],
      ["branch7x7x3_4", 192, 3, { stride: 2 }],
    ]),
    net.maxPool(`${path}/pool`, x, 3, { stride: 2, ...functional }),
  ]);
}

function blockE(net: Layers, path: string, x: Activation): Activation {
  const split = (name: string, y: Activation) =>
    net.concat(`${path}/${name}_concat`, [
      branch(net, path, y, [[`${name}a`, 384, [1, 3], { padding: [0, 1] }]]),
      branch(net, path, y, [[`${name}b`, 384, [3, 1], { padding: [1, 0] }]]),
    ]);
  return join(net, path, [
    branch(net, path, x, [["branch1x1", 320, 1]]),
    split("branch3x3_2", branch(net, path, x, [["branch3x3_1", 384, 1]])),
    split(
      "branch3x3dbl_3",
      branch(net, path, x, [
        ["branch3x3dbl_1", 448, 1],
        ["branch3x3dbl_2", 384, 3, { padding: 1 }],
      ]),
    ),
    pooledBranch(net, path, x, 192),
  ]);
}

function auxiliary(net: Layers, path: string, x: Activation, numLabels: number): void {
  const y = branch(net, path, net.avgPool(`${path}/pool`, x, 5, { stride: 3, ...functional }), [
    ["conv0", 128, 1],
    ["conv1", 768, 5],
  ]);
  net.linear(`${path}/fc`, net.globalAvgPool(`${path}/avgpool`, y, functional), numLabels);
}

/** Two convolutions without bias, their batch norms (scale and shift), a linear layer. */
const auxiliaryParams = (channels: number, numLabels: number): number =>
  channels * 128 + 2 * 128 + 128 * 768 * 25 + 2 * 768 + 768 * numLabels + numLabels;

export const inceptions: Readonly<Record<string, ModelFactory>> = {
  inception_v3: (options) => inceptionV3("inception_v3", {}, options),
};
