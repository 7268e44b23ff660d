// Layers with sizes of their own, and layers that read the cache of another one.
import { describe, expect, it } from "vitest";
import {
  decoder,
  fromHuggingFace,
  kvCacheBytes,
  modelCost,
  tensorParallel,
  type DecoderConfig,
} from "../../lib/index.js";
import { small } from "./small.js";

const uneven: DecoderConfig = { ...small, layers: [{}, { headDim: 4, numKeyValueHeads: 1 }] };
const sharing: DecoderConfig = { ...small, numHiddenLayers: 3, numKvSharedLayers: 1 };

describe("layers", () => {
  it("gives a layer its own heads, by hand", () => {
    // Layer 1: q and o 8·16 each, k and v 8·4 each, in place of 8·8 and 8·4.
    const more = modelCost(decoder(uneven)).params - modelCost(decoder(small)).params;
    expect(more).toBe(2 * 8 * 16 + 2 * 8 * 4 - (2 * 8 * 8 + 2 * 8 * 4));
  });

  it("is cached layer by layer", () =>
    expect(kvCacheBytes(uneven, { context: 10 }).perSequence).toBe(10 * 2 * (2 * 2 * 2 + 2 * 1 * 4)));

  it("is divided where every layer's key/value heads can be", () => {
    const four: DecoderConfig = { ...small, numKeyValueHeads: 4, layers: [{}, { numKeyValueHeads: 2 }] };
    expect(tensorParallel(decoder(four), 2).kvPerToken).toBe(kvCacheBytes(four).perToken / 2);
    expect(() => tensorParallel(decoder(four), 4)).toThrow(
      "tensorParallel: devices must be at most the fewest numKeyValueHeads where layers differ in them, got 4",
    );
  });
});

describe("numKvSharedLayers", () => {
  it("has neither keys nor values in the last layers, and caches none", () => {
    const alone = { ...sharing, numKvSharedLayers: 0 };
    expect(modelCost(decoder(alone)).params - modelCost(decoder(sharing)).params).toBe(2 * 8 * 4);
    expect(kvCacheBytes(sharing, { context: 10 }).total).toBe((kvCacheBytes(alone, { context: 10 }).total * 2) / 3);
  });

  it("reads the last layer before that sees as much", () => {
    const windows = { ...sharing, numHiddenLayers: 4, slidingWindow: 3, fullAttentionLayers: [0, 3] };
    const { nodes } = decoder({ ...windows, numKvSharedLayers: 2 }, { tokens: 5 });
    const read = (i: number) =>
      nodes.find(({ path }) => path === `layers.${i}/attention/core`)!.reads!.map((node) => nodes[node]!.path);
    expect(read(2)).toContain("layers.1/attention/k_rope");
    expect(read(3)).toEqual(["layers.3/attention/q_rope", "layers.0/attention/k_rope", "layers.0/attention/v_proj"]);
    expect(() => decoder({ ...windows, fullAttentionLayers: [3], numKvSharedLayers: 2 })).toThrow(
      "decoder: numKvSharedLayers must leave a layer that sees as much as layer 3, got 2",
    );
  });
});

describe("Gemma 4", () => {
  const config = {
    model_type: "gemma4_text",
    hidden_size: 48,
    num_hidden_layers: 6,
    num_attention_heads: 6,
    num_key_value_heads: 3,
    head_dim: 10,
    global_head_dim: 14,
    num_global_key_value_heads: 2,
    attention_k_eq_v: true,
    enable_moe_block: true,
    num_experts: 5,
    top_k_experts: 2,
    moe_intermediate_size: 20,
  };

  it("has one number beside the parameters of each layer", () => {
    const { nodes } = fromHuggingFace(config, { tokens: 3, phase: "train" });
    const scalars = nodes.filter(({ path }) => path.endsWith("/layer_scalar"));
    expect(scalars.map(({ op }) => op.weights)).toEqual(
      Array.from({ length: 6 }, () => [{ name: "layer_scalar", shape: [1], dtype: "bf16", stored: false }]),
    );
  });

  it("stores the experts in 4 bits where the dense halves stay as they are", () => {
    const quantization_config = {
      quant_method: "modelopt",
      quant_algo: "NVFP4",
      config_groups: { group_0: { weights: { num_bits: 4, type: "float", group_size: 16 }, targets: ["Linear"] } },
      ignore: ["lm_head", "model.language_model.layers.*.mlp*", "model.language_model.layers.*.self_attn*"],
    };
    const { nodes, unpriced } = fromHuggingFace({ ...config, quantization_config }, { tokens: 3 });
    const dtypeOf = (path: string) => nodes.find((node) => node.path === path)!.op.weights[0]!.dtype;
    expect(unpriced).toBeUndefined();
    expect([dtypeOf("layers.0/experts"), dtypeOf("layers.0/mlp/up_proj"), dtypeOf("layers.0/router")]).toEqual([
      "fp4",
      "bf16",
      "bf16",
    ]);
  });

  it("refuses what its layers do not have", () => {
    const refused = (more: object) => () => fromHuggingFace({ ...config, ...more });
    expect(refused({ num_kv_shared_layers: 6 })).toThrow("num_kv_shared_layers must be fewer than the layers");
    expect(refused({ per_layer_config: { 9: { head_dim: 4 } } })).toThrow("sizes of one of the 6 layers");
    expect(refused({ per_layer_config: { 1: { hidden_size: 4 } } })).toThrow("per_layer_config.1.hidden_size");
    expect(refused({ use_bidirectional_attention: "all" })).toThrow("use_bidirectional_attention must be");
  });
});

describe("Gemma 3n", () => {
  it("says that the bytes of a quantized file are not known", () => {
    const config = { model_type: "gemma3n_text", hidden_size: 64, num_hidden_layers: 35, num_attention_heads: 8 };
    const quantization_config = { quant_method: "bitsandbytes", load_in_4bit: true };
    expect(fromHuggingFace({ ...config, quantization_config }).unpriced).toContain("weightDtype (--weight-dtype)");
    expect(fromHuggingFace({ ...config, quantization_config }, { weightDtype: "int4" }).unpriced).toBeUndefined();
  });
});
