// Masked autoencoders (ViT-MAE): a vision transformer that sees some patches, and a small decoder that draws all of
// them.
import { view } from "./layers.js";
import { visionNet } from "./net.js";
import { norm, stackLayer, type StackLayer } from "./stack.js";
import { addPositions, embedPatches, patchesOf, type VisionTransformerConfig } from "./visionTransformer.js";
import type { ModelOptions } from "./workload.js";

/** Sizes of a masked autoencoder. */
export interface MaskedAutoencoderConfig extends VisionTransformerConfig {
  /** The share of patches that are left out. */
  maskRatio: number;
  /** The decoder; absent: the encoder alone. */
  decoder?: { readonly hiddenSize: number; readonly numHiddenLayers: number; readonly layer: StackLayer };
}

/**
 * He et al. 2021 (arXiv 2111.06377). Positions are fixed tables, which the published totals count as parameters.
 * Neglected: choosing and placing patches, which moves data but computes nothing.
 */
export function maskedAutoencoder(name: string, config: MaskedAutoencoderConfig, options?: ModelOptions) {
  const { numChannels, patchSize, maskRatio, decoder } = config;
  const { net, input } = visionNet(name, options, config.imageSize, numChannels);
  const embedded = embedPatches(net, input, { ...config, prefixTokens: 0, positions: false });
  const [batch, patches, width] = embedded.shape as [number, number, number];
  const rows = patchesOf(config) ** 2 + 1;
  // The class token has its position, too; what is left of the patches goes on.
  const all = addPositions(
    net,
    "embeddings/position_embeddings",
    net.prependToken("embeddings/token.0", embedded),
    rows,
  );
  const kept = Math.max(1, Math.floor(patches * (1 - maskRatio)));
  let x = view(all, [batch, kept + 1, width]);
  for (let i = 0; i < config.numHiddenLayers; i++) x = stackLayer(net, `encoder/layer.${i}`, x, config.layer);
  x = norm(net, "layernorm", x);
  if (decoder === undefined) return net.model(config.source);
  x = net.linear("decoder/decoder_embed", x, decoder.hiddenSize);
  x = addPositions(net, "decoder/decoder_pos_embed", view(x, [batch, patches + 1, decoder.hiddenSize]), rows);
  for (let i = 0; i < decoder.numHiddenLayers; i++)
    x = stackLayer(net, `decoder/decoder_layers.${i}`, x, decoder.layer);
  net.linear("decoder/decoder_pred", norm(net, "decoder/decoder_norm", x), patchSize ** 2 * numChannels);
  // The token that stands for a patch left out is read where it is placed.
  return net.model(config.source, decoder.hiddenSize);
}
