// The tag behind the dot of a timm name (resnet50.a1_in1k): which weights, and with them the image size.

/** What a tag says of the architecture before it. */
export interface Tagged {
  /** The name before the dot. */
  readonly architecture: string;
  /** Pixels of a side that its weights were trained with; undefined: the architecture's own. */
  readonly imageSize?: number;
}

/** Weights whose image size is not their architecture's (timm 1.0.31), by that size. */
const sizes: Readonly<Record<number, string>> = {
  160:
    "ecaresnet50t.a3_in1k resnet101.a3_in1k resnet152.a3_in1k resnet18.a3_in1k resnet34.a3_in1k resnet50.a3_in1k " +
    "resnet50d.a3_in1k resnext50_32x4d.a3_in1k seresnet50.a3_in1k",
  176:
    "resnet101.tv2_in1k resnet152.tv2_in1k resnet50.a1h_in1k resnet50.tv2_in1k resnext101_32x8d.tv2_in1k " +
    "resnext50_32x4d.tv2_in1k wide_resnet101_2.tv2_in1k wide_resnet50_2.tv2_in1k",
  224:
    "convnextv2_huge.fcmae_ft_in1k ecaresnet50t.a1_in1k ecaresnet50t.a2_in1k efficientnet_b1.ft_in1k " +
    "mobilenetv4_conv_medium.e500_r224_in1k mobilenetv4_hybrid_medium.e500_r224_in1k regnety_1280.swag_lc_in1k " +
    "resnet101d.gluon_in1k resnet152d.gluon_in1k seresnextaa101d_32x8d.ah_in1k " +
    "seresnextaa101d_32x8d.sw_in12k_ft_in1k",
  256:
    "convnext_base.clip_laion2b_augreg_ft_in12k_in1k convnext_base.clip_laion2b_augreg_ft_in1k " +
    "convnext_large_mlp.clip_laion2b_augreg_ft_in1k mobilenetv4_conv_large.e500_r256_in1k " +
    "mobilenetv4_conv_small.e3600_r256_in1k",
  384:
    "convnext_base.clip_laion2b_augreg_ft_in12k_in1k_384 convnext_base.clip_laiona_augreg_ft_in1k_384 " +
    "convnext_base.fb_in22k_ft_in1k_384 convnext_large.fb_in22k_ft_in1k_384 " +
    "convnext_large_mlp.clip_laion2b_augreg_ft_in1k_384 convnext_large_mlp.clip_laion2b_soup_ft_in12k_in1k_384 " +
    "convnext_nano.r384_in12k_ft_in1k convnext_small.fb_in22k_ft_in1k_384 convnext_small.in12k_ft_in1k_384 " +
    "convnext_tiny.fb_in22k_ft_in1k_384 convnext_tiny.in12k_ft_in1k_384 convnext_xlarge.fb_in22k_ft_in1k_384 " +
    "convnextv2_base.fcmae_ft_in22k_in1k_384 convnextv2_large.fcmae_ft_in22k_in1k_384 " +
    "convnextv2_nano.fcmae_ft_in22k_in1k_384 convnextv2_tiny.fcmae_ft_in22k_in1k_384 " +
    "mobilenetv4_conv_aa_large.e230_r384_in12k_ft_in1k mobilenetv4_conv_aa_large.e600_r384_in1k " +
    "mobilenetv4_conv_medium.e250_r384_in12k_ft_in1k mobilenetv4_hybrid_medium.ix_e550_r384_in1k " +
    "regnety_160.swag_ft_in1k regnety_320.seer_ft_in1k regnety_320.swag_ft_in1k " +
    "resnetv2_152x2_bit.goog_teacher_in21k_ft_in1k_384 resnetv2_34d.ra4_e3600_r384_in1k",
  448: "resnetv2_152x2_bit.goog_in21k_ft_in1k resnetv2_50x1_bit.goog_in21k_ft_in1k",
  512: "convnextv2_huge.fcmae_ft_in22k_in1k_512",
  800: "tf_efficientnet_l2.ns_jft_in1k",
};

const sizeOf: ReadonlyMap<string, number> = new Map(
  Object.entries(sizes).flatMap(([size, names]) =>
    names.split(" ").map((name): [string, number] => [name, Number(size)]),
  ),
);

/** timm's sizes for architectures that have torchvision's under the same name. */
const own: ReadonlyMap<string, number> = new Map([
  ["efficientnet_b2", 256],
  ["efficientnet_b3", 288],
  ["efficientnet_b4", 320],
  ["efficientnet_b5", 448],
]);

/**
 * The parts of a timm name with a tag of weights for ImageNet's 1000 classes; undefined for any other name: weights for
 * other classes have another output layer.
 */
export function timmTag(name: string): Tagged | undefined {
  const [, architecture] = /^([^.]+)\.\S*in1k(?:_\d+)?$/.exec(name) ?? [];
  if (architecture === undefined) return undefined;
  const imageSize = sizeOf.get(name) ?? own.get(architecture);
  return { architecture, ...(imageSize === undefined ? {} : { imageSize }) };
}
