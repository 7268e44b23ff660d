// What fromHuggingFace makes of fields that are absent, null or about a head.
import { describe, expect, it } from "vitest";
import { fromHuggingFace, modelCost } from "../../lib/index.js";
import { configs } from "./support/checkpoints.js";
import { deepSeekV3 } from "./support/decoders.js";

describe("fromHuggingFace reads fields as transformers' classes do", () => {
  it("gives absent fields the family's defaults; null is not absent", () => {
    const params = (config: Record<string, unknown>) => modelCost(fromHuggingFace(config)).params;
    const mixtral = configs["Mixtral-8x7B"]![0];
    const heads = (num_key_value_heads: unknown) => params({ ...mixtral, num_key_value_heads });
    expect(heads(undefined)).toBe(46_702_792_704);
    expect(heads(null)).toBe(heads(32));
    expect(params({ ...deepSeekV3, q_lora_rank: undefined })).toBe(671_026_404_352);
    expect(params({ ...deepSeekV3, q_lora_rank: null })).toBeGreaterThan(671_026_404_352);
  });

  it("counts a classifier by the labels that the file names", () => {
    const config = configs["Qwen3-8B"]![0];
    const classifier = (more: object, name = "Qwen3ForSequenceClassification") =>
      modelCost(fromHuggingFace({ ...config, ...more, architectures: [name] }));
    const body = 8_190_735_360 - 151936 * 4096;
    expect(classifier({}).params).toBe(body + 2 * 4096);
    expect(classifier({ id2label: { 0: "a", 1: "b", 2: "c" } }).params).toBe(body + 3 * 4096);
    expect(classifier({ num_labels: 1 }, "Qwen3ForTokenClassification").params).toBe(body + 4096 + 1);
  });

  it("leaves the layers without rotation that the file names, or every fourth", () => {
    const sizes = { model_type: "smollm3", hidden_size: 64, num_hidden_layers: 8, intermediate_size: 96 };
    const rotated = (more: object) =>
      fromHuggingFace({ ...sizes, ...more })
        .nodes.filter(({ path }) => path.endsWith("q_rope"))
        .map(({ path }) => path[7]);
    expect(rotated({})).toEqual(["0", "1", "2", "4", "5", "6"]);
    expect(rotated({ no_rope_layers: [0, 0, 0, 0, 0, 0, 0, 1] })).toEqual(["7"]);
    expect(() => rotated({ no_rope_layers: [1] })).toThrow(/no_rope_layers must be a list of 8 of 0, 1, got \[1\]/);
  });

  it("says which parts of a model are not counted", () => {
    const parts = { model_type: "idefics3", text_config: {}, vision_config: {} };
    expect(() => fromHuggingFace(parts)).toThrow(
      "model_type must be that of a model of text (vision_config cannot be counted; " +
        'its text_config can be counted alone), got "idefics3"',
    );
    const besides = { ...configs["Qwen3-8B"]![0], vision_config: { hidden_size: 8 } };
    expect(() => fromHuggingFace(besides)).toThrow(/vision_config must be left out to count this file as qwen3/);
  });

  it("counts a tied output layer's bias, which is its own", () => {
    const config = { model_type: "phi", hidden_size: 64, num_hidden_layers: 1, num_attention_heads: 4, vocab_size: 10 };
    const params = (tie_word_embeddings: boolean) =>
      modelCost(fromHuggingFace({ ...config, tie_word_embeddings })).params;
    expect(params(false) - params(true)).toBe(10 * 64);
  });

  it("holds fields that a class does not read to what it counts", () => {
    const config = { model_type: "starcoder2", hidden_size: 64, num_hidden_layers: 1, num_attention_heads: 4 };
    const counted = (norm_type: string) => () => fromHuggingFace({ ...config, norm_type });
    expect(counted("layer_norm")).not.toThrow();
    expect(counted("rms_norm")).toThrow(/norm_type must be "layer_norm" in starcoder2, got "rms_norm"/);
  });
});
