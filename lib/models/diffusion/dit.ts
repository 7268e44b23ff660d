// DiT: a transformer over patches of a latent, steered by a time and a class. (Peebles and Xie 2022, arXiv 2212.09748)
import type { Activation, Layers } from "../layers.js";
import { selfAttention } from "../transformer.js";
import type { ModelOptions } from "../workload.js";
import { adaptive, adaptiveNorm, feedForward, gatedSum, modulated, patches, type DiffusionAct } from "./adaptive.js";
import { embedVector, input, latentNet } from "./latentNet.js";
import { attentionNames } from "./spatialTransformer.js";

/** Sizes of a DiT. */
export interface DitConfig {
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
  /** Whether queries, keys and values have biases. */
  attentionBias: boolean;
  /** Whether the feed-forward's norm has parameters. */
  affine: boolean;
  /** Activation of the feed-forward. */
  act: DiffusionAct;
  /** Classes; a table has one row more, for none. */
  classes: number;
}

/** The DiT of `config` as a model: one evaluation on square latents. */
export function dit(name: string, config: DitConfig, options?: ModelOptions) {
  const { net, latent, height, width } = latentNet(name, options, { size: config.size, channels: config.inChannels });
  if (height !== width)
    throw new RangeError(`${name}: latentSize must be one number, as patches are put back on a square, got two`);
  const { patchSize, heads, headDim } = config;
  const inner = heads * headDim;
  let x = patches(net, "pos_embed/proj", latent, inner, patchSize);
  x = net.addConstant("pos_embed/add", x, x.shape.slice(1));
  for (let i = 0; i < config.layers; i++) x = block(net, `transformer_blocks.${i}`, x, config);
  const owner = "transformer_blocks.0/norm1/emb";
  const time = net.sharing("emb", owner, () => conditionOf(net, "emb", x, config));
  const by = net.linear("proj_out_1", net.activate("silu", time, "silu"), 2 * inner);
  const last = adaptiveNorm(net, "norm_out", x, { ...by, shape: [x.shape[0]!, 1, inner] });
  net.linear("proj_out_2", last, patchSize * patchSize * config.outChannels);
  return net.model("huggingface/diffusers, dit_transformer_2d.py");
}

/** Time and class as one vector; each block has its own. */
function conditionOf(net: Layers, path: string, x: Activation, { classes }: DitConfig): Activation {
  const [batch, , width] = x.shape as [number, number, number];
  const time = embedVector(net, `${path}/timestep_embedder`, input([batch, 256]), width);
  const table = { batch, tokens: 1, numEmbeddings: classes + 1, embeddingDim: width };
  const label = net.embedding(`${path}/class_embedder/embedding_table`, table);
  return net.add(`${path}/add`, time, { ...label, shape: time.shape });
}

function block(net: Layers, path: string, x: Activation, config: DitConfig): Activation {
  const { heads, headDim, attentionBias: bias, affine, act } = config;
  const by = adaptive(net, `${path}/norm1`, conditionOf(net, `${path}/norm1/emb`, x, config), heads * headDim, 6);
  const attention = { heads, headDim, bias, outBias: true, names: attentionNames };
  const seen = selfAttention(net, `${path}/attn1`, adaptiveNorm(net, `${path}/norm1`, x, by), attention);
  const y = gatedSum(net, `${path}/msa`, x, seen, by);
  const normed = modulated(net, `${path}/norm3`, net.layerNorm(`${path}/norm3/norm`, y, { affine }), by);
  return gatedSum(net, `${path}/mlp`, y, feedForward(net, `${path}/ff`, normed, act), by);
}
