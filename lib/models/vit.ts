// Vision Transformer (torchvision's) and DeiT, which is the same network at other widths.
import { divides } from "../check.js";
import { view } from "./layers.js";
import { selfAttention } from "./transformer.js";
import { visionNet } from "./net.js";
import type { ModelFactory, ModelOptions } from "./workload.js";

/** Sizes of a Vision Transformer. */
export interface VitConfig {
  /** Pixels along a side of a patch. */
  patchSize: number;
  /** Layers. */
  numHiddenLayers: number;
  /** Heads of a layer. */
  numAttentionHeads: number;
  /** Width of the residual stream. */
  hiddenSize: number;
  /** Width of the feed-forward. */
  intermediateSize: number;
  /** Classes of the output layer; default 1000. */
  numLabels?: number;
}

/**
 * Dosovitskiy et al. 2020 (arXiv 2010.11929): a class token before (imageSize/patch)² patches, pre-norm blocks. The
 * image must divide into patches.
 */
export function vit(
  name: string,
  { patchSize, numHiddenLayers, numAttentionHeads, hiddenSize, intermediateSize, numLabels = 1000 }: VitConfig,
  options?: ModelOptions,
) {
  const { net, input } = visionNet(name, options, 224);
  divides(name, "patchSize", patchSize, "image height", input.shape[2]!);
  divides(name, "patchSize", patchSize, "image width", input.shape[3]!);
  const map = net.conv("conv_proj", input, hiddenSize, patchSize, { stride: patchSize, bias: true });
  const [batch, , rows, columns] = map.shape as [number, number, number, number];
  let x = net.prependToken("class_token", view(map, [batch, rows * columns, hiddenSize]));
  x = net.addParameter("encoder/pos_embedding", x, x.shape.slice(1));
  for (let i = 0; i < numHiddenLayers; i++) {
    const path = `encoder/layers.encoder_layer_${i}`;
    const attended = selfAttention(net, `${path}/self_attention`, net.layerNorm(`${path}/ln_1`, x), {
      heads: numAttentionHeads,
      headDim: hiddenSize / numAttentionHeads,
      module: "MultiheadAttention",
      fusedProjection: true,
    });
    x = net.add(`${path}/add_1`, attended, x);
    let y = net.activate(
      `${path}/mlp.1`,
      net.linear(`${path}/mlp.0`, net.layerNorm(`${path}/ln_2`, x), intermediateSize),
      "gelu",
    );
    y = net.linear(`${path}/mlp.3`, y, hiddenSize);
    x = net.add(`${path}/add_2`, x, y);
  }
  x = net.layerNorm("encoder/ln", x);
  net.linear("heads/head", view(x, [batch, hiddenSize]), numLabels);
  return net.model("torchvision/models/vision_transformer.py");
}

const config = (
  patchSize: number,
  numHiddenLayers: number,
  numAttentionHeads: number,
  hiddenSize: number,
): VitConfig => ({
  patchSize,
  numHiddenLayers,
  numAttentionHeads,
  hiddenSize,
  intermediateSize: 4 * hiddenSize,
});

const vitConfigs: Readonly<Record<string, VitConfig>> = {
  vit_b_16: config(16, 12, 12, 768),
  vit_b_32: config(32, 12, 12, 768),
  vit_l_16: config(16, 24, 16, 1024),
  vit_l_32: config(32, 24, 16, 1024),
  vit_h_14: config(14, 32, 16, 1280),
  deit_tiny: config(16, 12, 3, 192),
  deit_small: config(16, 12, 6, 384),
  deit_base: config(16, 12, 12, 768),
};

export const vits: Readonly<Record<string, ModelFactory>> = Object.fromEntries(
  Object.entries(vitConfigs).map(([name, c]) => [name, (options?: ModelOptions) => vit(name, c, options)]),
);
