// ridgepoint op, roofline and devices.
import { describe, expect, it } from "vitest";
import {
  attention,
  conv2d,
  kvCacheBytes,
  peakActivationBytes,
  weightBytes,
  cost,
  devices,
  layersByName,
  estimate,
  device as deviceOf,
  model,
  modelCost,
  modelNames,
} from "../../lib/index.js";
import { file, object, run } from "./run.js";

const wide = (text: string): string[] => text.split("\n").filter((line) => [...line].length > 80);

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
    const names = (
      "linear conv1d conv2d conv3d convTranspose2d matmul einsum attention mla moe embedding " +
      "layerNorm rmsNorm batchNorm groupNorm softmax relu gelu silu add maxPool avgPool lstm gru"
    ).split(" ");
    for (const name of names)
      expect([name, (await run("op", name, "{}")).err]).toEqual([name, expect.not.stringContaining("kind must be")]);
  });

  it("without a kind lists every layer with its keys, and with --help what each takes, in 80 columns", async () => {
    const { out } = await run("op");
    const lines = out.split("\n");
    for (const [name, { about, shapeKeys }] of Object.entries(layersByName)) {
      const at = lines.findIndex((line) => line.startsWith(`${name} `) && line.endsWith(about));
      const told = lines.slice(at + 1, at + 1 + lines.slice(at + 1).findIndex((line) => !line.startsWith("    ")));
      expect([name, at >= 0, told.join(" ").match(/\w+/g)]).toEqual([name, true, Object.keys(shapeKeys)]);
      const help = (await run("op", name, "--help")).out;
      expect((await run("help", "op", name)).out).toBe(help);
      for (const key of Object.keys(shapeKeys)) expect(help).toMatch(new RegExp(`^  ${key} +\\S`, "m"));
      // The call is one line, to be copied.
      expect([name, wide(help.replace(/^ {2}ridgepoint .*$/m, ""))]).toEqual([name, []]);
    }
    expect(wide(out)).toEqual([]);
    expect((await run("op", "--help")).out).toBe((await run("op", "nothing", "--help")).out);
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

describe("ridgepoint fits", () => {
  const asked = ["Llama-3-8B", "--device", "rtx4090", "--batch", "6", "--context", "8192"];

  it("says of each phase what roofline says", async () => {
    for (const [phase, fitting] of [
      ["decode", true],
      ["prefill", false],
    ] as const) {
      const one = await object("fits", ...asked, "--phase", phase);
      const other = (await object("roofline", ...asked, "--phase", phase)).memory as Record<string, unknown>;
      expect([one.fits, one.needed]).toEqual([fitting, other.needed]);
      expect([other.fits, other.peakActivations]).toEqual([
        fitting,
        (one.ledger as Record<string, number>).activations,
      ]);
      expect(one).toMatchObject({ device: "rtx4090", memory: 24e9, headroom: 24e9 - (one.needed as number) });
    }
  });

  it("has the states and the activations of a training step, in roofline and count too", async () => {
    const train = ["Llama-3-8B", "--phase", "train", "--tokens", "64"];
    const { ledger, fits } = await object("fits", ...train, "--device", "h100-sxm");
    expect(fits).toBe(false);
    expect(ledger).toMatchObject({ weights: 16060522496, gradients: 16060522496, optimizerState: 64242089984 });
    expect(await object("roofline", ...train, "--device", "h100-sxm")).toMatchObject({
      memory: { ...(ledger as object) },
    });
    expect(await object("count", ...train)).toMatchObject({ memory: ledger });
    expect((await run("fits", ...train, "--device", "h100-sxm")).out).toMatch(/optimizer state +64,242,089,984 B/);
  });

  it("takes devices, ZeRO, recomputation, adapters and a reserve", async () => {
    const train = ["gpt2", "--phase", "train", "--tokens", "64", "--dtype", "bf16", "--device", "h100-sxm"];
    const found = await object(
      ...["fits", ...train, "--devices", "4", "--zero", "3", "--recompute", "--master-weights", "--reserve", "1.5GiB"],
    );
    expect(found).toMatchObject({
      options: { parallel: { data: 4 }, zero: 3, recompute: true, masterWeights: true, reserve: 1.5 * 2 ** 30 },
      ledger: { weights: (124439808 * 2) / 4, masterWeights: 124439808, reserve: 1.5 * 2 ** 30 },
    });
    const lora = await object("fits", ...train, "--lora-rank", "8", "--lora-targets", "qkv_proj");
    expect((lora.ledger as Record<string, number>).gradients).toBe(2 * 12 * 8 * (768 + 3 * 768));
    const decode = ["fits", "Llama-3-70B", "--phase", "decode", "--device", "h100-sxm", "--devices", "8"];
    expect(await object(...decode)).toMatchObject({ fits: true, options: { parallel: { tensor: 8 } } });
  });

  it("says what was not computed instead of 0", async () => {
    const int4 = ["gpt2", "--phase", "train", "--weight-dtype", "int4", "--dtype", "fp32"];
    const { memory } = await object("roofline", ...int4, "--device", "h100-sxm");
    expect(memory).toMatchObject({ needed: null, fits: null, notComputed: expect.stringContaining("lora") as string });
    expect(memory).not.toHaveProperty("activations");
    expect((await run("count", ...int4)).out).toContain("the rest was not computed: trainingMemory: weights must be");
  });

  it.each([
    [["--split", "rows", "--devices", "2"], "fits: --split must be one of tensor, expert, data"],
    [["--split", "data"], "fits: --split must stand beside --devices"],
    [["--reserve", "lots"], "fits: --reserve must be bytes such as 2GiB or 1.5GB"],
    [["--lora-targets", "q_proj"], "fits: --lora-targets must stand beside --lora-rank"],
    [["--zero", "1"], 'fits: zero must stand beside phase "train" (--phase train)'],
  ])("refuses %j", async (more, message) =>
    expect(await run("fits", "gpt2", "--device", "h100-sxm", ...more)).toMatchObject({
      code: 2,
      err: expect.stringContaining(message) as string,
    }),
  );
});

describe("ridgepoint models", () => {
  it("lists the names by family, and those with a word in them", async () => {
    const { models } = (await object("models")) as { models: { name: string; family: string }[] };
    expect(models.map(({ name }) => name)).toEqual(modelNames);
    const { out } = await run("models", "Qwen-3");
    expect(out.split(/[\s,]+/).filter(Boolean)).toEqual(["qwen", ...modelNames.filter((n) => n.startsWith("Qwen3"))]);
    expect(Math.max(...(await run("models")).out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
    expect((await run("models", "bge")).err).toMatch(
      /^ridgepoint models: word must stand in the name .*config\.json\n$/,
    );
  });
});

describe("ridgepoint devices", () => {
  it("lists every device, for people and as JSON", async () => {
    const { out } = await run("devices");
    for (const id of Object.keys(devices)) expect(out).toContain(id);
    expect(((await object("devices")).devices as { id: string }[]).map((d) => d.id)).toEqual(Object.keys(devices));
  });

  it("lists those that have a word in id or name", async () => {
    const ids = async (word: string) => ((await object("devices", word)).devices as { id: string }[]).map((d) => d.id);
    expect(await ids("GeForce RTX 40")).toEqual(Object.keys(devices).filter((id) => id.startsWith("rtx40")));
    expect(await ids("Trillium")).toEqual(["tpu-v6e"]);
    const { out } = await run("devices", "h100");
    expect(out).toContain("h100-nvl");
    expect(out).not.toContain("a100");
  });
});

describe("ridgepoint roofline --device", () => {
  const mine = { name: "mine", peakFlops: { bf16: 1e14 }, bandwidth: 1e12, memory: 24e9 };
  const asked = ["roofline", "Llama-3-8B", "--phase", "decode", "--context", "4096", "--device"];
  const expected = {
    ...estimate(modelCost(model("Llama-3-8B", { phase: "decode", context: 4096 })), deviceOf(mine), "bf16"),
    device: "mine",
    peakFlops: 1e14,
    bandwidth: 1e12,
  };
  it("takes figures as JSON or as a file of it", async () => {
    expect(await object(...asked, JSON.stringify(mine))).toMatchObject(expected);
    expect(await object(...asked, ` ${JSON.stringify(mine, null, 2)}`)).toMatchObject(expected);
    expect(await object(...asked, file("mine.json", JSON.stringify(mine)))).toMatchObject(expected);
    expect((await run("fits", "resnet50", "--device", JSON.stringify(mine))).out).toMatch(
      /on mine[\s\S]*fits, 23.* GB/,
    );
    expect((await run(...asked, JSON.stringify(mine))).out).toMatch(/on mine[\s\S]*100 TFLOP\/s in bf16, 1.00 TB\/s/);
  });
  it.each([
    ["{", /^ridgepoint roofline: --device must be an id, a .json file or JSON such as \{"name".*, got "\{"\n$/],
    [file("list.json", "[]"), /^ridgepoint device: figures must be an object, got \[\]\n$/],
    [file("word.json", "mine"), /^ridgepoint roofline: --device must be an id, a .json file or JSON/],
    ["none.json", /^ridgepoint roofline: --device must be a file that can be read, got "none.json" \(ENOENT\)\n$/],
    ['{"peakFlops": {"bf16": 100}, "bandwidth": 1e12}', /^ridgepoint device: peakFlops.bf16 must be .*, got 100\n$/],
    ['{"peakFlops": {"fp8": 1e14}, "bandwidth": 1e12}', /dtype must be one that own device lists \(fp8\), got "bf16"/],
  ])("refuses %j in one line", async (device, message) => {
    const { code, out, err } = await run(...asked, device);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(message);
  });
});
