// Files are made here, byte by byte; nothing is downloaded.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fromSafetensors } from "../../lib/import/safetensors.js";
import { safetensorsFile, safetensorsHeader } from "./support/files.js";

const hidden = 64;
const layers = 3;
const vocab = 320;
const intermediate = 160;
const heads = 4;
const kvHeads = 2;
const headDim = 32;
const decoder = (): Record<string, { dtype: string; shape: number[] }> => ({
  "model.embed_tokens.weight": { dtype: "BF16", shape: [vocab, hidden] },
  ...Object.fromEntries(
    Array.from({ length: layers }, (_, i) =>
      Object.entries({
        "self_attn.q_proj": [heads * headDim, hidden],
        "self_attn.k_proj": [kvHeads * headDim, hidden],
        "self_attn.v_proj": [kvHeads * headDim, hidden],
        "self_attn.o_proj": [hidden, heads * headDim],
        "self_attn.q_norm": [headDim],
        "self_attn.k_norm": [headDim],
        "mlp.gate_proj": [intermediate, hidden],
        "mlp.up_proj": [intermediate, hidden],
        "mlp.down_proj": [hidden, intermediate],
        input_layernorm: [hidden],
        post_attention_layernorm: [hidden],
      }).map(([name, shape]) => [`model.layers.${i}.${name}.weight`, { dtype: "BF16", shape }] as const),
    ).flat(),
  ),
  "model.norm.weight": { dtype: "F32", shape: [hidden] },
});
// A layer by hand: q and o 2·128·64, k and v 2·64·64, norms 2·32 + 2·64, three of 160·64.
const params = vocab * hidden + hidden + layers * (2 * 128 * 64 + 2 * 64 * 64 + 2 * 32 + 2 * 64 + 3 * 160 * 64);

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ridgepoint-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("fromSafetensors(file)", () => {
  it("gives totals, dtypes, tensors and the file's metadata", async () => {
    const { header, dataBytes } = safetensorsHeader(decoder(), { format: "pt" });
    const file = await fromSafetensors(safetensorsFile(header, dataBytes));
    expect(file.params).toBe(params);
    expect(file.params).toBe(file.tensors.reduce((n, t) => n + t.shape.reduce((m, d) => m * d, 1), 0));
    expect(file.bytes).toBe(dataBytes);
    expect(file.bytesByDtype).toEqual({ BF16: 2 * (params - hidden), F32: 4 * hidden });
    expect(file.metadata).toEqual({ format: "pt" });
    expect(file.tensors[0]).toEqual({
      name: "model.embed_tokens.weight",
      shape: [vocab, hidden],
      dtype: "BF16",
      elements: vocab * hidden,
      bytes: 2 * vocab * hidden,
    });
  });

  it("tells a Qwen3-shaped decoder by its names, with every size", async () => {
    const { header, dataBytes } = safetensorsHeader(decoder());
    const { architecture, config } = await fromSafetensors(safetensorsFile(header, dataBytes));
    expect(architecture).toBe("qwen3");
    expect(config).toMatchObject({
      hidden_size: hidden,
      num_hidden_layers: layers,
      num_attention_heads: heads,
      num_key_value_heads: kvHeads,
      head_dim: headDim,
      intermediate_size: intermediate,
      vocab_size: vocab,
      tie_word_embeddings: true,
    });
  });

  it.each([
    ["llama", ["model.layers.0.self_attn.q_proj.weight", "model.layers.0.mlp.gate_proj.weight"]],
    ["mixtral", ["model.layers.0.self_attn.q_proj.weight", "model.layers.0.block_sparse_moe.gate.weight"]],
    ["bert", ["bert.encoder.layer.0.attention.self.query.weight"]],
    ["gpt2", ["h.0.attn.c_attn.weight"]],
    ["resnet", ["layer1.0.conv1.weight", "fc.weight"]],
  ])("tells %s by its names and claims no sizes", async (family, names) => {
    const { header, dataBytes } = safetensorsHeader(
      Object.fromEntries(names.map((n) => [n, { dtype: "F32", shape: [2, 2] }])),
    );
    const { architecture, config } = await fromSafetensors(safetensorsFile(header, dataBytes));
    expect([architecture, config]).toEqual([family, undefined]);
  });

  it("reads a path, a folder, and the config.json beside the file", async () => {
    const { header, dataBytes } = safetensorsHeader(decoder());
    const config = { model_type: "qwen3", hidden_size: 64 };
    await writeFile(join(folder, "model.safetensors"), safetensorsFile(header, dataBytes));
    expect((await fromSafetensors(join(folder, "model.safetensors"))).params).toBe(params);
    await writeFile(join(folder, "config.json"), JSON.stringify(config));
    expect((await fromSafetensors(folder)).config).toEqual(config);
  });

  it("sums the shards of an index", async () => {
    const entries = Object.entries(decoder());
    const map: Record<string, string> = {};
    for (const [i, part] of [entries.slice(0, 10), entries.slice(10)].entries()) {
      const { header, dataBytes } = safetensorsHeader(Object.fromEntries(part));
      const name = `model-0000${i + 1}-of-00002.safetensors`;
      for (const [tensor] of part) map[tensor] = name;
      await writeFile(join(folder, name), safetensorsFile(header, dataBytes));
    }
    const index = join(folder, "model.safetensors.index.json");
    await writeFile(index, JSON.stringify({ metadata: { total_size: 2 * params + 2 * hidden }, weight_map: map }));
    const file = await fromSafetensors(index);
    expect([file.params, file.bytes, file.metadata]).toEqual([
      params,
      2 * params + 2 * hidden,
      { total_size: 2 * params + 2 * hidden },
    ]);
    await writeFile(index, JSON.stringify({ weight_map: { ...map, missing: "model-00001-of-00002.safetensors" } }));
    await expect(fromSafetensors(index)).rejects.toThrow('fromSafetensors: tensor "missing" must be in');
    await writeFile(index, JSON.stringify({ weight_map: { a: "../outside.safetensors" } }));
    await expect(fromSafetensors(index)).rejects.toThrow(
      /must name \.safetensors files beside the index, got "\.\.\/outside/,
    );
  });

  it("keeps a name with markup, and one called __proto__, as text", async () => {
    const { header, dataBytes } = safetensorsHeader({
      "<img src=x onerror=alert(1)>": { dtype: "F32", shape: [2] },
      ["__proto__"]: { dtype: "I8", shape: [3] },
    });
    const { tensors } = await fromSafetensors(safetensorsFile(header, dataBytes));
    expect(tensors.map((t) => t.name)).toEqual(["<img src=x onerror=alert(1)>", "__proto__"]);
  });
});

