// Files are made here, byte by byte; nothing is downloaded and no address is looked up.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { ggmlTypes } from "../../lib/import/ggmlTypes.js";
import { fromGguf } from "../../lib/import/gguf.js";
import { bytesOfParts, ggufFile, type GgufTensor, type GgufValue } from "./support/files.js";

const { concat, u32, u64 } = bytesOfParts;
const metadata: Record<string, GgufValue> = {
  "general.architecture": "llama",
  "llama.block_count": 1,
  "llama.embedding_length": 256,
  "llama.feed_forward_length": 512,
  "llama.attention.head_count": 4,
  "llama.attention.head_count_kv": 2,
  "llama.context_length": 128,
  "tokenizer.ggml.tokens": Array.from({ length: 300 }, (_, i) => `token ${i}`),
  "general.tags": ["a", "b"],
  "general.big": { raw: concat([u32(10), u64(2n ** 60n)]) },
};
// Bytes by hand: Q4_K 144 for 256 weights, Q6_K 210 for 256, Q4_0 18 for 32, IQ2_XXS 66 for 256, F32 4 each.
const tensors: GgufTensor[] = [
  { name: "token_embd.weight", shape: [300, 256], type: 12, bytes: 300 * 144 },
  { name: "output.weight", shape: [300, 256], type: 14, bytes: 300 * 210 },
  { name: "output_norm.weight", shape: [256], type: 0, bytes: 1024 },
  { name: "blk.0.attn_q.weight", shape: [256, 256], type: 2, bytes: 256 * 8 * 18 },
  { name: "blk.0.ffn_down.weight", shape: [256, 512], type: 16, bytes: 256 * 2 * 66 },
];
const whole = ggufFile(metadata, tensors);

