// What quantization records cost in bytes, by hand at the sizes of a small Llama; parameters never depend on them.
import { describe, expect, it } from "vitest";
import { fromHuggingFace } from "../../lib/import/huggingFace.js";
import { estimate } from "../../lib/roofline.js";
import { device } from "../../lib/devices.js";
import { modelCost, type Model } from "../../lib/model.js";
import { weightBytes } from "../../lib/serving/index.js";
import { families, labelOf } from "./support/families.js";

const hidden = 256;
const kv = 128;
const inner = 512;
const vocab = 1000;
const layers = 2;
const llama = {
  model_type: "llama",
  hidden_size: hidden,
  intermediate_size: inner,
  num_hidden_layers: layers,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  vocab_size: vocab,
  torch_dtype: "bfloat16",
};
// [out, in] of a layer's matrices: q, k, v, o, gate, up, down.
const matrices = [
  [hidden, hidden],
  [kv, hidden],
  [kv, hidden],
  [hidden, hidden],
  [inner, hidden],
  [inner, hidden],
  [hidden, inner],
] as const;
const sum = (f: (out: number, columns: number) => number): number =>
  layers * matrices.reduce((n, [out, columns]) => n + f(out, columns), 0);
const weights = sum((out, columns) => out * columns);
const head = vocab * hidden;
const norms = (2 * layers + 1) * hidden;
/** Embedding, output layer and norms in bf16. */
const rest = 2 * (2 * head + norms);
const plain = modelCost(fromHuggingFace(llama)).params;
const bytes = (config: object): number => {
  const model = fromHuggingFace({ ...llama, ...config });
  expect([modelCost(model).params, model.unpriced]).toEqual([plain, undefined]);
  return weightBytes(model);
};
const linear = { targets: ["Linear"], input_activations: null, output_activations: null };
const compressed = (format: string, scheme: object, more: object = {}) => ({
  quant_method: "compressed-tensors",
  format,
  config_groups: { group_0: { ...linear, weights: scheme, ...more } },
  ignore: ["lm_head"],
});

