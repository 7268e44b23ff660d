import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bytesOf, cost, elementCount, model, modelCost, mla, type Cost } from "../../lib/index.js";
import { decoder } from "../../lib/models/decoder.js";
import type { DecoderConfig } from "../../lib/models/decoderConfig.js";
import { cachedElements } from "../../lib/models/decoderDefaults.js";
import { decoderConfigs, decoderModels } from "../../lib/models/decoderNames.js";
import { small } from "../serving/small.js";

interface Golden {
  rows: [name: string, params: number, active: number, linear: number, attention: number, kv: number][];
  published: [string, number][];
}
const golden = JSON.parse(readFileSync(new URL("../golden/decoders.json", import.meta.url), "utf8")) as Golden;
const of = (config: DecoderConfig, options = {}): Cost => modelCost(decoder(config, options));

describe("decoderModels", () => {
  it.each(golden.rows)("%s has the published figures, to the digit", (name, params, active, linear, attention, kv) => {
    const near = modelCost(model(name, { tokens: 1, context: 1 }));
    const far = modelCost(model(name, { tokens: 1, context: 1001 }));
    const perPosition = (far.macs - near.macs) / 1000;
    expect({
      params: near.params,
      active: near.activeParams,
      linear: near.macs - perPosition,
      attention: perPosition,
      kv: cachedElements(decoderConfigs[name]!) * decoderConfigs[name]!.numHiddenLayers,
    }).toEqual({ params, active, linear, attention, kv });
  });

  it.each(golden.published)("%s has %d parameters", (name, params) =>
    expect(modelCost(model(name)).params).toBe(params),
  );

  it("are found under the names of their tuned versions", () => {
    const names: [string, string][] = [
      ["meta-llama/Llama-3.1-8B-Instruct", "Llama-3.1-8B"],
      ["meta-llama/Llama-2-7b-chat-hf", "Llama-2-7B"],
      ["google/gemma-2-9b-it", "Gemma-2-9B"],
      ["google/gemma-3-1b-pt", "Gemma-3-1B"],
      ["gemma-3-27b-it", "Gemma-3-27B(text)"],
      ["mistralai/Mistral-7B-Instruct-v0.2", "Mistral-7B-v0.2"],
      ["mistralai/Mixtral-8x7B-Instruct-v0.1", "Mixtral-8x7B"],
      ["Qwen/Qwen3-30B-A3B-Instruct-2507", "Qwen3-30B-A3B"],
      ["TinyLlama/TinyLlama-1.1B-Chat-v1.0", "TinyLlama-1.1B"],
      ["deepseek-ai/DeepSeek-V3-Base", "DeepSeek-V3"],
    ];
    for (const [written, name] of names) expect([written, model(written).name]).toEqual([written, name]);
    for (const unknown of ["Mixtral-8x22B-Instruct-v0.1", "resnet50-it", "Llama-9-8B-Instruct", "-it-it"])
      expect(() => model(unknown)).toThrow(/name must be one of/);
  });

  it("cost the same parameters in every phase", () => {
    for (const name of ["gpt2", "Qwen3-0.6B", "DeepSeek-V3", "Gemma-2-2B"]) {
      const totals = (["prefill", "decode", "train"] as const).map(
        (phase) => modelCost(model(name, { phase, tokens: 4, context: 4 })).params,
      );
      expect([name, ...new Set(totals)]).toHaveLength(2);
    }
  });

  it("count GPT-2 on 1024 tokens as the dispatcher does", () =>
    expect(modelCost(model("gpt2", { tokens: 1024 })).macs).toBe(145_824_153_600));
});