describe("fromSafetensors(a hostile file)", () => {
  const refused = async (bytes: Uint8Array): Promise<string> => {
    const error = await fromSafetensors(bytes).then(
      () => undefined,
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(RangeError);
    const { message } = error as RangeError;
    expect(message).toMatch(/^fromSafetensors: [^\n]{1,300}$/);
    return message;
  };

  it("refuses a file cut at every 64th byte", async () => {
    const { header, dataBytes } = safetensorsHeader(decoder());
    const whole = safetensorsFile(header, dataBytes);
    const headerEnd = whole.length - dataBytes;
    for (let at = 0; at < whole.length; at += at < headerEnd + 640 ? 64 : 64 * 61)
      expect(await refused(whole.subarray(0, at))).toMatch(/offset|bytes/);
  });

  const one = (entry: Record<string, unknown>): Uint8Array =>
    safetensorsFile({ w: { dtype: "F32", shape: [2], data_offsets: [0, 8], ...entry } }, 8);
  it.each([
    [
      "a header length beyond 2^53",
      safetensorsFile("{}", 0, 0xffffffffffffffffn),
      "header length at offset 0 must be at most 100000000",
    ],
    [
      "a header length beyond the file",
      safetensorsFile("{}", 0, 3),
      "header length at offset 0 must be at most the 2 bytes that follow, got 3",
    ],
    ["a header that is no JSON", safetensorsFile("{\n\n]", 0), "header at offset 8 must be JSON"],
    ["a header that is a list", safetensorsFile("[]", 0), "header at offset 8 must be a JSON object"],
    [
      "lists a hundred thousand deep",
      safetensorsFile(`{"a":${"[".repeat(1e5)}`, 0),
      "header must nest at most 16 levels, got more at offset 28",
    ],
    ["objects a hundred thousand deep", safetensorsFile(`{"a":`.repeat(1e5), 0), "header must nest at most 16 levels"],
    [
      "a name that is no UTF-8",
      safetensorsFile(Uint8Array.of(0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d), 0),
      "header must be UTF-8, got another byte at offset 11",
    ],
    [
      "a claim of 1e9 elements",
      one({ shape: [1e9] }),
      'data_offsets of tensor "w" must span 4000000000 bytes (1000000000 × F32), got 8',
    ],
    ["a product beyond 2^53", one({ shape: [2 ** 40, 2 ** 40] }), 'tensor "w" must hold at most 2^53 - 1 elements'],
    ["a negative size", one({ shape: [-2] }), 'shape of tensor "w" must be non-negative integers, got [-2]'],
    ["a fractional size", one({ shape: [0.5] }), "must be non-negative integers"],
    ["an unknown dtype", one({ dtype: "constructor" }), 'dtype of tensor "w" must be one of BOOL'],
    ["offsets that run backwards", one({ data_offsets: [8, 0] }), "must span 8 bytes"],
    ["offsets beyond 2^53", one({ data_offsets: [0, 1e300] }), "must be two non-negative integers"],
    [
      "a gap between tensors",
      safetensorsFile(
        {
          a: { dtype: "F32", shape: [1], data_offsets: [0, 4] },
          b: { dtype: "F32", shape: [1], data_offsets: [8, 12] },
        },
        12,
      ),
      'tensor "b" must start where the one before ends, 4, got 8',
    ],
    [
      "two tensors in one place",
      safetensorsFile(
        {
          a: { dtype: "F32", shape: [1], data_offsets: [0, 4] },
          b: { dtype: "F32", shape: [1], data_offsets: [0, 4] },
        },
        4,
      ),
      'tensor "b" must start where the one before ends, 4, got 0',
    ],
    [
      "bytes behind the tensors",
      safetensorsFile({ w: { dtype: "F32", shape: [2], data_offsets: [0, 8] } }, 9),
      "must hold the 8 data bytes that its header describes, got 9",
    ],
    ["an entry that is no object", safetensorsFile({ "<b>\n": null }, 0), 'dtype of tensor "<b>\\n" must be'],
  ])("refuses %s", async (_, bytes, message) => {
    expect(await refused(bytes)).toContain(message);
  });
});
