// AutoencoderKL. Checked against diffusers 0.42.
import { autoencoder, imageDecoder, type AutoencoderConfig } from "../../models/diffusion/autoencoder.js";
import { sizesOf } from "../huggingFace/convNets.js";
import type { Fields } from "../huggingFace/fields.js";
import { actOf, groupsOf, layersOf, namesOf, reading, sideOf, type DiffusersClass } from "./fields.js";

const defaults = {
  in_channels: 3,
  out_channels: 3,
  latent_channels: 4,
  layers_per_block: 1,
  norm_num_groups: 32,
  sample_size: 32,
};
/** Factors and switches of training and precision. */
const idle = ["scaling_factor", "shift_factor", "latents_mean", "latents_std", "force_upcast"];

/** The sizes of an autoencoder. */
function autoencoderOf(f: Fields): AutoencoderConfig {
  const channels = sizesOf(f, "block_out_channels", [64]);
  for (const [name, type] of [
    ["down_block_types", "DownEncoderBlock2D"],
    ["up_block_types", "UpDecoderBlock2D"],
  ] as const)
    if (namesOf(f, name, [type], [type]).length !== channels.length)
      f.refuse(name, `a list of ${channels.length}, as block_out_channels is`);
  for (const name of idle) f.raw(name);
  return {
    imageSize: sideOf(f, "sample_size") ?? f.refuse("sample_size", "a size, or a list of 2"),
    inChannels: f.size("in_channels"),
    outChannels: f.size("out_channels"),
    latentChannels: f.size("latent_channels"),
    channels,
    layers: layersOf(f, "layers_per_block"),
    resnet: { groups: groupsOf(f, "norm_num_groups", channels), act: actOf(f, "act_fn") },
    attention: f.flag("mid_block_add_attention", true),
    quantConv: f.flag("use_quant_conv", true),
    postQuantConv: f.flag("use_post_quant_conv", true),
  };
}

export const autoencoderClass: DiffusersClass = reading("AutoencoderKL", defaults, (f, options, name) =>
  autoencoder(name, autoencoderOf(f), options),
);

/** The way back from a latent alone. */
export const imageDecoderClass: DiffusersClass = reading("AutoencoderKL", defaults, (f, options, name) =>
  imageDecoder(name, autoencoderOf(f), options),
);