describe("fromGguf(file)", () => {
  it("gives totals and the exact bytes of each block format", async () => {
    const file = await fromGguf(whole);
    expect(file.params).toBe(300 * 256 * 2 + 256 + 256 * 256 + 256 * 512);
    expect(file.bytesByDtype).toEqual({ Q4_K: 43_200, Q6_K: 63_000, F32: 1024, Q4_0: 36_864, IQ2_XXS: 33_792 });
    expect(file.bytes).toBe(tensors.reduce((n, t) => n + t.bytes, 0));
    expect(file.tensors[4]).toEqual({
      name: "blk.0.ffn_down.weight",
      shape: [256, 512],
      dtype: "IQ2_XXS",
      elements: 131_072,
      bytes: 33_792,
    });
  });

  it("tells the architecture and a configuration", async () => {
    const { architecture, config } = await fromGguf(whole);
    expect(architecture).toBe("llama");
    expect(config).toMatchObject({
      model_type: "llama",
      hidden_size: 256,
      num_hidden_layers: 1,
      intermediate_size: 512,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      head_dim: 64,
      vocab_size: 300,
      tie_word_embeddings: false,
    });
  });

  it("turns expert counts into a Mixtral-shaped configuration", async () => {
    const { config } = await fromGguf(
      ggufFile({ ...metadata, "llama.expert_count": 8, "llama.expert_used_count": 2 }, tensors),
    );
    expect(config).toMatchObject({
      model_type: "mixtral",
      num_local_experts: 8,
      num_experts_per_tok: 2,
      intermediate_size: 512,
    });
  });

  it("claims no configuration for an architecture that it does not know", async () => {
    const { architecture, config } = await fromGguf(ggufFile({ ...metadata, "general.architecture": "rwkv" }, tensors));
    expect([architecture, config]).toEqual(["rwkv", undefined]);
  });

  it("gives long lists by their length, and integers beyond 2^53 as text", async () => {
    const file = await fromGguf(whole);
    expect(file.metadata["tokenizer.ggml.tokens"]).toEqual({ items: 300 });
    expect(file.metadata["general.tags"]).toEqual(["a", "b"]);
    expect(file.metadata["general.big"]).toBe(String(2n ** 60n));
    expect(() => JSON.stringify(file)).not.toThrow();
  });

  it("reads a path without calling the network", async () => {
    const folder = await mkdtemp(join(tmpdir(), "ridgepoint-"));
    const path = join(folder, "m.gguf");
    const fetch = vi.spyOn(globalThis, "fetch");
    try {
      await writeFile(path, whole);
      expect((await fromGguf(path)).params).toBe((await fromGguf(whole)).params);
      expect(fetch).not.toHaveBeenCalled();
    } finally {
      fetch.mockRestore();
      await rm(folder, { recursive: true });
    }
  });

  it("reads a header of several parts, which a large vocabulary makes", async () => {
    const words = Array.from({ length: 200_000 }, (_, i) => `a token called ${i}`);
    const file = await fromGguf(ggufFile({ ...metadata, "tokenizer.ggml.tokens": words }, tensors));
    expect([file.metadata["tokenizer.ggml.tokens"], file.bytes]).toEqual([
      { items: 200_000 },
      tensors.reduce((n, t) => n + t.bytes, 0),
    ]);
  });

  it("reads what @huggingface/gguf reads, of every kind of value", async () => {
    const kinds: Record<string, GgufValue> = {
      u8: { raw: concat([u32(0), Uint8Array.of(200)]) },
      i8: { raw: concat([u32(1), Uint8Array.of(200)]) },
      u16: { raw: concat([u32(2), Uint8Array.of(1, 250)]) },
      i16: { raw: concat([u32(3), Uint8Array.of(1, 250)]) },
      i32: { raw: concat([u32(5), u32(4_000_000_000)]) },
      f32: { raw: concat([u32(6), new Uint8Array(Float32Array.of(1.5).buffer)]) },
      i64: { raw: concat([u32(11), u64(2n ** 64n - 5n)]) },
      f64: { raw: concat([u32(12), new Uint8Array(Float64Array.of(-2.25).buffer)]) },
      yes: true,
      lists: { raw: concat([u32(9), u32(9), u64(2), u32(0), u64(1), Uint8Array.of(7), u32(0), u64(0)]) },
    };
    const bytes = ggufFile({ ...metadata, ...kinds }, tensors);
    const fetch = async (_: unknown, init?: RequestInit): Promise<Response> => {
      const [from, to] = /(\d+)-(\d+)/.exec(new Headers(init?.headers).get("range")!)!.slice(1).map(Number);
      return new Response(bytes.slice(from, to! + 1));
    };
    const { gguf } = await import("@huggingface/gguf");
    const theirs = await gguf("https://file.invalid/m.gguf", { fetch: fetch as typeof globalThis.fetch });
    const ours = await fromGguf(bytes);
    const plain = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.length > 256 ? { items: value.length } : value.map(plain);
      if (typeof value !== "bigint") return value;
      return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    };
    expect(ours.metadata).toEqual(
      Object.fromEntries(Object.entries(theirs.metadata).map(([key, value]) => [key, plain(value)])),
    );
    expect(ours.tensors.map(({ name, shape }) => [name, shape])).toEqual(
      theirs.tensorInfos.map(({ name, shape }) => [name, shape.map(Number).reverse()]),
    );
  });

  it("lists each block format with whole bytes", () => {
    for (const { blockElements, blockBytes } of ggmlTypes.values())
      expect(Number.isInteger(blockBytes) && blockElements > 0).toBe(true);
    // Bits a weight as llama.cpp documents them.
    const bits = (id: number): number => (8 * ggmlTypes.get(id)!.blockBytes) / ggmlTypes.get(id)!.blockElements;
    expect([2, 8, 10, 11, 12, 13, 14, 16, 19, 23, 39].map(bits)).toEqual([
      4.5, 8.5, 2.625, 3.4375, 4.5, 5.5, 6.5625, 2.0625, 1.5625, 4.25, 4.25,
    ]);
  });

  it("keeps a name with markup as text", async () => {
    const {
      tensors: [t],
    } = await fromGguf(ggufFile({}, [{ name: "<script>alert(1)</script>", shape: [1], type: 0, bytes: 4 }]));
    expect(t!.name).toBe("<script>alert(1)</script>");
  });
});

