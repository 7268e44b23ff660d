// T5 (v1.0): an encoder and a decoder that share one embedding (Hugging Face's T5ForConditionalGeneration).
import { textNet } from "./net.js";
import { modelInput, view, type Activation, type Layers } from "./layers.js";
import { cachedAttention, selfAttention, type AttentionBlock, type ProjectionNames } from "./transformer.js";
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
  /** Layers of the encoder, and of the decoder. */
  numHiddenLayers: number;
  /** Rows of the embedding that both share; default 32128. */
  vocabSize?: number;
  /** Rows of the table of relative positions; default 32. */
  relativeAttentionNumBuckets?: number;
}

const names: ProjectionNames = { query: "q", key: "k", value: "v", core: "attention", out: "o" };

/**
 * Raffel et al. 2019 (arXiv 1910.10683): no biases, RMS norms, relative position biases from a table in the first layer
 * of each stack. prefill and train: the encoder reads `sourceTokens` (default `tokens`, 512), the decoder `tokens`.
 * decode: the encoder does not run; `tokens` (default 1) new positions attend to `context` decoded ones and to
 * `sourceTokens` (default 512) encoded ones, both from the cache.
 */
export function t5(name: string, config: T5Config, options?: ModelOptions) {
  const { net, batch, tokens, context, sourceTokens } = textNet(name, options, { tokens: 512, encoderDecoder: true });
  const decode = net.phase === "decode";
  const { hiddenSize, vocabSize = 32128, relativeAttentionNumBuckets = 32 } = config;
  const stack: Stack = { ...config, relativeAttentionNumBuckets };
  const words = { numEmbeddings: vocabSize, embeddingDim: hiddenSize };
  const encoded = decode
    ? undefined
    : encoder(net, net.embedding("encoder/embed_tokens", { batch, tokens: sourceTokens, ...words }), stack);
  const embed = decode ? {} : { sharedWeights: "encoder/embed_tokens" };
  const source = { shape: [batch, sourceTokens, hiddenSize], node: encoded?.node ?? modelInput };
  const decoded = decoder(net, net.embedding("decoder/embed_tokens", { batch, tokens, ...words }, embed), source, {
    ...stack,
    cached: context - tokens,
  });
  net.linear("lm_head", net.scale("decoder/scale", decoded), vocabSize, {
    bias: false,
    sharedWeights: decode ? "decoder/embed_tokens" : "encoder/embed_tokens",
  });
  return net.model("huggingface/transformers, modeling_t5.py", decode ? idleParams(stack) : 0);
}

type Stack = T5Config & Required<Pick<T5Config, "relativeAttentionNumBuckets">>;

function encoder(net: Layers, x: Activation, stack: Stack): Activation {
  for (let i = 0; i < stack.numHiddenLayers; i++) {
    const path = `encoder/block.${i}`;
    const attended = attention(net, `${path}/SelfAttention`, net.rmsNorm(`${path}/layer_norm_1`, x), stack, i === 0);
    x = net.add(`${path}/add_1`, x, attended);
    x = feedForward(net, `${path}`, x, stack, 2);
  }
  return net.rmsNorm("encoder/final_layer_norm", x);
}

function decoder(net: Layers, x: Activation, source: Activation, stack: Stack & { cached: number }): Activation {
  for (let i = 0; i < stack.numHiddenLayers; i++) {
    const path = `decoder/block.${i}`;
    const { numAttentionHeads: heads, headDim, cached } = stack;
    const common = { heads, headDim, bias: false, names };
    x = net.add(
      `${path}/add_1`,
      x,
      attention(
        net,
        `${path}/SelfAttention`,
        net.rmsNorm(`${path}/layer_norm_1`, x),
        { ...stack, cached, causal: true },
        i === 0,
      ),
    );
    const y = net.rmsNorm(`${path}/layer_norm_2`, x);
    const cross = `${path}/EncDecAttention`;
    const attended =
      net.phase === "decode"
        ? cachedAttention(net, cross, y, { ...common, context: source.shape[1]! })
        : selfAttention(net, cross, y, { ...common, memory: source });
    x = net.add(`${path}/add_2`, x, attended);
    x = feedForward(net, path, x, stack, 3);
  }
  return net.rmsNorm("decoder/final_layer_norm", x);
}

/** Self-attention; every layer adds the position biases, the first one looks them up. */
function attention(
  net: Layers,
  path: string,
  x: Activation,
  {
    numAttentionHeads: heads,
    headDim,
    relativeAttentionNumBuckets,
    cached = 0,
    causal = false,
  }: Stack & Pick<AttentionBlock, "cached" | "causal">,
  first: boolean,
): Activation {
  const [batch, tokens] = x.shape as [number, number];
  const context = tokens + cached;
  const scores = view(x, [batch, heads, tokens, context]);
  if (first)
    net.addParameter(`${path}/relative_attention_bias`, scores, [heads, tokens, context], {
      stored: [relativeAttentionNumBuckets, heads],
      module: "Embedding without batch",
    });
  else net.add(`${path}/position_bias`, scores, view(x, [1, heads, tokens, context]));
  return selfAttention(net, path, x, { heads, headDim, cached, causal, bias: false, names });
}

function feedForward(
  net: Layers,
  path: string,
  x: Activation,
  { hiddenSize, intermediateSize }: Stack,
  index: number,
): Activation {
  const y = net.relu(
    `${path}/DenseReluDense/act`,
    net.linear(`${path}/DenseReluDense/wi`, net.rmsNorm(`${path}/layer_norm_${index}`, x), intermediateSize, {
      bias: false,
    }),
  );
  return net.add(`${path}/add_${index}`, x, net.linear(`${path}/DenseReluDense/wo`, y, hiddenSize, { bias: false }));
}

/** What a decoding step leaves unread: the encoder, and the decoder's projections of the encoded source. */
function idleParams(stack: Stack): number {
  const { hiddenSize: width, intermediateSize: hidden, numAttentionHeads: heads, headDim } = stack;
  const { relativeAttentionNumBuckets: buckets, numHiddenLayers: layers } = stack;
  const inner = heads * headDim;
  return (
    layers * (4 * width * inner + 2 * width * hidden + 2 * width) + width + buckets * heads + layers * 2 * width * inner
  );
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
