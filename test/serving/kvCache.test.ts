// kvCacheBytes answers for every model that decodes, and the same whichever way it is asked.
import { describe, expect, it } from "vitest";
import {
  decoder,
  fromHuggingFace,
  kvCacheBytes,
  memoryLedger,
  model,
  modelNames,
  type Model,
} from "../../lib/index.js";
import type { DecoderOptions } from "../../lib/models/index.js";
import { families, labelOf } from "../import/support/families.js";
import { small } from "./small.js";

type Make = (options: DecoderOptions) => Model;

/** The model, or undefined where it refuses the workload. */
function made(make: Make, options: DecoderOptions): Model | undefined {
  try {
    return make(options);
  } catch {
    return undefined;
  }
}

const source = { sourceTokens: 7 };
const makers: (readonly [string, Make])[] = [
  ...modelNames.map((name) => [name, (options: DecoderOptions) => model(name, options)] as const),
  ...families.map(
    (family) => [labelOf(family), (options: DecoderOptions) => fromHuggingFace(family.config, options)] as const,
  ),
];
/** Encoder-decoders must be told how long their source is, others must not. */
const decoding = makers.flatMap(([name, make]) => {
  const told: Make = (options) => made(make, { ...options, ...source }) ?? make(options);
  return made(told, { phase: "decode", context: 5 }) ? [[name, told] as const] : [];
});

/** Everything that is kept, in bytes. */
function all(m: Model, options: Parameters<typeof kvCacheBytes>[1] = {}) {
  const { perSequence, total, state, perToken } = kvCacheBytes(m, options);
  return { perSequence, total, state, perToken };
}

describe("kvCacheBytes of a model that decodes", () => {
  it.each(decoding)("%s", (_, make) => {
    const at = (context: number, batch = 1, more: DecoderOptions = {}): Model =>
      make({ phase: "decode", context, batch, dtype: "bf16", ...more });
    const one = at(5);
    const own = all(one);
    for (const n of Object.values(own)) expect(Number.isFinite(n) && n >= 0).toBe(true);
    expect(own.total + own.state).toBeGreaterThan(0);
    // A context or a batch that is asked of the function is as one that the model was made for.
    for (const context of [1, 3, 21]) expect(all(one, { context })).toEqual(all(at(context)));
    expect(all(one, { batch: 3 })).toEqual(all(at(5, 3)));
    expect(all(at(5, 3), { batch: 1 })).toEqual(own);
    expect(all(one, { kvDtype: "fp8" })).toEqual(all(at(5, 1, { kvDtype: "fp8" })));
    // The lines of the ledger.
    const { kvCache = 0, state = 0 } = memoryLedger(one);
    expect({ total: kvCache, state }).toEqual({ total: own.total, state: own.state });
    expect(all(one, { batch: 3 }).total).toBe(3 * own.total);
    expect(all(one, { batch: 3 }).state).toBe(3 * own.state);
    // A state is the same at every context; keys and values never shrink.
    expect(all(one, { context: 400 }).state).toBe(own.state);
    expect(all(one, { context: 400 }).total).toBeGreaterThanOrEqual(own.total);
  });

  it.each(decoding)("%s: the same in prefill and training, or refused", (_, make) => {
    const decode = all(make({ phase: "decode", context: 5, dtype: "bf16" }), { context: 9 });
    for (const phase of ["prefill", "train"] as const) {
      const m = made(make, { phase, tokens: 9, dtype: "bf16" });
      if (m === undefined) continue;
      let found: unknown;
      try {
        found = all(m);
      } catch (error) {
        expect((error as Error).message).toMatch(/^kvCacheBytes: [^\n]* made in phase decode [^\n]*$/);
        expect("decoder" in m || "hybrid" in m).toBe(false);
        continue;
      }
      expect(found).toEqual(decode);
    }
  });

  it("asks every kind of them", () => {
    const names = decoding.map(([name]) => name);
    expect(names).toEqual(
      expect.arrayContaining(["jamba", "mamba2", "rwkv", "t5", "bart", "whisper-tiny", "qwen3_5 (an image)", "llava"]),
    );
    expect(names).toEqual(expect.arrayContaining(["deepseek_v32", "deepseek_v4", "gpt_oss", "gemma3n_text"]));
  });
});

describe("kvCacheBytes, by hand", () => {
  it("of T5 keeps a source whatever the context: 8 heads of 64 in fp32", () => {
    const t5 = model("t5-small", { phase: "decode", context: 128, sourceTokens: 512 });
    const position = 6 * 2 * 8 * 64 * 4;
    expect(kvCacheBytes(t5)).toEqual({
      perToken: position,
      perSequence: (128 + 512) * position,
      total: (128 + 512) * position,
      state: 0,
      dtype: "fp32",
    });
    expect(kvCacheBytes(t5, { context: 10, batch: 2 }).total).toBe(2 * (10 + 512) * position);
  });

  it("of a hybrid has keys of its attentions and states of its scans", () => {
    const { config } = families.find(({ type }) => type === "jamba")!;
    const m = fromHuggingFace(config, { phase: "prefill", tokens: 30, dtype: "bf16" });
    expect(kvCacheBytes(m, { context: 100, batch: 2 })).toEqual({
      perToken: 2 * 3 * 8 * 2,
      perSequence: 100 * 2 * 3 * 8 * 2,
      total: 2 * 100 * 2 * 3 * 8 * 2,
      state: 2 * 3 * 96 * (9 + 3) * 2,
      dtype: "bf16",
    });
  });

  it("of a decoder has no state", () => expect(kvCacheBytes(decoder(small, { dtype: "bf16" })).state).toBe(0));

  it.each(["resnet18", "bert-base-uncased", "t5-small"])("refuses %s, which decodes nothing as it is", (name) =>
    expect(() => kvCacheBytes(model(name))).toThrow(/phase decode \(--phase decode\), got "[^"]+" in phase prefill$/),
  );
});
