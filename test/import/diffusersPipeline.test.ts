// fromDiffusers: what a pipeline's run is the sum of, and what it refuses.
import { describe, expect, it } from "vitest";
import { fromDiffusers, fromHuggingFace, modelCost } from "../../lib/index.js";

const levels = [32, 64];
const unet = {
  _class_name: "UNet2DConditionModel",
  sample_size: 8,
  block_out_channels: levels,
  cross_attention_dim: 24,
  down_block_types: ["CrossAttnDownBlock2D", "DownBlock2D"],
  up_block_types: ["UpBlock2D", "CrossAttnUpBlock2D"],
};
const vae = {
  _class_name: "AutoencoderKL",
  block_out_channels: levels,
  down_block_types: ["DownEncoderBlock2D", "DownEncoderBlock2D"],
  up_block_types: ["UpDecoderBlock2D", "UpDecoderBlock2D"],
};
const clip = {
  architectures: ["CLIPTextModel"],
  model_type: "clip_text_model",
  vocab_size: 100,
  hidden_size: 24,
  intermediate_size: 48,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  max_position_embeddings: 77,
};
const index = {
  _class_name: "StableDiffusionPipeline",
  vae: ["diffusers", "AutoencoderKL"],
  unet: ["diffusers", "UNet2DConditionModel"],
  text_encoder: ["transformers", "CLIPTextModel"],
  tokenizer: ["transformers", "CLIPTokenizer"],
  scheduler: ["diffusers", "PNDMScheduler"],
  safety_checker: [null, null],
};
const configs = { unet, vae, text_encoder: clip };
const macsOf = (model: Parameters<typeof modelCost>[0]) => modelCost(model).macs;
const both = (batch: number) => ({
  text: macsOf(fromHuggingFace(clip, { batch, tokens: 77 })),
  step: macsOf(fromHuggingFace(unet, { batch, latentSize: 8 })),
});

describe("fromDiffusers", () => {
  it("is one evaluation of the denoiser, beside its components", () => {
    const { model, components } = fromDiffusers(index, configs);
    expect(model).toEqual(fromHuggingFace(unet));
    expect(components.map(({ name, model: own }) => [name, own && modelCost(own).params])).toEqual(
      [["vae", vae] as const, ["unet", unet] as const, ["text_encoder", clip] as const].map(([name, config]) => [
        name,
        modelCost(fromHuggingFace(config)).params,
      ]),
    );
  });

  it("is a whole run with steps: texts, steps, and the image's decoding", () => {
    const { model, components } = fromDiffusers(index, configs, { steps: 3, batch: 2 });
    const decoded = macsOf(components[0]!.model!);
    const whole = macsOf(fromHuggingFace(vae, { imageSize: 16, batch: 2 }));
    expect(decoded).toBeGreaterThan(whole / 2);
    expect(decoded).toBeLessThan(whole);
    const { text, step } = both(4);
    expect(macsOf(model)).toBe(text + 3 * step + decoded);
    const all = [unet, vae, clip].reduce((sum, config) => sum + modelCost(fromHuggingFace(config)).params, 0);
    expect(modelCost(model).params).toBe(all);
    expect(model.workload).toMatchObject({ steps: 3, guidance: true, batch: 2, latentSize: 8 });
    const names = model.nodes.map(({ path }) => path.split("/")[0]);
    expect([...new Set(names)]).toEqual(["text_encoder", "unet", "vae"]);
    for (const [i, { reads = [] }] of model.nodes.entries()) for (const read of reads) expect(read).toBeLessThan(i);
  });

  it("leaves guidance out, and takes pixels", () => {
    const { model } = fromDiffusers(index, configs, { steps: 3, guidance: false, imageSize: 16 });
    const { text, step } = both(1);
    const decoded = macsOf(fromDiffusers(index, configs).components[0]!.model!);
    expect(macsOf(model)).toBe(text + 3 * step + decoded);
    expect(fromDiffusers(index, configs, { imageSize: [16, 32] }).model.workload["latentSize"]).toEqual([8, 16]);
  });

  it("reads CLIP's and T5's texts behind each other in Stable Diffusion 3", () => {
    const projected = { ...clip, architectures: ["CLIPTextModelWithProjection"], projection_dim: 12 };
    const t5 = { architectures: ["T5EncoderModel"], model_type: "t5", d_model: 24, d_kv: 8, num_heads: 2, d_ff: 32 };
    const sd3 = {
      _class_name: "SD3Transformer2DModel",
      sample_size: 8,
      num_layers: 2,
      num_attention_heads: 2,
      attention_head_dim: 8,
      caption_projection_dim: 16,
    };
    const parts = { transformer: sd3, vae, text_encoder: projected, text_encoder_2: projected, text_encoder_3: t5 };
    const named = Object.fromEntries(Object.keys(parts).map((name) => [name, ["library", "Class"]]));
    const three = { _class_name: "StableDiffusion3Pipeline", ...named };
    expect(fromDiffusers(three, parts, { steps: 1 }).model.workload).toMatchObject({ tokens: 77 + 256 });
    expect(fromDiffusers(three, parts, { tokens: 100 }).model.workload).toMatchObject({ tokens: 177 });
    const without = modelCost(fromHuggingFace(clip, { tokens: 77 }));
    const withIt = modelCost(fromHuggingFace(projected, { tokens: 77 }));
    expect([withIt.params - without.params, withIt.macs - without.macs]).toEqual([24 * 12, 24 * 12]);
  });

  it.each([
    [{ ...index, _class_name: "APipeline" }, configs, {}, /_class_name must be one of .*, got "APipeline"$/],
    [index, { ...configs, vae: undefined }, { imageSize: 16 }, /imageSize must stand beside a vae/],
    [index, configs, { imageSize: 17 }, /imageSize must be a multiple of 2, got 17$/],
    [index, configs, { imageSize: 16, latentSize: 8 }, /size must be imageSize or latentSize, got both$/],
    [index, configs, { steps: 0 }, /steps must be a positive integer, got 0$/],
    [index, configs, { steps: 1e9 }, /steps must make at most 2000000 ops/],
    [index, configs, { steps: 1, phase: "train" as const }, /phase must be prefill with steps/],
    [{ ...index, safety_checker: ["a", "Checker"] }, configs, { steps: 1 }, /got safety_checker \(Checker: /],
    [index, { unet }, { steps: 1 }, /steps must be left out .* got vae \(AutoencoderKL: /],
    [index, { vae }, {}, /unet\/config.json must be there, got none$/],
  ])("refuses what is not counted (%#)", (given, parts, options, message) =>
    expect(() => fromDiffusers(given, parts, options)).toThrow(message),
  );
});
