// Decoders that read chosen or compressed positions, as whole models: what transformers does with the configurations of
// test/golden/families.json beside a forward pass (5.24, eager: FlopCounterMode around loss.backward(), and the tensors
// of its caches).
import { describe, expect, it } from "vitest";
import {
  fits,
  device,
  fromHuggingFace,
  kvCacheBytes,
  modelCost,
  tensorParallel,
  trainingMemory,
  type Model,
} from "../../lib/index.js";
import { families, labelOf } from "../import/support/families.js";
import { thrown } from "../ops/thrown.js";

const row = (label: string) => families.find((family) => labelOf(family) === label)!;
const made = (label: string, options: object): Model => fromHuggingFace(row(label).config, options);
const opAt = (model: Model, path: string) => model.nodes.find((node) => node.path === path)!.op;

describe("a training step", () => {
  it.each([
    ["deepseek_v32", 2_548_128],
    ["glm_moe_dsa (shared)", 4_047_384],
    ["deepseek_v4", 3_773_616],
  ])("of %s multiplies as PyTorch does: no gradient reaches an indexer", (label, macs) => {
    const step = made(label, { phase: "train", tokens: row(label).tokens });
    expect(modelCost(step).macs).toBe(macs);
    expect(step.nodes.filter(({ path }) => /indexer.*\/backward$/.test(path))).toEqual([]);
  });

  it("keeps no gradients and no optimizer state of an indexer", () => {
    const step = made("deepseek_v32", { phase: "train", tokens: 11, dtype: "bf16" });
    const indexer = 3 * (26 * 4 * 12 + 48 * 12 + 2 * 12 + 48 * 4);
    const { gradients, optimizerState } = trainingMemory(step);
    expect(gradients).toBe(2 * (row("deepseek_v32").params - indexer));
    expect(optimizerState).toBe(8 * (row("deepseek_v32").params - indexer));
  });

  it("of several residual streams has no known memory", () => {
    const step = made("deepseek_v4", { phase: "train", tokens: 11, dtype: "bf16" });
    expect(thrown(() => trainingMemory(step)).message).toBe(
      "trainingMemory: model must have one residual stream (what several keep is not known), got more",
    );
  });
});

describe("the cache", () => {
  it("holds latents, and keys of the layers that have an indexer", () => {
    const elements = (label: string) => kvCacheBytes(made(label, {}), { context: 13, kvDtype: "fp8" }).total;
    expect(elements("deepseek_v32")).toBe(13 * 3 * (18 + 6 + 12));
    expect(elements("glm_moe_dsa (shared)")).toBe(13 * (5 * (18 + 6) + 3 * 12));
  });

  it("of DeepSeek-V4 holds windows, entries and what waits for the next", () => {
    const sparse = 6 * (16 + 12) + 2 * (32 + 24) + 2 * 2 * (16 + 12);
    const heavy = 2 * 16 + 2 * 3 * 16;
    const cache = kvCacheBytes(made("deepseek_v4", {}), { context: 13, kvDtype: "fp8" });
    expect(cache.total).toBe(4 * 7 * 16 + 2 * sparse + heavy);
    expect(cache.perToken).toBeCloseTo(4 * 16 + (2 * (16 + 12)) / 2 + 16 / 5);
  });
});

