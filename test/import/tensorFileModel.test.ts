// A weights file priced tensor by tensor, and held against the model that its configuration counts.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  fromGguf,
  fromHuggingFace,
  fromSafetensors,
  fromTensorFile,
  modelCost,
  tokensPerSecond,
} from "../../lib/index.js";
import { device } from "../../lib/devices.js";
import { fits, weightBytes } from "../../lib/serving/index.js";
import { ggufFile, safetensorsFile, safetensorsHeader, type GgufTensor, type GgufValue } from "./support/files.js";

const hidden = 64;
const vocab = 96;
const layer: Readonly<Record<string, readonly number[]>> = {
  "attn_q.weight": [64, 64],
  "attn_k.weight": [32, 64],
  "attn_v.weight": [32, 64],
  "attn_output.weight": [64, 64],
  "ffn_gate.weight": [128, 64],
  "ffn_up.weight": [128, 64],
  "ffn_down.weight": [64, 128],
  "attn_norm.weight": [64],
  "ffn_norm.weight": [64],
};
const metadata: Record<string, GgufValue> = {
  "general.architecture": "llama",
  "llama.block_count": 2,
  "llama.embedding_length": hidden,
  "llama.feed_forward_length": 128,
  "llama.attention.head_count": 4,
  "llama.attention.head_count_kv": 2,
};
/** Matrices in Q8_0 (34 bytes for 32), norms in F32. */
const tensor = (name: string, shape: readonly number[]): GgufTensor => {
  const n = shape.reduce((product, d) => product * d, 1);
  return shape.length === 1 ? { name, shape, type: 0, bytes: 4 * n } : { name, shape, type: 8, bytes: (34 * n) / 32 };
};
const tensors = [
  tensor("token_embd.weight", [vocab, hidden]),
  tensor("output_norm.weight", [hidden]),
  tensor("output.weight", [vocab, hidden]),
  ...[0, 1].flatMap((i) => Object.entries(layer).map(([name, shape]) => tensor(`blk.${i}.${name}`, shape))),
];
const total = tensors.reduce((n, t) => n + t.bytes, 0);

describe("fromTensorFile(await fromGguf(file))", () => {
  it("has each weight at the file's bytes, in every figure", async () => {
    const file = await fromGguf(ggufFile(metadata, tensors));
    const { model, differences } = fromTensorFile(file, { tokens: 1, phase: "decode", context: 8 });
    expect([differences, modelCost(model).params]).toEqual([[], file.params]);
    expect([weightBytes(model), file.bytes, fits(model, device("h100-sxm")).ledger["weights"]]).toEqual([
      total,
      total,
      total,
    ]);
    // A step reads one row of the embedding.
    const row = (34 * hidden) / 32;
    expect(modelCost(model).weightBytes).toBe(total - (vocab - 1) * row);
    const again = tokensPerSecond(model, device("h100-sxm")).decode.memorySeconds;
    const c = modelCost(model);
    expect(again).toBe((c.bytesRead + c.bytesWritten) / device("h100-sxm").bandwidth);
    expect(weightBytes(fromTensorFile(file, { weightDtype: "fp16" }).model)).toBeLessThan(2 * file.params + 1000);
  });

  it("says what no layer reads, and refuses bytes where a weight is missing", async () => {
    const more = await fromGguf(ggufFile(metadata, [...tensors, tensor("blk.0.twist.weight", [64, 64])]));
    expect(fromTensorFile(more).differences).toEqual(['"blk.0.twist.weight" of 4,096 elements that no layer reads']);
    const less = await fromGguf(
      ggufFile(
        metadata,
        tensors.filter(({ name }) => name !== "blk.1.ffn_up.weight"),
      ),
    );
    const { model, differences } = fromTensorFile(less);
    expect(differences).toEqual(["no tensor for layers.1/mlp/up_proj#weight of 8,192 parameters"]);
    expect(() => weightBytes(model)).toThrow(/file must hold every weight of the model, got no tensor for layers.1/);
  });

  it("reads all parts of a split file, and refuses one alone", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ridgepoint-"));
    const part = (no: number, list: GgufTensor[]): Uint8Array =>
      ggufFile({ ...metadata, "split.no": no, "split.count": 2, "split.tensors.count": tensors.length }, list);
    const name = (no: number): string => join(folder, `m-0000${no}-of-00002.gguf`);
    writeFileSync(name(1), part(0, tensors.slice(0, 9)));
    await expect(fromGguf(name(1))).rejects.toThrow(/file must be readable/);
    writeFileSync(name(2), part(1, tensors.slice(9)));
    for (const no of [1, 2]) expect((await fromGguf(name(no))).bytes).toBe(total);
    await expect(fromGguf(part(0, tensors.slice(0, 9)))).rejects.toThrow(/a part of a split model must be named/);
    writeFileSync(name(2), part(1, tensors.slice(10)));
    await expect(fromGguf(name(1))).rejects.toThrow(/must hold 21 tensors together, got 20/);
  });

  it("is refused as a vocabulary without tensors, and told why it has no configuration", async () => {
    await expect(fromGguf(ggufFile(metadata, []))).rejects.toThrow(/file must hold tensors, got none/);
    const uneven = await fromGguf(ggufFile({ ...metadata, "llama.attention.head_count_kv": [2, 1] }, tensors));
    expect([uneven.config, uneven.why]).toEqual([
      undefined,
      "llama.attention.head_count_kv must be the same in every layer, got [2,1]",
    ]);
    expect(() => fromTensorFile(uneven)).toThrow(/head_count_kv must be the same/);
  });
});

