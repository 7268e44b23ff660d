// Swin Transformer as torchvision builds it: attention inside windows, windows shifted in every second block.
import { vision } from "./begin.js";
import type { Activation, Layers } from "./layers.js";
import type { ModelFactory, ModelOptions } from "./workload.js";

export interface SwinConfig { width: number; depths: readonly number[]; heads: readonly number[]; window?: number; patch?: number; classes?: number }

/**
 * Liu et al. 2021 (arXiv 2103.14030). Maps that do not divide into windows are padded, and the padding is attended to, as torchvision does.
 * Neglected: cutting into windows and rolling, which move data but compute nothing.
 */
export function swin(name: string, { width, depths, heads, window = 7, patch = 4, classes = 1000 }: SwinConfig, options?: ModelOptions) {
  const { net, input } = vision(name, options, 224);
  let x = channelsLast(net.conv("features.0.0", input, width, patch, { stride: patch, bias: true }));
  x = net.layerNorm("features.0.2", x);
  depths.forEach((depth, stage) => {
    for (let i = 0; i < depth; i++) x = block(net, `features.${2 * stage + 1}/${i}`, x, { heads: heads[stage]!, window, shifted: i % 2 === 1 });
    if (stage + 1 < depths.length) x = merge(net, `features.${2 * stage + 2}`, x);
  });
  x = net.layerNorm("norm", x);
  net.linear("head", net.globalAvgPool("avgpool", channelsFirst(x)), classes);
  return net.model("torchvision/models/swin_transformer.py");
}

function block(net: Layers, path: string, x: Activation, { heads, window, shifted }: { heads: number; window: number; shifted: boolean }): Activation {
  const channels = x.shape[3]!;
  x = net.add(`${path}/add_1`, x, windowAttention(net, `${path}/attn`, net.layerNorm(`${path}/norm1`, x), { heads, window, shifted }));
  const y = net.activate(`${path}/mlp.1`, net.linear(`${path}/mlp.0`, net.layerNorm(`${path}/norm2`, x), 4 * channels), "gelu");
  return net.add(`${path}/add_2`, x, net.linear(`${path}/mlp.3`, y, channels));
}

function windowAttention(net: Layers, path: string, x: Activation, { heads, window, shifted }: { heads: number; window: number; shifted: boolean }): Activation {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const rows = Math.ceil(height / window), columns = Math.ceil(width / window), tokens = window ** 2, windows = batch * rows * columns;
  const module = "functional";
  net.linear(`${path}/qkv`, { shape: [windows, tokens, channels] }, 3 * channels, { module });
  const scores = { shape: [batch, rows * columns, heads, tokens, tokens] };
  const shift = shifted && (rows > 1 || columns > 1);
  net.attention(`${path}/attention`, { batch: windows, tokens, context: tokens, heads, headDim: channels / heads }, { module });
  net.addParameter(`${path}/relative_position_bias`, scores, [heads, tokens, tokens], { stored: [(2 * window - 1) ** 2, heads], module });
  if (shift) net.addConstant(`${path}/shift_mask`, scores, [rows * columns, 1, tokens, tokens], { module });
  net.linear(`${path}/proj`, { shape: [windows, tokens, channels] }, channels, { module });
  return x;
}

/** Four neighbours side by side, normalised, and halved from 4C to 2C; odd maps gain a row or a column. */
function merge(net: Layers, path: string, x: Activation): Activation {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const quarter = { shape: [batch, Math.ceil(height / 2), Math.ceil(width / 2), channels] };
  const merged = net.concat(`${path}/concat`, [quarter, quarter, quarter, quarter], { axis: 3 });
  return net.linear(`${path}/reduction`, net.layerNorm(`${path}/norm`, merged), 2 * channels, { bias: false });
}

const channelsLast = ({ shape: [b, c, h, w] }: Activation): Activation => ({ shape: [b!, h!, w!, c!] });
const channelsFirst = ({ shape: [b, h, w, c] }: Activation): Activation => ({ shape: [b!, c!, h!, w!] });

export const swinConfigs: Readonly<Record<string, SwinConfig>> = {
  swin_t: { width: 96, depths: [2, 2, 6, 2], heads: [3, 6, 12, 24] },
  swin_s: { width: 96, depths: [2, 2, 18, 2], heads: [3, 6, 12, 24] },
  swin_b: { width: 128, depths: [2, 2, 18, 2], heads: [4, 8, 16, 32] },
};

export const swins: Readonly<Record<string, ModelFactory>> = Object.fromEntries(
  Object.entries(swinConfigs).map(([name, config]) => [name, (options?: ModelOptions) => swin(name, config, options)]));