describe("decode", () => {
  it("reads the latents that are chosen, however long the text, and every key of the indexer", () => {
    const at = (context: number) => made("deepseek_v32", { phase: "decode", context, dtype: "bf16" });
    const core = (context: number) => opAt(at(context), "layers.0/attention/core");
    expect(core(100).exactMacs).toBe(6 * 5 * (18 + 6 + 18));
    expect(core(100).macs).toBe(6 * 100 * (18 + 6 + 18));
    const [short, long] = [modelCost(at(100)), modelCost(at(101))];
    expect(long.bytesRead - short.bytesRead).toBe(3 * 12 * 2);
  });

  it("of DeepSeek-V4 has all parameters in a step that closes no window too", () => {
    for (let context = 1; context < 12; context++)
      expect(modelCost(made("deepseek_v4", { phase: "decode", context })).params).toBe(row("deepseek_v4").params);
  });

  it("fits, and an indexer stands whole on every device", () => {
    expect(fits(made("deepseek_v4", { phase: "decode", context: 13 }), device("h100-sxm")).ok).toBe(true);
    const model = made("deepseek_v32", { phase: "decode", context: 13, dtype: "bf16" });
    const bytes = (devices: number) => tensorParallel(model, devices).weightBytes;
    const indexer = 2 * 3 * (26 * 4 * 12 + 48 * 12 + 2 * 12 + 48 * 4);
    expect(bytes(2)).toBeGreaterThan(bytes(1) / 2 + indexer / 2 - 1);
    expect(thrown(() => tensorParallel(made("deepseek_v4", { phase: "decode" }), 2)).message).toBe(
      "tensorParallel: devices must be 1 where keys are compressed (DeepSeek-V4), got 2",
    );
  });
});

describe("bytes of a quantized file", () => {
  const fp8 = { quant_method: "fp8", activation_scheme: "dynamic", weight_block_size: [128, 128] };

  it("leave the weighing of an indexer's heads as it is, under its older name too", () => {
    const skipped = ["model.layers.0.self_attn.indexers_proj", "model.layers.1.mlp.gate.e_score_correction_bias"];
    const quantization_config = { ...fp8, modules_to_not_convert: skipped };
    const model = fromHuggingFace({ ...row("deepseek_v32").config, quantization_config }, { dtype: "bf16" });
    expect(model.unpriced).toBeUndefined();
    const dtypes = (name: string) =>
      opAt(model, `layers.0/attention/indexer/${name}`).weights.map(({ dtype }) => dtype);
    expect([dtypes("wq_b"), dtypes("wk"), dtypes("weights_proj")]).toEqual([
      ["fp8", "fp32"],
      ["fp8", "fp32"],
      ["bf16"],
    ]);
  });

  it("are not known of DeepSeek-V4, until a format is asked for", () => {
    const config = { ...row("deepseek_v4").config, quantization_config: fp8, expert_dtype: "fp4" };
    const model = fromHuggingFace(config);
    expect(modelCost(model).weightBytes).toBeNaN();
    expect(model.unpriced).toMatch(/^fromHuggingFace: quantization_config must be absent .*got fp8; weightDtype/);
    expect(modelCost(fromHuggingFace(config, { weightDtype: "fp8" })).weightBytes).toBeGreaterThan(0);
  });
});

describe("a configuration whose indexer cannot be", () => {
  const refused = (label: string, fields: object): string =>
    thrown(() => fromHuggingFace({ ...row(label).config, ...fields })).message;

  it.each([
    ["glm_moe_dsa", { indexer_types: ["shared", "full", "full"] }, "indexer_types must be full at the first layer"],
    ["glm_moe_dsa", { index_topk_pattern: "FSX" }, "index_topk_pattern must be 3 letters F (full) or S (shared)"],
    ["deepseek_v32", { q_lora_rank: null }, "q_lora_rank must be a rank (the indexer reads the compressed queries)"],
    ["deepseek_v32", { index_head_dim: 4 }, "index_head_dim must be at least qk_rope_head_dim 6"],
    ["deepseek_v32", { index_topk_freq: 2 }, "index_topk_freq must be left out to count this file as deepseek_v32"],
    ["deepseek_v4", { compress_ratios: [0, 4, 64, 4] }, "compress_ratios must be a list of 4 of 0, 4, 128"],
    ["deepseek_v4", { o_groups: 5 }, "o_groups must be a divisor of 96, the width of all heads"],
    ["deepseek_v4", { n_shared_experts: 2 }, "n_shared_experts must be 1 in deepseek_v4"],
  ])("%s %j is refused", (label, fields, words) => {
    expect(refused(label, fields)).toContain(`fromHuggingFace: ${words}`);
  });
});
