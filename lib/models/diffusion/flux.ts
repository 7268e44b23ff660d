// The transformer of FLUX.1: layers of two streams, then layers of one, whose attention and feed-forward stand side by
// side.
import { shown } from "../../check.js";
import type { Activation, Layers } from "../layers.js";
import type { ModelOptions } from "../workload.js";
import { adaptive, adaptiveNorm, gatedSum } from "./adaptive.js";
import { jointBlock, ownAttention, patchOutput, timeText, type JointAttention } from "./joint.js";
import { input, latentNet } from "./latentNet.js";

/** Sizes of the transformer. */
export interface FluxConfig {
  /** Values of a position: the channels of 2×2 positions of the latent. */
  inChannels: number;
  /** Values that are made of a position. */
  outValues: number;
  /** Layers of two streams. */
  layers: number;
  /** Layers of one. */
  singleLayers: number;
  /** Heads. */
  heads: number;
  /** Width of a head. */
  headDim: number;
  /** Width of the text. */
  textWidth: number;
  /** Width of the pooled text. */
  pooledWidth: number;
  /** Whether the strength of guidance is an input. */
  guidance: boolean;
}

/** The transformer of `config` as a model: one evaluation. `latentSize` is the autoencoder's, of 2×2 a position. */
export function flux(name: string, config: FluxConfig, options?: ModelOptions) {
  const { heads, headDim, inChannels } = config;
  const { net, batch, tokens, height, width } = latentNet(name, options, {
    size: 128,
    channels: inChannels,
    tokens: 512,
  });
  for (const side of [height, width])
    if (side % 2 !== 0) throw new RangeError(`${name}: latentSize must be even, got ${shown(side)}`);
  const inner = heads * headDim;
  const attention: JointAttention = { heads, headDim, qkNorm: "rms", rotary: true };
  const positions = (height / 2) * (width / 2);
  const image = net.linear("x_embedder", input([batch, positions, inChannels]), inner);
  const time = timeText(net, batch, inner, config.pooledWidth, config.guidance);
  let streams = { image, text: net.linear("context_embedder", input([batch, tokens, config.textWidth]), inner) };
  for (let i = 0; i < config.layers; i++)
    streams = jointBlock(net, `transformer_blocks.${i}`, streams, time, attention);
  let { image: x } = streams;
  if (config.singleLayers > 0) {
    x = net.concat("concat", [streams.text, streams.image], { axis: 1 });
    for (let i = 0; i < config.singleLayers; i++)
      x = singleBlock(net, `single_transformer_blocks.${i}`, x, time, attention);
    x = { ...x, shape: streams.image.shape };
  }
  patchOutput(net, x, time, config.outValues);
  return net.model("huggingface/diffusers, transformer_flux.py");
}

/** Attention and feed-forward on one norm, put together by one matrix. */
function singleBlock(
  net: Layers,
  path: string,
  x: Activation,
  time: Activation,
  attention: JointAttention,
): Activation {
  const width = x.shape[2]!;
  const by = adaptive(net, `${path}/norm`, time, width, 3);
  const normed = adaptiveNorm(net, `${path}/norm`, x, by);
  const up = net.activate(`${path}/act_mlp`, net.linear(`${path}/proj_mlp`, normed, 4 * width), "geluTanh");
  const seen = ownAttention(net, `${path}/attn`, normed, attention);
  const both = net.concat(`${path}/concat`, [seen, up], { axis: 2 });
  return gatedSum(net, path, x, net.linear(`${path}/proj_out`, both, width), by);
}
