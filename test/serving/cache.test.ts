// What is kept between calls: every model that can be continued keeps something, and says how much.
import { describe, expect, it } from "vitest";
import { decoder, device, fits, fromHuggingFace, memoryLedger, model, modelNames } from "../../lib/index.js";
import { cachedBytes } from "../../lib/serving/cache.js";
import { families, labelOf } from "../import/support/families.js";
import { small } from "./small.js";

/** The model that `make` gives in decode, or undefined where it refuses to be continued. */
function continued(make: (options: { phase: "decode" }) => ReturnType<typeof model>) {
  try {
    return make({ phase: "decode" });
  } catch {
    return undefined;
  }
}

const named = modelNames.flatMap((name) => continued((options) => model(name, options)) ?? []);
const read = families.flatMap(({ config, ...family }) => {
  const made = continued((options) => fromHuggingFace(config, options));
  return made ? [{ ...made, name: labelOf(family) }] : [];
});

describe("a model in decode", () => {
  it.each([...named, ...read].map((m) => [m.name, m] as const))("%s has a cache or a state in its ledger", (_, m) => {
    const { kvCache = 0, state = 0 } = memoryLedger(m);
    expect(kvCache + state).toBeGreaterThan(0);
  });

  it("has several families that are no plain decoders", () => {
    expect(read.filter((m) => !("decoder" in m)).map((m) => m.name)).toEqual(
      expect.arrayContaining(["jamba", "mamba2", "rwkv", "t5", "bart", "whisper", "qwen3_next"]),
    );
  });
});

describe("cachedBytes", () => {
  it("of T5 is keys and values of both attentions of each layer: 8 heads of 64 in fp32", () => {
    const t5 = model("t5-small", { phase: "decode", context: 128, sourceTokens: 512, batch: 3 });
    expect(cachedBytes(t5)).toEqual({ kvCache: 3 * 6 * (128 + 512) * 2 * 8 * 64 * 4 });
    expect(cachedBytes(model("t5-small"))).toEqual({});
  });

  it("of a hybrid is the keys and values of its attentions and the states of its scans", () => {
    const { config } = families.find(({ type }) => type === "jamba")!;
    const jamba = (phase: "prefill" | "decode") =>
      fromHuggingFace(config, { phase, tokens: phase === "decode" ? 1 : 30, context: 30, dtype: "bf16" });
    // One attention of 3 heads of 8; three Mamba layers of 96 channels, 9 states and 3 steps of the filter each.
    const expected = { kvCache: 30 * 2 * 3 * 8 * 2, state: 3 * 96 * (9 + 3) * 2 };
    expect(cachedBytes(jamba("decode"))).toEqual(expected);
    expect(cachedBytes(jamba("prefill"))).toEqual(expected);
    expect(fits(jamba("decode"), device("rtx4090")).ledger).toMatchObject(expected);
  });

  it("of a window is no more than the window, by the ops as by the configuration", () => {
    const windowed = decoder({ ...small, slidingWindow: 4 }, { phase: "decode", context: 9, dtype: "bf16" });
    const { name, nodes, workload } = windowed;
    expect(cachedBytes({ name, nodes, workload })).toEqual(cachedBytes(windowed));
  });

  it("of an encoder is nothing", () => {
    expect(cachedBytes(model("bert-base-uncased"))).toEqual({});
    expect(cachedBytes(model("resnet18"))).toEqual({});
  });
});