describe("fromGguf(a hostile file)", () => {
  const refused = async (bytes: Uint8Array): Promise<string> => {
    const error = await fromGguf(bytes).then(
      () => undefined,
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(RangeError);
    const { message } = error as RangeError;
    expect(message).toMatch(/^fromGguf: [^\n]{1,300}$/);
    return message;
  };

  it("refuses a file cut at every 64th byte", async () => {
    const small = ggufFile({ ...metadata, "tokenizer.ggml.tokens": ["a", "b"] }, tensors);
    const header = small.length - tensors.reduce((n, t) => n + Math.ceil(t.bytes / 32) * 32, 0);
    for (let at = 0; at < small.length - 31; at += at < header + 640 ? 64 : 64 * 101)
      expect(await refused(small.subarray(0, at))).toMatch(/offset|bytes/);
  });

  const one = (t: Partial<GgufTensor>): Uint8Array =>
    ggufFile({}, [{ name: "w", shape: [32], type: 0, bytes: 128, ...t }]);
  const text = new TextEncoder();
  const nested = (depth: number): Uint8Array =>
    concat([u32(9), ...Array.from({ length: depth }, () => concat([u32(9), u64(1)])), u32(4), u64(1), u32(7)]);
  const longKey = concat([text.encode("GGUF"), u32(3), u64(0), u64(1), u64(2n ** 63n), new Uint8Array(64)]);
  it.each([
    [
      "another format",
      text.encode("PK\u0003\u0004 and much else behind it"),
      'magic at offset 0 must be "GGUF", got "PK',
    ],
    [
      "an unknown version",
      concat([text.encode("GGUF"), u32(9), u64(0), u64(0)]),
      "version at offset 4 must be 2 or 3, got 9",
    ],
    ["a claim of 1e9 tensors", ggufFile({}, [], { tensorCount: 1e9 }), "tensor count at offset 8 must fit"],
    [
      "a claim of 2^64 - 1 tensors",
      ggufFile({}, [], { tensorCount: 2n ** 64n - 1n }),
      "tensor count at offset 8 must fit",
    ],
    [
      "a claim of 1e9 metadata entries",
      ggufFile({}, [], { metadataCount: 1e9 }),
      "metadata count at offset 16 must fit",
    ],
    ["a key longer than the file", longKey, "header must be GGUF"],
    ["a list of 1e9 items", ggufFile({ a: { raw: concat([u32(9), u32(8), u64(1e9)]) } }, []), "header must be GGUF"],
    [
      "a list of a million items in a hundred bytes",
      ggufFile({ a: { raw: concat([u32(9), u32(8), u64(1e6)]) } }, []),
      "header",
    ],
    ["lists a thousand deep", ggufFile({ a: { raw: nested(1000) } }, []), "header must be GGUF"],
    ["a value of an unknown type", ggufFile({ a: { raw: u32(99) } }, []), "header must be GGUF"],
    ["a tensor of 1e9 elements", one({ shape: [1e9] }), 'tensor "w" must end within the file'],
    ["a product beyond 2^53", one({ shape: [2 ** 31, 2 ** 31] }), 'tensor "w" must hold at most 2^53 - 1 elements'],
    ["an unknown block format", one({ type: 4 }), 'type of tensor "w" must be a GGML type, got 4'],
    [
      "a row that is no whole block",
      one({ type: 12, shape: [32] }),
      'rows of tensor "w" must be a multiple of 256 for Q4_K, got 32',
    ],
    ["a tensor placed behind the end", one({ offset: 2n ** 62n }), 'tensor "w" must end within the file'],
    ["a name that is no UTF-8", one({ name: Uint8Array.of(0xff, 0xfe) }), "tensor name must be UTF-8"],
  ])("refuses %s", async (_, bytes, message) => {
    expect(await refused(bytes)).toContain(message);
  });
});
