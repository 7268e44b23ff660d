// ViT, DeiT, ViT-MSN and BEiT. Checked against transformers 5.24: ViTModel, ViTForImageClassification, DeiTModel,
// DeiTForImageClassification, …WithTeacher, ViTMSNForImageClassification, BeitModel, BeitForImageClassification.
import type { Head } from "../../models/heads.js";
import { visionTransformer } from "../../models/visionTransformer.js";
import { headsOf, sizeOr, type Family, type Heads } from "./encoderFields.js";
import type { Fields } from "./fields.js";
import { activationOf } from "./llama.js";
import { classifier, qkvBias, visionFields } from "./visionFields.js";

const vitLike =
  (prefixTokens: number, more: (f: Fields, hiddenSize: number) => Heads, source: string): Family =>
  (f, options, name) => {
    const config = { ...qkvBias(f, visionFields(f)), prefixTokens };
    const heads = headsOf(f, { ForImageClassification: () => [classifier(f)], ...more(f, config.hiddenSize) });
    return visionTransformer(name, { ...config, heads, source }, options);
  };

const vitPooler = (f: Fields, hiddenSize: number): Head => [
  { step: "first" },
  {
    step: "dense",
    path: "pooler/dense",
    size: sizeOr(f, "pooler_output_size", hiddenSize),
    act: activationOf(f, "tanh", "pooler_act"),
  },
];

const beit: Family = (f, options, name) => {
  const config = visionFields(f);
  const scale = f.raw("layer_scale_init_value") ?? 0.1;
  if (typeof scale !== "number") f.refuse("layer_scale_init_value", "a number");
  const meanPooling = f.flag("use_mean_pooling", true);
  const own = f.flag("use_relative_position_bias", false);
  const shared = f.flag("use_shared_relative_position_bias", false);
  const pooled: Head = [
    { step: "first" },
    ...(meanPooling ? [{ step: "norm", path: "pooler/layernorm" } as const] : []),
  ];
  return visionTransformer(
    name,
    {
      ...config,
      layer: {
        ...config.layer,
        attention: { ...config.layer.attention, keyBias: false },
        layerScale: (scale as number) > 0,
      },
      positions: f.flag("use_absolute_position_embeddings", false),
      finalNorm: !meanPooling,
      ...(own || shared ? { relative: { own, shared } } : {}),
      unread: f.flag("use_mask_token", false) ? config.hiddenSize : 0,
      heads: headsOf(f, {
        Model: () => [pooled],
        ForImageClassification: () => [[...pooled, ...classifier(f)]],
      }),
      source: "huggingface/transformers, modeling_beit.py",
    },
    options,
  );
};

export const vitFamilies: Readonly<Record<string, Family>> = {
  vit: vitLike(1, (f, width) => ({ Model: () => [vitPooler(f, width)] }), "huggingface/transformers, modeling_vit.py"),
  deit: vitLike(
    2,
    (f, width) => ({
      Model: () => [vitPooler(f, width)],
      ForImageClassificationWithTeacher: () => [
        classifier(f, "cls_classifier"),
        classifier(f, "distillation_classifier"),
      ],
    }),
    "huggingface/transformers, modeling_deit.py",
  ),
  vit_msn: vitLike(1, () => ({ Model: () => [] }), "huggingface/transformers, modeling_vit_msn.py"),
  beit,
};
