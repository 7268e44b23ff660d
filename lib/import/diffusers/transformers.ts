// Transformers that denoise: DiT under both of its names, Stable Diffusion 3's, FLUX's. Checked against diffusers 0.42.
import type { DiffusionAct } from "../../models/diffusion/adaptive.js";
import { dit } from "../../models/diffusion/dit.js";
import { flux } from "../../models/diffusion/flux.js";
import { sd3 } from "../../models/diffusion/sd3.js";
import { only } from "../huggingFace/encoderFields.js";
import type { Fields } from "../huggingFace/fields.js";
import { fixed, layersOf, layersOrNone, reading, type DiffusersClass } from "./fields.js";

const acts: Readonly<Record<string, DiffusionAct>> = {
  gelu: { act: "gelu", gated: false },
  "gelu-approximate": { act: "geluTanh", gated: false },
  geglu: { act: "gelu", gated: true },
};

function ditOf(f: Fields): Parameters<typeof dit>[1] {
  if (f.text("norm_type") !== "ada_norm_zero") f.refuse("norm_type", "ada_norm_zero (others are not counted)");
  const act = f.text("activation_fn")!;
  if (!Object.hasOwn(acts, act)) f.refuse("activation_fn", `one of ${Object.keys(acts).join(", ")}`);
  const size = f.size("sample_size");
  const patchSize = f.size("patch_size");
  if (patchSize > size) f.refuse("patch_size", `at most sample_size ${size}`);
  const inChannels = f.size("in_channels");
  f.raw("norm_num_groups");
  return {
    size,
    inChannels,
    outChannels: f.optional("out_channels") ?? inChannels,
    patchSize,
    heads: f.size("num_attention_heads"),
    headDim: even(f, "attention_head_dim"),
    layers: layersOf(f, "num_layers"),
    attentionBias: f.flag("attention_bias", false),
    affine: f.flag("norm_elementwise_affine", false),
    act: acts[act]!,
    classes: f.size("num_embeds_ada_norm"),
  };
}

/** Values of a head, as many as four: sines and cosines of two coordinates make the width. */
function even(f: Fields, name: string): number {
  const n = f.size(name);
  const width = n * f.size("num_attention_heads");
  return width % 4 === 0 ? n : f.refuse(name, `such that the width, ${width}, is a multiple of 4`);
}

const ditDefaults = {
  num_attention_heads: 16,
  attention_head_dim: 72,
  in_channels: 4,
  num_layers: 28,
  attention_bias: true,
  sample_size: 32,
  patch_size: 2,
  activation_fn: "gelu-approximate",
  num_embeds_ada_norm: 1000,
  norm_type: "ada_norm_zero",
  norm_elementwise_affine: false,
};
const ditClass = reading("DiTTransformer2DModel", ditDefaults, (f, options, name) => dit(name, ditOf(f), options));

/** The older class of many forms: one that says ada_norm_zero is loaded as DiT's class, with its defaults. */
const transformer2dClass = reading(
  "Transformer2DModel",
  { ...ditDefaults, norm_type: "layer_norm" },
  (f, options, name) => {
    fixed(f, "cross_attention_dim");
    fixed(f, "num_vector_embeds");
    fixed(f, "caption_channels");
    fixed(f, "attention_type", "default");
    only(f, "only_cross_attention", false);
    only(f, "double_self_attention", false);
    // Of other forms, or of tables that are computed.
    for (const other of ["use_linear_projection", "interpolation_scale", "use_additional_conditions"]) f.raw(other);
    return dit(name, ditOf(f), options);
  },
);

const norms: Readonly<Record<string, "rms" | "layer">> = { rms_norm: "rms", layer_norm: "layer" };

const sd3Class = reading(
  "SD3Transformer2DModel",
  {
    sample_size: 128,
    patch_size: 2,
    in_channels: 16,
    num_layers: 18,
    attention_head_dim: 64,
    num_attention_heads: 18,
    joint_attention_dim: 4096,
    caption_projection_dim: 1152,
    pooled_projection_dim: 2048,
    out_channels: 16,
    pos_embed_max_size: 96,
  },
  (f, options, name) => {
    const heads = f.size("num_attention_heads");
    const headDim = even(f, "attention_head_dim");
    if (f.size("caption_projection_dim") !== heads * headDim)
      f.refuse("caption_projection_dim", `the width of the image, ${heads * headDim}`);
    const norm = f.text("qk_norm");
    if (norm !== undefined && !Object.hasOwn(norms, norm))
      f.refuse("qk_norm", `${Object.keys(norms).join(", ")} or null (others are not counted)`);
    const layers = layersOf(f, "num_layers");
    const dual = f.list("dual_attention_layers", 1000) ?? [];
    if (!dual.every((i) => Number.isInteger(i))) f.refuse("dual_attention_layers", "a list of integers");
    const inChannels = f.size("in_channels");
    const config = {
      size: f.size("sample_size"),
      inChannels,
      outChannels: f.optional("out_channels") ?? inChannels,
      patchSize: f.size("patch_size"),
      heads,
      headDim,
      layers,
      dualLayers: dual as readonly number[],
      qkNorm: norm === undefined ? undefined : norms[norm],
      textWidth: f.size("joint_attention_dim"),
      pooledWidth: f.size("pooled_projection_dim"),
      positions: f.size("pos_embed_max_size"),
    };
    return sd3(name, config, options);
  },
);

const fluxClass = reading(
  "FluxTransformer2DModel",
  {
    patch_size: 1,
    in_channels: 64,
    num_layers: 19,
    num_single_layers: 38,
    attention_head_dim: 128,
    num_attention_heads: 24,
    joint_attention_dim: 4096,
    pooled_projection_dim: 768,
  },
  (f, options, name) => {
    const headDim = f.size("attention_head_dim");
    const axes = f.list("axes_dims_rope", 16) ?? [16, 56, 56];
    const turned = axes.reduce<number>((sum, n) => sum + (Number.isInteger(n) ? (n as number) : NaN), 0);
    if (axes.length !== 3 || turned !== headDim)
      f.refuse("axes_dims_rope", `three sizes that make attention_head_dim, ${headDim}`);
    const inChannels = f.size("in_channels");
    const patchSize = f.size("patch_size");
    const config = {
      inChannels,
      outValues: patchSize * patchSize * (f.optional("out_channels") ?? inChannels),
      layers: layersOrNone(f, "num_layers"),
      singleLayers: layersOrNone(f, "num_single_layers"),
      heads: f.size("num_attention_heads"),
      headDim,
      textWidth: f.size("joint_attention_dim"),
      pooledWidth: f.size("pooled_projection_dim"),
      guidance: f.flag("guidance_embeds", false),
    };
    return flux(name, config, options);
  },
);

export const transformerClasses: Readonly<Record<string, DiffusersClass>> = {
  DiTTransformer2DModel: ditClass,
  Transformer2DModel: transformer2dClass,
  SD3Transformer2DModel: sd3Class,
  FluxTransformer2DModel: fluxClass,
};