describe("quantization_config: bytes of the file", () => {
  it.each<[string, object, number]>([
    [
      "gptq: scales in fp16, zeros, an order of columns",
      { quant_method: "gptq", bits: 4, group_size: 128, desc_act: true },
      weights / 2 + (weights / 128) * 2.5 + sum((_, columns) => 4 * columns) + rest,
    ],
    [
      "gptq of 3 bits",
      { quant_method: "gptq", bits: 3, group_size: 64 },
      (weights * 3) / 8 + (weights / 64) * (2 + 3 / 8) + sum((_, columns) => 4 * columns) + rest,
    ],
    [
      "gptq with its output layer",
      { quant_method: "gptq", bits: 8, group_size: -1, lm_head: true },
      weights +
        head +
        3 * (sum((out) => out) + vocab) +
        sum((_, columns) => 4 * columns) +
        4 * hidden +
        rest -
        2 * head,
    ],
    [
      "awq",
      { quant_method: "awq", bits: 4, group_size: 128, zero_point: true, version: "gemm" },
      weights / 2 + (weights / 128) * 2.5 + rest,
    ],
    ["bitsandbytes nf4", { quant_method: "bitsandbytes", load_in_4bit: true }, weights / 2 + (weights / 64) * 4 + rest],
    [
      // Every matrix here is a multiple of 16384: 8 bits a block of 64, 32 bits a block of 256 blocks.
      "bitsandbytes nf4, its scales quantized again",
      { quant_method: "bitsandbytes", load_in_4bit: true, bnb_4bit_use_double_quant: true },
      weights / 2 + weights / 64 + (weights / 16384) * 4 + rest,
    ],
    [
      "bitsandbytes with a list, which the output layer must be in to be left out",
      { quant_method: "bitsandbytes", load_in_4bit: true, llm_int8_skip_modules: ["mlp.down_proj"] },
      // The regex is matched from the start or as the end.
      ((weights - layers * hidden * inner + head) * (1 + 1 / 8)) / 2 + 2 * (layers * hidden * inner + head + norms),
    ],
    [
      "fp8, one scale a matrix, static inputs",
      { quant_method: "fp8", activation_scheme: "static", ignored_layers: ["lm_head"] },
      weights + 8 * layers * matrices.length + rest,
    ],
    [
      "fp8 by blocks",
      { quant_method: "fp8", weight_block_size: [128, 128] },
      weights + (weights / 128 / 128) * 4 + rest,
    ],
    ["eetq", { quant_method: "eetq", weights: "int8" }, weights + 2 * sum((out) => out) + rest],
    ["bitnet", { quant_method: "bitnet" }, weights / 4 + 2 * layers * matrices.length + rest],
    ["bitnet online keeps bf16", { quant_method: "bitnet", quantization_mode: "online" }, 2 * weights + rest],
    [
      "compressed-tensors, fp8 by row",
      compressed("float-quantized", { num_bits: 8, type: "float", strategy: "channel", symmetric: true }),
      weights + 2 * sum((out) => out) + rest,
    ],
    [
      "compressed-tensors, 4 bits packed",
      compressed("pack-quantized", { num_bits: 4, type: "int", strategy: "group", group_size: 128, symmetric: true }),
      weights / 2 + (weights / 128) * 2 + 16 * layers * matrices.length + rest,
    ],
    [
      "compressed-tensors, nvfp4",
      compressed(
        "nvfp4-pack-quantized",
        { num_bits: 4, type: "float", strategy: "tensor_group", group_size: 16, symmetric: true },
        { input_activations: { num_bits: 4, dynamic: "local" } },
      ),
      weights / 2 + weights / 16 + 8 * layers * matrices.length + rest,
    ],
    [
      "modelopt, nvfp4, a cache of fp8",
      { quant_method: "modelopt", quant_algo: "NVFP4", kv_cache_quant_algo: "FP8", exclude_modules: ["lm_head"] },
      weights / 2 + weights / 16 + 8 * layers * matrices.length + 4 * 2 * layers + rest,
    ],
    [
      "modelopt leaves out what a wildcard means",
      { quant_method: "modelopt", quant_algo: "FP8", exclude_modules: ["lm_head", "model.layers.0*"] },
      (weights * 3) / 2 + 8 * matrices.length + rest,
    ],
    [
      "hqq",
      { quant_method: "hqq", quant_config: { weight_quant_params: { nbits: 4, group_size: 64 } } },
      weights / 2 + (weights / 64) * 4 + rest,
    ],
    [
      "torchao int4",
      {
        quant_method: "torchao",
        quant_type: { default: { _type: "Int4WeightOnlyConfig", _data: { group_size: 128 } } },
      },
      weights / 2 + (weights / 128) * 4 + rest,
    ],
    [
      "auto-round",
      { quant_method: "auto-round", bits: 4, group_size: 128, packing_format: "auto_round:auto_gptq" },
      weights / 2 + (weights / 128) * 2.5 + rest,
    ],
  ])("%s", (_, quantization_config, expected) => {
    expect(bytes({ quantization_config })).toBe(expected);
  });

  it("MLX's record, under either name: embedding and output layer too, and modules of their own width", () => {
    const affine = (n: number, bits: number): number => (n * bits) / 8 + (n / 64) * 4;
    const quantization = { group_size: 64, bits: 4 };
    expect(bytes({ quantization })).toBe(affine(weights + 2 * head, 4) + 2 * norms);
    expect(bytes({ quantization, quantization_config: quantization })).toBe(bytes({ quantization }));
    const mixed = { ...quantization, lm_head: { group_size: 64, bits: 6 }, "model.embed_tokens": false };
    expect(bytes({ quantization: mixed })).toBe(affine(weights, 4) + affine(head, 6) + 2 * head + 2 * norms);
  });

  it("mxfp4 is of the experts alone, with a scale for each 32 weights", () => {
    const moe = { ...llama, model_type: "mixtral", num_local_experts: 4, num_experts_per_tok: 2 };
    const experts = layers * 4 * 3 * inner * hidden;
    const full = weightBytes(fromHuggingFace(moe));
    const quantization_config = { quant_method: "mxfp4", modules_to_not_convert: ["model.layers.*.self_attn"] };
    expect(weightBytes(fromHuggingFace({ ...moe, quantization_config }))).toBe(
      full - 2 * experts + experts / 2 + experts / 32,
    );
  });

  it("counts once of each expert's two first matrices what stands once by a matrix", () => {
    const moe = { ...llama, model_type: "mixtral", num_local_experts: 4, num_experts_per_tok: 2 };
    const quantization_config = { quant_method: "fp8" };
    const quantized = fromHuggingFace({ ...moe, quantization_config });
    const experts = layers * 4 * 3;
    const stored = layers * (2 * hidden * hidden + 2 * kv * hidden + 4 * 3 * inner * hidden);
    expect(weightBytes(quantized)).toBe(weightBytes(fromHuggingFace(moe)) - stored + 4 * (experts + 4 * layers));
  });
});

