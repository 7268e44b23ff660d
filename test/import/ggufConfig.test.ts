// A file's hyperparameters, counted as a model, give the file's own total: two roads to one number.
import { describe, expect, it } from "vitest";
import { fromGguf } from "../../lib/import/gguf.js";
import { fromHuggingFace } from "../../lib/import/huggingFace.js";
import { fromSafetensors } from "../../lib/import/safetensors.js";
import { fromTensorFile } from "../../lib/import/tensorFileModel.js";
import { modelCost } from "../../lib/model.js";
import { weightBytes } from "../../lib/serving/index.js";
import { ggufFile, safetensorsFile, safetensorsHeader, type GgufValue } from "./support/files.js";

const hidden = 64;
const layers = 2;
const heads = 4;
const kvHeads = 2;
const intermediate = 96;
const vocab = 200;
const experts = 4;
const hyper = (architecture: string, more: Record<string, GgufValue> = {}): Record<string, GgufValue> => ({
  "general.architecture": architecture,
  ...Object.fromEntries(
    Object.entries({
      block_count: layers,
      embedding_length: hidden,
      feed_forward_length: intermediate,
      "attention.head_count": heads,
      "attention.head_count_kv": kvHeads,
      context_length: 128,
      ...more,
    }).map(([k, v]) => [`${architecture}.${k}`, v]),
  ),
});
const attention = (headDim: number): Record<string, number[]> => ({
  "attn_q.weight": [heads * headDim, hidden],
  "attn_k.weight": [kvHeads * headDim, hidden],
  "attn_v.weight": [kvHeads * headDim, hidden],
  "attn_output.weight": [hidden, heads * headDim],
  "attn_norm.weight": [hidden],
  "ffn_norm.weight": [hidden],
});
const gated = {
  "ffn_gate.weight": [intermediate, hidden],
  "ffn_up.weight": [intermediate, hidden],
  "ffn_down.weight": [hidden, intermediate],
};
const mixture = (width: number): Record<string, number[]> => ({
  "ffn_gate_inp.weight": [experts, hidden],
  "ffn_gate_exps.weight": [experts, width, hidden],
  "ffn_up_exps.weight": [experts, width, hidden],
  "ffn_down_exps.weight": [experts, hidden, width],
});
const norms = (headDim: number): Record<string, number[]> => ({
  "attn_q_norm.weight": [headDim],
  "attn_k_norm.weight": [headDim],
});
const bias = { "attn_q.bias": [heads * 16], "attn_k.bias": [kvHeads * 16], "attn_v.bias": [kvHeads * 16] };
const file = (metadata: Record<string, GgufValue>, block: Record<string, number[]>, tied: boolean): Uint8Array =>
  ggufFile(
    metadata,
    Object.entries({
      "token_embd.weight": [vocab, hidden],
      "output_norm.weight": [hidden],
      ...(tied ? {} : { "output.weight": [vocab, hidden] }),
      ...Object.fromEntries(
        Array.from({ length: layers }, (_, i) =>
          Object.entries(block).map(([name, shape]) => [`blk.${i}.${name}`, shape] as const),
        ).flat(),
      ),
    }).map(([name, shape]) => ({ name, shape, type: 0, bytes: 4 * shape.reduce((n, d) => n * d, 1) })),
  );

describe("fromHuggingFace((await fromGguf(file)).config)", () => {
  it.each([
    ["llama", file(hyper("llama"), { ...attention(16), ...gated }, false)],
    [
      "mixtral",
      file(
        hyper("llama", { expert_count: experts, expert_used_count: 2 }),
        { ...attention(16), ...mixture(intermediate) },
        false,
      ),
    ],
    ["qwen2", file(hyper("qwen2"), { ...attention(16), ...bias, ...gated }, true)],
    ["qwen3", file(hyper("qwen3", { "attention.key_length": 32 }), { ...attention(32), ...norms(32), ...gated }, true)],
    [
      "qwen3_moe",
      file(
        hyper("qwen3moe", {
          "attention.key_length": 32,
          expert_count: experts,
          expert_used_count: 2,
          expert_feed_forward_length: 24,
        }),
        { ...attention(32), ...norms(32), ...mixture(24) },
        false,
      ),
    ],
    [
      "gemma2",
      file(
        hyper("gemma2", { "attention.key_length": 32, "attention.sliding_window": 64 }),
        { ...attention(32), ...gated, "post_attention_norm.weight": [hidden], "post_ffw_norm.weight": [hidden] },
        true,
      ),
    ],
  ])("has the parameters of the file: %s", async (type, bytes) => {
    const { params, config } = await fromGguf(bytes);
    expect(config?.model_type).toBe(type);
    expect(modelCost(fromHuggingFace(config!)).params).toBe(params);
  });
});

