// Encoders, encoder-decoders and vision models from config.json, beside what families.test.ts holds against the tables.
import { describe, expect, it } from "vitest";
import { fromHuggingFace, huggingFaceArchitectures, modelCost, type ModelOptions } from "../../lib/index.js";
import { families, type Family } from "./support/families.js";

const of = (type: string, variant?: string): Family =>
  families.find((family) => family.type === type && family.variant === variant)!;
const paramsOf = (config: Record<string, unknown>, options: ModelOptions = {}) =>
  modelCost(fromHuggingFace(config, options)).params;
const seqToSeq = ["t5", "mt5", "umt5", "bart", "mbart", "pegasus", "marian", "m2m_100", "blenderbot", "whisper"];
const encoders = [
  "bert",
  "roberta",
  "albert",
  "electra",
  "mpnet",
  "modernbert",
  "deberta-v2",
  "nomic_bert",
  "eurobert",
];
const seeing = ["vit", "deit", "beit", "dinov2", "dinov3_vit", "vit_mae", "swin", "swinv2", "convnext", "resnet"];
const others = ["clip", "siglip", "mobilenet_v2", "wav2vec2", "hubert"];

describe("A step from the cache", () => {
  it.each(seqToSeq)("%s keeps its parameters, runs no encoder and grows with the context", (type) => {
    const { config, params } = of(type);
    const source = type === "whisper" ? {} : { sourceTokens: 11 };
    const step = (context: number) => modelCost(fromHuggingFace(config, { phase: "decode", context, ...source }));
    expect([step(5).params, step(9).params]).toEqual([params, params]);
    const rate = step(9).macs - step(8).macs;
    expect(rate).toBeGreaterThan(0);
    expect(step(9).macs - step(5).macs).toBe(4 * rate);
    expect(step(5).macs).toBeLessThan(modelCost(fromHuggingFace(config, { tokens: 11 })).macs / 8);
  });

  it.each([...encoders, ...seeing, ...others])("%s has none", (type) =>
    expect(() => fromHuggingFace(of(type).config, { phase: "decode" })).toThrow(/phase must be prefill or train/),
  );
});

describe("A training step", () => {
  it.each([...seqToSeq, ...encoders, ...seeing, ...others])("of %s has a forward pass and about twice that", (type) => {
    const { config, imageSize } = of(type);
    const workload = imageSize === undefined ? {} : { imageSize };
    const forward = modelCost(fromHuggingFace(config, workload));
    const step = modelCost(fromHuggingFace(config, { ...workload, phase: "train" }));
    expect(step.params).toBe(forward.params);
    expect(step.macs / forward.macs).toBeGreaterThan(2);
    expect(step.macs / forward.macs).toBeLessThanOrEqual(3);
  });
});

describe("The class that a file names", () => {
  it("is the body where it names none", () => {
    for (const type of ["bert", "distilbert", "vit", "convnext"]) {
      const { config } = of(type);
      const stem = (config["architectures"] as string[])[0]!.replace(/(For\w+|Model)$/, "");
      expect([type, paramsOf({ ...config, architectures: undefined })]).toEqual([
        type,
        paramsOf({ ...config, architectures: [`${stem}Model`] }),
      ]);
    }
  });

  it("is the whole of an encoder-decoder where it names none", () => {
    const unnamed = { ...of("t5").config, architectures: undefined };
    expect(modelCost(fromHuggingFace(unnamed, { tokens: 11 })).macs).toBe(of("t5").macs);
  });

  it.each([
    ["bert", "BertForFun", /architectures must be a class that ends in one of Model, ForMaskedLM, .*BertForFun/],
    ["vit", "ViTForMaskedImageModeling", /architectures must be a class that ends in one of ForImageClassification/],
    ["t5", "T5ForSequenceClassification", /architectures must be a class that ends in .*EncoderModel/],
    ["whisper", "WhisperForAudioClassification", /architectures must be a class that ends in .*ForCausalLM/],
  ])("of %s is refused as %s", (type, name, message) =>
    expect(() => fromHuggingFace({ ...of(type).config, architectures: [name] })).toThrow(message),
  );
});