describe("quantization_config: bytes refused by name, all else counted", () => {
  it.each<[string, object, RegExp]>([
    ["a method", { quant_method: "exl2", bits: 4.25 }, /quant_method must be one of gptq, .*, got "exl2"/],
    ["no width", { quant_method: "gptq" }, /\.bits must be one of 2, 3, 4, 8 .*, got nothing/],
    ["a field", { quant_method: "awq", bits: 4, twist: 3 }, /\.twist must be absent .*, got 3/],
    ["widths by module", { quant_method: "gptq", bits: 4, dynamic: { "-:x": {} } }, /\.dynamic must be absent/],
    [
      "a module that is not there",
      { quant_method: "fp8", modules_to_not_convert: ["transformer.h.0"] },
      /quantization must name modules of the model, got "transformer\.h\.0"/,
    ],
    [
      "a text that could take forever to match",
      { quant_method: "fp8", modules_to_not_convert: ["(a+)+$"] },
      /quantization must name modules/,
    ],
    ["an algorithm", { quant_method: "modelopt", quant_algo: "W4A8_AWQ" }, /quant_algo must be FP8 or NVFP4/],
  ])("%s", (_, quantization_config, message) => {
    const model = fromHuggingFace({ ...llama, quantization_config });
    const c = modelCost(model);
    const unquantized = modelCost(fromHuggingFace(llama));
    expect([c.params, c.macs, c.flops]).toEqual([unquantized.params, unquantized.macs, unquantized.flops]);
    expect(c.weightBytes).toBeNaN();
    for (const asked of [() => weightBytes(model), () => estimate(model, device("h100-sxm"), "bf16")])
      expect(asked).toThrow(message);
    expect(() => estimate(c, device("h100-sxm"), "bf16")).toThrow(/known format/);
    const set = fromHuggingFace({ ...llama, quantization_config }, { weightDtype: "q4_0" });
    expect(weightBytes(set)).toBe(((weights + 2 * head) / 32) * 18 + 2 * norms);
  });
});

describe("a quantization_config is never read past", () => {
  const records = [
    { quant_method: "mystery", bits: 3 },
    { quant_method: "fp8", weight_block_size: [128, 128] },
    { quant_method: "gptq", bits: 4, group_size: 128 },
  ];
  const options = { tokens: 8, phase: "prefill" as const };

  it.each(families.map((family) => [labelOf(family), family.config] as const))("%s", (_, config) => {
    let plain: ReturnType<typeof modelCost>;
    try {
      plain = modelCost(fromHuggingFace(config, options));
    } catch {
      return; // a family that is not counted at all
    }
    for (const quantization_config of records) {
      let stored: Model;
      try {
        stored = fromHuggingFace({ ...config, quantization_config }, options);
      } catch (error) {
        expect((error as Error).message).toMatch(/^fromHuggingFace: quantization_config [^\n]*$/);
        continue;
      }
      const { params, macs, weightBytes: bytes } = modelCost(stored);
      expect([params, macs]).toEqual([plain.params, plain.macs]);
      if (stored.unpriced === undefined) expect(bytes).toBeLessThan(plain.weightBytes);
      else expect(() => weightBytes(stored)).toThrow(stored.unpriced);
    }
  });
});
