// MaxViT tiny as torchvision builds it: convolutions, then attention inside windows, then attention across a grid.
import { divides } from "../check.js";
import { visionNet } from "./net.js";
import { convNorm, squeezeExcitation } from "./blocks.js";
import { view, type Activation, type Layers } from "./layers.js";
import type { ModelFactory, ModelOptions } from "./workload.js";

/** Sizes of a MaxViT. */
export interface MaxVitConfig {
  /** Channels of the first two convolutions. */
  stem: number;
  /** Channels of each stage. */
  hiddenSizes: readonly number[];
  /** Blocks of each stage. */
  depths: readonly number[];
  /** Width of an attention head. */
  headDim: number;
  /** Positions along a side of a window, and of a grid. */
  windowSize: number;
  /** Classes of the output layer; default 1000. */
  numLabels?: number;
}

/**
 * Tu et al. 2022 (arXiv 2204.01697). Each stage halves the map, whose sides must divide into windows. Neglected:
 * cutting into windows and grids, which only moves data.
 */
export function maxvit(
  name: string,
  { stem, hiddenSizes, depths, headDim, windowSize, numLabels = 1000 }: MaxVitConfig,
  options?: ModelOptions,
) {
  const { net, input } = visionNet(name, options, 224);
  let x = convNorm(net, "stem.0", input, stem, 3, { stride: 2, activation: "gelu" });
  x = net.conv("stem.1.0", x, stem, 3, { padding: 1, bias: true });
  depths.forEach((depth, stage) => {
    for (let i = 0; i < depth; i++) {
      const path = `blocks.${stage}/layers.${i}/layers`;
      x = mbconv(net, `${path}/MBconv`, x, hiddenSizes[stage]!, i === 0 ? 2 : 1);
      divides(name, "windowSize", windowSize, "feature map height", x.shape[2]!);
      divides(name, "windowSize", windowSize, "feature map width", x.shape[3]!);
      for (const kind of ["window_attention", "grid_attention"])
        x = partitionAttention(net, `${path}/${kind}`, x, { headDim, window: windowSize });
    }
  });
  const width = x.shape[1]!;
  let y = net.layerNorm("classifier.2", net.flatten(net.globalAvgPool("classifier.0", x)));
  y = net.activate("classifier.4", net.linear("classifier.3", y, width), "tanh");
  net.linear("classifier.5", y, numLabels, { bias: false });
  return net.model("torchvision/models/maxvit.py");
}

function mbconv(net: Layers, path: string, x: Activation, out: number, stride: number): Activation {
  const hidden = 4 * out;
  const at = `${path}/layers`;
  let identity = x;
  if (stride === 2) identity = net.avgPool(`${path}/proj.0`, identity, 3, { stride, padding: 1 });
  if (stride === 2 || x.shape[1] !== out) identity = net.conv(`${path}/proj.1`, identity, out, 1, { bias: true });
  let y = convNorm(net, `${at}/conv_a`, net.batchNorm(`${at}/pre_norm`, x), hidden, 1, { activation: "gelu" });
  y = convNorm(net, `${at}/conv_b`, y, hidden, 3, { stride, groups: hidden, activation: "gelu" });
  y = squeezeExcitation(net, `${at}/squeeze_excitation`, y, Math.floor(out / 4), "silu", "sigmoid");
  return net.add(`${path}/add`, identity, net.conv(`${at}/conv_c`, y, out, 1, { bias: true }));
}

/**
 * Attention among `window`² positions, close together or spread over the map, and an MLP; both behind a layer norm.
 */
function partitionAttention(
  net: Layers,
  path: string,
  x: Activation,
  { headDim, window }: { headDim: number; window: number },
): Activation {
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  const tokens = window ** 2;
  const groups = (height * width) / tokens;
  const heads = channels / headDim;
  let y = view(x, [batch, groups, tokens, channels]);
  const normed = net.layerNorm(`${path}/attn_layer.0`, y);
  const at = `${path}/attn_layer.1`;
  const qkv = net.linear(`${at}/to_qkv`, normed, 3 * channels);
  const attended = net.attention(
    `${at}/attention`,
    { batch: batch * groups, tokens, context: tokens, heads, headDim },
    [qkv],
    { module: "einsum" },
  );
  net.addParameter(
    `${at}/relative_position_bias`,
    view(attended, [batch * groups, heads, tokens, tokens]),
    [heads, tokens, tokens],
    { stored: [(2 * window - 1) ** 2, heads], module: "functional" },
  );
  y = net.add(`${path}/add_1`, y, net.linear(`${at}/merge`, view(attended, y.shape), channels));
  const hidden = net.activate(
    `${path}/mlp_layer.2`,
    net.linear(`${path}/mlp_layer.1`, net.layerNorm(`${path}/mlp_layer.0`, y), 4 * channels),
    "gelu",
  );
  return view(net.add(`${path}/add_2`, y, net.linear(`${path}/mlp_layer.3`, hidden, channels)), x.shape);
}

export const maxvits: Readonly<Record<string, ModelFactory>> = {
  maxvit_t: (options?: ModelOptions) =>
    maxvit(
      "maxvit_t",
      { stem: 64, hiddenSizes: [64, 128, 256, 512], depths: [2, 2, 5, 2], headDim: 32, windowSize: 7 },
      options,
    ),
};
