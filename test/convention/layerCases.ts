// The layers that the tools were run on, by the names of test/golden/tools.json.
import {
  activation,
  avgPool,
  batchNorm,
  conv1d,
  conv2d,
  conv3d,
  convTranspose1d,
  convTranspose2d,
  embedding,
  groupNorm,
  gru,
  layerNorm,
  linear,
  lstm,
  maxPool,
  model,
  relu,
  softmax,
  type ActivationKind,
  type Model,
} from "../../lib/index.js";
import { alone, multihead, gpt2, llama } from "./blocks.js";

const plane = { batch: 2, numFeatures: 64, height: 14, width: 14 };
const conv = { batch: 3, inChannels: 8, outChannels: 12, height: 15, width: 17, kernelSize: 3 };
const transposed = { batch: 2, inChannels: 8, outChannels: 12, height: 9, width: 11, stride: 2, padding: 1 };
const step = { batch: 2, tokens: 5, inputSize: 10, hiddenSize: 20, bias: true };
const stacked = { ...step, numLayers: 2, bidirectional: true };

export const layerCases: Readonly<Record<string, () => Model>> = {
  resnet18: () => model("resnet18"),
  resnet50: () => model("resnet50"),
  mobilenet_v2: () => model("mobilenet_v2"),
  efficientnet_b0: () => model("efficientnet_b0"),
  convnext_tiny: () => model("convnext_tiny"),
  vit_b_16: () => model("vit_b_16"),
  "deit_s(vit384x6)": () => model("deit_small"),
  "Linear(768,3072) b=1": () => alone(linear({ tokens: 1, inFeatures: 768, outFeatures: 3072, bias: true })),
  "Linear(768,3072) b=8": () => alone(linear({ tokens: 8, inFeatures: 768, outFeatures: 3072, bias: true }), 8),
  "Linear 3D (1,512,768)": () => alone(linear({ tokens: 512, inFeatures: 768, outFeatures: 3072, bias: true })),
  "Conv 64>128 k3 p0 224": () =>
    alone(conv2d({ inChannels: 64, outChannels: 128, height: 224, width: 224, kernelSize: 3, bias: true })),
  "Conv 64>128 k3 p1 224": () =>
    alone(conv2d({ inChannels: 64, outChannels: 128, height: 224, width: 224, kernelSize: 3, padding: 1, bias: true })),
  "ConvT 64>32 k4 s2 p1 28": () =>
    alone(
      convTranspose2d({
        inChannels: 64,
        outChannels: 32,
        height: 28,
        width: 28,
        kernelSize: 4,
        stride: 2,
        padding: 1,
        bias: true,
      }),
    ),
  "BatchNorm2d(64) 56 eval": () => alone(batchNorm({ numFeatures: 64, height: 56, width: 56 })),
  "LayerNorm(768) 512": () => alone(layerNorm({ tokens: 512, normalizedShape: 768 })),
  "Softmax (12,512,512)": () => alone(softmax({ shape: [12, 512, 512] })),
  "GELU (1,512,3072)": () => alone(activation("gelu", { shape: [1, 512, 3072] })),
  "ReLU (1,64,56,56)": () => alone(relu({ shape: [1, 64, 56, 56] })),
  "MaxPool k3 s2 p1 112": () =>
    alone(maxPool({ channels: 64, height: 112, width: 112, kernelSize: 3, stride: 2, padding: 1 })),
  "AdaptiveAvgPool 2048x7x7": () => alone(avgPool({ channels: 2048, height: 7, width: 7, outputSize: 1 })),
  "MultiheadAttention d768 h12 s512": () => multihead({ batch: 1, tokens: 512, width: 768, heads: 12 }),
  "Embedding 30522x768 s512": () => alone(embedding({ tokens: 512, numEmbeddings: 30522, embeddingDim: 768 })),

  "gpt2@32": gpt2,
  "llama-tiny@32": llama,
  "GroupNorm(8,64) 14": () => alone(groupNorm({ batch: 2, numGroups: 8, numChannels: 64, height: 14, width: 14 }), 2),
  "BatchNorm2d(64, affine=False) 14": () => alone(batchNorm({ ...plane, affine: false }), 2),
  "LayerNorm(96, elementwise_affine=False)": () =>
    alone(layerNorm({ tokens: 20, normalizedShape: 96, affine: false }), 2),
  "BatchNorm2d b2": () => alone(batchNorm(plane), 2),
  "LayerNorm(96) b2": () => alone(layerNorm({ tokens: 20, normalizedShape: 96 }), 2),
  "AvgPool2d 3 s2": () => alone(avgPool({ batch: 2, channels: 8, height: 13, width: 13, kernelSize: 3, stride: 2 }), 2),
  "AdaptiveAvgPool2d 7 from 14": () =>
    alone(avgPool({ batch: 2, channels: 8, height: 14, width: 14, outputSize: 7 }), 2),
  "AdaptiveAvgPool2d 6 from 13": () => alone(avgPool({ channels: 8, height: 13, width: 13, outputSize: 6 })),
  ...Object.fromEntries(
    Object.entries({
      LeakyReLU: "leakyRelu",
      ReLU6: "relu6",
      SiLU: "silu",
      Sigmoid: "sigmoid",
      Tanh: "tanh",
      Hardswish: "hardswish",
      Hardsigmoid: "hardsigmoid",
      ELU: "elu",
      Softplus: "softplus",
      Mish: "mish",
      ReLU: "relu",
      GELU: "gelu",
    }).map(([name, kind]) => [name, () => alone(activation(kind as ActivationKind, { shape: [2, 10, 30] }), 2)]),
  ),
  "Softmax 3x5": () => alone(softmax({ shape: [1, 3, 5] })),
  "Conv1d 8>12 k3 s2 p1 bias b2": () =>
    alone(
      conv1d({
        batch: 2,
        inChannels: 8,
        outChannels: 12,
        length: 21,
        kernelSize: 3,
        stride: 2,
        padding: 1,
        bias: true,
      }),
      2,
    ),
  "Conv3d 4>6 k3 p1 b2": () =>
    alone(
      conv3d({
        batch: 2,
        inChannels: 4,
        outChannels: 6,
        depth: 5,
        height: 6,
        width: 7,
        kernelSize: 3,
        padding: 1,
        bias: true,
      }),
      2,
    ),
  "Conv2d 8>12 k3 s2 p2 d2 g4 b3": () =>
    alone(conv2d({ ...conv, stride: 2, padding: 2, dilation: 2, groups: 4, bias: true }), 3),
  "Conv2d 8>12 k3 nobias b3": () => alone(conv2d(conv), 3),
  "ConvT 8>12 k3 s2 p1 op1 g4 b2": () =>
    alone(convTranspose2d({ ...transposed, kernelSize: 3, outputPadding: 1, groups: 4, bias: true }), 2),
  "ConvT 8>12 k4 s2 p1 nobias b2": () => alone(convTranspose2d({ ...transposed, kernelSize: 4 }), 2),
  "ConvT1d 8>12 k4 s2 p1 b2": () =>
    alone(
      convTranspose1d({
        batch: 2,
        inChannels: 8,
        outChannels: 12,
        length: 9,
        kernelSize: 4,
        stride: 2,
        padding: 1,
        bias: true,
      }),
      2,
    ),
  "Linear nobias b4": () => alone(linear({ tokens: 4, inFeatures: 10, outFeatures: 20 }), 4),
  "Linear 3d b4 n5": () => alone(linear({ tokens: 20, inFeatures: 10, outFeatures: 20, bias: true }), 4),
  "Embedding b4 n5": () => alone(embedding({ tokens: 20, numEmbeddings: 100, embeddingDim: 20 }), 4),
  "MHA 96 h4 b2 n7": () => multihead({ batch: 2, tokens: 7, width: 96, heads: 4 }),
  "MHA keywords 96 h4 b2 n7": () =>
    multihead({ batch: 2, tokens: 7, width: 96, heads: 4, module: "MultiheadAttention by keyword" }),
  "LSTM 10>20 b2 n5": () => alone(lstm(step), 2),
  "LSTM 10>20 L2 bi b2 n5": () => alone(lstm(stacked), 2),
  "LSTM 10>20 nobias b2 n5": () => alone(lstm({ ...step, bias: false }), 2),
  "GRU 10>20 b2 n5": () => alone(gru(step), 2),
  "GRU 10>20 L2 bi b2 n5": () => alone(gru(stacked), 2),
  "GRU 10>20 nobias b2 n5": () => alone(gru({ ...step, bias: false }), 2),
};
