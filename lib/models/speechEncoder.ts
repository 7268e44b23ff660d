// Encoders of raw sound (wav2vec 2.0, HuBERT): convolutions over samples, convolved positions, a stack, heads.
import type { ActivationKind } from "../ops/index.js";
import { writeHeads, type Head } from "./heads.js";
import { layers, modelInput, view, type Activation, type Layers } from "./layers.js";
import { norm, stackLayer, type StackLayer } from "./stack.js";
import { noDecode, workload, type ModelOptions } from "./workload.js";

/** One convolution over sound. */
export interface SoundConvolution {
  /** Channels of its result. */
  channels: number;
  /** Samples or frames that it sees at once. */
  kernelSize: number;
  /** From one place to the next. */
  stride: number;
}

/** Sizes of an encoder of sound. */
export interface SpeechEncoderConfig {
  /** Width of the residual stream. */
  hiddenSize: number;
  /** Layers. */
  numHiddenLayers: number;
  /** One layer; its order says where the stack's norm stands. */
  layer: StackLayer;
  /** The convolutions before the stack. */
  convolutions: readonly SoundConvolution[];
  /** Whether they have biases. */
  convBias: boolean;
  /** Their activation. */
  convAct: ActivationKind;
  /** Whether all are normed over their channels, or the first alone, each channel by itself. */
  convNorm: "layer" | "group";
  /** Whether frames are normed before they are projected. */
  projectionNorm: boolean;
  /** Frames that the convolved positions see. */
  positionKernel: number;
  /** Groups of that convolution. */
  positionGroups: number;
  /** Heads behind the stack. */
  heads: readonly Head[];
  /** Parameters that no pass reads (what stands for a masked frame); default 0. */
  unread?: number;
  /** Where it is described. */
  source: string;
}

/** Samples of a second. */
const second = 16000;

/**
 * Baevski et al. 2020 (arXiv 2006.11477). `sourceTokens` are samples of sound, by default a second's 16,000. The
 * positions' convolution is stored as a direction and a length for each tap; making its weights is neglected.
 */
export function speechEncoder(name: string, config: SpeechEncoderConfig, options?: ModelOptions) {
  const { batch, phase, precision, fusedAttention, sourceTokens: samples = second } = workload(name, options);
  noDecode(name, phase);
  const described = { batch, sourceTokens: samples, phase, ...precision };
  const net = layers({ name, phase, precision, fusedAttention, workload: described });
  const first = config.layer.order === "after";
  let x = withPositions(net, frames(net, config, batch, samples), config);
  if (first) x = norm(net, "encoder/layer_norm", x);
  for (let i = 0; i < config.numHiddenLayers; i++) x = stackLayer(net, `encoder/layers.${i}`, x, config.layer);
  writeHeads(net, first ? x : norm(net, "encoder/layer_norm", x), config.heads);
  return net.model(config.source, (config.unread ?? 0) + config.positionKernel);
}

/** Sound [batch, 1, samples] to frames [batch, frames, width]. */
function frames(net: Layers, config: SpeechEncoderConfig, batch: number, samples: number): Activation {
  let x: Activation = { shape: [batch, 1, samples], node: modelInput };
  config.convolutions.forEach(({ channels, kernelSize, stride }, i) => {
    const path = `feature_extractor/conv_layers.${i}`;
    x = net.conv1d(`${path}/conv`, x, channels, kernelSize, { stride, bias: config.convBias });
    if (config.convNorm === "layer") x = view(net.layerNorm(`${path}/layer_norm`, framesFirst(x)), x.shape);
    else if (i === 0) x = net.groupNorm(`${path}/layer_norm`, x, channels);
    x = net.activate(`${path}/activation`, x, config.convAct);
  });
  const rows = framesFirst(x);
  const normed = config.projectionNorm ? net.layerNorm("feature_projection/layer_norm", rows) : rows;
  return net.linear("feature_projection/projection", normed, config.hiddenSize);
}

const framesFirst = (x: Activation): Activation => view(x, [x.shape[0]!, x.shape[2]!, x.shape[1]!]);

/** Frames and what a grouped convolution makes of their neighbours; an even kernel's last result is cut off. */
function withPositions(net: Layers, x: Activation, config: SpeechEncoderConfig): Activation {
  const { positionKernel: kernel, positionGroups: groups, hiddenSize } = config;
  const channelsFirst = view(x, [x.shape[0]!, hiddenSize, x.shape[1]!]);
  const y = net.conv1d("encoder/pos_conv_embed/conv", channelsFirst, hiddenSize, kernel, {
    padding: Math.floor(kernel / 2),
    groups,
    bias: true,
  });
  return net.add(
    "encoder/add_position",
    x,
    net.activate("encoder/pos_conv_embed/activation", view(y, x.shape), config.convAct),
  );
}