describe("decoder(config, workload)", () => {
  it("names its ops by their path", () => {
    const paths = decoder(small).nodes.map((n) => n.path);
    expect(paths.slice(0, 4)).toEqual([
      "embed_tokens",
      "layers.0/input_norm",
      "layers.0/attention/q_proj",
      "layers.0/attention/k_proj",
    ]);
    expect(paths).toContain("layers.1/mlp/down_proj");
    expect(paths.at(-1)).toBe("lm_head");
    expect(new Set(paths).size).toBe(paths.length);
  });

  it("counts a small Llama as by hand", () => {
    // Per layer: q 8·8, k and v 8·4, o 8·8, gate, up, down 3·8·6, two norms 8; embedding and output 11·8 each, final
    // norm 8.
    const layer = 64 + 2 * 32 + 64 + 144;
    const params = 2 * (layer + 16) + 2 * 88 + 8;
    const c = of(small, { batch: 3, tokens: 5, context: 7 });
    expect(c.params).toBe(params);
    expect(c.macs).toBe(3 * 5 * (2 * layer + 88) + 2 * 3 * 4 * 5 * 7 * (2 + 2));
    // Queries see 3, 4, 5, 6, 7 positions.
    expect(c.macs - c.exactMacs).toBe(2 * 3 * 4 * (35 - 25) * 4);
  });

  it("adds decode steps up to the exact macs of one causal prefill", () => {
    for (const name of ["Llama-3.2-1B", "Gemma-3-1B", "DeepSeek-V2-Lite"] as const) {
      const tokens = 6;
      const config = { ...decoderConfigs[name]!, ...(decoderConfigs[name]!.slidingWindow ? { slidingWindow: 3 } : {}) };
      const steps = Array.from({ length: tokens }, (_, i) => of(config, { tokens: 1, context: i + 1 }).exactMacs);
      expect(steps.reduce((a, b) => a + b)).toBe(of(config, { tokens }).exactMacs);
    }
  });

  it("counts latent attention op by op as mla() does at once, both forms", () => {
    const { hiddenSize: width, numAttentionHeads: heads, mla: m } = decoderConfigs["DeepSeek-V3"]!;
    for (const [phase, form] of [
      ["prefill", "expanded"],
      ["decode", "absorbed"],
    ] as const) {
      const nodes = decoder(decoderConfigs["DeepSeek-V3"]!, { phase, tokens: 3, context: 50 }).nodes.filter((n) =>
        n.path.startsWith("layers.0/attention/"),
      );
      const whole = cost(
        mla({
          tokens: 3,
          context: 50,
          hiddenSize: width,
          heads,
          qLoraRank: m!.qLoraRank,
          kvLoraRank: m!.kvLoraRank,
          qkNopeHeadDim: m!.qkNopeHeadDim,
          qkRopeHeadDim: m!.qkRopeHeadDim,
          vHeadDim: m!.vHeadDim,
          form,
          dtype: "bf16",
        }),
      );
      const parts = modelCost({ name: "attention", nodes, workload: {} });
      expect([parts.macs, parts.params, parts.weightBytes]).toEqual([whole.macs, whole.params, whole.weightBytes]);
    }
  });

  it("stores a latent cache's matrices alike in both forms, scales included", () => {
    const stored = (phase: "prefill" | "decode") =>
      decoder(decoderConfigs["DeepSeek-V2-Lite"]!, { phase, weightDtype: "int4", groupSize: 128 })
        .nodes.filter((n) => n.path.startsWith("layers.0/attention/kv_b_proj"))
        .flatMap((n) => n.op.weights);
    const bytes = (phase: "prefill" | "decode") =>
      stored(phase).reduce((n, w) => n + bytesOf(elementCount(w.shape), w.dtype), 0);
    expect(stored("decode").map((w) => w.name)).toEqual(["weight", "weight.scales", "weight", "weight.scales"]);
    expect(bytes("decode")).toBe(bytes("prefill"));
  });

  it("runs lm_head on each sequence's last token only when asked to", () => {
    const all = of(small, { batch: 2, tokens: 9 });
    const last = of(small, { batch: 2, tokens: 9, logits: "last" });
    expect(all.macs - last.macs).toBe(2 * 8 * 88);
  });

  it("reads a tied output layer but does not store it twice", () => {
    const tied = of({ ...small, tieWordEmbeddings: true });
    const own = of(small);
    expect(own.params - tied.params).toBe(88);
    expect(own.weightBytes).toBe(tied.weightBytes);
  });

  it("reads no more of the cache than a window shows", () => {
    const core = (window?: number) =>
      decoder({ ...small, slidingWindow: window }, { tokens: 1, context: 100, phase: "decode" }).nodes.find(
        (n) => n.path === "layers.0/attention/core",
      )!.op;
    expect(cost(core()).inputBytes - cost(core(10)).inputBytes).toBe(90 * 2 * 2 * 2 * 2);
  });

  it("writes new keys and values at kvDtype", () => {
    for (const config of [small, { ...small, fusedProjections: true }]) {
      const written = of(config, { tokens: 4 }).bytesWritten - of(config, { tokens: 4, kvDtype: "fp8" }).bytesWritten;
      expect(written).toBe(2 * 4 * 2 * 2 * 2);
    }
  });

  it("costs three times the forward macs in training: no layer reads the input itself", () => {
    expect(of(small, { tokens: 4, phase: "train" }).macs).toBe(3 * of(small, { tokens: 4 }).macs);
  });

  it("refuses what it cannot count, in one line", () => {
    const bad: [DecoderConfig, object, string][] = [
      [{ ...small, numHiddenLayers: 1e9 }, {}, "decoder: numHiddenLayers must be at most 1000, got 1000000000"],
      [{ ...small, numKeyValueHeads: 3 }, {}, "decoder: numKeyValueHeads must divide numAttentionHeads 4, got 3"],
      [{ ...small, hiddenSize: "8" as never }, {}, 'decoder: hiddenSize must be a positive integer, got "8"'],
      [small, { tokens: 5, context: 4 }, "decoder: context must be at least tokens 5, got 4"],
      [small, { logits: "none" }, 'decoder: logits must be "all" or "last", got "none"'],
      [
        { ...small, learnedPositions: true, maxPositionEmbeddings: 8 },
        { tokens: 9 },
        "decoder: context must be at most 8 positions, got 9",
      ],
    ];
    for (const [config, options, message] of bad) expect(() => decoder(config, options)).toThrow(message);
    expect(() => decoder(small, { token: 3 } as never)).toThrow(/decoder: keys must be among/);
    expect(() => decoder({ ...small, window: 3 } as never)).toThrow(/decoder: keys must be among .*, got "window"/);
    const moe = { numExperts: 4, numExpertsPerTok: 2, moeIntermediateSize: 6, topK: 1 };
    expect(() => decoder({ ...small, moe } as never)).toThrow(/decoder: moe: keys must be among .*, got "topK"/);
    const learned = { ...small, learnedPositions: true };
    expect(() => decoder(learned)).toThrow("decoder: maxPositionEmbeddings must be a positive integer, got undefined");
  });

  it("makes each kind of layer once", () => {
    const { nodes } = decoderModels["Llama-3.1-405B"]!();
    expect(new Set(nodes.map((n) => n.op)).size).toBeLessThan(25);
    expect(nodes).toHaveLength(3 + 126 * 16);
  });
});
