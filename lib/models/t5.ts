// T5 1.0 and 1.1: an encoder and a decoder that share one embedding (Hugging Face's T5ForConditionalGeneration).
import type { ActivationKind } from "../ops/index.js";
import { encoderDecoder, type EncoderDecoderConfig, type SideConfig } from "./encoderDecoder.js";
import type { Head } from "./heads.js";
import type { StackPaths } from "./stack.js";
import type { ModelFactory, ModelOptions } from "./workload.js";

/** Sizes of a T5, the same in encoder and decoder. */
export interface T5Config {
  /** Width of the residual stream (d_model). */
  hiddenSize: number;
  /** Width of the feed-forward (d_ff). */
  intermediateSize: number;
  /** Width of a head (d_kv). */
  headDim: number;
  /** Heads of a layer. */
  numAttentionHeads: number;
  /** Layers of the encoder, and by default of the decoder. */
  numHiddenLayers: number;
  /** Rows of the embedding that both share; default 32128. */
  vocabSize?: number;
  /** Rows of the table of relative positions; default 32. */
  relativeAttentionNumBuckets?: number;
  /** Whether every layer has such a table, not only the first of a stack; default false. */
  relativeEverywhere?: boolean;
  /** Layers of the decoder, where they are others. */
  numDecoderLayers?: number;
  /** Activation of the feed-forward; default "relu". */
  act?: ActivationKind;
  /** Whether the feed-forward is gated (version 1.1); default false. */
  gated?: boolean;
  /** Whether the decoder's result is scaled before the output layer (version 1.0); default true. */
  outputScaled?: boolean;
  /** The stacks that there are; default both. */
  parts?: readonly ("encoder" | "decoder")[];
  /** Heads in place of the output layer; default that. */
  heads?: readonly Head[];
}

/** T5's places below a layer of the encoder. */
const encoderPaths: StackPaths = {
  attention: "SelfAttention",
  attentionNorm: "layer_norm_1",
  up: "DenseReluDense/wi",
  gate: "DenseReluDense/wi_0",
  activation: "DenseReluDense/act",
  down: "DenseReluDense/wo",
  outputNorm: "layer_norm_2",
  names: { query: "q", key: "k", value: "v", core: "attention", out: "o" },
};
const decoderPaths: StackPaths = {
  ...encoderPaths,
  cross: "EncDecAttention",
  crossNorm: "layer_norm_2",
  outputNorm: "layer_norm_3",
};

/**
 * Raffel et al. 2019 (arXiv 1910.10683): no biases, RMS norms, relative position biases from a table in the first layer
 * of each stack. prefill and train: the encoder reads `sourceTokens` (default `tokens`, 512), the decoder `tokens`.
 * decode: the encoder does not run; `tokens` (default 1) new positions attend to `context` decoded ones and to
 * `sourceTokens` (default 512) encoded ones, both from the cache.
 */
export function t5(name: string, config: T5Config, options?: ModelOptions) {
  const { hiddenSize, intermediateSize, headDim, numAttentionHeads: heads, numHiddenLayers, act = "relu" } = config;
  const { gated = false, parts = ["encoder", "decoder"] } = config;
  const side = (layers: number, paths: StackPaths): SideConfig => ({
    layers,
    layer: {
      attention: { heads, headDim, bias: false },
      intermediateSize,
      act,
      gated,
      mlpBias: false,
      norm: "rms",
      paths,
    },
    positionRows: 0,
  });
  const written: EncoderDecoderConfig = {
    hiddenSize,
    vocabSize: config.vocabSize ?? 32128,
    ...(parts.includes("encoder") ? { encoder: side(numHiddenLayers, encoderPaths) } : {}),
    ...(parts.includes("decoder") ? { decoder: side(config.numDecoderLayers ?? numHiddenLayers, decoderPaths) } : {}),
    outputScaled: config.outputScaled ?? true,
    finalNorm: "rms",
    relativeRows: config.relativeAttentionNumBuckets ?? 32,
    relativeEverywhere: config.relativeEverywhere,
    layerName: "block",
    vocabulary: config.heads === undefined ? "tied" : "none",
    heads: config.heads,
    source: "huggingface/transformers, modeling_t5.py",
  };
  return encoderDecoder(name, written, options);
}

const t5Configs: Readonly<Record<string, T5Config>> = {
  "t5-small": { hiddenSize: 512, intermediateSize: 2048, headDim: 64, numAttentionHeads: 8, numHiddenLayers: 6 },
  "t5-base": { hiddenSize: 768, intermediateSize: 3072, headDim: 64, numAttentionHeads: 12, numHiddenLayers: 12 },
  "t5-large": { hiddenSize: 1024, intermediateSize: 4096, headDim: 64, numAttentionHeads: 16, numHiddenLayers: 24 },
  "t5-3b": { hiddenSize: 1024, intermediateSize: 16384, headDim: 128, numAttentionHeads: 32, numHiddenLayers: 24 },
  "t5-11b": { hiddenSize: 1024, intermediateSize: 65536, headDim: 128, numAttentionHeads: 128, numHiddenLayers: 24 },
};

export const t5s: Readonly<Record<string, ModelFactory>> = Object.fromEntries(
  Object.entries(t5Configs).map(([name, config]) => [name, (options?: ModelOptions) => t5(name, config, options)]),
);
