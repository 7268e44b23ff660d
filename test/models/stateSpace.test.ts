// State-space and hybrid decoders at work: a training step, and one token from a state.
import { describe, expect, it } from "vitest";
import { countAs, fromHuggingFace, modelCost } from "../../lib/index.js";
import { families } from "../import/support/families.js";

const row = (type: string) => families.find((family) => family.type === type && family.variant === undefined)!;

describe("a training step", () => {
  // Half of FlopCounterMode's count of logits.sum().backward(), eager, on 11 tokens: torch before pull request 183405,
  // transformers 5.24.0, the configurations of test/golden/families.json.
  it.each([
    ["mamba", 3_513_024],
    ["mamba2", 5_232_600],
    ["lfm2", 2_580_768],
    ["qwen3_5_text", 12_625_632],
    ["rwkv", 2_151_072],
  ])("of %s multiplies as PyTorch's autograd does", (type, macs) => {
    const { config, tokens } = row(type);
    expect(countAs("torch-2.0", fromHuggingFace(config, { tokens, phase: "train" })).value).toBe(2 * macs);
  });
});

describe("one token from a state", () => {
  const types = ["mamba", "falcon_mamba", "mamba2", "rwkv"];

  it.each(types)("of %s costs and moves the same however long the text was", (type) => {
    const at = (context: number) => modelCost(fromHuggingFace(row(type).config, { context, phase: "decode" }));
    expect(at(100_000)).toEqual(at(10));
    expect(at(10).params).toBe(row(type).params);
  });

  it("of a hybrid grows by its attention alone", () => {
    const { config, params } = row("jamba");
    const at = (context: number) => modelCost(fromHuggingFace(config, { context, phase: "decode" }));
    // One attention layer of 6 heads of 8, whose 3 key/value heads are read in bf16.
    expect(at(20).macs - at(10).macs).toBe(10 * 6 * (8 + 8));
    expect(at(20).bytesRead - at(10).bytesRead).toBe(10 * 3 * (8 + 8) * 2);
    expect(at(20).params).toBe(params);
  });
});
