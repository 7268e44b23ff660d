// What explore() answers is what the command line prints under --json, or its error: for files at hand as for paths.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { explore, type Answer, type ExploreOptions, type ExploreSource } from "../../lib/explore/index.js";
import { ggufFile, safetensorsFile, safetensorsHeader } from "../import/support/files.js";
import { file, folder, run } from "../cli/run.js";
import { brokenFiles, config, gguf, graph, metadata, tensors, weights } from "./samples.js";

const device = "h100-sxm";
const commands = ["count", "roofline", "fits"] as const;
const countOnly = ["as", "depth"];
const fitsOnly = ["devices", "split", "reserve", "optimizer", "master-weights", "recompute", "zero"];

/** What a command prints of `asked`: its record, or the line without the program's name. */
async function printed(command: (typeof commands)[number], asked: string, options: ExploreOptions): Promise<Answer> {
  const given = Object.entries({ device, ...options }).filter(
    ([name]) =>
      (command === "count" || !countOnly.includes(name)) &&
      (command === "fits" || !fitsOnly.includes(name)) &&
      (command !== "count" || name !== "device"),
  );
  const words = given.flatMap(([name, value]) =>
    typeof value === "boolean" ? [`--${name}`] : [value as string | string[]].flat().map((text) => `--${name}=${text}`),
  );
  const { code, out, err } = await run(command, asked, ...words, "--json");
  if (code === 0) return { record: JSON.parse(out) as Record<string, unknown> };
  return { error: err.replace(/^ridgepoint /, "").trimEnd() };
}

/** `source` explored is `asked` printed, by each command. Gives the count, so that a test can look at it. */
async function agree(asked: string, source: ExploreSource, options: ExploreOptions = {}): Promise<Answer> {
  const found = await explore(source, { device, ...options });
  for (const command of commands) {
    const answer = JSON.parse(JSON.stringify(found[command])) as Answer;
    expect([command, answer]).toEqual([command, await printed(command, asked, options)]);
  }
  return found.count;
}

/** A page's file of that path, and how many bytes of it were read. */
function pageFile(path: string, content: string | Uint8Array) {
  const blob = new Blob([content as BlobPart]);
  const read = { bytes: 0 };
  const slice = (start: number, end: number): Blob => {
    read.bytes += end - start;
    return blob.slice(start, end);
  };
  return { source: { name: path, size: blob.size, slice }, read };
}
const both = (name: string, content: string | Uint8Array, options?: ExploreOptions): Promise<Answer> => {
  const path = file(name, content);
  return agree(path, pageFile(path, content).source, options);
};

