// UNet2DConditionModel, as Stable Diffusion 1, 2 and XL have it. Checked against diffusers 0.42.
import { unet, type UnetConfig, type UnetLevel } from "../../models/diffusion/unet.js";
import type { Fields } from "../huggingFace/fields.js";
import { only } from "../huggingFace/encoderFields.js";
import { sizesOf } from "../huggingFace/convNets.js";
import { actOf, fixed, groupsOf, namesOf, perLevel, reading, sideOf, type DiffusersClass } from "./fields.js";

const defaults = {
  in_channels: 4,
  out_channels: 4,
  norm_num_groups: 32,
  downsample_padding: 1,
  conv_in_kernel: 3,
  conv_out_kernel: 3,
  mid_block_type: "UNetMidBlock2DCrossAttn",
};
/** More blocks than any transformer has. */
const mostBlocks = 100;

/** The levels, the largest first. */
function levelsOf(f: Fields): readonly UnetLevel[] {
  const channels = sizesOf(f, "block_out_channels", [320, 640, 1280, 1280]);
  const n = channels.length;
  const down = namesOf(
    f,
    "down_block_types",
    ["DownBlock2D", "CrossAttnDownBlock2D"],
    [...Array.from({ length: 3 }, () => "CrossAttnDownBlock2D" as const), "DownBlock2D"],
  );
  const up = namesOf(
    f,
    "up_block_types",
    ["UpBlock2D", "CrossAttnUpBlock2D"],
    ["UpBlock2D", ...Array.from({ length: 3 }, () => "CrossAttnUpBlock2D" as const)],
  );
  for (const [name, list] of [
    ["down_block_types", down],
    ["up_block_types", up],
  ] as const)
    if (list.length !== n) f.refuse(name, `a list of ${n}, as block_out_channels is`);
  const layers = perLevel(f, "layers_per_block", n, 2, mostBlocks);
  const heads = perLevel(f, "attention_head_dim", n, 8);
  const text = perLevel(f, "cross_attention_dim", n, 1280);
  const only = flags(f, "only_cross_attention", n);
  const blocksDown =
    blocksOf(f, "transformer_layers_per_block", layers) ?? layers.map((l) => Array.from({ length: l }, () => 1));
  const reversed = blocksOf(
    f,
    "reverse_transformer_layers_per_block",
    [...layers].reverse().map((l) => l + 1),
  );
  const blocksUp = reversed ?? upwards(f, layers);
  return channels.map((each, i) => {
    if (heads[i]! > each) f.refuse("attention_head_dim", `at most ${each} channels`);
    const crossUp = up[n - 1 - i] === "CrossAttnUpBlock2D";
    return {
      channels: each,
      layers: layers[i]!,
      heads: heads[i]!,
      textWidth: text[i]!,
      onlyCross: only[i]!,
      ...(down[i] === "CrossAttnDownBlock2D" ? { down: blocksDown[i]! } : {}),
      ...(crossUp ? { up: blocksUp[n - 1 - i]! } : {}),
    };
  });
}

/** Blocks of each transformer of each level: a number for all, one a level, or a list for a level's transformers. */
function blocksOf(
  f: Fields,
  name: string,
  transformers: readonly number[],
): readonly (readonly number[])[] | undefined {
  const given = f.raw(name);
  if (given === undefined) return undefined;
  const must = `an integer from 0 to ${mostBlocks}, or a list of ${transformers.length} of them or of lists`;
  const list: readonly unknown[] = Array.isArray(given) ? given : transformers.map(() => given);
  if (list.length !== transformers.length) f.refuse(name, must);
  return list.map((each, i) => {
    const own: readonly unknown[] = Array.isArray(each) ? each : Array.from({ length: transformers[i]! }, () => each);
    const right = own.every((b) => Number.isInteger(b) && (b as number) >= 0 && (b as number) <= mostBlocks);
    return right && own.length >= transformers[i]! ? (own as readonly number[]) : f.refuse(name, must);
  });
}

/** The way up has the blocks of the way down, the smallest level first. */
function upwards(f: Fields, layers: readonly number[]): readonly (readonly number[])[] {
  const name = "transformer_layers_per_block";
  const given = f.raw(name);
  const perBlock: readonly unknown[] = Array.isArray(given) ? given : layers.map(() => given ?? 1);
  if (perBlock.some(Array.isArray)) f.refuse(name, "beside reverse_transformer_layers_per_block where it has lists");
  const reversed = [...perBlock].reverse() as number[];
  return reversed.map((blocks, i) => Array.from({ length: layers.at(-1 - i)! + 1 }, () => blocks));
}

/** One flag for each level. */
function flags(f: Fields, name: string, count: number): readonly boolean[] {
  const given = f.raw(name) ?? false;
  const list: readonly unknown[] = Array.isArray(given) ? given : Array.from({ length: count }, () => given);
  return list.length === count && list.every((each) => typeof each === "boolean")
    ? list
    : f.refuse(name, `true, false or a list of ${count} of them`);
}

