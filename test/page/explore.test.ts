// explore.html without a browser: its address, its command lines, and its reports: what the command line says.
import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { answer, placeOf } from "../../page/explore/answer.js";
import { quoted, words, type CommandName } from "../../page/explore/commandLine.js";
import { fields, groups } from "../../page/explore/fields.js";
import type { Question, Report } from "../../page/explore/messages.js";
import { joined } from "../../page/explore/reportCost.js";
import { firstView, hashOf, textsOf, viewOf, type View } from "../../page/explore/view.js";
import { DrawnDocument } from "../../page/run/document.js";
import { main } from "../../lib/cli.js";
import { config } from "../explore/samples.js";

const drawing = new DrawnDocument();
const ask = (source: Question["source"], device = "h100-sxm", options: Question["options"] = {}): Promise<Report> =>
  answer({ source, device, options, width: 720 }, drawing);

async function printed(args: readonly string[]): Promise<string> {
  let said = "";
  const out = (text: string) => {
    said += text;
  };
  await main(args, { out, err: out, terminal: false });
  return said.trimEnd();
}

const view = (more: Partial<View>): View => ({ ...firstView, ...more });

describe("the address", () => {
  it.each<[string, Partial<View>]>([
    ["a name", {}],
    ["nothing typed", { typed: {}, device: "" }],
    ["a configuration", { use: "config", model: "", config: '{"a": "ü & # % + =\\n\u2028"}' }],
    ["figures", { device: '{"name":"a+b & c","peakFlops":{"bf16":1e14},"bandwidth":1e12}' }],
    ["files", { use: "files", model: "", files: ["a b.gguf", "c#d&e.gguf"] }],
    ["markup", { model: "<img src=x onerror=alert(1)>" }],
    ["options", { typed: { dim: "a=1 b=2", "master-weights": "yes", as: "fvcore", batch: "many" } }],
  ])("holds %s, and gives the same view again", (_, more) => {
    const asked = view(more);
    expect(viewOf(`#${hashOf(asked)}`)).toEqual(asked);
  });

  it("says no view where it is none, and takes no option that there is not", () => {
    for (const hash of ["", "#", "#top", "#batch=3"]) expect(viewOf(hash)).toBeUndefined();
    expect(viewOf("#model=resnet50&constructor=1&__proto__=2&batch=4")).toMatchObject({ typed: { batch: "4" } });
    expect(Object.keys(viewOf("#model=resnet50&constructor=1&batch=4")!.typed)).toEqual(["batch"]);
  });
});

describe("the form", () => {
  it("has every field in one group", () => {
    const named = groups.flatMap(({ names }) => names);
    expect([...named].sort()).toEqual(Object.keys(fields).sort());
  });

  it("hands on what was typed, as explore takes it", () => {
    expect(textsOf({ batch: " 8 ", tokens: "  ", dim: "a=1, b=2", recompute: "yes", context: "x" })).toEqual({
      batch: "8",
      dim: ["a=1", "b=2"],
      recompute: true,
      context: "x",
    });
  });
});

describe("the command line that is shown", () => {
  it.each(["", "plain", "a b", "it's", '{"a": "b$c`d`"}', "-x", "\\n!", "*", "ü"])(
    "gives the word %j to a shell",
    (word) => {
      const { stdout } = spawnSync("sh", ["-c", `printf %s ${quoted(word)}`], { encoding: "utf8" });
      expect(stdout).toBe(word);
    },
  );

  const asked: readonly [string, string, Question["options"]][] = [
    ["resnet50", "h100-sxm", { batch: "8", as: "fvcore", depth: "1", "image-size": "192x256" }],
    ["llama-3.1-8b", "rtx4090", { phase: "decode", context: "4096", devices: "2", "weight-dtype": "int4" }],
    ["gpt2", "h100-sxm", { phase: "train", "master-weights": true, "lora-rank": "8", optimizer: "sgd" }],
    ["whisper-tiny", '{"name": "it\'s mine", "peakFlops": {"fp32": 1e12}, "bandwidth": 1e11, "memory": 8e9}', {}],
    ["resnet51", "h100-sxm", {}],
    ["resnet50", "h101", { batch: "-3" }],
    ["resnet50", "h100-sxm", { phase: "decode", dtype: "fp7" }],
    ["-x", "h100-sxm", { dtype: "-" }],
  ];
  it.each(asked)("prints for %s on %s under %j what stands below it", async (source, device, options) => {
    const report = await ask(source, device, options);
    expect(report.printed.length).toBe(3);
    for (const [i, command] of (["count", "roofline", "fits"] as CommandName[]).entries()) {
      expect(report.printed[i]!.text).toBe(await printed(words(command, source, device, options)));
    }
  });

  it("asks no device where none is named", async () => {
    const { printed: lines } = await ask("resnet18", "");
    expect(lines.map(({ line }) => line)).toEqual(["npx ridgepoint count resnet18 --json"]);
  });

  it("names the file or the folder that was given", () => {
    const given = (...paths: string[]) => placeOf(paths.map((path) => ({ path, blob: new Blob() })));
    expect(placeOf(" resnet50 ")).toBe("resnet50");
    expect(given("m.gguf")).toBe("m.gguf");
    expect(given("m-00002-of-00002.gguf", "m-00001-of-00002.gguf")).toBe("m-00001-of-00002.gguf");
    expect(given("m.onnx", "m.onnx.data")).toBe("m.onnx");
    expect(given("llama/config.json", "llama/a.safetensors")).toBe("./llama");
    expect(given("config.json", "a.safetensors")).toBe(".");
  });
});

