// Whisper: a speech encoder and a text decoder (Hugging Face's WhisperForConditionalGeneration).
import { textNet } from "./net.js";
import { modelInput, view, type Activation, type Layers } from "./layers.js";
import { cachedAttention, selfAttention } from "./transformer.js";
import type { ModelFactory, ModelOptions } from "./workload.js";

/** Sizes of a Whisper; the feed-forward is 4 times `hiddenSize` wide. */
export interface WhisperConfig {
  /** Width of the residual streams (d_model). */
  hiddenSize: number;
  /** Layers of the encoder. */
  encoderLayers: number;
  /** Layers of the decoder. */
  decoderLayers: number;
  /** Heads of a layer, in encoder and decoder. */
  numAttentionHeads: number;
  /** Rows of the decoder's embedding. */
  vocabSize: number;
  /** Channels of the spectrogram. */
  numMelBins: number;
}

/** 30 s of sound are 3000 frames of 10 ms; the second convolution halves them. */
const frames = 3000;
const sourcePositions = 1500;
const targetPositions = 448;

/**
 * Radford et al. 2022 (arXiv 2212.04356). prefill and train: the encoder reads 30 s of sound, the decoder `tokens`
 * (default 1) positions. decode: the encoder does not run; `tokens` new positions attend to `context` decoded ones and
 * to the encoded source from the cache. Counted as parameters: the encoder's fixed sinusoidal positions, as the
 * published totals do. k_proj has no bias; the output layer is the embedding.
 */
export function whisper(name: string, config: WhisperConfig, options?: ModelOptions) {
  const { hiddenSize, numAttentionHeads, vocabSize } = config;
  const { net, batch, tokens, context } = textNet(name, options, {
    tokens: 1,
    positions: targetPositions,
    encoderDecoder: true,
    sourceTokens: sourcePositions,
  });
  const decode = net.phase === "decode";
  const encoded = decode ? undefined : encoder(net, batch, config);
  let x = net.embedding("decoder/embed_tokens", { batch, tokens, numEmbeddings: vocabSize, embeddingDim: hiddenSize });
  x = net.add(
    "decoder/add_position",
    x,
    net.embedding(
      "decoder/embed_positions",
      { batch: 1, tokens, numEmbeddings: targetPositions, embeddingDim: hiddenSize },
      { module: "Embedding without batch" },
    ),
  );
  const source = { shape: [batch, sourcePositions, hiddenSize], node: encoded?.node ?? modelInput };
  for (let i = 0; i < config.decoderLayers; i++) {
    const path = `decoder/layers.${i}`;
    const common = {
      heads: numAttentionHeads,
      headDim: hiddenSize / numAttentionHeads,
      keyBias: false,
      coreModule: "bmm",
    };
    x = net.add(
      `${path}/add_1`,
      x,
      selfAttention(net, `${path}/self_attn`, net.layerNorm(`${path}/self_attn_layer_norm`, x), {
        ...common,
        cached: context - tokens,
        causal: true,
      }),
    );
    const y = net.layerNorm(`${path}/encoder_attn_layer_norm`, x);
    const cross = `${path}/encoder_attn`;
    const seen = decode
      ? cachedAttention(net, cross, y, { ...common, context: sourcePositions })
      : selfAttention(net, cross, y, { ...common, memory: source });
    x = net.add(`${path}/add_2`, x, seen);
    x = feedForward(net, path, x, 3);
  }
  const last = net.layerNorm("decoder/layer_norm", x);
  net.linear("proj_out", last, vocabSize, { bias: false, sharedWeights: "decoder/embed_tokens" });
  return net.model("huggingface/transformers, modeling_whisper.py", decode ? idleParams(config) : 0);
}

function encoder(
  net: Layers,
  batch: number,
  { hiddenSize: width, encoderLayers, numAttentionHeads: heads, numMelBins }: WhisperConfig,
): Activation {
  const gelu = (path: string, x: Activation) => net.activate(path, x, "gelu", { module: "functional" });
  const sound: Activation = { shape: [batch, numMelBins, frames], node: modelInput };
  const first = gelu("encoder/gelu1", net.conv1d("encoder/conv1", sound, width, 3, { padding: 1, bias: true }));
  const second = gelu(
    "encoder/gelu2",
    net.conv1d("encoder/conv2", first, width, 3, { stride: 2, padding: 1, bias: true }),
  );
  let x = net.addParameter("encoder/embed_positions", view(second, [batch, sourcePositions, width]), [
    sourcePositions,
    width,
  ]);
  for (let i = 0; i < encoderLayers; i++) {
    const path = `encoder/layers.${i}`;
    x = net.add(
      `${path}/add_1`,
      x,
      selfAttention(net, `${path}/self_attn`, net.layerNorm(`${path}/self_attn_layer_norm`, x), {
        heads,
        headDim: width / heads,
        keyBias: false,
        coreModule: "bmm",
      }),
    );
    x = feedForward(net, path, x, 2);
  }
  return net.layerNorm("encoder/layer_norm", x);
}

function feedForward(net: Layers, path: string, x: Activation, index: number): Activation {
  const width = x.shape[2]!;
  const y = net.activate(
    `${path}/activation_fn`,
    net.linear(`${path}/fc1`, net.layerNorm(`${path}/final_layer_norm`, x), 4 * width),
    "gelu",
    { module: "GELUActivation" },
  );
  return net.add(`${path}/add_${index}`, x, net.linear(`${path}/fc2`, y, width));
}

/**
 * What a decoding step leaves unread: the encoder, and the decoder's key and value projections of the encoded source.
 */
function idleParams({ hiddenSize: d, encoderLayers, decoderLayers, numMelBins }: WhisperConfig): number {
  const layer = 4 * d * d + 3 * d + 8 * d * d + 5 * d + 4 * d;
  return (
    numMelBins * d * 3 +
    d +
    d * d * 3 +
    d +
    sourcePositions * d +
    encoderLayers * layer +
    2 * d +
    decoderLayers * (2 * d * d + d)
  );
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
