import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { main } from "../lib/cli.js";
import {
  attention,
  conv2d,
  kvCacheBytes,
  peakActivationBytes,
  weightBytes,
  cost,
  countAs,
  devices,
  estimate,
  fromHuggingFace,
  device as deviceOf,
  model,
  modelCost,
  type ModelOptions,
  type ToolName,
} from "../lib/index.js";
import { encoderOnnx } from "./import/support/encoder.js";
import { safetensorsFile, safetensorsHeader } from "./import/support/files.js";

const folder = mkdtempSync(join(tmpdir(), "ridgepoint-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const code = await main(args, {
    out: (t) => {
      out += t;
    },
    err: (t) => {
      err += t;
    },
    terminal: false,
  });
  return { code, out, err };
}
async function object(...args: string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await run(...args, "--json");
  expect([code, err]).toEqual([0, ""]);
  return JSON.parse(out) as Record<string, unknown>;
}
const llama = {
  architectures: ["LlamaForCausalLM"],
  model_type: "llama",
  hidden_size: 64,
  intermediate_size: 160,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  vocab_size: 300,
  torch_dtype: "bfloat16",
};

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

  it("<file.safetensors> prints the header's totals, and what the model costs when a config.json stands beside it", async () => {
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
  });

  it("<file.onnx> counts the graph, with symbolic sizes by option or by name", async () => {
    const path = file("encoder.onnx", encoderOnnx({ hidden: 32, heads: 4, intermediate: 64, vocab: 99 }));
    const short = await object("count", path, "--tokens", "10");
    const named = await object("count", path, "--dim", "sequence=10", "--dim", "batch=1");
    expect(short).toMatchObject({ params: named.params, macs: named.macs, uncounted: [] });
    // q, k, v, output 32·32, feed-forward 2·32·64 a token; two products of 10 x 10 x 32.
    expect(short.macs).toBe(10 * (4 * 32 * 32 + 2 * 32 * 64) + 2 * 10 * 10 * 32);
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

describe("ridgepoint op", () => {
  it("conv2d and attention --json print the cost of the layer", async () => {
    const conv = { inChannels: 64, outChannels: 128, height: 56, width: 56, kernelSize: 3, padding: 1 };
    const core = { tokens: 1, context: 4096, heads: 32, kvHeads: 8, headDim: 128, causal: true, dtype: "bf16" };
    expect(await object("op", "conv2d", JSON.stringify(conv))).toMatchObject({
      kind: "conv2d",
      outputShape: [1, 128, 56, 56],
      ...cost(conv2d(conv)),
    });
    expect(await object("op", "attention", JSON.stringify(core))).toMatchObject(
      cost(attention(core)) as unknown as Record<string, unknown>,
    );
  });

  it("knows every layer that lib exports under its name", async () => {
    const names =
      "linear conv1d conv2d conv3d convTranspose2d matmul einsum attention mla moe embedding layerNorm rmsNorm batchNorm groupNorm softmax relu gelu silu add maxPool avgPool lstm gru".split(
        " ",
      );
    for (const name of names)
      expect([name, (await run("op", name, "{}")).err]).toEqual([name, expect.not.stringContaining("kind must be")]);
  });

  it("relu prints tensors and figures", async () =>
    expect((await run("op", "relu", '{"shape": [2, 3]}')).out).toMatch(/x \[2, 3\] fp32[\s\S]*FLOPs +6/));
});

describe("ridgepoint roofline", () => {
  it("--json prints the bounds that estimate() gives", async () => {
    const options = { phase: "decode", context: 4096 } as const;
    const c = modelCost(model("Llama-3-8B", options));
    expect(
      await object("roofline", "Llama-3-8B", "--device", "H100-SXM", "--phase", "decode", "--context", "4096"),
    ).toMatchObject({
      ...estimate(c, deviceOf("h100-sxm"), "bf16"),
      device: "h100-sxm",
      dtype: "bf16",
      params: c.params,
      macs: c.macs,
    });
  });

  it("counts weights, cache and activations against the device's memory", async () => {
    const asked = ["Llama-2-13B", "--device", "h100-sxm", "--phase", "decode", "--context", "4096"];
    const m = model("Llama-2-13B", { phase: "decode", context: 4096 });
    const memory = { weights: weightBytes(m), kvCache: kvCacheBytes(m).total, peakActivations: peakActivationBytes(m) };
    expect(await object("roofline", ...asked)).toMatchObject({
      memory: { ...memory, needed: memory.weights + memory.kvCache + memory.peakActivations, device: 80e9, fits: true },
    });
    expect(await object("roofline", ...asked, "--batch", "32")).toMatchObject({
      memory: { kvCache: 107_374_182_400, fits: false },
    });
    expect(await object("count", "Llama-2-13B", "--phase", "decode", "--context", "4096")).toMatchObject({ memory });
  });

  it("tells people the bound, and says when the weights do not fit", async () => {
    const { out } = await run("roofline", "Llama-3-70B", "--device", "h100-sxm", "--phase", "decode");
    expect(out).toContain("memory-bound");
    expect(out).toContain("does not fit");
    expect((await run("roofline", "Llama-3-8B", "--device", "h100-sxm", "--phase", "decode")).out).not.toContain(
      "does not fit",
    );
    // A step reads two of eight experts; all of them must stand in memory.
    const experts = ["roofline", "Mixtral-8x7B", "--device", "h100-sxm", "--phase", "decode"];
    expect((await run(...experts)).out).toContain("does not fit");
    expect(await object(...experts)).toMatchObject({ memory: { weights: 2 * 46702792704, fits: false } });
  });
});

describe("ridgepoint devices", () => {
  it("lists every device, for people and as JSON", async () => {
    const { out } = await run("devices");
    for (const id of Object.keys(devices)) expect(out).toContain(id);
    expect(((await object("devices")).devices as { id: string }[]).map((d) => d.id)).toEqual(Object.keys(devices));
  });
});

describe("ridgepoint", () => {
  it("--help names every command, each of which has its own help; --version is the package's", async () => {
    const { code, out } = await run("--help");
    for (const command of ["count", "op", "roofline", "devices", "machine"]) {
      expect(out).toContain(`ridgepoint ${command}`);
      expect((await run(command, "--help")).out).toMatch(new RegExp(`^ridgepoint ${command}`));
    }
    expect([code, (await run()).out]).toEqual([0, out]);
    expect((await run("--version")).out.trim()).toBe(
      (JSON.parse(readFileSync(new URL("../lib/package.json", import.meta.url), "utf8")) as { version: string })
        .version,
    );
  });

  const bad: [string[], RegExp][] = [
    [["frob"], /must be called with one of .*count.*"frob"/],
    [["count"], /name or a file must be given/],
    [["count", "resnet51"], /name must be one of resnet50/],
    [["count", "nowhere.json"], /can be read, got "nowhere.json"/],
    [["count", "nowhere.onnx"], /nowhere.onnx/],
    [["count", "nowhere.gguf"], /nowhere.gguf/],
    [["count", "nowhere.safetensors"], /nowhere.safetensors/],
    [["count", "resnet50", "--batch", "0"], /--batch must be a positive integer, got "0"/],
    [["count", "resnet50", "--batch", "1e3"], /--batch/],
    [["count", "resnet50", "--batch", "-1"], /--batch must have a value/],
    [["count", "resnet50", "--batch=-1"], /--batch must be a positive integer, got "-1"/],
    [["count", "resnet50", "--batch", "99999999999999999999"], /--batch/],
    [["count", "resnet50", "--batch"], /--batch must have a value/],
    [["count", "resnet50", "--bach", "1"], /options must be among --batch.*got "--bach"/],
    [["count", "resnet50", "--json=yes"], /--json must have no value/],
    [["count", "resnet50", "--batch", "1", "--batch", "2"], /given once/],
    [["count", "resnet50", "resnet18"], /got "resnet18" too/],
    [["count", "resnet50", "--phase", "decode"], /phase/],
    [["count", "resnet50", "--dtype", "fp17"], /dtype must be one of/],
    [["count", "resnet50", "--image-size", "2x"], /--image-size/],
    [["count", "resnet50", "--image-size", "2x3x4"], /--image-size/],
    [["count", "resnet50", "--as", "tool"], /--as must be one of torch/],
    [["count", "resnet50", "--depth", "one"], /--depth/],
    [["count", "\u001b[31mred\u0007"], /"\\u001b\[31mred\\u0007"/],
    [["op"], /kind of layer must be given/],
    [["op", "dense", "{}"], /kind must be one of linear/],
    [["op", "__proto__", "{}"], /kind must be/],
    [["op", "linear"], /shape as JSON/],
    [["op", "linear", "{"], /must be JSON/],
    [["op", "linear", "[]"], /must be an object/],
    [["op", "linear", '{"inFeatures": 1e9}'], /outFeatures/],
    [["op", "linear", "[".repeat(5000)], /nest at most/],
    [["op", "relu", '{"shape": "x"}'], /shape/],
    [["roofline", "resnet50"], /--device/],
    [["roofline", "resnet50", "--device", "h101"], /id must be one of/],
    [["roofline", "resnet50", "--device", "v100-sxm2", "--dtype", "fp8"], /v100-sxm2 lists/],
    [["devices", "h100"], /arguments must be none/],
    [["machine", "--fast"], /options must be among --quick/],
  ];
  it.each(bad)("%j ends in one line on the error stream and exit code 2", async (args, message) => {
    const { code, out, err } = await run(...args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(message);
    expect(err).toMatch(/^ridgepoint [^\n]*\n$/);
    expect(err).not.toMatch(/\n\s+at |internal|undefined \(reading/);
  });

  it("shows what a file says as text, without what a terminal would obey", async () => {
    const path = file("hostile.json", JSON.stringify({ model_type: "\u001b]0;title\u0007\u202e", hidden_size: 1 }));
    const { code, err } = await run("count", path);
    expect(code).toBe(2);
    expect([...err].filter((sign) => sign !== "\n" && (sign < " " || sign === "\u202e"))).toEqual([]);
    const named = await run("count", file("\u001b[31mconfig.json", JSON.stringify(llama)));
    expect([named.code, named.out.includes("\u001b")]).toEqual([0, false]);
  });

  it("refuses files that are no such files, in one line", async () => {
    for (const name of ["a.json", "a.onnx", "a.gguf", "a.safetensors", "a.index.json"])
      for (const content of ["", "\0\0\0\0", "[]", "nonsense", '{"a":']) {
        const { code, out, err } = await run("count", file(name, content));
        expect([name, content, code, out]).toEqual([name, content, 2, ""]);
        expect(err).toMatch(/^ridgepoint [^\n]+\n$/);
      }
    expect((await run("count", folder)).err).toMatch(/folder must hold/);
  });
});

const bin = join(import.meta.dirname, "../lib/bin.mjs");
const built = existsSync(join(import.meta.dirname, "../lib/dist/cli.js"));

describe("lib/bin.mjs", () => {
  it.skipIf(!built)("runs the built command line (skipped when lib/dist is not built)", () => {
    expect(
      (
        JSON.parse(
          execFileSync(process.execPath, [bin, "op", "linear", '{"inFeatures": 2, "outFeatures": 3}', "--json"], {
            encoding: "utf8",
          }),
        ) as { macs: number }
      ).macs,
    ).toBe(6);
    const { status, stdout, stderr } = spawnSync(process.execPath, [bin, "count", "resnet"], { encoding: "utf8" });
    expect([status, stdout, stderr.split("\n").length]).toEqual([2, "", 2]);
  });

  it.skipIf(!built)("ends quietly when its reader goes away (skipped when lib/dist is not built)", () => {
    const { status, stderr } = spawnSync(
      "sh",
      ["-c", `"${process.execPath}" "${bin}" devices --json | head -c 10; exit 0`],
      { encoding: "utf8" },
    );
    expect([status, stderr]).toEqual([0, ""]);
  });

  it("says in one sentence what to do when the library is not built", () => {
    copyFileSync(bin, join(folder, "bin.mjs"));
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, "bin.mjs"), "count", "resnet50"], {
      encoding: "utf8",
    });
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^ridgepoint: .*npm install.*\n$/);
  });
});