describe("explore(source, options) answers as the command line does", () => {
  it.each<[string, ExploreOptions]>([
    ["resnet50", { batch: "8", "image-size": "192x256", as: "fvcore", depth: "1" }],
    ["llama-3.1-8b", { phase: "decode", context: "4096", batch: "4", "weight-dtype": "int4", devices: "2" }],
    ["llama-3.1-8b", { phase: "train", "master-weights": true, zero: "2", devices: "8", reserve: "2GiB" }],
    ["whisper-tiny", {}],
  ])("of the model %s under %j", async (name, options) => {
    expect((await agree(name, name, options)).error).toBeUndefined();
  });

  it("of a configuration, as a file and as text", async () => {
    expect((await both("llama.json", config, { tokens: "7" })).record).toMatchObject({ model: expect.any(String) });
    const told = await explore(config, { tokens: "7" });
    const { record } = await printed("count", file("llama.json", config), { tokens: "7" });
    expect(told.count.record).toEqual({ ...record, name: "config.json" });
    expect([told.roofline, told.fits]).toEqual([undefined, undefined]);
  });

  it("of a GGUF file, a safetensors file and an ONNX file", async () => {
    expect((await both("m.gguf", gguf, { tokens: "5" })).record).toMatchObject({ file: { format: "gguf" } });
    expect((await both("m.safetensors", weights)).record).toMatchObject({ params: 16 });
    expect((await both("m.onnx", graph, { batch: "2" })).record).toHaveProperty("graphNodes");
  });

  it("of a device that is typed in", async () => {
    const own = JSON.stringify({ name: "mine", peakFlops: { fp32: 1e12 }, bandwidth: 1e11, memory: 8e9 });
    await agree("resnet50", "resnet50", { device: own });
  });

  it("of a folder's files: an index with its shards, a configuration, an adapter", async () => {
    const index = JSON.stringify({ metadata: {}, weight_map: { a: "m-1-of-1.safetensors" } });
    const folders: Readonly<Record<string, Readonly<Record<string, string | Uint8Array>>>> = {
      sharded: { "model.safetensors.index.json": index, "m-1-of-1.safetensors": weights },
      configured: { "config.json": config, "README.md": "a model" },
      apart: { "config.json": config, "model.safetensors.index.json": index },
      adapter: { "adapter_config.json": "{}", "adapter_model.safetensors": weights },
      nothing: { "a.txt": "", "b.txt": "" },
    };
    for (const [name, files] of Object.entries(folders)) {
      mkdirSync(join(folder, name), { recursive: true });
      for (const [inner, content] of Object.entries(files)) file(join(name, inner), content);
      const given = Object.entries(files).map(([inner, content]) => ({
        ...pageFile(inner, content).source,
        webkitRelativePath: `${name}/${inner}`,
      }));
      const found = JSON.parse(JSON.stringify(await explore(given, { device }))) as Record<string, Answer>;
      for (const command of commands) {
        const told = await printed(command, join(folder, name), {});
        const text = JSON.stringify(told).replaceAll(join(folder, name), name);
        expect([name, command, found[command]]).toEqual([name, command, JSON.parse(text)]);
      }
    }
  });

  it("of the parts of a split GGUF, in any order", async () => {
    const part = (i: number) =>
      ggufFile({ ...metadata, "split.count": 2, "split.no": i }, i === 0 ? tensors.slice(0, 1) : tensors.slice(1));
    const name = (i: number): string => join(folder, `m-0000${i + 1}-of-00002.gguf`);
    for (const i of [0, 1]) file(`m-0000${i + 1}-of-00002.gguf`, part(i));
    const given = [1, 0].map((i) => pageFile(name(i), part(i)).source);
    expect((await agree(name(0), given)).record).toMatchObject({ file: { tensors: 3 } });
    expect((await explore(given[1]!)).count.error).toMatch(/a part of a split model must be named …-00001-of-00002/);
  });

  it.each(brokenFiles)("of %s, which is refused in the same line", async (name, content, options) => {
    expect((await both(name, content, options)).error).toMatch(/^[^\n]{8,2000}$/);
  });

  it("of names that there are not", async () => {
    expect((await agree("resnet51", "resnet51")).error).toContain("resnet");
    await agree("resnet50", "resnet50", { device: "h101" });
    await agree("resnet50", "resnet50", { device: "{" });
    await agree("resnet50", "resnet50", { dtype: "fp7" });
  });
});

describe("explore(source, options)", () => {
  it("reads of weights the header alone, by slices", async () => {
    const header = safetensorsHeader({ a: { dtype: "F32", shape: [1024, 1024] } });
    const large = safetensorsFile(header.header, header.dataBytes);
    const { source, read } = pageFile("m.safetensors", large);
    expect((await explore(source)).count.record).toMatchObject({ params: 2 ** 20 });
    expect(read.bytes).toBe(large.length - header.dataBytes);
    const many = { name: "w", shape: [4096, 1024], type: 0, bytes: 4 * 2 ** 22 };
    const big = pageFile("m.gguf", ggufFile({}, [many]));
    expect((await explore(big.source)).count.record).toMatchObject({ params: 2 ** 22 });
    expect(big.read.bytes).toBeLessThan(2 ** 20 + 1000);
  });

  it("throws a TypeError for options and sources of another kind", async () => {
    await expect(explore("resnet50", { batch: 8 } as never)).rejects.toThrow("explore: batch must be a text, got 8");
    await expect(explore("resnet50", { batches: "8" } as never)).rejects.toThrow(/keys must be among .*got "batches"/);
    await expect(explore("resnet50", { recompute: "yes" } as never)).rejects.toThrow("must be true or false");
    await expect(explore("resnet50", { dim: "n=1" } as never)).rejects.toThrow("must be a list of texts");
    expect((await explore(5 as never)).count.error).toBe(
      "explore: source must be a name, a configuration or files, got 5",
    );
    expect((await explore([])).count.error).toBe("explore: files must be at least one, got none");
  });
});
