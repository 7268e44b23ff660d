// Whole blocks that the tools were run on, as their ops: attention as a module, and small GPT-2 and Llama models.
import {
  activation,
  attention,
  embedding,
  layerNorm,
  linear,
  mul,
  rmsNorm,
  type Model,
  type Op,
} from "../../lib/index.js";

export const alone = (op: Op, batch = 1): Model => ({
  name: op.kind,
  nodes: [{ path: op.kind, op }],
  workload: { batch },
});

/** nn.MultiheadAttention as its ops; `module` says how it is called. */
export function multihead({
  batch,
  tokens,
  width,
  heads,
  module = "MultiheadAttention",
  bias = true,
  fused = true,
}: {
  batch: number;
  tokens: number;
  width: number;
  heads: number;
  module?: string;
  bias?: boolean;
  fused?: boolean;
}): Model {
  const projection = (path: string, outFeatures: number) => ({
    path,
    module,
    op: linear({ tokens: batch * tokens, inFeatures: width, outFeatures, bias }),
  });
  return {
    name: "multihead",
    workload: { batch },
    nodes: [
      projection("in_proj", 3 * width),
      { path: "attention", module, op: attention({ batch, tokens, heads, headDim: width / heads, fused }) },
      projection("out_proj", width),
    ],
  };
}

/** GPT-2 small as Hugging Face builds it, causal masks included, on 32 tokens. */
export function gpt2(): Model {
  const tokens = 32;
  const width = 768;
  const heads = 12;
  const norm = (path: string) => ({ path, op: layerNorm({ tokens, normalizedShape: width }) });
  const conv1d = (path: string, inFeatures: number, outFeatures: number) => ({
    path,
    module: "Conv1D",
    op: linear({ tokens, inFeatures, outFeatures, bias: true }),
  });
  const block = (i: number) => [
    norm(`h.${i}/ln_1`),
    conv1d(`h.${i}/attn/c_attn`, width, 3 * width),
    { path: `h.${i}/attn`, op: attention({ tokens, heads, headDim: 64, causal: true }) },
    conv1d(`h.${i}/attn/c_proj`, width, width),
    norm(`h.${i}/ln_2`),
    conv1d(`h.${i}/mlp/c_fc`, width, 4 * width),
    { path: `h.${i}/mlp/act`, op: activation("geluTanh", { shape: [tokens, 4 * width] }), module: "NewGELUActivation" },
    conv1d(`h.${i}/mlp/c_proj`, 4 * width, width),
  ];
  const table = (path: string, numEmbeddings: number) => ({
    path,
    op: embedding({ tokens, numEmbeddings, embeddingDim: width }),
  });
  return {
    name: "gpt2",
    workload: { batch: 1 },
    nodes: [
      table("wte", 50257),
      table("wpe", 1024),
      ...Array.from({ length: 12 }, (_, i) => block(i)).flat(),
      norm("ln_f"),
      { path: "lm_head", op: linear({ tokens, inFeatures: width, outFeatures: 50257 }) },
    ],
  };
}

/** A small Llama: RMS norms, a gated SiLU feed-forward, no biases. */
export function llama(): Model {
  const tokens = 32;
  const width = 64;
  const inner = 172;
  const heads = 4;
  const vocabulary = 320;
  const project = (path: string, inFeatures: number, outFeatures: number) => ({
    path,
    op: linear({ tokens, inFeatures, outFeatures }),
  });
  const norm = (path: string) => ({ path, op: rmsNorm({ tokens, normalizedShape: width }) });
  const block = (i: number) => [
    norm(`${i}/n1`),
    ...["q", "k", "v", "o"].map((name) => project(`${i}/${name}`, width, width)),
    { path: `${i}/attention`, op: attention({ tokens, heads, headDim: width / heads, causal: true }) },
    norm(`${i}/n2`),
    project(`${i}/gate`, width, inner),
    project(`${i}/up`, width, inner),
    { path: `${i}/act`, op: activation("silu", { shape: [tokens, inner] }) },
    { path: `${i}/mul`, op: mul({ shape: [tokens, inner] }) },
    project(`${i}/down`, inner, width),
  ];
  return {
    name: "llama",
    workload: { batch: 1 },
    nodes: [
      { path: "embed", op: embedding({ tokens, numEmbeddings: vocabulary, embeddingDim: width }) },
      ...[0, 1].flatMap(block),
      norm("norm"),
      project("lm_head", width, vocabulary),
    ],
  };
}
