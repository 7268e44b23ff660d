// The transformer of Stable Diffusion 3 and 3.5. (Esser et al. 2024, arXiv 2403.03206)
import { shown } from "../../check.js";
import type { ModelOptions } from "../workload.js";
import { patches } from "./adaptive.js";
import { jointBlock, patchOutput, timeText } from "./joint.js";
import { input, latentNet } from "./latentNet.js";

/** Sizes of the transformer. */
export interface Sd3Config {
  /** Side of the latent. */
  size: number;
  /** Channels of the latent. */
  inChannels: number;
  /** Channels of the result. */
  outChannels: number;
  /** Positions along a side of a patch. */
  patchSize: number;
  /** Heads. */
  heads: number;
  /** Width of a head. */
  headDim: number;
  /** Layers. */
  layers: number;
  /** Layers whose image attends to itself alone too. */
  dualLayers: readonly number[];
  /** Norm of queries and keys. */
  qkNorm?: "rms" | "layer";
  /** Width of the text. */
  textWidth: number;
  /** Width of the pooled text. */
  pooledWidth: number;
  /** Patches along a side of the table of positions. */
  positions: number;
}

/** The transformer of `config` as a model: one evaluation. `tokens`: positions of the text (two encoders' together). */
export function sd3(name: string, config: Sd3Config, options?: ModelOptions) {
  const { inChannels: channels, patchSize, heads, headDim, qkNorm, positions } = config;
  const { net, latent, batch, tokens, height, width } = latentNet(name, options, {
    size: config.size,
    channels,
    tokens: 77 + 256,
  });
  const side = Math.floor(Math.max(height, width) / patchSize);
  if (side > positions)
    throw new RangeError(`${name}: patches along a side must be at most ${positions}, got ${shown(side)}`);
  const inner = heads * headDim;
  const embedded = patches(net, "pos_embed/proj", latent, inner, patchSize);
  const image = net.addConstant("pos_embed/add", embedded, embedded.shape.slice(1));
  const time = timeText(net, batch, inner, config.pooledWidth);
  let streams = { image, text: net.linear("context_embedder", input([batch, tokens, config.textWidth]), inner) };
  for (let i = 0; i < config.layers; i++) {
    const layer = { heads, headDim, qkNorm, last: i === config.layers - 1, dual: config.dualLayers.includes(i) };
    streams = jointBlock(net, `transformer_blocks.${i}`, streams, time, layer);
  }
  patchOutput(net, streams.image, time, patchSize * patchSize * config.outChannels);
  return net.model("huggingface/diffusers, transformer_sd3.py");
}
