// The autoencoder of latent diffusion: an image to its latent and back. Fields of a configuration are read elsewhere.
import { modelCost } from "../../model.js";
import { view, type Activation, type Layers } from "../layers.js";
import { visionNet } from "../net.js";
import { selfAttention } from "../transformer.js";
import type { ModelOptions } from "../workload.js";
import { latentNet } from "./latentNet.js";
import { convOut, downsample, resnetBlock, upsample, type ResnetKind } from "./resnet.js";
import { attentionNames } from "./spatialTransformer.js";

/** Sizes of an autoencoder. */
export interface AutoencoderConfig {
  /** Pixels of a side that it was made for, or [height, width]. */
  imageSize: number | readonly [number, number];
  /** Channels of the image. */
  inChannels: number;
  /** Channels of the image that is made again. */
  outChannels: number;
  /** Channels of the latent. */
  latentChannels: number;
  /** Channels of each size, the largest first. */
  channels: readonly number[];
  /** Residual blocks of each size in the encoder; the decoder has one more. */
  layers: number;
  /** What residual blocks share. */
  resnet: ResnetKind;
  /** Whether the smallest size has attention. */
  attention: boolean;
  /** Whether a 1×1 convolution stands behind the encoder. */
  quantConv: boolean;
  /** Whether one stands before the decoder. */
  postQuantConv: boolean;
}

const source = "huggingface/diffusers, autoencoder_kl.py";

/** The autoencoder of `config` as a model: an image is encoded, and decoded again. */
export function autoencoder(name: string, config: AutoencoderConfig, options?: ModelOptions) {
  const { net, input } = visionNet(name, { imageSize: config.imageSize, ...options }, 0, config.inChannels);
  const moments = encode(net, input, config);
  const { batch, height, width } = { batch: moments.shape[0]!, height: moments.shape[2]!, width: moments.shape[3]! };
  // The mean; a sample of the distribution would cost a few FLOPs more.
  decode(net, view(moments, [batch, config.latentChannels, height, width]), config);
  return net.model(source);
}

/** The autoencoder's way back as a model: a latent is decoded, and the way to it idles. */
export function imageDecoder(name: string, config: AutoencoderConfig, options?: ModelOptions) {
  const { net, latent } = latentNet(name, options, { channels: config.latentChannels });
  decode(net, latent, config);
  const all = modelCost(autoencoder(name, config)).params;
  const model = net.model(source);
  return { ...model, idleParams: all - modelCost(model).params };
}

function encode(net: Layers, image: Activation, config: AutoencoderConfig): Activation {
  const { channels, layers, resnet, latentChannels } = config;
  let x = net.conv("encoder/conv_in", image, channels[0]!, 3, { padding: 1, bias: true });
  channels.forEach((out, i) => {
    const path = `encoder/down_blocks.${i}`;
    for (let n = 0; n < layers; n++) x = resnetBlock(net, `${path}/resnets.${n}`, x, out, resnet);
    if (i < channels.length - 1) x = downsample(net, `${path}/downsamplers.0`, x, 0);
  });
  x = middle(net, "encoder/mid_block", x, config);
  const moments = convOut(net, "encoder/", x, 2 * latentChannels, { ...resnet, act: "silu" });
  return config.quantConv ? net.conv("quant_conv", moments, 2 * latentChannels, 1, { bias: true }) : moments;
}

/** The image of a latent [batch, channels, height, width]. */
function decode(net: Layers, latent: Activation, config: AutoencoderConfig): Activation {
  const { channels, layers, resnet, latentChannels } = config;
  const rising = [...channels].reverse();
  const z = config.postQuantConv ? net.conv("post_quant_conv", latent, latentChannels, 1, { bias: true }) : latent;
  let x = net.conv("decoder/conv_in", z, rising[0]!, 3, { padding: 1, bias: true });
  x = middle(net, "decoder/mid_block", x, config);
  rising.forEach((out, i) => {
    const path = `decoder/up_blocks.${i}`;
    for (let n = 0; n <= layers; n++) x = resnetBlock(net, `${path}/resnets.${n}`, x, out, resnet);
    if (i === rising.length - 1) return;
    const [, , height, width] = x.shape as [number, number, number, number];
    x = upsample(net, `${path}/upsamplers.0`, x, [2 * height, 2 * width]);
  });
  return convOut(net, "decoder/", x, config.outChannels, { ...resnet, act: "silu" });
}

/** Two residual blocks, with one head of attention over all positions between them. */
function middle(net: Layers, path: string, x: Activation, { resnet, attention }: AutoencoderConfig): Activation {
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  let y = resnetBlock(net, `${path}/resnets.0`, x, channels, resnet);
  if (attention) {
    const at = `${path}/attentions.0`;
    const normed = view(net.groupNorm(`${at}/group_norm`, y, resnet.groups), [batch, height * width, channels]);
    const seen = selfAttention(net, at, normed, { heads: 1, headDim: channels, names: attentionNames });
    y = net.add(`${at}/add`, view(seen, y.shape), y);
  }
  return resnetBlock(net, `${path}/resnets.1`, y, channels, resnet);
}
