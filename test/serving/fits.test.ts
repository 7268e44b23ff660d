// Does it fit: one ledger for every phase, whose lines sum to what is needed.
import { describe, expect, it } from "vitest";
import {
  decoder,
  device,
  fits,
  fromHuggingFace,
  kvCacheBytes,
  memoryLedger,
  model,
  peakActivationBytes,
  tensorParallel,
  trainingMemory,
  weightBytes,
  type FitOptions,
} from "../../lib/index.js";
import { small } from "./small.js";

const h100 = device("h100-sxm");
const rtx4090 = device("rtx4090");
const sum = (ledger: Readonly<Record<string, number>>): number => Object.values(ledger).reduce((n, b) => n + b, 0);

describe("fits", () => {
  const llama = model("Llama-2-13B");
  const decode = { phase: "decode", context: 4096 } as const;

  it("says that 32 sequences of 4096 do not fit in decoding, and how many do", () => {
    const fit = fits(llama, h100, { ...decode, batch: 32 });
    expect([fit.ok, fit.ledger["kvCache"]]).toEqual([false, 107_374_182_400]);
    const [batch, context] = [fit.maxBatch!, fit.maxContext!];
    expect(fits(llama, h100, { ...decode, batch }).ok).toBe(true);
    expect(fits(llama, h100, { ...decode, batch: batch + 1 }).ok).toBe(false);
    expect(fits(llama, h100, { phase: "decode", batch: 32, context }).ok).toBe(true);
    expect(fits(llama, h100, { phase: "decode", batch: 32, context: context + 1 }).ok).toBe(false);
    expect(sum(fit.ledger) + fit.headroom).toBe(fit.memory);
  });

  it.each(["prefill", "decode"] as const)("has the lines of a %s at the model's own workload", (phase) => {
    const m = model("Llama-3-8B", { phase, batch: 6, context: 8192 });
    expect(memoryLedger(m)).toEqual({
      weights: weightBytes(m),
      kvCache: kvCacheBytes(m).total,
      activations: peakActivationBytes(m),
    });
    // Decoding 6 sequences fits; all positions of all of them at once do not.
    expect(fits(m, rtx4090).ok).toBe(phase === "decode");
    expect(fits(model("Llama-3-8B"), rtx4090, { phase, batch: 6, context: 8192 }).ledger).toEqual(memoryLedger(m));
  });

  it("finds the largest batch and the longest context of a prefill", () => {
    const { maxBatch, maxContext } = fits(model("Llama-3-8B"), rtx4090, { batch: 2, context: 2048 });
    const ok = (options: FitOptions) => fits(model("Llama-3-8B"), rtx4090, options).ok;
    expect([ok({ batch: maxBatch!, context: 2048 }), ok({ batch: maxBatch! + 1, context: 2048 })]).toEqual([
      true,
      false,
    ]);
    expect([ok({ batch: 2, context: maxContext! }), ok({ batch: 2, context: maxContext! + 1 })]).toEqual([true, false]);
  });

  it("does not fit an 8B model's training in 80 GB: 96.4 GB before activations, and no cache", () => {
    const m = model("Llama-3-8B", { phase: "train", batch: 4, tokens: 4096 });
    const { ok, ledger } = fits(m, h100);
    expect(ok).toBe(false);
    expect(ledger).not.toHaveProperty("kvCache");
    expect(ledger["weights"]! + ledger["gradients"]! + ledger["optimizerState"]!).toBe(8_030_261_248 * (2 + 2 + 8));
    expect(ledger["activations"]).toBeGreaterThan(0);
    const { total } = trainingMemory(m);
    expect(sum(ledger)).toBe(total);
  });

  it("keeps a reserve as a line of its own", () => {
    const fit = fits(llama, h100, { ...decode, batch: 1, reserve: 2 ** 31 });
    expect(fit.ledger["reserve"]).toBe(2 ** 31);
    expect(fit.needed).toBe(fits(llama, h100, { ...decode, batch: 1 }).needed + 2 ** 31);
  });

  it("divides over tensor-parallel devices as tensorParallel does, and experts over expert-parallel ones", () => {
    const m = model("Llama-3-70B", { phase: "decode", batch: 16, context: 8192 });
    const ledger = memoryLedger(m, { parallel: { tensor: 8 } });
    expect(ledger["weights"]).toBe(tensorParallel(m, 8).weightBytes);
    expect(ledger["kvCache"]).toBe(kvCacheBytes(m).total / 8);
    expect([fits(m, h100).ok, fits(m, h100, { parallel: { tensor: 8 } }).ok]).toEqual([false, true]);
    const mixtral = model("Mixtral-8x7B");
    const experts = 32 * 8 * 3 * 4096 * 14336 * 2;
    const alone = weightBytes(mixtral) - experts;
    expect(memoryLedger(mixtral, { parallel: { expert: 8 } })["weights"]).toBe(alone + experts / 8);
  });

  it("knows what limits a context: nothing with a window, the table with learned positions", () => {
    expect(fits(decoder({ ...small, slidingWindow: 4 }), h100, { phase: "decode" }).maxContext).toBe(Infinity);
    expect(fits(model("gpt2"), h100, { phase: "decode" }).maxContext).toBe(1024);
    expect(fits(model("Llama-3.1-405B"), h100, { context: 10 })).toMatchObject({ maxBatch: 0, maxContext: 0 });
  });

  it("takes any model at its own workload, and makes only decoders again", () => {
    const fit = fits(model("resnet50"), h100);
    expect([fit.phase, fit.ok, Object.keys(fit.ledger), fit.maxBatch]).toEqual([
      "prefill",
      true,
      ["weights", "activations"],
      undefined,
    ]);
  });

  it.each<[string, string, FitOptions, string]>([
    [
      "resnet50",
      "another batch of a model that is no decoder",
      { batch: 8 },
      "fits: batch must be the model's own unless it is a decoder, got 8; give batch when the model is made",
    ],
    [
      "gpt2",
      "an optimizer outside of training",
      { optimizer: "sgd" },
      'fits: optimizer must stand beside phase "train" (--phase train), got phase prefill',
    ],
    [
      "gpt2",
      "devices that do not divide the heads",
      { parallel: { tensor: 5 } },
      "devices must divide numAttentionHeads 12",
    ],
    ["gpt2", "experts that are not there", { parallel: { expert: 2 } }, "must be 1 without routed experts, got 2"],
    ["gpt2", "an unknown option", { phases: "train" } as never, "fits: keys must be among phase, "],
    ["gpt2", "a negative reserve", { reserve: -1 }, "fits: reserve must be a non-negative integer, got -1"],
  ])("of %s refuses %s", (name, _, options, message) =>
    expect(() => fits(model(name), h100, options)).toThrow(message),
  );

  it("refuses a device without a known memory", () =>
    expect(() => fits(model("gpt2"), { ...h100, memory: undefined })).toThrow("device must have a known memory"));
});

