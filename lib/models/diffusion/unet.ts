// The UNet of Stable Diffusion: a latent through blocks of falling and rising size, each with a time and a text. Fields
// of a configuration are read elsewhere.
import type { Activation, Layers } from "../layers.js";
import type { ModelOptions } from "../workload.js";
import { embedVector, input, latentNet } from "./latentNet.js";
import { convOut, downsample, resnetBlock, upsample, type ResnetKind } from "./resnet.js";
import { spatialTransformer } from "./spatialTransformer.js";

/** One size of a UNet, on the way down and on the way up. */
export interface UnetLevel {
  /** Channels. */
  channels: number;
  /** Residual blocks on the way down; the way up has one more. */
  layers: number;
  /** Heads of its transformers. */
  heads: number;
  /** Width of the text that its transformers read. */
  textWidth: number;
  /** Blocks of each transformer on the way down, one a residual block; none: it has no transformers. */
  down?: readonly number[];
  /** The same on the way up. */
  up?: readonly number[];
  /** Whether both attentions of a transformer's block read the text. */
  onlyCross: boolean;
}

/** Sizes of a UNet. */
export interface UnetConfig {
  /** Side of the latent that it was made for, or [height, width]. */
  size?: number | readonly [number, number];
  /** Channels of the latent. */
  inChannels: number;
  /** Channels of the result. */
  outChannels: number;
  /** The sizes, the largest first. */
  levels: readonly UnetLevel[];
  /** Between down and up: two residual blocks and a transformer of so many blocks, one residual block, or nothing. */
  middle: number | "resnet" | undefined;
  /** What residual blocks share. */
  resnet: ResnetKind & { readonly act: "silu" | "gelu" | "relu" };
  /** Whether transformers project by matrices. */
  linear: boolean;
  /** Padding of the steps down. */
  downPadding: 0 | 1;
  /** Sides of the first and of the last kernel. */
  kernels: readonly [number, number];
  /** Width of the time. */
  timeWidth: number;
  /** Width of a condition on the time (LCM's guidance). */
  timeCondition?: number;
  /** Classes: a table of so many rows, a vector (of the given width) through two matrices or one, or as it comes. */
  classes?: { readonly table: number } | { readonly vector: number; readonly matrices: 0 | 1 | 2 };
  /** Width of a vector that is added to the time (SDXL's pooled text and sizes). */
  addition?: number;
  /** Width of a text that is projected to the first level's. */
  textFrom?: number;
}

/** The UNet of `config` as a model: one evaluation. `tokens`: positions of the text. */
export function unet(name: string, config: UnetConfig, options?: ModelOptions) {
  const { net, latent, batch, tokens } = latentNet(name, options, {
    size: config.size,
    channels: config.inChannels,
    tokens: 77,
  });
  const { levels, resnet } = config;
  const time = timeOf(net, config, batch);
  const texts = textsOf(net, config, batch, tokens);
  const [first, last] = config.kernels;
  const firstPadding = Math.floor((first - 1) / 2);
  let x = net.conv("conv_in", latent, levels[0]!.channels, first, { padding: firstPadding, bias: true });
  const skips = [x];
  levels.forEach((level, i) => {
    const path = `down_blocks.${i}`;
    for (let n = 0; n < level.layers; n++) {
      x = resnetBlock(net, `${path}/resnets.${n}`, x, level.channels, resnet, time);
      x = attended(net, `${path}/attentions.${n}`, x, level, level.down?.[n]);
      skips.push(x);
    }
    if (i === levels.length - 1) return;
    x = downsample(net, `${path}/downsamplers.0`, x, config.downPadding);
    skips.push(x);
  });
  x = middle(x);
  [...levels].reverse().forEach((level, i) => {
    const path = `up_blocks.${i}`;
    for (let n = 0; n <= level.layers; n++) {
      const both = net.concat(`${path}/concat.${n}`, [x, skips.pop()!]);
      x = resnetBlock(net, `${path}/resnets.${n}`, both, level.channels, resnet, time);
      x = attended(net, `${path}/attentions.${n}`, x, level, level.up?.[n]);
    }
    if (i === levels.length - 1) return;
    const [, , height, width] = skips.at(-1)!.shape as [number, number, number, number];
    x = upsample(net, `${path}/upsamplers.0`, x, [height, width]);
  });
  convOut(net, "", x, config.outChannels, { ...resnet, kernelSize: last });
  return net.model("huggingface/diffusers, unet_2d_condition.py");

  function attended(on: Layers, path: string, y: Activation, level: UnetLevel, blocks?: number): Activation {
    if (blocks === undefined) return y;
    const { heads, onlyCross } = level;
    const transformer = { heads, layers: blocks, groups: resnet.groups, linear: config.linear, onlyCross };
    return spatialTransformer(on, path, y, texts(level.textWidth), transformer);
  }

  function middle(y: Activation): Activation {
    const level = { ...levels.at(-1)!, onlyCross: false };
    if (config.middle === undefined) return y;
    const z = resnetBlock(net, "mid_block/resnets.0", y, level.channels, resnet, time);
    if (config.middle === "resnet") return z;
    const seen = attended(net, "mid_block/attentions.0", z, level, config.middle);
    return resnetBlock(net, "mid_block/resnets.1", seen, level.channels, resnet, time);
  }
}

/** The time as a vector, with classes and what else is added to it. Its sinusoids are neglected. */
function timeOf(net: Layers, config: UnetConfig, batch: number): Activation {
  const { timeWidth, timeCondition, classes, addition, levels } = config;
  const { act } = config.resnet;
  const sinusoids = levels[0]!.channels;
  let x = input([batch, sinusoids]);
  if (timeCondition !== undefined) {
    const condition = net.linear("time_embedding/cond_proj", input([batch, timeCondition]), sinusoids, { bias: false });
    x = net.add("time_embedding/add_condition", condition, x);
  }
  let time = embedVector(net, "time_embedding", x, timeWidth, act);
  if (classes !== undefined) time = net.add("add_class", time, classOf());
  if (addition === undefined) return time;
  return net.add("add_embedding/add", time, embedVector(net, "add_embedding", input([batch, addition]), timeWidth));

  function classOf(): Activation {
    const path = "class_embedding";
    if ("table" in classes!) {
      const table = { batch, tokens: 1, numEmbeddings: classes.table, embeddingDim: timeWidth };
      return { ...net.embedding(path, table), shape: [batch, timeWidth] };
    }
    const { vector, matrices } = classes!;
    const given = input([batch, vector]);
    if (matrices === 0) return given;
    return matrices === 1 ? net.linear(path, given, timeWidth) : embedVector(net, path, given, timeWidth, act);
  }
}

/** The text of each width that a level asks for. */
function textsOf(net: Layers, { textFrom, levels }: UnetConfig, batch: number, tokens: number) {
  if (textFrom === undefined) return (width: number): Activation => input([batch, tokens, width]);
  const text = net.linear("encoder_hid_proj", input([batch, tokens, textFrom]), levels[0]!.textWidth);
  return (): Activation => text;
}