describe("fromTensorFile(await fromSafetensors(file))", () => {
  it("finds a decoder's tensors by their names, each at its own format", async () => {
    const block = {
      "self_attn.q_proj": [64, 64],
      "self_attn.k_proj": [32, 64],
      "self_attn.v_proj": [32, 64],
      "self_attn.o_proj": [64, 64],
      "mlp.gate_proj": [128, 64],
      "mlp.up_proj": [128, 64],
      "mlp.down_proj": [64, 128],
      input_layernorm: [64],
      post_attention_layernorm: [64],
    };
    const named: Record<string, { dtype: string; shape: number[] }> = {
      "model.embed_tokens.weight": { dtype: "BF16", shape: [vocab, hidden] },
      "model.norm.weight": { dtype: "F32", shape: [hidden] },
      "lm_head.weight": { dtype: "F16", shape: [vocab, hidden] },
      "model.layers.0.self_attn.rotary_emb.inv_freq": { dtype: "F32", shape: [8] },
    };
    for (const [name, shape] of Object.entries(block))
      named[`model.layers.0.${name}.weight`] = { dtype: name.startsWith("mlp") ? "F8_E4M3" : "F32", shape };
    const { header, dataBytes } = safetensorsHeader(named);
    const config = {
      model_type: "llama",
      hidden_size: hidden,
      intermediate_size: 128,
      num_hidden_layers: 1,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      vocab_size: vocab,
    };
    const { model, differences } = fromTensorFile({
      ...(await fromSafetensors(safetensorsFile(header, dataBytes))),
      config,
    });
    // The rotary table is no parameter.
    expect([differences, weightBytes(model)]).toEqual([[], dataBytes - 4 * 8]);
  });

  it("prices an encoder's F32 tensors at four bytes, and says where sizes differ", async () => {
    const { header, dataBytes } = safetensorsHeader({ "a.weight": { dtype: "F32", shape: [3, 5] } });
    const file = await fromSafetensors(safetensorsFile(header, dataBytes));
    const config = {
      model_type: "bert",
      hidden_size: 32,
      num_hidden_layers: 1,
      num_attention_heads: 2,
      intermediate_size: 64,
      vocab_size: 50,
      max_position_embeddings: 512,
      type_vocab_size: 2,
    };
    const { model, differences } = fromTensorFile({ ...file, config }, { dtype: "bf16" });
    const { params } = modelCost(fromHuggingFace(config));
    expect(weightBytes(model)).toBe(4 * params);
    expect(differences[0]).toMatch(/^15 elements for .* parameters: "a" 15$/);
  });
});

it("configurations as Python writes them: a mark of byte order, Infinity without quotes", () => {
  const text =
    '\ufeff{"model_type": "llama", "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 1, ' +
    '"num_attention_heads": 4, "vocab_size": 96, ' +
    '"rope_scaling": {"x": [0.0, -Infinity, Infinity, NaN]}, "_name_or_path": "Infinity \\" NaN"}';
  expect(modelCost(fromHuggingFace(text)).params).toBe(2 * 96 * 64 + 4 * 64 * 64 + 3 * 64 * 128 + 3 * 64);
});
