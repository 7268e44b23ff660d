// ConvNeXt and ConvNeXt V2 as Hugging Face's configurations describe them. torchvision's is in convnext.ts.
import type { ActivationKind } from "../ops/index.js";
import { view, type Activation, type Layers } from "./layers.js";
import { visionNet } from "./net.js";
import type { ModelOptions } from "./workload.js";

/** Sizes of a ConvNeXt by its stages. */
export interface StagedConvNextConfig {
  /** Channels of each stage. */
  hiddenSizes: readonly number[];
  /** Blocks of each stage. */
  depths: readonly number[];
  /** Pixels along a side of a patch. */
  patchSize: number;
  /** Channels of the image. */
  numChannels: number;
  /** Pixels of a side at which it was published. */
  imageSize: number;
  /** Activation of the blocks. */
  act: ActivationKind;
  /** Version 2: each channel is divided by the mean response of all. */
  response: boolean;
  /** Whether a block's result is scaled by a learned vector. */
  layerScale: boolean;
  /** Classes of the output layer; default: there is none. */
  numLabels?: number;
}

/** Liu et al. 2022 (arXiv 2201.03545), Woo et al. 2023 (arXiv 2301.00808). */
export function stagedConvNext(name: string, config: StagedConvNextConfig, options?: ModelOptions) {
  const { hiddenSizes, depths, patchSize, numLabels } = config;
  const { net, input } = visionNet(name, options, config.imageSize, config.numChannels);
  const norm2d = (path: string, x: Activation) => net.layerNorm(path, x, { axis: 1 });
  const stem = net.conv("embeddings/patch_embeddings", input, hiddenSizes[0]!, patchSize, {
    stride: patchSize,
    bias: true,
  });
  let x = norm2d("embeddings/layernorm", stem);
  hiddenSizes.forEach((channels, stage) => {
    const path = `encoder/stages.${stage}`;
    if (stage > 0) {
      const normed = norm2d(`${path}/downsampling_layer.0`, x);
      x = net.conv(`${path}/downsampling_layer.1`, normed, channels, 2, { stride: 2, bias: true });
    }
    for (let i = 0; i < depths[stage]!; i++) x = block(net, `${path}/layers.${i}`, x, config);
  });
  const pooled = net.layerNorm("layernorm", net.flatten(net.globalAvgPool("pooler", x)));
  if (numLabels !== undefined) net.linear("classifier", pooled, numLabels);
  return net.model("huggingface/transformers, modeling_convnext.py");
}

function block(
  net: Layers,
  path: string,
  x: Activation,
  { act, response, layerScale }: StagedConvNextConfig,
): Activation {
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  const mixed = net.conv(`${path}/dwconv`, x, channels, 7, { padding: 3, groups: channels, bias: true });
  let y = net.layerNorm(`${path}/layernorm`, view(mixed, [batch, height, width, channels]));
  y = net.activate(`${path}/act`, net.linear(`${path}/pwconv1`, y, 4 * channels), act);
  if (response) y = globalResponse(net, `${path}/grn`, y);
  y = net.linear(`${path}/pwconv2`, y, channels);
  if (layerScale) y = net.multiplyParameter(`${path}/layer_scale_parameter`, y, [channels]);
  return net.add(`${path}/add`, view(y, x.shape), x);
}

/** x + scale · x · (|x| of a channel over the mean of all) + shift; the lengths are a norm's sums. */
function globalResponse(net: Layers, path: string, x: Activation): Activation {
  const channels = x.shape.at(-1)!;
  const normed = net.normalize(`${path}/norm`, x);
  const scaled = net.multiplyParameter(`${path}/weight`, net.multiply(`${path}/scale`, x, normed), [channels]);
  return net.add(`${path}/add`, net.addParameter(`${path}/bias`, scaled, [channels]), x);
}
