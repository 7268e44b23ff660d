import { describe, expect, it } from "vitest";
import { arithmeticIntensity, costByPath, model, modelCost, modelNames, type ModelOptions } from "../../lib/index.js";

describe("model names", () => {
  it.each([
    ["ResNet-50", "resnet50"],
    ["EfficientNet-B0", "efficientnet_b0"],
    ["ViT-B/16", "vit_b_16"],
    ["VIT_L_32", "vit_l_32"],
    ["DeiT-Ti", "deit_tiny"],
    ["deit_s", "deit_small"],
    ["MobileNetV2", "mobilenet_v2"],
    ["BERT-base-uncased", "bert-base-uncased"],
    ["google-bert/bert-base-cased", "bert-base-cased"],
    ["openai/whisper-large-v3", "whisper-large-v3"],
    ["RegNetY-16GF", "regnet_y_16gf"],
    ["RegNetY-1.6GF", "regnet_y_1_6gf"],
    ["regnetx16gf", "regnet_x_16gf"],
    ["squeezenet10", "squeezenet1_0"],
    ["Swin-T", "swin_t"],
    ["ConvNeXt-T", "convnext_tiny"],
    ["Wide ResNet50-2", "wide_resnet50_2"],
  ])('model("%s") is %s', (written, name) => expect(model(written).name).toBe(name));

  it("model(name) finds every listed name, in upper case and without separators where that is unambiguous", () => {
    for (const name of modelNames) expect(model(name.toUpperCase()).name).toBe(name);
    expect(new Set(modelNames).size).toBe(modelNames.length);
  });

  it('model("bge-m3") is like no other name, and is told where the names are', () =>
    expect(() => model("bge-m3")).toThrow(
      `model: name must be one of ${modelNames.length} known names, got "bge-m3"; modelNames (ridgepoint models) ` +
        "lists them; any other model is counted from its config.json or ONNX file",
    ));

  it('model("resnet51") lists the nearest names in one line', () => {
    expect(() => model("resnet51")).toThrow(/^model: name must be one of resnet50, .*got "resnet51"; modelNames /);
    expect(() => model(undefined as unknown as string)).toThrow(RangeError);
    expect(() => model("__proto__")).toThrow(RangeError);
  });
});

describe("model options", () => {
  it.each<[string, ModelOptions | string, string]>([
    ["resnet50", { size: 224 } as ModelOptions, "resnet50: keys must be among imageSize, batch, tokens"],
    ["resnet50", { batch: 0 }, "resnet50: batch must be a positive integer, got 0"],
    ["resnet50", { imageSize: 3.5 }, "resnet50: imageSize height must be a positive integer, got 3.5"],
    ["resnet50", { imageSize: [224] as never }, "resnet50: imageSize must be a number or a pair"],
    ["vit_b_16", { imageSize: 225 }, "vit_b_16: patchSize must divide image height 225, got 16"],
    ["resnet50", { phase: "decode" }, "resnet50: phase must be prefill or train"],
    ["bert-base-uncased", { tokens: 513 }, "bert-base-uncased: tokens must be at most 512 positions, got 513"],
    ["resnet50", { phase: "test" as never }, 'resnet50: phase must be one of prefill, decode, train, got "test"'],
    [
      "whisper-tiny",
      { phase: "decode", tokens: 4, context: 3 },
      "whisper-tiny: context must be at least tokens 4, got 3",
    ],
    ["resnet50", { dtype: "fp12" }, "dtype must be one of"],
    ["resnet50", "fp16", 'resnet50: options must be an object, got "fp16"'],
  ])('model("%s", %j) says: %s', (name, options, message) => {
    let said = "";
    try {
      model(name, options as ModelOptions);
    } catch (error) {
      said = (error as Error).message;
    }
    expect(said).toContain(message);
    expect(said).not.toContain("\n");
  });

  it("model(name, { batch }) multiplies the arithmetic and the activations, not the parameters or their bytes", () => {
    for (const name of ["resnet18", "swin_t", "bert-base-uncased", "t5-small"]) {
      const one = modelCost(model(name, { batch: 1 }));
      const four = modelCost(model(name, { batch: 4 }));
      expect(four.macs).toBe(4 * one.macs);
      expect(four.outputBytes).toBeLessThanOrEqual(4 * one.outputBytes);
      expect(four.params).toBe(one.params);
      expect(arithmeticIntensity(four)).toBeGreaterThan(arithmeticIntensity(one));
    }
    expect(modelCost(model("resnet18", { batch: 4 })).flops).toBe(4 * modelCost(model("resnet18")).flops);
  });

  it('model(name, { dtype: "bf16" }) halves the bytes of a convolutional network and changes nothing else', () => {
    const full = modelCost(model("efficientnet_b0"));
    const half = modelCost(model("efficientnet_b0", { dtype: "bf16" }));
    expect(half).toEqual({
      ...full,
      bytesRead: full.bytesRead / 2,
      bytesWritten: full.bytesWritten / 2,
      weightBytes: full.weightBytes / 2,
      inputBytes: full.inputBytes / 2,
      outputBytes: full.outputBytes / 2,
    });
  });

  it("model(name, { imageSize: [height, width] }) takes a pair, and a wide image costs what a tall one does", () => {
    const wide = modelCost(model("mobilenet_v2", { imageSize: [192, 320] }));
    const tall = modelCost(model("mobilenet_v2", { imageSize: [320, 192] }));
    expect(wide).toEqual(tall);
  });

  it('model("inception_v3") counts the auxiliary classifier as idle in inference and runs it in training', () => {
    const idle = modelCost(model("inception_v3"));
    const used = modelCost(model("inception_v3", { phase: "train" }));
    expect(model("inception_v3").idleParams).toBeGreaterThan(0);
    expect(model("inception_v3", { phase: "train" }).idleParams).toBeUndefined();
    expect(used.params).toBe(idle.params);
  });
});

describe("every model", () => {
  it.each(modelNames.map((name) => [name] as const))(
    'model("%s") has unique paths, exact counts and one source',
    (name) => {
      const m = model(name);
      const paths = m.nodes.map((n) => n.path);
      expect(new Set(paths).size).toBe(paths.length);
      const c = modelCost(m);
      expect(c.exact).toBe(true);
      expect(c.macs).toBeGreaterThan(0);
      expect(c.flops).toBeGreaterThan(2 * c.macs);
      expect(costByPath(m, 1).reduce((n, g) => n + g.cost.flops, 0)).toBe(c.flops);
      expect(m.source).toBeDefined();
    },
  );
});
