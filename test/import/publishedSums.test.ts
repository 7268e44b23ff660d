// Families that transformers has no class of: sums by hand, in the terms of the published modeling files, and the
// totals of published weights.
import { describe, expect, it } from "vitest";
import { fromHuggingFace, kvCacheBytes, modelCost, tensorParallel, type Model } from "../../lib/index.js";
import { weightBytes } from "../../lib/serving/index.js";

const total = (model: Model): number => modelCost(model).params;
const macs = (model: Model): number => modelCost(model).macs;

describe("MiMo", () => {
  const config = {
    architectures: ["MiMoForCausalLM"],
    model_type: "mimo",
    vocab_size: 151680,
    hidden_size: 4096,
    intermediate_size: 11008,
    num_hidden_layers: 36,
    num_attention_heads: 32,
    num_key_value_heads: 8,
    attention_bias: true,
    num_nextn_predict_layers: 1,
    torch_dtype: "bfloat16",
  };
  const layer = 2 * 4096 * 4096 + 2 * 4096 * 1024 + 4096 + 2 * 1024 + 3 * 4096 * 11008 + 2 * 4096;

  it("keeps its predicting layer: the total of the published weights", () => {
    const body = 36 * layer + 2 * 151680 * 4096 + 4096;
    const ahead = layer + 2 * 4096 * 4096 + 3 * 4096;
    const model = fromHuggingFace(config, { tokens: 4 });
    expect(total(model)).toBe(body + ahead);
    expect(total(model)).toBe(7_833_409_536);
    expect(total(fromHuggingFace({ ...config, num_nextn_predict_layers: 0 }))).toBe(body);
    expect(weightBytes(model)).toBe(2 * (body + ahead));
  });

  it("does not run it", () => {
    const counted = macs(fromHuggingFace(config, { tokens: 4 }));
    expect(counted).toBe(macs(fromHuggingFace({ ...config, num_nextn_predict_layers: 0 }, { tokens: 4 })));
    expect(counted).toBe(macs(fromHuggingFace({ ...config, model_type: "qwen2", architectures: [] }, { tokens: 4 })));
  });

  it("does not say the bytes of a quantized file, whose predicting layer may have any format", () => {
    const quantization_config = { quant_method: "fp8", weight_block_size: [128, 128] };
    expect(() => weightBytes(fromHuggingFace({ ...config, quantization_config }))).toThrow(
      /^fromHuggingFace: num_nextn_predict_layers must be 0 .*got 1; weightDtype \(--weight-dtype\) sets them$/,
    );
  });
});

describe("Nemotron-NAS", () => {
  const attention: Record<string, unknown> = {
    n_heads_in_group: 3,
    no_op: false,
    replace_with_linear: false,
    sparsify: null,
  };
  const ffn: Record<string, unknown> = { ffn_mult: 2.625, no_op: false, replace_with_linear: false, sparsify: null };
  const [none, linear] = [{ no_op: true }, { replace_with_linear: true }];
  const blocks = [
    { attention, ffn },
    { attention: { ...attention, n_heads_in_group: 6 }, ffn: { ...ffn, ffn_mult: 5.3 } },
    { attention: { ...attention, n_heads_in_group: null, ...none }, ffn },
    { attention: { ...attention, ...linear }, ffn: { ...ffn, ...linear } },
    { attention, ffn: { ...ffn, ffn_mult: null, ...none } },
  ];
  const config = {
    architectures: ["DeciLMForCausalLM"],
    model_type: "nemotron-nas",
    vocab_size: 130,
    hidden_size: 240,
    intermediate_size: null,
    num_hidden_layers: 5,
    num_attention_heads: 6,
    num_key_value_heads: null,
    block_configs: blocks,
  };
  // Queries and output; keys and values of 2 heads or of 1; widths of int(2/3 · 2.625 · 240) = 420 and 848, in 256s.
  const attend = (kvHeads: number) => 2 * 240 * 240 + 2 * 240 * kvHeads * 40;
  const feed = (width: number) => 3 * 240 * width;
  const matrices = attend(2) + feed(512) + (attend(1) + feed(1024)) + feed(512) + 2 * 240 * 240 + attend(2);

  it("has in each layer what its block says", () => {
    const model = fromHuggingFace(config, { tokens: 7 });
    const norms = 240 * (2 + 2 + 1 + 2 + 1 + 1);
    expect(total(model)).toBe(matrices + norms + 2 * 130 * 240);
    expect(macs(model)).toBe(7 * (matrices + 130 * 240) + 3 * 2 * 6 * 40 * 7 * 7);
  });

  it("caches the heads of each layer that attends", () => {
    const model = fromHuggingFace(config, { context: 100, phase: "decode" });
    expect(kvCacheBytes(model).perToken).toBe(2 * (2 + 1 + 2) * 2 * 40);
    expect(kvCacheBytes(model).total).toBe(100 * kvCacheBytes(model).perToken);
  });

  it("is divided where the heads of every layer can be", () => {
    const [model, same] = [config, { ...config, block_configs: blocks.with(1, blocks[0]!) }].map((c) =>
      fromHuggingFace(c, { tokens: 7 }),
    );
    expect(() => tensorParallel(model!, 2)).toThrow(/^tensorParallel: devices must be at most the fewest .*got 2$/);
    const { allReduces, kvPerToken } = tensorParallel(same!, 2);
    expect(allReduces).toBe(2 * 5 - 4);
    expect(kvPerToken).toBe(kvCacheBytes(same!).perToken / 2);
  });

  it.each([
    [{ block_configs: blocks.slice(1) }, /block_configs must be a list of num_hidden_layers 5/],
    [{ attention_bias: true }, /attention_bias must be false/],
    [{ intermediate_size: 500 }, /intermediate_size must be null/],
    [
      { block_configs: blocks.with(0, { attention: { ...attention, window_length: 8 }, ffn }) },
      /0.attention.window_length/,
    ],
    [
      { block_configs: blocks.with(0, { attention: { ...attention, n_heads_in_group: 4 }, ffn }) },
      /a divisor of the 6/,
    ],
    [{ block_configs: blocks.with(0, { attention, ffn: { ...ffn, ffn_mult: "2" } }) }, /ffn_mult must be a positive/],
  ])("refuses %o", (change, said) => {
    expect(() => fromHuggingFace({ ...config, ...change })).toThrow(said);
  });
});