/** What stands between down and up. */
function middleOf(f: Fields): UnetConfig["middle"] {
  const type = f.text("mid_block_type");
  if (type === undefined) return undefined;
  if (type === "UNetMidBlock2D") return "resnet";
  if (type !== "UNetMidBlock2DCrossAttn")
    return f.refuse("mid_block_type", "UNetMidBlock2DCrossAttn, UNetMidBlock2D or null (others are not counted)");
  const given = f.raw("transformer_layers_per_block") ?? 1;
  const last: unknown = Array.isArray(given) ? given.at(-1) : given;
  return (Array.isArray(last) ? last[0] : last) as number;
}

/** Classes beside the time. */
function classesOf(f: Fields, levels: readonly UnetLevel[], timeWidth: number): UnetConfig["classes"] {
  const type = f.text("class_embed_type");
  only(f, "class_embeddings_concat", false);
  const table = f.optional("num_class_embeds");
  if (type === undefined) return table === undefined ? undefined : { table };
  if (type === "timestep") return { vector: levels[0]!.channels, matrices: 2 };
  if (type === "identity") return { vector: timeWidth, matrices: 0 };
  if (type === "projection") return { vector: f.size("projection_class_embeddings_input_dim"), matrices: 2 };
  if (type === "simple_projection") return { vector: f.size("projection_class_embeddings_input_dim"), matrices: 1 };
  return f.refuse("class_embed_type", "timestep, identity, projection, simple_projection or null");
}

/** Width of what is added to the time, where something is. */
function additionOf(f: Fields): number | undefined {
  const type = f.text("addition_embed_type");
  const each = f.optional("addition_time_embed_dim");
  if (type === undefined) return undefined;
  if (type !== "text_time") return f.refuse("addition_embed_type", "text_time or null (others are not counted)");
  const width = f.size("projection_class_embeddings_input_dim");
  if (each === undefined) return f.refuse("addition_time_embed_dim", "a size beside text_time");
  return each < width ? width : f.refuse("addition_time_embed_dim", `below the ${width} values that they are part of`);
}

/** Width of a text that is projected first. */
function textFromOf(f: Fields): number | undefined {
  const width = f.optional("encoder_hid_dim");
  const type = f.text("encoder_hid_dim_type");
  if (type !== undefined && type !== "text_proj")
    return f.refuse("encoder_hid_dim_type", "text_proj or null (others are not counted)");
  if (type !== undefined && width === undefined) return f.refuse("encoder_hid_dim", "a size beside text_proj");
  if (width !== undefined && Array.isArray(f.raw("cross_attention_dim")))
    return f.refuse("cross_attention_dim", "one size beside encoder_hid_dim");
  return width;
}

/** Fields that must be as they are in what is counted. */
function refuseOthers(f: Fields): void {
  only(f, "center_input_sample", false);
  only(f, "dual_cross_attention", false);
  fixed(f, "num_attention_heads");
  fixed(f, "time_embedding_type", "positional");
  fixed(f, "time_embedding_act_fn");
  fixed(f, "timestep_post_act");
  fixed(f, "attention_type", "default");
  // What these say is read by other kinds of blocks alone.
  for (const name of idle) f.raw(name);
}
const idle = [
  "resnet_skip_time_act",
  "resnet_out_scale_factor",
  "cross_attention_norm",
  "mid_block_only_cross_attention",
  "mid_block_scale_factor",
  "addition_embed_type_num_heads",
  "projection_class_embeddings_input_dim",
  "flip_sin_to_cos",
];

export const unetClass: DiffusersClass = reading("UNet2DConditionModel", defaults, (f, options, name) => {
  const levels = levelsOf(f);
  refuseOthers(f);
  const channels = levels.map((level) => level.channels);
  const groups = groupsOf(f, "norm_num_groups", [...channels, ...joined(channels)]);
  const scaleShift = f.text("resnet_time_scale_shift") ?? "default";
  if (scaleShift !== "default" && scaleShift !== "scale_shift")
    return f.refuse("resnet_time_scale_shift", "default or scale_shift");
  const padding = f.count("downsample_padding");
  if (padding !== 0 && padding !== 1) return f.refuse("downsample_padding", "0 or 1");
  const timeWidth = f.optional("time_embedding_dim") ?? 4 * channels[0]!;
  const config: UnetConfig = {
    size: sideOf(f, "sample_size"),
    inChannels: f.size("in_channels"),
    outChannels: f.size("out_channels"),
    levels,
    middle: middleOf(f),
    resnet: { groups, act: actOf(f, "act_fn"), scaleShift: scaleShift === "scale_shift" },
    linear: f.flag("use_linear_projection", false),
    downPadding: padding,
    kernels: [odd(f, "conv_in_kernel"), odd(f, "conv_out_kernel")],
    timeWidth,
    timeCondition: f.optional("time_cond_proj_dim"),
    classes: classesOf(f, levels, timeWidth),
    addition: additionOf(f),
    textFrom: textFromOf(f),
  };
  return unet(name, config, options);
});

/** Channels of what the way up reads: a level's and a skip's beside each other. */
function joined(channels: readonly number[]): number[] {
  return channels.flatMap((n, i) => [n + n, n + (channels[i - 1] ?? n), n + (channels[i + 1] ?? n)]);
}

/** A kernel's side that keeps the size. */
function odd(f: Fields, name: string): number {
  const n = f.size(name);
  return n % 2 === 1 && n <= 31 ? n : f.refuse(name, "an odd size of at most 31");
}
