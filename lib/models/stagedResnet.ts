// ResNet as Hugging Face's configurations describe it: widths of the stages, the stride in either convolution.
// torchvision's is in resnet.ts.
import type { ActivationKind } from "../ops/index.js";
import type { Activation, Layers } from "./layers.js";
import { visionNet } from "./net.js";
import type { ModelOptions } from "./workload.js";

/** Sizes of a ResNet by its stages. */
export interface StagedResNetConfig {
  /** Channels behind each stage. */
  hiddenSizes: readonly number[];
  /** Blocks of each stage. */
  depths: readonly number[];
  /** Two 3x3 convolutions a block, or a 3x3 between two 1x1. */
  layerType: "basic" | "bottleneck";
  /** Channels before the first stage. */
  embeddingSize: number;
  /** Channels of the image. */
  numChannels: number;
  /** Activation throughout. */
  act: ActivationKind;
  /** Whether the first stage halves the map, too. */
  downsampleInFirstStage: boolean;
  /** Whether the first 1x1 convolution of a block has the stride, not the 3x3. */
  downsampleInBottleneck: boolean;
  /** Classes of the output layer; default: there is none. */
  numLabels?: number;
}

/** He et al. 2015 (arXiv 1512.03385). */
export function stagedResNet(name: string, config: StagedResNetConfig, options?: ModelOptions) {
  const { hiddenSizes, depths, act, downsampleInFirstStage, numLabels } = config;
  const { net, input } = visionNet(name, options, 224, config.numChannels);
  let x = convolution(net, "embedder/embedder", input, { out: config.embeddingSize, kernel: 7, stride: 2, act });
  x = net.maxPool("embedder/pooler", x, 3, { stride: 2, padding: 1 });
  hiddenSizes.forEach((out, stage) => {
    for (let i = 0; i < depths[stage]!; i++) {
      const stride = i === 0 && (stage > 0 || downsampleInFirstStage) ? 2 : 1;
      x = residual(net, `encoder/stages.${stage}/layers.${i}`, x, out, stride, config);
    }
  });
  const pooled = net.globalAvgPool("pooler", x);
  if (numLabels !== undefined) net.linear("classifier.1", pooled, numLabels);
  return net.model("huggingface/transformers, modeling_resnet.py");
}

interface Convolution {
  out: number;
  kernel: number;
  stride?: number;
  act?: ActivationKind;
}

function convolution(
  net: Layers,
  path: string,
  x: Activation,
  { out, kernel, stride = 1, act }: Convolution,
): Activation {
  const y = net.conv(`${path}/convolution`, x, out, kernel, { stride, padding: Math.floor(kernel / 2) });
  const normed = net.batchNorm(`${path}/normalization`, y);
  return act ? net.activate(`${path}/activation`, normed, act) : normed;
}

function residual(
  net: Layers,
  path: string,
  x: Activation,
  out: number,
  stride: number,
  { layerType, act, downsampleInBottleneck: early }: StagedResNetConfig,
): Activation {
  const narrow = Math.max(1, Math.floor(out / 4));
  const steps: Convolution[] =
    layerType === "basic"
      ? [
          { out, kernel: 3, stride, act: "relu" },
          { out, kernel: 3 },
        ]
      : [
          { out: narrow, kernel: 1, stride: early ? stride : 1, act: "relu" },
          { out: narrow, kernel: 3, stride: early ? 1 : stride, act: "relu" },
          { out, kernel: 1 },
        ];
  const y = steps.reduce((z, step, i) => convolution(net, `${path}/layer.${i}`, z, step), x);
  const same = stride === 1 && x.shape[1] === out;
  const identity = same ? x : convolution(net, `${path}/shortcut`, x, { out, kernel: 1, stride });
  return net.activate(`${path}/activation`, net.add(`${path}/add`, y, identity), act);
}
