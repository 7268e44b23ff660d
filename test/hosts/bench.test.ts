// The benchmarks still run: each with the smallest setting, or, where that takes a minute, what it names is there.
// No figure of theirs is looked at.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { environment, finished, lacksBrowser, python, root, temporaryFolder, titled } from "../support/hosts.js";

const lack = lacksBrowser();
const folder = join(root, "bench");

/** What a benchmark prints, with its settings. */
async function printed(name: string, settings: object): Promise<string> {
  const address = pathToFileURL(join(folder, `${name}.bench.mjs`)).href;
  const program = `const { default: run } = await import("${address}"); await run(${JSON.stringify(settings)});`;
  // No Python to compare with: what this project prints is what is tried.
  const env = environment({ PYTHON: "no-python" });
  const { status, stdout, stderr } = await finished(process.execPath, ["--input-type=module", "-e", program], { env });
  expect([status, stderr]).toEqual([0, ""]);
  return stdout;
}

const tries: Readonly<Record<string, () => Promise<void>>> = {
  async counting() {
    expect(await printed("counting", { rounds: 1, names: ["resnet18", "gpt2"] })).toMatch(
      /all 2 named models: .* ops[^]*Llama-3-8B cut to 1000 layers: .* ops, .* an op/,
    );
  },
  async kernel() {
    expect(await printed("kernel", { rounds: 1 })).toMatch(/ready +\d[^]*first chart, once ready +\d/);
  },
  async lectures() {
    const { title } = (await import(pathToFileURL(join(folder, "lectures.bench.mjs")).href)) as { title: string };
    expect(title).toContain("lectures");
    const { stdout } = await finished(python, [join(root, "scripts", "lectures.py"), "--help"]);
    expect(stdout).toMatch(/\bjson\b[^]*--skip-measured/);
  },
  async native() {
    const { title } = (await import(pathToFileURL(join(folder, "native.bench.mjs")).href)) as { title: string };
    expect(title).toContain("native");
    const { anchors } = (await import(pathToFileURL(join(folder, "anchors.mjs")).href)) as {
      anchors(): Promise<{ c?: Record<string, unknown>; missing?: string }>;
    };
    const { c, missing } = await anchors();
    const text = ["native.bench.mjs", "native/memory.mjs"].map((name) => readFileSync(join(folder, name), "utf8"));
    const called = [...text.join("\n").matchAll(/\bc\.(\w+)\(/g)].map((found) => found[1]!);
    expect(called).toContain("fma_threads");
    if (!missing) expect(called.filter((name) => name !== "sgemm" && !c?.[name])).toEqual([]);
  },
  async page() {
    const text = await printed("page", { rounds: 1, names: ["4-architectures"] });
    expect(text).toMatch(/4-architectures +\d+ +\d+ +\d+ ms +\d+ ms +\d+ ms +\d+ ms +\d\.\d+/);
  },
};

describe.skipIf(lack)(titled("the benchmarks run", lack), () => {
  test("every one is tried", () => {
    const all = readdirSync(folder).filter((name) => name.endsWith(".bench.mjs"));
    expect(Object.keys(tries).sort()).toEqual(all.map((name) => name.replace(".bench.mjs", "")).sort());
  });

  test.each(Object.entries(tries))("%s", (_, tried) => tried());

  test("the fit of the prediction's numbers, on products that are made up", async () => {
    const rows = Array.from({ length: 80 }, (_, i) => {
      const [tokens, model] = [2 ** (i % 12), i % 40 < 20 ? "one" : "two"];
      return `${i < 40 ? "a100" : "a40"},${model},1,${tokens},up,${tokens},4096,1024,${1e-5 + tokens * 4e-8}`;
    });
    const file = join(temporaryFolder(), "timings.csv");
    writeFileSync(file, ["gpu,model,tp,tokens,layer,m,n,k,seconds", ...rows].join("\n"));
    const { status, stdout, stderr } = await finished(process.execPath, [join(folder, "fitPredict.mjs"), file]);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/a100: 40 products, 2 models[^]*all GPUs together: \{"compute"/);
  });
});