describe("fromTensorFile(await fromGguf(file)) of layers that differ", () => {
  const lists = (more: Record<string, GgufValue> = {}): Record<string, GgufValue> => ({
    ...hyper("deci"),
    "deci.block_count": 4,
    "deci.attention.head_count": [4, 4, 0, 4],
    "deci.attention.head_count_kv": [2, 1, 0, 0],
    "deci.feed_forward_length": [256, 512, 768, 0],
    ...more,
  });
  const attend = (kv: number) => ({
    "attn_norm.weight": [hidden],
    "attn_q.weight": [64, hidden],
    "attn_k.weight": [kv * 16, hidden],
    "attn_v.weight": [kv * 16, hidden],
    "attn_output.weight": [hidden, 64],
  });
  const feed = (width: number) => ({
    "ffn_norm.weight": [hidden],
    "ffn_gate.weight": [width, hidden],
    "ffn_up.weight": [width, hidden],
    "ffn_down.weight": [hidden, width],
  });
  const blocks: readonly Record<string, number[]>[] = [
    { ...attend(2), ...feed(256) },
    { ...attend(1), ...feed(512) },
    feed(768),
    { "attn_norm.weight": [hidden], "attn_output.weight": [hidden, hidden] },
  ];
  const written = (metadata: Record<string, GgufValue>): Uint8Array =>
    ggufFile(
      metadata,
      [
        ["token_embd.weight", [vocab, hidden]] as const,
        ["output_norm.weight", [hidden]] as const,
        ["output.weight", [vocab, hidden]] as const,
        ...blocks.flatMap((block, i) =>
          Object.entries(block).map(([name, shape]) => [`blk.${i}.${name}`, shape] as const),
        ),
      ].map(([name, shape]) => ({ name, shape: [...shape], type: 0, bytes: 4 * shape.reduce((n, d) => n * d, 1) })),
    );

  it("counts Nemotron-NAS: no attention, a matrix in its place, no feed-forward", async () => {
    const read = await fromGguf(written(lists()));
    const { model, differences } = fromTensorFile(read, { tokens: 3 });
    expect(differences).toEqual([]);
    const { params, macs } = modelCost(model);
    expect([params, weightBytes(model)]).toEqual([read.params, read.bytes]);
    // Every matrix but the embedding for each token; scores and values of two layers of 4 heads of 16.
    const matrices = read.params - vocab * hidden - hidden * (1 + 2 + 2 + 1 + 1);
    expect(macs).toBe(3 * matrices + 2 * (2 * 3 * 3 * 64));
  });

  it.each<[Record<string, GgufValue>, RegExp]>([
    [{ "deci.feed_forward_length": [256, 512, 700, 0] }, /^deci.feed_forward_length must be multiples of 256/],
    [{ "deci.attention.head_count": [4, 8, 0, 4] }, /^deci.attention.head_count must be 0 or the same/],
    [{ "deci.attention.head_count_kv": [2, 3, 0, 0] }, /^deci.attention.head_count_kv must divide the 4 heads/],
    [{ "deci.attention.head_count_kv": [2, 1] }, /^deci.attention.head_count_kv must be a size of each of 4 lay/],
  ])("says why %j tells no configuration", async (more, why) => {
    const { config, why: said } = await fromGguf(written(lists(more)));
    expect([config, said]).toEqual([undefined, expect.stringMatching(why)]);
  });
});

describe("fromHuggingFace((await fromSafetensors(file)).config)", () => {
  it("has the parameters of the file, sizes told by its names", async () => {
    const block = {
      "self_attn.q_proj": [128, 64],
      "self_attn.k_proj": [64, 64],
      "self_attn.v_proj": [64, 64],
      "self_attn.o_proj": [64, 128],
      "self_attn.q_norm": [32],
      "self_attn.k_norm": [32],
      "mlp.gate_proj": [96, 64],
      "mlp.up_proj": [96, 64],
      "mlp.down_proj": [64, 96],
      input_layernorm: [64],
      post_attention_layernorm: [64],
    };
    const shapes = {
      "model.embed_tokens": [200, 64],
      "model.norm": [64],
      ...Object.fromEntries(
        [0, 1, 2].flatMap((i) => Object.entries(block).map(([k, v]) => [`model.layers.${i}.${k}`, v] as const)),
      ),
    };
    const { header, dataBytes } = safetensorsHeader(
      Object.fromEntries(Object.entries(shapes).map(([k, shape]) => [`${k}.weight`, { dtype: "BF16", shape }])),
    );
    const read = await fromSafetensors(safetensorsFile(header, dataBytes));
    expect(modelCost(fromHuggingFace(read.config!)).params).toBe(read.params);
  });
});
