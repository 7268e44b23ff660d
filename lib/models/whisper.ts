// Whisper: a speech encoder and a text decoder (Hugging Face's WhisperForConditionalGeneration).
import type { ActivationKind } from "../ops/index.js";
import { withIdle } from "./encoderDecoder.js";
import { modelInput, view, type Activation, type Layers } from "./layers.js";
import { textNet } from "./net.js";
import { cachedSource, crossParams, stackLayer, type StackLayer } from "./stack.js";
import type { ModelFactory, ModelOptions } from "./workload.js";

/** Sizes of a Whisper. */
export interface WhisperConfig {
  /** Width of the residual streams (d_model). */
  hiddenSize: number;
  /** Layers of the encoder. */
  encoderLayers: number;
  /** Layers of the decoder. */
  decoderLayers: number;
  /** Heads of a layer of the encoder, and by default of the decoder. */
  numAttentionHeads: number;
  /** Heads of a layer of the decoder, where they are others. */
  decoderAttentionHeads?: number;
  /** Width of the encoder's feed-forward; default 4 times `hiddenSize`. */
  encoderFfnDim?: number;
  /** Width of the decoder's feed-forward; default 4 times `hiddenSize`. */
  decoderFfnDim?: number;
  /** Activation of the feed-forwards; default "gelu". */
  act?: ActivationKind;
  /** Positions of the encoder, half the frames that it reads; default 1500. */
  maxSourcePositions?: number;
  /** Rows of the decoder's positions; default 448. */
  maxTargetPositions?: number;
  /** Whether the decoder stands alone, its attention to a source unread; default false. */
  decoderOnly?: boolean;
  /** Whether the output layer is the embedding, has a matrix of its own, or is absent; default "tied". */
  output?: "tied" | "own" | "none";
  /** Rows of the decoder's embedding. */
  vocabSize: number;
  /** Channels of the spectrogram. */
  numMelBins: number;
}

/** 30 s of sound are 3000 frames of 10 ms; the second convolution halves them. */
const sourcePositions = 1500;
const targetPositions = 448;

/**
 * Radford et al. 2022 (arXiv 2212.04356). prefill and train: the encoder reads 30 s of sound, the decoder `tokens`
 * (default 1) positions. decode: the encoder does not run; `tokens` new positions attend to `context` decoded ones and
 * to the encoded source from the cache. Counted as parameters: the encoder's fixed sinusoidal positions, as the
 * published totals do. k_proj has no bias; the output layer is the embedding.
 */
export function whisper(name: string, config: WhisperConfig, options?: ModelOptions) {
  const { hiddenSize, vocabSize, decoderOnly = false, output = "tied" } = config;
  const { maxSourcePositions = sourcePositions, maxTargetPositions = targetPositions } = config;
  return withIdle(options, (given) => {
    const { net, batch, tokens, context } = textNet(name, given, {
      tokens: 1,
      positions: maxTargetPositions,
      encoderDecoder: true,
      sourceTokens: maxSourcePositions,
    });
    const cached = net.phase === "decode";
    const layer = layerOf(config, "decoder");
    const encoded = cached || decoderOnly ? undefined : encoder(net, batch, config);
    const source = encoded ?? cachedSource(batch, maxSourcePositions, hiddenSize);
    const memory = decoderOnly ? undefined : { source, cached };
    const words = { batch, tokens, numEmbeddings: vocabSize, embeddingDim: hiddenSize };
    const positions = { batch: 1, tokens, numEmbeddings: maxTargetPositions, embeddingDim: hiddenSize };
    let x = net.embedding("decoder/embed_tokens", words);
    x = net.add("decoder/add_position", x, net.embedding("decoder/embed_positions", positions));
    const attention = { ...layer.attention, causal: true, cached: context - tokens };
    const placed = { ...layer, attention, memory };
    for (let i = 0; i < config.decoderLayers; i++)
      x = net.repeat("decoder", `decoder/layers.${i}`, x, (path, y) => stackLayer(net, path, y, placed));
    const last = net.layerNorm("decoder/layer_norm", x);
    const tied = output === "tied" ? { sharedWeights: "decoder/embed_tokens" } : {};
    if (output !== "none") net.linear("proj_out", last, vocabSize, { bias: false, ...tied });
    const unread = decoderOnly ? config.decoderLayers * crossParams(hiddenSize, layer) : 0;
    return net.model("huggingface/transformers, modeling_whisper.py", unread);
  });
}

function layerOf(config: WhisperConfig, side: "encoder" | "decoder"): StackLayer {
  const { hiddenSize, numAttentionHeads, decoderAttentionHeads = numAttentionHeads, act = "gelu" } = config;
  const heads = side === "encoder" ? numAttentionHeads : decoderAttentionHeads;
  const hidden = side === "encoder" ? config.encoderFfnDim : config.decoderFfnDim;
  return {
    attention: { heads, headDim: hiddenSize / heads, keyBias: false },
    intermediateSize: hidden ?? 4 * hiddenSize,
    act,
  };
}

function encoder(net: Layers, batch: number, config: WhisperConfig): Activation {
  const { hiddenSize: width, encoderLayers, numMelBins, maxSourcePositions: positions = sourcePositions } = config;
  const gelu = (path: string, x: Activation) => net.activate(path, x, "gelu", { module: "functional" });
  const sound: Activation = { shape: [batch, numMelBins, 2 * positions], node: modelInput };
  const first = gelu("encoder/gelu1", net.conv1d("encoder/conv1", sound, width, 3, { padding: 1, bias: true }));
  const second = gelu(
    "encoder/gelu2",
    net.conv1d("encoder/conv2", first, width, 3, { stride: 2, padding: 1, bias: true }),
  );
  let x = net.addParameter("encoder/embed_positions", view(second, [batch, positions, width]), [positions, width], {
    module: "Embedding without batch",
  });
  const layer = layerOf(config, "encoder");
  for (let i = 0; i < encoderLayers; i++)
    x = net.repeat("encoder", `encoder/layers.${i}`, x, (path, y) => stackLayer(net, path, y, layer));
  return net.layerNorm("encoder/layer_norm", x);
}

const config = (
  hiddenSize: number,
  layers: number,
  vocabSize = 51865,
  numMelBins = 80,
  decoderLayers = layers,
): WhisperConfig => ({
  hiddenSize,
  encoderLayers: layers,
  decoderLayers,
  numAttentionHeads: hiddenSize / 64,
  vocabSize,
  numMelBins,
});

/** English only: one token fewer. */
const english = 51864;

const whisperConfigs: Readonly<Record<string, WhisperConfig>> = {
  "whisper-tiny": config(384, 4),
  "whisper-base": config(512, 6),
  "whisper-small": config(768, 12),
  "whisper-medium": config(1024, 24),
  "whisper-tiny.en": config(384, 4, english),
  "whisper-base.en": config(512, 6, english),
  "whisper-small.en": config(768, 12, english),
  "whisper-medium.en": config(1024, 24, english),
  "whisper-large": config(1280, 32),
  "whisper-large-v2": config(1280, 32),
  "whisper-large-v3": config(1280, 32, 51866, 128),
  "whisper-large-v3-turbo": config(1280, 32, 51866, 128, 4),
};

export const whispers: Readonly<Record<string, ModelFactory>> = Object.fromEntries(
  Object.entries(whisperConfigs).map(([name, c]) => [name, (options?: ModelOptions) => whisper(name, c, options)]),
);
