import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { countAs, fromHuggingFace, model, modelCost, type ModelOptions, type ToolName } from "../../lib/index.js";
import { encoderOnnx } from "../import/support/encoder.js";
import { node, onnxFile, valueInfo, type Message } from "../import/support/proto.js";
import { safetensorsFile, safetensorsHeader } from "../import/support/files.js";
import { folder, file, run, object, llama } from "./run.js";

describe("ridgepoint count", () => {
  it.each<[string[], string, ModelOptions]>([
    [["resnet50"], "resnet50", {}],
    [
      ["ResNet-50", "--batch", "8", "--image-size", "192x256", "--dtype", "bf16"],
      "resnet50",
      { batch: 8, imageSize: [192, 256], dtype: "bf16" },
    ],
    [
      ["efficientnet_b0", "--phase", "train", "--image-size=320"],
      "efficientnet_b0",
      { phase: "train", imageSize: 320 },
    ],
    [["bert-base-uncased", "--tokens", "384"], "bert-base-uncased", { tokens: 384 }],
    [
      ["t5-small", "--phase", "decode", "--context", "9", "--source-tokens", "77"],
      "t5-small",
      { phase: "decode", context: 9, sourceTokens: 77 },
    ],
    [
      [
        "Llama-3-8B",
        "--phase",
        "decode",
        "--batch",
        "4",
        "--context",
        "4096",
        "--weight-dtype",
        "int4",
        "--group-size",
        "128",
        "--kv-dtype",
        "fp8",
      ],
      "Llama-3-8B",
      { phase: "decode", batch: 4, context: 4096, weightDtype: "int4", groupSize: 128, kvDtype: "fp8" },
    ],
  ])("%j --json prints the cost of the model with those options", async (args, name, options) => {
    const c = modelCost(model(name, options));
    expect(await object("count", ...args)).toMatchObject({
      ...c,
      workload: JSON.parse(JSON.stringify(model(name, options).workload)),
    });
    expect(c.macs).toBeGreaterThan(0);
  });

  it("<config.json> counts the file's model, and --depth its parts, which add up", async () => {
    const path = file("config.json", JSON.stringify(llama));
    const expected = modelCost(fromHuggingFace(llama, { tokens: 8 }));
    const { parts, ...rest } = (await object("count", path, "--tokens", "8", "--depth", "1")) as {
      parts: { path: string; params: number; macs: number }[];
    };
    expect(rest).toMatchObject({ ...expected });
    expect(parts.map((p) => p.path)).toEqual(["embed_tokens", "layers.0", "layers.1", "norm", "lm_head"]);
    expect([parts.reduce((n, p) => n + p.params, 0), parts.reduce((n, p) => n + p.macs, 0)]).toEqual([
      expected.params,
      expected.macs,
    ]);
  });

  it(
    "<file.safetensors> prints the header's " +
      "totals, and what the model costs when " +
      "a config.json stands beside it",
    async () => {
      const { header, dataBytes } = safetensorsHeader({
        "a.weight": { dtype: "BF16", shape: [3, 5] },
        b: { dtype: "F32", shape: [7] },
      });
      mkdirSync(join(folder, "alone"));
      mkdirSync(join(folder, "beside"));
      const alone = file("alone/model.safetensors", safetensorsFile(header, dataBytes));
      const beside = file("beside/model.safetensors", safetensorsFile(header, dataBytes));
      file("beside/config.json", JSON.stringify(llama));
      expect(await object("count", alone)).toMatchObject({
        params: 22,
        macs: null,
        flops: null,
        weightBytes: 58,
        file: { format: "safetensors", bytesByDtype: { BF16: 30, F32: 28 } },
      });
      expect((await run("count", alone)).out).toContain("stored numbers  22");
      expect(await object("count", beside)).toMatchObject({
        macs: modelCost(fromHuggingFace(llama)).macs,
        file: { params: 22 },
      });
    },
  );

  it("<file.onnx> counts the graph, with symbolic sizes by option or by name", async () => {
    const path = file("encoder.onnx", encoderOnnx({ hidden: 32, heads: 4, intermediate: 64, vocab: 99 }));
    const short = await object("count", path, "--tokens", "10");
    const named = await object("count", path, "--dim", "sequence=10", "--dim", "batch=1");
    expect(short).toMatchObject({ params: named.params, macs: named.macs, uncounted: [] });
    // q, k, v, output 32·32, feed-forward 2·32·64 a token; two products of 10 x 10 x 32.
    expect(short.macs).toBe(10 * (4 * 32 * 32 + 2 * 32 * 64) + 2 * 10 * 10 * 32);
  });

  it("<file.onnx> says in its first line how much is not counted, and gives no total that reads as whole", async () => {
    const unknown = (i: number) => node("Novel", ["x"], [`z${i}`], { name: `novel.${i}` });
    const relu = node("Relu", ["x"], ["y"], { name: "relu" });
    const written = (name: string, nodes: readonly Message[]) =>
      file(name, onnxFile({ nodes, inputs: [valueInfo("x", [4, 8])], outputs: [valueInfo("y", [4, 8])] }));
    const part = written("part.onnx", [relu, unknown(1), unknown(2), unknown(3), unknown(4)]);
    const { out } = await run("count", part);
    const headline =
      "at least 32.0 FLOP; 4 of 5 nodes are not counted: " + "novel.1 (Novel), novel.2 (Novel), novel.3 (Novel), …";
    expect(out.split("\n")).toContain(headline);
    expect(out).toMatch(/MACs +not known\n/);
    expect(out).toMatch(/FLOPs +at least 32 = /);
    expect(await object("count", part)).toMatchObject({ lowerBound: true, graphNodes: 5, flops: 32 });
    for (const command of ["roofline", "fits"]) {
      expect((await run(command, part, "--device", "h100-sxm")).out).toContain(headline);
      expect((await run(command, part, "--device", "h100-sxm")).out).not.toMatch(/ to spare|: fits/);
      const told = await object(command, part, "--device", "h100-sxm");
      expect(told).toMatchObject({ lowerBound: true, graphNodes: 5, uncounted: [{}, {}, {}, {}] });
      // Enough for what is known is not enough for all.
      expect(command === "fits" ? told.fits : told.memory).toEqual(
        command === "fits" ? null : expect.objectContaining({ fits: null }),
      );
    }
    const none = await run("count", written("none.onnx", [unknown(1)]));
    expect(none.out).toContain("FLOPs are not known; 1 of 1 nodes is not counted: novel.1 (Novel)\n");
    expect(none.out).not.toMatch(/(MACs|FLOPs|bytes read|bytes written) +0/);
    const whole = written("whole.onnx", [relu]);
    expect((await run("count", whole)).out).not.toMatch(/not counted|at least|not known/);
    expect(await object("count", whole)).toMatchObject({ lowerBound: false, uncounted: [] });
    for (const command of ["roofline", "fits"]) {
      const told = await object(command, whole, "--device", "h100-sxm");
      expect(told).toMatchObject({ lowerBound: false, uncounted: [], graphNodes: 1 });
      expect(await object(command, "resnet18", "--device", "h100-sxm")).not.toHaveProperty("lowerBound");
    }
  });

  it.each<[string, string]>([
    ["resnet18", "thop"],
    ["vit_b_16", "torchinfo"],
    ["mobilenet_v2", "ptflops"],
  ])("%s --as %s prints that tool's figure and why it differs", async (name, tool) => {
    const expected = countAs(tool as ToolName, model(name));
    expect((await object("count", name, "--as", tool)).as).toEqual(JSON.parse(JSON.stringify(expected)));
    const { out } = await run("count", name, "--as", tool);
    for (const { why } of expected.terms) expect(out).toContain(why);
  });

  it("prints exact figures beside short ones for people", async () => {
    const { code, out } = await run("count", "resnet50", "--depth", "1");
    expect(code).toBe(0);
    for (const text of ["25,557,032 (25.6 M)", "4,089,184,256 (4.09 G)", "layer4", "total of resnet50"])
      expect(out).toContain(text);
    expect(out.split("\n").every((line) => line.length < 160)).toBe(true);
  });
});
