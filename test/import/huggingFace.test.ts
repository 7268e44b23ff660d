import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { cost, fromHuggingFace, huggingFaceArchitectures, model, modelCost } from "../../lib/index.js";
import { configs } from "./support/checkpoints.js";
import { deepSeekV3 } from "./support/decoders.js";

const text = (config: unknown) => JSON.stringify(config);

describe("fromHuggingFace(config)", () => {
  it.each(Object.entries(configs))(
    "counts %s as published, and as the model of that name",
    (name, [config, params, active = params]) => {
      const c = modelCost(fromHuggingFace(config));
      expect([c.params, c.activeParams]).toEqual([params, active]);
      expect(modelCost(fromHuggingFace(text(config))).macs).toBe(modelCost(model(name)).macs);
    },
  );

  it("costs what the named model costs, op by op, windows included", () => {
    for (const name of ["Gemma-2-2B", "Gemma-3-1B", "Phi-3-mini-4k", "Qwen3-8B", "pythia-160m", "Phi-2"]) {
      const workload = { tokens: 1, context: 9000, phase: "decode", dtype: "bf16" } as const;
      const at = (nodes: ReturnType<typeof model>["nodes"]) => nodes.map(({ path, op }) => ({ path, cost: cost(op) }));
      expect(at(fromHuggingFace(configs[name]![0], workload).nodes)).toEqual(at(model(name, workload).nodes));
    }
  });

  it("ignores the prototype, and fields that change no size", () => {
    const config = configs["Qwen3-8B"]![0];
    const more = { initializer_range: 0.5, unused_token_id: 3, surprise: null, use_surprise: false, surprises: 0 };
    expect(modelCost(fromHuggingFace({ ...config, ...more })).params).toBe(8_190_735_360);
    const heir = Object.assign(Object.create({ num_hidden_layers: 99, surprise: 1 }) as object, config);
    expect(modelCost(fromHuggingFace(heir as Record<string, unknown>)).params).toBe(8_190_735_360);
    expect(() =>
      fromHuggingFace(JSON.parse('{"__proto__": {"model_type": "llama"}}') as Record<string, unknown>),
    ).toThrow("model_type must name an architecture, got nothing");
  });

  it("takes the checkpoint's own dtype unless told another", () => {
    const config = configs["Llama-3.1-8B"]![0];
    const bytes = (options = {}) => modelCost(fromHuggingFace(config, options)).weightBytes;
    expect(bytes({ dtype: "fp32" })).toBe(2 * bytes());
  });

  it("counts FP8 block scales as DeepSeek-V3's files hold them", () => {
    const { nodes } = fromHuggingFace(deepSeekV3);
    const scales = (path: RegExp) =>
      nodes
        .filter((n) => path.test(n.path))
        .flatMap((n) => n.op.weights)
        .filter((w) => w.name!.endsWith(".weight_scale_inv"))
        .reduce((n, w) => n + w.shape.reduce((a, b) => a * b, 1), 0);
    // The files hold the multi-token prediction layer too: one more layer of experts.
    expect(scales(/./) + scales(/^layers\.60\//)).toBe(41_540_496);
    const router = nodes
      .find((n) => n.path === "layers.9/mlp/experts")!
      .op.weights.find((w) => w.name === "router.weight")!;
    expect([router.dtype, nodes[0]!.op.weights[0]!.dtype, nodes.at(-1)!.op.weights[0]!.dtype]).toEqual([
      "bf16",
      "bf16",
      "bf16",
    ]);
  });

  it("leaves the output layer out for a body alone, tied or not", () => {
    const llama3 = configs["Llama-3.1-8B"]![0];
    const qwen = configs["Qwen3-0.6B"]![0];
    const body = (config: Record<string, unknown>, name: string) =>
      modelCost(fromHuggingFace({ ...config, architectures: [name] }));
    expect(body(llama3, "LlamaModel").params).toBe(8_030_261_248 - 128256 * 4096);
    expect(body(llama3, "LlamaForCausalLM").params).toBe(8_030_261_248);
    expect([
      body(qwen, "Qwen3Model").params,
      body(qwen, "Qwen3ForCausalLM").macs - body(qwen, "Qwen3Model").macs,
    ]).toEqual([596_049_920, 151936 * 1024]);
  });

  it("knows a class by its name under a model_type of its own", () => {
    expect(modelCost(fromHuggingFace({ ...deepSeekV3, model_type: "kimi_k2" })).params).toBe(671_026_404_352);
    const untyped = { ...configs["Llama-3.1-8B"]![0], model_type: undefined };
    expect(modelCost(fromHuggingFace({ ...untyped, architectures: ["LlamaForCausalLM"] })).params).toBe(8_030_261_248);
  });

  it("lists what it knows", () =>
    expect(huggingFaceArchitectures).toEqual(expect.arrayContaining(["llama", "deepseek_v3", "bert", "vit"])));
});

describe("fromHuggingFace refuses in one line", () => {
  const good = configs["Qwen3-8B"]![0];
  const deep = `{"model_type": "llama", "a": ${"[".repeat(1e5)}${"]".repeat(1e5)}}`;
  const cases: [what: string, config: unknown, message: RegExp][] = [
    [
      "an unknown architecture, with the nearest",
      { model_type: "qwen9" },
      /model_type must be one of (?=.*qwen3).*got "qwen9"$/,
    ],
    [
      "a multimodal one, with advice",
      { model_type: "idefics3", text_config: {} },
      /text_config can be counted alone.*got "idefics3"$/,
    ],
    [
      "a class of its own under a known type",
      { ...good, architectures: ["EagleForCausalLM"] },
      /architectures must be one of .*, got "EagleForCausalLM"$/,
    ],
    [
      "an unknown class alone",
      { architectures: ["LlamoForCausalLM"] },
      /architectures must be one of llama, .*, got "LlamoForCausalLM"$/,
    ],
    [
      "a reward model",
      { ...good, architectures: ["Qwen3ForRewardModel"] },
      /architectures must be a decoder with its output layer .*Qwen3ForRewardModel/,
    ],
    [
      "labels counted in two ways",
      { ...good, architectures: ["Qwen3ForSequenceClassification"], id2label: { 0: "a" }, num_labels: 2 },
      /num_labels must be 1, as many as id2label names, got 2$/,
    ],
    ["a size that the family does not know", { ...good, memory_tokens: 8 }, /memory_tokens must be left out .*got 8$/],
    ["two spellings that differ", { ...configs["Mixtral-8x7B"]![0], num_experts: 9 }, /must be \d, as .* is, got \d$/],
    [
      "a name of a million letters",
      { ...good, architectures: [`${"ForA".repeat(250_000)}!`] },
      /architectures must be a list of names/,
    ],
    ["no architecture", {}, /model_type must name an architecture/],
    [
      "a missing field",
      { ...good, hidden_size: undefined },
      /^fromHuggingFace: hidden_size must be an integer from 1 to 1000000000, got nothing$/,
    ],
    ["a text for a size", { ...good, hidden_size: "4096" }, /hidden_size must be .* got "4096"$/],
    ["a negative size", { ...good, vocab_size: -1 }, /vocab_size must be .* got -1$/],
    ["a fraction", { ...good, vocab_size: 1.5 }, /vocab_size must be .* got 1.5$/],
    [
      "1e9 layers",
      { ...good, num_hidden_layers: 1e9 },
      /num_hidden_layers must be at most 1000 layers, got 1000000000$/,
    ],
    ["1e300", { ...good, intermediate_size: 1e300 }, /intermediate_size must be/],
    [
      "heads that do not divide",
      { ...good, num_key_value_heads: 7 },
      /numKeyValueHeads must divide numAttentionHeads 32, got 7$/,
    ],
    ["an unknown activation", { ...good, hidden_act: "__proto__" }, /hidden_act must be one of/],
    [
      "a huge list",
      { ...good, use_sliding_window: true, sliding_window: 5, layer_types: new Array(1e6).fill("x") },
      /layer_types must be a list of at most 1000/,
    ],
    [
      "more experts than there are",
      { ...configs["Mixtral-8x7B"]![0], num_experts_per_tok: 9 },
      /num_experts_per_tok must be at most the 8 experts, got 9$/,
    ],
    ["an unknown dtype", { ...good, torch_dtype: "complex" }, /torch_dtype: dtype must be one of/],
    ["nesting without end", deep, /config must nest at most 16 levels/],
    ["no JSON", "{", /config at offset 0 must be JSON/],
    ["a list", [], /config must be an object, got \[\]$/],
    ["null", null, /config must be an object/],
    ["a number", 3, /config must be an object/],
  ];
  it.each(cases)("%s", (_, config, message) => {
    let error: unknown;
    try {
      fromHuggingFace(config as never);
    } catch (e) {
      error = e;
    }
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain("\n");
    expect((error as Error).message.length).toBeLessThan(800);
  });

  it("every single field made hostile", () => {
    const hostile = ["x", -1, 0, 1e9, 1e10, 0.5, [], {}, true, "__proto__"];
    for (const [name, [config]] of Object.entries(configs))
      for (const field of Object.keys(config))
        for (const value of hostile) {
          try {
            modelCost(fromHuggingFace({ ...config, [field]: value }));
          } catch (error) {
            expect([name, field, value, (error as Error).message]).toEqual([
              name,
              field,
              value,
              expect.stringMatching(/^[^\n:]+: .* (must|cannot) .*$/),
            ]);
            expect(error).toSatisfy((e) => e instanceof RangeError || e instanceof TypeError);
          }
        }
  }, 60_000);
});

const folder = new URL("../../../shared/data/hf-configs/", import.meta.url);
describe.skipIf(!existsSync(folder))(
  "fromHuggingFace on whole config.json files (skipped where ../shared is absent)",
  () => {
    const files = existsSync(folder) ? readdirSync(folder) : [];
    it.each(files)("%s", (file) => {
      const name = Object.keys(configs).find((n) => file.replace("-v0.1", "").endsWith(`${n}.json`))!;
      expect(modelCost(fromHuggingFace(readFileSync(new URL(file, folder), "utf8"))).params).toBe(configs[name]![1]);
    });
  },
);
