// Swin Transformer v1 and v2 as torchvision builds them: attention inside windows, windows shifted in every second
// block.
import { visionNet } from "./net.js";
import { modelInput, view, type Activation, type Layers } from "./layers.js";
import type { Mark } from "./sheet.js";
import type { ModelFactory, ModelOptions } from "./workload.js";

/** Sizes of a Swin Transformer. */
export interface SwinConfig {
  /** Channels of the first stage; each next one has twice as many. */
  embedDim: number;
  /** Blocks of each stage. */
  depths: readonly number[];
  /** Attention heads of each stage. */
  numHeads: readonly number[];
  /** Positions along a side of a window; default 7. */
  windowSize?: number;
  /** Pixels along a side of a patch; default 4. */
  patchSize?: number;
  /** Pixels of a side at which the model was published; default 224. */
  imageSize?: number;
  /** Version 2: norms behind the blocks, cosine attention, position biases from a small network; default false. */
  second?: boolean;
  /** Classes of the output layer; default 1000. */
  numLabels?: number;
}

/**
 * Liu et al. 2021 (arXiv 2103.14030, 2111.09883). Maps that do not divide into windows are padded, and the padding is
 * attended to, as torchvision does. Neglected: cutting into windows and rolling, which move data but compute nothing.
 */
export function swin(
  name: string,
  {
    embedDim,
    depths,
    numHeads,
    windowSize = 7,
    patchSize = 4,
    imageSize = 224,
    second = false,
    numLabels = 1000,
  }: SwinConfig,
  options?: ModelOptions,
) {
  const { net, input } = visionNet(name, options, imageSize);
  let x = channelsLast(net.conv("features.0.0", input, embedDim, patchSize, { stride: patchSize, bias: true }));
  x = net.layerNorm("features.0.2", x);
  depths.forEach((depth, stage) => {
    for (let i = 0; i < depth; i++) {
      const shape = { heads: numHeads[stage]!, window: windowSize, shifted: i % 2 === 1, second };
      const path = `features.${2 * stage + 1}/${i}`;
      x = net.repeat(`${stage} ${shape.shifted}`, path, x, (at, y) => block(net, at, y, shape));
    }
    if (stage + 1 < depths.length) x = merge(net, `features.${2 * stage + 2}`, x, second);
  });
  x = net.layerNorm("norm", x);
  net.linear("head", net.globalAvgPool("avgpool", channelsFirst(x)), numLabels);
  return net.model("torchvision/models/swin_transformer.py");
}

interface BlockShape {
  heads: number;
  window: number;
  shifted: boolean;
  second: boolean;
}

function block(net: Layers, path: string, x: Activation, shape: BlockShape): Activation {
  const channels = x.shape[3]!;
  const norm = (i: number, y: Activation) => net.layerNorm(`${path}/norm${i}`, y);
  const before = (i: number, y: Activation) => (shape.second ? y : norm(i, y));
  const behind = (i: number, y: Activation) => (shape.second ? norm(i, y) : y);
  x = net.add(`${path}/add_1`, x, behind(1, windowAttention(net, `${path}/attn`, before(1, x), shape)));
  const y = net.activate(`${path}/mlp.1`, net.linear(`${path}/mlp.0`, before(2, x), 4 * channels), "gelu");
  return net.add(`${path}/add_2`, x, behind(2, net.linear(`${path}/mlp.3`, y, channels)));
}

function windowAttention(
  net: Layers,
  path: string,
  x: Activation,
  { heads, window, shifted, second }: BlockShape,
): Activation {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const rows = Math.ceil(height / window);
  const columns = Math.ceil(width / window);
  const tokens = window ** 2;
  const windows = batch * rows * columns;
  const module = "functional";
  const qkv = net.linear(`${path}/qkv`, view(x, [windows, tokens, channels]), 3 * channels, { module });
  const head = view(qkv, [windows, heads, tokens, channels / heads]);
  const normed = second ? ["q_norm", "k_norm"].map((name) => net.normalize(`${path}/${name}`, head, { module })) : [];
  const attended = net.attention(
    `${path}/attention`,
    { batch: windows, tokens, context: tokens, heads, headDim: channels / heads },
    [...normed, qkv],
    { module: second ? "functional, QKᵀ by @" : module },
  );
  const masked = shifted && (rows > 1 || columns > 1);
  biasScores(net, path, attended, { windows: rows * columns, heads, window, second, masked }, { module });
  return view(net.linear(`${path}/proj`, attended, channels, { module }), x.shape);
}