describe("What is not counted is refused", () => {
  it.each([
    ["mpnet", { add_cross_attention: true, is_decoder: true }, /add_cross_attention must be false/],
    ["bert", { add_cross_attention: true }, /is_decoder must be true beside add_cross_attention/],
    ["bert", { quantization_config: { quant_method: "gptq" } }, /quantization_config must be absent/],
    ["bert", { num_attention_heads: 7 }, /num_attention_heads must be a divisor of the width 48, got 7/],
    ["vit", { num_labels: 3 }, /num_labels must be as many as id2label names, 7, got 3/],
    ["bart", { tie_word_embeddings: false }, /tie_word_embeddings must be true/],
    ["marian", { share_encoder_decoder_embeddings: false }, /share_encoder_decoder_embeddings must be true/],
    ["t5", { feed_forward_proj: "gated-x" }, /feed_forward_proj must be one of relu, gelu/],
    ["deberta-v2", { conv_kernel_size: 3 }, /conv_kernel_size must be 0/],
    ["swin", { window_size: 9 }, /windowSize must be at most the map of stage 2, 7, got 9/],
    ["convnext", { depths: [1, 2] }, /depths must be a list of 4, as hidden_sizes is/],
    ["wav2vec2", { add_adapter: true }, /add_adapter must be false/],
    ["hubert", { conv_pos_batch_norm: true }, /conv_pos_batch_norm must be false/],
    ["mobilenet_v2", { output_stride: 16 }, /output_stride must be 32/],
    ["clip", { vision_config: null }, /vision_config must be an object/],
  ])("%s with %o", (type, change, message) =>
    expect(() => fromHuggingFace({ ...of(type).config, ...change })).toThrow(message),
  );

  it("texts longer than the positions", () => {
    expect(() => fromHuggingFace(of("roberta").config, { tokens: 36 })).toThrow(/tokens must be at most 35 positions/);
    expect(() => fromHuggingFace(of("clip").config, { tokens: 38 })).toThrow(/tokens must be at most 37 positions/);
  });

  it("any field made hostile, in one line", () => {
    const hostile = ["x", -1, 0, 1e10, 0.5, [], {}, true, null, "__proto__"];
    for (const type of [...seqToSeq, ...encoders, ...seeing, ...others])
      for (const field of Object.keys(of(type).config))
        for (const value of hostile) {
          let said: unknown = "";
          try {
            modelCost(fromHuggingFace({ ...of(type).config, [field]: value }));
          } catch (error) {
            expect(error).toSatisfy((e) => e instanceof RangeError || e instanceof TypeError);
            said = (error as Error).message;
          }
          expect([type, field, value, said]).toEqual([type, field, value, expect.stringMatching(/^$|^[^\n]*: .*$/)]);
        }
  }, 60_000);
});

describe("An image or a sound of another size", () => {
  it.each(["vit", "deit", "beit", "dinov2", "dinov3_vit", "vit_mae", "clip_vision_model", "siglip_vision_model"])(
    "%s keeps its tables",
    (type) => {
      const { config, params, macs } = of(type);
      const larger = modelCost(fromHuggingFace(config, { imageSize: 60 }));
      expect(larger.params).toBe(params);
      expect(larger.macs).toBeGreaterThan(3 * macs);
    },
  );

  it("half a second is half the first convolution", () => {
    const { config } = of("wav2vec2");
    const first = (sourceTokens: number) =>
      fromHuggingFace(config, { sourceTokens }).nodes.find(({ path }) => path.endsWith("conv_layers.0/conv"))!.op.macs;
    expect([first(16000), first(8000)]).toEqual([3199 * 10 * 12, 1599 * 10 * 12]);
  });
});

it("every family of this file is known by name", () =>
  expect(huggingFaceArchitectures).toEqual(expect.arrayContaining([...seqToSeq, ...encoders, ...seeing, ...others])));