describe("a report", () => {
  const table = (report: Report, heading: string) =>
    report.sections.find((section) => section.heading.startsWith(heading))!;

  it("has the totals, the bounds with a prediction, the ledger and the parts", async () => {
    const report = await ask("llama-3.1-8b", "h100-sxm", { phase: "decode", context: "4096", batch: "8" });
    expect(report.sections.map(({ heading }) => heading)).toEqual([
      "What it costs",
      "On NVIDIA H100 SXM5 80GB",
      "Does it fit",
      "Its parts",
    ]);
    expect(Object.fromEntries(table(report, "What").facts)).toMatchObject({ parameters: "8,030,261,248 (8.03 G)" });
    const roofs = Object.fromEntries(table(report, "On").facts);
    expect(roofs["bounds on time"]).toBe("5.80 ms to 5.93 ms, launches not counted");
    expect(roofs.prediction).toMatch(/^9\.36 ms, between 6\.80 ms and 13\.0 ms$/);
    expect(report.refused).toBe(false);
  });

  it("has a ledger whose lines sum to the total", async () => {
    for (const options of [
      {},
      { phase: "train", "master-weights": true as const },
      { phase: "decode", reserve: "2GiB" },
    ]) {
      const { grids } = table(await ask("gpt2", "h100-sxm", options), "Does");
      const read = grids[0]!.rows.map(
        ([line, n]) => [line!, Number(/^[\d,]+/.exec(n!)![0].replaceAll(",", ""))] as const,
      );
      const sum = read.find(([line]) => line === "sum")![1];
      const lines = read.slice(
        0,
        read.findIndex(([line]) => line === "sum"),
      );
      expect(lines.length).toBeGreaterThan(1);
      expect(lines.reduce((n, [, each]) => n + each, 0)).toBe(sum);
    }
  });

  it("draws every op that has FLOPs, and says how many have none", async () => {
    const { notes, picture } = table(await ask("resnet50", "a100-80-sxm"), "On");
    const points = /with (\d+) ops at (\d+) places/.exec(picture!)!;
    const without = /no place on the chart: (\d+) of (\d+)/.exec(notes.at(-1)!);
    expect(Number(points[1]) + Number(without?.[1] ?? 0)).toBe(Number(without?.[2] ?? points[1]));
    const dots = /<g aria-label="dot"[^>]*>(.*?)<\/g>/s.exec(picture!)![1]!;
    expect(dots.match(/<(path|circle) /g)!.length).toBe(Number(points[2]));
  });

  it("says one error once, and what can be answered all the same", async () => {
    const refused = await ask("resnet51");
    expect([refused.refused, refused.sections]).toEqual([true, []]);
    expect(refused.said).toMatch(/^model: name must be one of/);
    const half = await ask("resnet50", "h101");
    expect(half.refused).toBe(false);
    expect(half.sections.map(({ error }) => error === undefined)).toEqual([true, false, false, true]);
  });

  it("takes a configuration's text for the config.json that it is", async () => {
    const blob = new Blob([config]);
    const { printed: lines, title } = await ask([{ path: "config.json", blob }]);
    expect(lines[0]!.line).toBe("npx ridgepoint count config.json --json");
    expect(JSON.parse(lines[0]!.text)).toMatchObject({ name: "config.json", model: title });
  });

  it("puts rows that are alike but for their names on one", () => {
    expect(
      joined([
        ["a.0", "1"],
        ["a.1", "1"],
        ["b", "2"],
        ["a.2", "1"],
      ]),
    ).toEqual([
      ["a.0 to a.1, each of 2", "1"],
      ["b", "2"],
      ["a.2", "1"],
    ]);
  });
});