/** Windows of a sample, and what is added to their scores. */
export interface WindowScores {
  /** Windows that a map is cut into. */
  windows: number;
  /** Heads. */
  heads: number;
  /** Positions along a side of a window. */
  window: number;
  /** Version 2: a learned factor and biases from a small network, else a table of biases. */
  second: boolean;
  /** Whether windows are shifted, and positions of other windows are masked. */
  masked: boolean;
}

/** What is done to the scores; it stands behind the attention that holds them. */
export function biasScores(
  net: Layers,
  path: string,
  attended: Activation,
  { windows, heads, window, second, masked }: WindowScores,
  mark: Mark = {},
): void {
  const tokens = window ** 2;
  const batch = attended.shape[0]! / windows;
  const bias = `${path}/relative_position_bias`;
  let scores = view(attended, [batch, windows, heads, tokens, tokens]);
  if (second) {
    scores = net.multiplyParameter(`${path}/logit_scale`, scores, [heads, 1, 1], mark);
    scores = net.add(bias, scores, positionBias(net, path, heads, window), mark);
  } else {
    const stored = [(2 * window - 1) ** 2, heads];
    scores = net.addParameter(bias, scores, [heads, tokens, tokens], { stored, ...mark });
  }
  if (masked) net.addConstant(`${path}/shift_mask`, scores, [windows, 1, tokens, tokens], mark);
}

/** Version 2: a two-layer network over the table of relative coordinates, gathered, 16 · sigmoid. */
function positionBias(net: Layers, path: string, heads: number, window: number): Activation {
  const table = { shape: [1, 2 * window - 1, 2 * window - 1, 2], node: modelInput };
  const hidden = net.relu(`${path}/cpb_mlp.1`, net.linear(`${path}/cpb_mlp.0`, table, 512));
  const biases = net.linear(`${path}/cpb_mlp.2`, hidden, heads, { bias: false });
  const gathered = view(biases, [heads, window ** 2, window ** 2]);
  const squashed = net.activate(`${path}/cpb_sigmoid`, gathered, "sigmoid", { module: "functional" });
  return net.scale(`${path}/cpb_scale`, squashed);
}

/** Four neighbours side by side, normalised, and halved from 4C to 2C; odd maps gain a row or a column. */
export function merge(net: Layers, path: string, x: Activation, second: boolean): Activation {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const quarter = view(x, [batch, Math.ceil(height / 2), Math.ceil(width / 2), channels]);
  const merged = net.concat(`${path}/concat`, [quarter, quarter, quarter, quarter], { axis: 3 });
  const reduce = (y: Activation) => net.linear(`${path}/reduction`, y, 2 * channels, { bias: false });
  const norm = (y: Activation) => net.layerNorm(`${path}/norm`, y);
  return second ? norm(reduce(merged)) : reduce(norm(merged));
}

export const channelsLast = (x: Activation): Activation =>
  view(x, [x.shape[0]!, x.shape[2]!, x.shape[3]!, x.shape[1]!]);
export const channelsFirst = (x: Activation): Activation =>
  view(x, [x.shape[0]!, x.shape[3]!, x.shape[1]!, x.shape[2]!]);

const swinConfigs: Readonly<Record<string, SwinConfig>> = {
  swin_t: { embedDim: 96, depths: [2, 2, 6, 2], numHeads: [3, 6, 12, 24] },
  swin_s: { embedDim: 96, depths: [2, 2, 18, 2], numHeads: [3, 6, 12, 24] },
  swin_b: { embedDim: 128, depths: [2, 2, 18, 2], numHeads: [4, 8, 16, 32] },
  swin_v2_t: {
    embedDim: 96,
    depths: [2, 2, 6, 2],
    numHeads: [3, 6, 12, 24],
    windowSize: 8,
    imageSize: 256,
    second: true,
  },
  swin_v2_s: {
    embedDim: 96,
    depths: [2, 2, 18, 2],
    numHeads: [3, 6, 12, 24],
    windowSize: 8,
    imageSize: 256,
    second: true,
  },
  swin_v2_b: {
    embedDim: 128,
    depths: [2, 2, 18, 2],
    numHeads: [4, 8, 16, 32],
    windowSize: 8,
    imageSize: 256,
    second: true,
  },
};

export const swins: Readonly<Record<string, ModelFactory>> = Object.fromEntries(
  Object.entries(swinConfigs).map(([name, config]) => [name, (options?: ModelOptions) => swin(name, config, options)]),
);