describe("weights of a format", () => {
  const stored = {
    model_type: "llama",
    hidden_size: 64,
    intermediate_size: 128,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    vocab_size: 96,
  };
  const unknown = { ...stored, quantization_config: { quant_method: "mystery", bits: 3 } };
  const known = { ...stored, quantization_config: { quant_method: "fp8", weight_block_size: [128, 128] } };

  it("that is not known are refused in every phase, never NaN", () => {
    for (const phase of ["prefill", "decode", "train"] as const) {
      const m = fromHuggingFace(unknown, { phase, context: 8 });
      for (const ask of [() => fits(m, h100), () => memoryLedger(m), () => weightBytes(m)])
        expect(ask).toThrow(/^fromHuggingFace: quantization_config.quant_method must be one of [^\n]*"mystery"/);
    }
  });

  it.each([unknown, known])("that was asked for stay so at another batch and in another phase", (config) => {
    const asked = fromHuggingFace(config, { weightDtype: "int4", tokens: 8 });
    const { weights } = memoryLedger(asked);
    expect(weights).toBe(memoryLedger(fromHuggingFace(stored, { weightDtype: "int4", tokens: 8 })).weights);
    for (const other of [{ batch: 3 }, { phase: "decode" as const }, { context: 16 }])
      expect(memoryLedger(asked, other).weights).toBe(weights);
    expect(Number.isSafeInteger(fits(asked, h100).maxBatch)).toBe(true);
  });
});
