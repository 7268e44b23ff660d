// T5 (v1.0): an encoder and a decoder that share one embedding (Hugging Face's T5ForConditionalGeneration).
import { text } from "./begin.js";
import type { Activation, Layers } from "./layers.js";
import { cachedAttention, selfAttention, type AttentionBlock, type ProjectionNames } from "./transformer.js";
import type { ModelFactory, ModelOptions } from "./workload.js";

export interface T5Config {
  width: number;
  hidden: number;
  headDim: number;
  heads: number;
  layers: number;
  vocabulary?: number;
  buckets?: number;
}

const names: ProjectionNames = { query: "q", key: "k", value: "v", core: "attention", out: "o" };

/**
 * Raffel et al. 2019 (arXiv 1910.10683): no biases, RMS norms, relative position biases from a table in the first layer
 * of each stack. prefill and train: the encoder reads `sourceTokens` (default `tokens`, 512), the decoder `tokens`.
 * decode: the encoder does not run; `tokens` (default 1) new positions attend to `context` decoded ones and to
 * `sourceTokens` (default 512) encoded ones, both from the cache.
 */
export function t5(
  name: string,
  { width, hidden, headDim, heads, layers, vocabulary = 32128, buckets = 32 }: T5Config,
  options?: ModelOptions,
) {
  const { net, batch, tokens, context, sourceTokens } = text(name, options, { tokens: 512, encoderDecoder: true });
  const decode = net.phase === "decode";
  const shape = { width, hidden, heads, headDim, buckets, layers };
  const encoded = decode
    ? undefined
    : encoder(net, net.embedding("encoder/embed_tokens", { batch, tokens: sourceTokens, vocabulary, width }), shape);
  const embed = decode ? {} : { sharedWeights: "encoder/embed_tokens" };
  const source = { shape: [batch, sourceTokens, width], of: encoded };
  decoder(net, net.embedding("decoder/embed_tokens", { batch, tokens, vocabulary, width }, embed), source, {
    ...shape,
    cached: context - tokens,
  });
  net.linear("lm_head", net.scale("decoder/scale", { shape: [batch, tokens, width] }), vocabulary, {
    bias: false,
    sharedWeights: decode ? "decoder/embed_tokens" : "encoder/embed_tokens",
  });
  return net.model("huggingface/transformers, modeling_t5.py", decode ? idleParams(shape) : 0);
}

interface Stack {
  width: number;
  hidden: number;
  heads: number;
  headDim: number;
  buckets: number;
  layers: number;
}

function encoder(net: Layers, x: Activation, stack: Stack): Activation {
  for (let i = 0; i < stack.layers; i++) {
    const path = `encoder/block.${i}`;
    const attended = attention(net, `${path}/SelfAttention`, net.rmsNorm(`${path}/layer_norm_1`, x), stack, i === 0);
    x = net.add(`${path}/add_1`, x, attended);
    x = feedForward(net, `${path}`, x, stack, 2);
  }
  return net.rmsNorm("encoder/final_layer_norm", x);
}

function decoder(net: Layers, x: Activation, source: Activation, stack: Stack & { cached: number }): void {
  for (let i = 0; i < stack.layers; i++) {
    const path = `decoder/block.${i}`;
    const { heads, headDim, cached } = stack;
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
  net.rmsNorm("decoder/final_layer_norm", x);
}

/** Self-attention; every layer adds the position biases, the first one looks them up. */
function attention(
  net: Layers,
  path: string,
  x: Activation,
  { heads, headDim, buckets, cached = 0, causal = false }: Stack & Pick<AttentionBlock, "cached" | "causal">,
  first: boolean,
): Activation {
  const [batch, tokens] = x.shape as [number, number];
  const context = tokens + cached;
  const scores = { shape: [batch, heads, tokens, context] };
  if (first)
    net.addParameter(`${path}/relative_attention_bias`, scores, [heads, tokens, context], {
      stored: [buckets, heads],
      module: "Embedding without batch",
    });
  else net.add(`${path}/position_bias`, scores, { shape: [1, heads, tokens, context] });
  return selfAttention(net, path, x, { heads, headDim, cached, causal, bias: false, names });
}

function feedForward(net: Layers, path: string, x: Activation, { width, hidden }: Stack, index: number): Activation {
  const y = net.relu(
    `${path}/DenseReluDense/act`,
    net.linear(`${path}/DenseReluDense/wi`, net.rmsNorm(`${path}/layer_norm_${index}`, x), hidden, { bias: false }),
  );
  return net.add(`${path}/add_${index}`, x, net.linear(`${path}/DenseReluDense/wo`, y, width, { bias: false }));
}

/** What a decoding step leaves unread: the encoder, and the decoder's projections of the encoded source. */
function idleParams({ width, hidden, heads, headDim, buckets, layers }: Stack): number {
  const inner = heads * headDim;
  return (
    layers * (4 * width * inner + 2 * width * hidden + 2 * width) + width + buckets * heads + layers * 2 * width * inner
  );
}

const t5Configs: Readonly<Record<string, T5Config>> = {
  "t5-small": { width: 512, hidden: 2048, headDim: 64, heads: 8, layers: 6 },
  "t5-base": { width: 768, hidden: 3072, headDim: 64, heads: 12, layers: 12 },
  "t5-large": { width: 1024, hidden: 4096, headDim: 64, heads: 16, layers: 24 },
  "t5-3b": { width: 1024, hidden: 16384, headDim: 128, heads: 32, layers: 24 },
  "t5-11b": { width: 1024, hidden: 65536, headDim: 128, heads: 128, layers: 24 },
};

export const t5s: Readonly<Record<string, ModelFactory>> = Object.fromEntries(
  Object.entries(t5Configs).map(([name, config]) => [name, (options?: ModelOptions) => t5(name, config, options)]),
);
