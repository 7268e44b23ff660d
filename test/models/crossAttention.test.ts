// Attention of a decoder's layers to a source beside the text; and Qwen's reward head.
import { describe, expect, it } from "vitest";
import {
  decoder,
  fits,
  device,
  fromHuggingFace,
  kvCacheBytes,
  modelCost,
  type DecoderConfig,
} from "../../lib/index.js";
import { small } from "../serving/small.js";

const crossing: DecoderConfig = { ...small, addCrossAttention: true };
const at = (options: object) => modelCost(decoder(crossing, { batch: 2, ...options }));

describe("addCrossAttention", () => {
  it("adds four matrices and a norm a layer, and products with the source, by hand", () => {
    const [own, with5] = [at({ tokens: 3 }), at({ tokens: 3, sourceTokens: 5 })];
    expect(own.params - modelCost(decoder(small)).params).toBe(2 * (4 * 64 + 8));
    expect(with5.params).toBe(own.params);
    // q and o for 6 positions, k and v for 10, and two products of 4 heads of 2 for 2 · 3 · 5 pairs.
    expect(with5.macs - own.macs).toBe(2 * (2 * 6 * 64 + 2 * 10 * 64 + 2 * 30 * 8));
  });

  it("reads the source's keys and values from a cache when decoding", () => {
    const [own, with5] = [at({ context: 4, phase: "decode" }), at({ context: 4, phase: "decode", sourceTokens: 5 })];
    expect(with5.params).toBe(own.params);
    expect(with5.macs - own.macs).toBe(2 * (2 * 2 * 64 + 2 * 10 * 8));
    const cached = (options: object) =>
      kvCacheBytes(decoder(crossing, { phase: "decode", context: 4, ...options })).total;
    expect(cached({ sourceTokens: 5 }) - cached({})).toBe(2 * 2 * 2 * 8 * 5);
  });

  it("keeps the source when a model is made again for another workload", () => {
    const { ledger } = fits(decoder(crossing, { tokens: 4, sourceTokens: 5 }), device("h100-sxm"), { phase: "decode" });
    expect(ledger["kvCache"]).toBe(2 * 2 * (4 * 8 + 5 * 16));
  });
});

describe("BERT with cross-attention", () => {
  it("is a decoder", () =>
    expect(() => fromHuggingFace({ model_type: "bert", add_cross_attention: true })).toThrow(
      "is_decoder must be true beside add_cross_attention",
    ));
  it("is not known of every relative", () =>
    expect(() => fromHuggingFace({ model_type: "albert", is_decoder: true, add_cross_attention: true })).toThrow(
      "add_cross_attention must be false",
    ));
});

describe("a reward", () => {
  const config = {
    model_type: "qwen2",
    hidden_size: 8,
    intermediate_size: 6,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    vocab_size: 11,
  };
  it.each([
    ["Qwen2ForRewardModel", 1],
    ["Qwen2ForProcessRewardModel", 2],
  ])("%s ends in two matrices with biases, %d numbers a position", (name, numbers) => {
    const body = modelCost(fromHuggingFace({ ...config, architectures: ["Qwen2Model"] }));
    const whole = modelCost(fromHuggingFace({ ...config, architectures: [name] }));
    expect([whole.params - body.params, whole.macs - body.macs]).toEqual([72 + 9 * numbers, 64 + 8 * numbers]);
  });
  it("of another modeling file is refused", () =>
    expect(() => fromHuggingFace({ ...config, model_type: "llama", architectures: ["LlamaForRewardModel"] })).toThrow(
      "architectures must be a decoder",
    ));
});

describe("a class's default of key/value heads", () => {
  const config = { model_type: "qwen3", hidden_size: 8, num_hidden_layers: 2, num_attention_heads: 4 };
  it("is refused where the heads cannot share it", () =>
    expect(() => fromHuggingFace(config)).toThrow(
      "fromHuggingFace: num_key_value_heads must be given, as the class's default does not divide the 4 of",
    ));
});
