// What `count` says of a folder: a configuration alone, shards that are not there, an adapter, a pipeline.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fromHuggingFace, modelCost } from "../../lib/index.js";
import { safetensorsFile, safetensorsHeader } from "../import/support/files.js";
import { folder, file, llama, object, run } from "./run.js";

const { params } = modelCost(fromHuggingFace(llama));
const inFolder = (name: string, files: Readonly<Record<string, string | Uint8Array>>): string => {
  mkdirSync(join(folder, name), { recursive: true });
  for (const [path, content] of Object.entries(files)) file(join(name, path), content);
  return join(folder, name);
};

describe("ridgepoint count <folder>", () => {
  it("counts a configuration alone, and one whose shards are not there", async () => {
    const config = JSON.stringify(llama);
    expect(await object("count", inFolder("alone", { "config.json": config }))).toMatchObject({ params });
    const index = JSON.stringify({ metadata: { total_size: 1234 }, weight_map: { a: "m-1-of-1.safetensors" } });
    const path = inFolder("index", { "config.json": config, "model.safetensors.index.json": index });
    const told = await object("count", path);
    expect(told).toMatchObject({ params });
    expect(told.note).toContain("1,234 bytes by the index are not here");
  });

  it("says what an adapter and a pipeline are", async () => {
    const { header, dataBytes } = safetensorsHeader({ a: { dtype: "F32", shape: [2, 8] } });
    const adapter = inFolder("adapter", {
      "adapter_config.json": JSON.stringify({ base_model_name_or_path: "some/base" }),
      "adapter_model.safetensors": safetensorsFile(header, dataBytes),
    });
    expect((await run("count", adapter)).out).toContain("an adapter of 16 parameters of some/base");
    const pipeline = inFolder("pipeline", { "model_index.json": JSON.stringify({ _class_name: "APipeline" }) });
    expect((await run("count", pipeline)).err).toMatch(
      /got a diffusers pipeline \(APipeline\), which is not counted\n$/,
    );
  });

  it("counts a pipeline's denoiser, and with steps a whole run", async () => {
    const types = { down_block_types: ["CrossAttnDownBlock2D"], up_block_types: ["CrossAttnUpBlock2D"] };
    const unet = { _class_name: "UNet2DConditionModel", sample_size: 8, block_out_channels: [32], ...types };
    const parts = { unet: ["diffusers", "UNet2DConditionModel"], scheduler: ["diffusers", "DDIMScheduler"] };
    const index = { _class_name: "StableDiffusionPipeline", ...parts };
    mkdirSync(join(folder, "diffusion", "unet"), { recursive: true });
    file("diffusion/unet/config.json", JSON.stringify(unet));
    const path = inFolder("diffusion", { "model_index.json": JSON.stringify(index) });
    const { macs, params: own } = modelCost(fromHuggingFace(unet));
    const told = await object("count", path);
    expect(told).toMatchObject({ params: own, macs });
    expect(told.note).toContain("one evaluation of its denoiser");
    expect(await object("count", path, "--steps", "5")).toMatchObject({ params: own, macs: 10 * macs });
    expect(await object("count", path, "--steps", "5", "--no-guidance")).toMatchObject({ macs: 5 * macs });
    expect(await object("count", path, "--latent-size", "8x16")).toMatchObject({ workload: { latentSize: [8, 16] } });
    expect((await run("count", "resnet50", "--steps", "5")).err).toMatch(
      /count: --steps must be asked of a diffusers pipeline's folder, got "resnet50"\n$/,
    );
  });

  it("reads weights under another name, and the quantization beside a configuration", async () => {
    const { header, dataBytes } = safetensorsHeader({ a: { dtype: "F32", shape: [2, 8] } });
    const custom = inFolder("custom", { "pytorch-custom.safetensors": safetensorsFile(header, dataBytes) });
    expect(await object("count", custom)).toMatchObject({ params: 16, weightBytes: 64 });
    const quantization = { quant_algo: "NVFP4", exclude_modules: ["lm_head"] };
    const path = inFolder("modelopt", {
      "config.json": JSON.stringify(llama),
      "hf_quant_config.json": JSON.stringify({ quantization }),
    });
    const quantization_config = { quant_method: "modelopt", ...quantization };
    expect(await object("count", path)).toMatchObject({
      weightBytes: modelCost(fromHuggingFace({ ...llama, quantization_config })).weightBytes,
    });
  });
});
