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
});
