// Models of text and images: what counts as which, and what is refused. That counts equal transformers' own is held by
// families.test.ts.
import { describe, expect, it } from "vitest";
import { cost, fits, device, fromHuggingFace, modelCost, weightBytes, type DecoderOptions } from "../../lib/index.js";
import { cachedBytes } from "../../lib/serving/cache.js";
import { families } from "./support/families.js";

const text = {
  model_type: "llama",
  vocab_size: 256,
  hidden_size: 64,
  intermediate_size: 96,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
};
const vision = {
  model_type: "clip_vision_model",
  hidden_size: 32,
  intermediate_size: 64,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  image_size: 32,
  patch_size: 8,
};
const llava = { model_type: "llava", text_config: text, vision_config: vision };
const made = (options: DecoderOptions, more: object = {}) => fromHuggingFace({ ...llava, ...more }, options);

describe("a model of text and images", () => {
  it("runs its text alone without images, and has the tower's parameters all the same", () => {
    const [without, seeing] = [made({ tokens: 64 }), made({ tokens: 64, images: 1 })];
    expect(modelCost(without).params).toBe(modelCost(seeing).params);
    expect(weightBytes(without)).toBe(weightBytes(seeing));
    expect(modelCost(without).macs).toBe(modelCost(fromHuggingFace(text, { tokens: 64 })).macs);
  });

  it("adds what one image costs for each, in every sequence", () => {
    const macs = (images: number, batch = 1) => modelCost(made({ tokens: 64, images, batch })).macs;
    expect(macs(2) - macs(1)).toBe(macs(1) - macs(0));
    expect(macs(2, 3)).toBe(3 * macs(2));
  });

  it("takes the positions of its images for the least number of tokens", () => {
    expect(made({ images: 2 }).workload).toMatchObject({ images: 2, imageSize: 32, tokens: 32, context: 32 });
    expect(() => made({ images: 2, tokens: 31 })).toThrow(
      "llava: tokens must be at least 32, the positions of its images, got 31",
    );
  });

  it("trains tower and text: backward work of each matrix of the forward pass", () => {
    const { nodes } = made({ phase: "train", tokens: 64, images: 1 });
    const trained = new Set(
      nodes.flatMap(({ path, sharedWeights }) => (path.endsWith("/backward") ? sharedWeights : [])),
    );
    const forward = nodes.filter(({ path, op }) => !path.endsWith("/backward") && cost(op).macs > 0);
    expect(forward.filter(({ path }) => !trained.has(path))).toEqual([]);
  });

  it("keeps the text's keys and values between calls", () => {
    expect(cachedBytes(made({ tokens: 64, images: 1 }))).toEqual(cachedBytes(fromHuggingFace(text, { tokens: 64 })));
  });

  it("needs memory for the tower as well", () => {
    const h100 = device("h100-sxm");
    const ledger = fits(made({ tokens: 64, images: 1 }), h100).ledger;
    expect(ledger.weights).toBe(weightBytes(made({ tokens: 64 })));
  });

  it("reads each image after the tower's features have been made, before the text's first layer", () => {
    const { nodes } = made({ tokens: 64, images: 1 });
    const features = nodes.findIndex(({ path }) => path === "multi_modal_projector/linear_2");
    const readers = nodes.flatMap(({ path, reads }) => (reads?.includes(features) ? [path] : []));
    expect(readers).toContain("layers.0/input_norm");
  });

  it.each<[string, DecoderOptions, object]>([
    ["imageSize must be 32, the tower's own, got 48", { images: 1, imageSize: 48 }, {}],
    ["imageSize must stand beside images, got 32 alone", { imageSize: 32 }, {}],
    ["images must be a positive integer, got 1.5", { images: 1.5 }, {}],
    ["images must be 0 in decode", { images: 1, phase: "decode" }, {}],
    [
      "vision_config must be an object beside text_config, which can be counted alone, got nothing",
      {},
      { vision_config: undefined },
    ],
    ["text_config.model_type must be one of", {}, { text_config: { ...text, model_type: "none" } }],
    ["vision_config.some_size must be left out", {}, { vision_config: { ...vision, some_size: 3 } }],
    ["some_size must be left out", {}, { some_size: 3 }],
    ["text_config.some_size must be left out", {}, { text_config: { ...text, some_size: 3 } }],
  ])("%s", (message, options, more) => {
    expect(() => made(options, more)).toThrow(message);
  });

  it("refuses images where there is no tower", () => {
    expect(() => fromHuggingFace(text, { images: 1 })).toThrow('got "images"');
  });
});

describe("Llama 4, whose class of transformers 5.24 fails at an image", () => {
  it("does for two images what its tower and projector do alone there", () => {
    const { config } = families.find(({ type }) => type === "llama4")!;
    const macs = (images: number) => modelCost(fromHuggingFace(config, { tokens: 64, images })).macs;
    // FlopCounterMode of vision_model and multi_modal_projector on [2, 3, 32, 32].
    expect(macs(2) - macs(0)).toBe(1_198_336);
  });
});

describe("a quantized model of text and images", () => {
  const stored = (quantization_config: object, options: DecoderOptions = {}) =>
    made({ tokens: 64, images: 1, ...options }, { quantization_config });
  const bnb = { quant_method: "bitsandbytes", load_in_4bit: true };
  const towerPaths = ["model.vision_tower", "model.multi_modal_projector"];

  it("has the bytes of the tower where the file leaves it alone", () => {
    const left = stored({ ...bnb, llm_int8_skip_modules: [...towerPaths, "lm_head"] });
    const alone = fromHuggingFace({ ...text, quantization_config: bnb }, { tokens: 64 });
    const towers = weightBytes(made({ tokens: 64 })) - weightBytes(fromHuggingFace(text, { tokens: 64 }));
    expect(weightBytes(left)).toBe(weightBytes(alone) + towers);
  });

  it.each([
    ["nothing is left alone", bnb],
    ["the projector is not named", { ...bnb, llm_int8_skip_modules: ["model.vision_tower", "lm_head"] }],
    ["one layer is named", { ...bnb, llm_int8_skip_modules: ["model.vision_tower.layers.0", "lm_head"] }],
  ])("says that its bytes are not known where %s", (_, q) => {
    expect(() => weightBytes(stored(q))).toThrow("must name the vision tower among the modules that it leaves alone");
    expect(modelCost(stored(q)).macs).toBe(modelCost(made({ tokens: 64, images: 1 })).macs);
    expect(modelCost(stored(q)).bytesRead).toBeNaN();
  });

  it("has the bytes that are asked for", () => {
    expect(weightBytes(stored(bnb, { weightDtype: "int8" }))).toBe(
      weightBytes(made({ tokens: 64, images: 1, weightDtype: "int8" })),
    );
  });
});
